"""Registers of licenses from elsewhere: a CSV file and a mapping become rows, or rejects with a reason.

Order of work: `mapping` reads the officer's decisions, `reading` splits the file into rows with their
line numbers, `fields` reads single cells, `rows` makes each row a `RegisterRow` or a `Reject`,
`identity` gives a row the same salts on every run. Nothing here knows HTTP or signs an act.
"""
