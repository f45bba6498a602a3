"""The demo: one export played by people with keys of their own, through the HTTP API, on a fresh embedded chain.

`people` has who they are, `papers` what they sign, `stage` how they act and how a refusal is shown, `story`, `onward`,
`refusals` and `secrecy` what happens, `play` the whole evening.
"""
