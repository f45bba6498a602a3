"""License Ledger: an auditable ledger for export licenses."""
