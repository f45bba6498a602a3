"""Acts: what is said. Each is a signed typed message, equal to the Solidity struct of the same name.

`ledger.acts.kinds` has the classes and their numbers, `structs` their encodings, `digests` what is signed.
Pure: nothing here reads or writes.
"""
