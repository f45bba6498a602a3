"""A dossier: one file with all that a shipment's transfer chain rests on, and proofs that nothing is left out.

`form` is the file, `building` makes it from an opened ledger, `policy` is what its reader trusts, `verifying` judges it
offline, `page` shows the judgment as HTML. `DOSSIER.md` specifies the file.
"""
