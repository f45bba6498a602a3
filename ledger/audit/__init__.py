"""The auditor's judge: every rule of `contracts/RULES.md` again, as a state machine that shares nothing with the
contracts and with the rest of the project nothing but the definitions of the acts.

Read `judge.py` first, then the module of the subject. It reads and writes nothing outside its own state.
"""
