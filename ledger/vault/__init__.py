"""The vault: sealed documents by commitment, who may read them, who read them.

`store` keeps envelopes and the log of reads, `admission` says what may be put, `readers` who is entitled. Ciphertext
only: no key of anybody is ever here. What is lost with a vault is no proof; who has the documents puts them again.
"""
