"""The HTTP face of License Ledger."""
