"""What is meant: the documents behind commitments, and the keys of an agent.

`canonical` reads and writes JSON bytes, `dids` names keys and accounts, `proofs` signs. `forms` and `parts` are what
documents are made of, with the codes of `code_lists`; `end_use`, `reports` and `kinds` say which fields a document of
each kind has, and `schema` exports them. `disclosures` hides fields behind digests and shows them again, `data_model`
has the rules of anybody's credentials, `credentials` joins these into documents, `sealing` encrypts them for readers,
and `keys` keeps private keys. Nothing here knows a chain, a database or HTTP.
"""
