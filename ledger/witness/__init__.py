"""Witnesses: those who replay the journal on a node of their own and cosign what they saw, and asking them."""
