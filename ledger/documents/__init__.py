"""What is meant: the documents behind commitments, and the keys of an agent.

`canonical` reads and writes JSON bytes, `dids` names keys and accounts, `proofs` signs, `forms` and
`kinds` say which fields a document of each kind has, `schema` exports them, `credentials` joins these,
`store` keeps documents and `keys` keeps private keys. Nothing here knows a chain, a database or HTTP.
"""
