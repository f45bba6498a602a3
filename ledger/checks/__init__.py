"""The checks of provenance: each judges one thing about a shipment's history, from the acts alone.

`findings` is what a check says, `replay` what the acts amount to; then one module for each check or pair of checks.
"""
