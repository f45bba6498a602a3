"""The verbs of the command line, one module for each group; `ledger.cli` assembles them.

What takes seconds to load (the chain, the read model) is imported by the verb that needs it: `keys` needs none.
"""
