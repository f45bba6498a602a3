"""The lint of end-use certificates: what is missing, or contradicts the application, before anyone signs.

`check` judges, `profiles` says which form demands which rule and by which article, the other modules hold the rules,
each one small function with its number. Nothing here refuses: what to do about a finding is for people.
"""
