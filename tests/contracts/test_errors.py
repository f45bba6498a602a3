"""Is every refusal of the contracts provoked by some test of this folder?"""

import re
from pathlib import Path

from ledger.chain.artifacts import error_forms

NEVER_PROVOKED = {
    "InvalidShortString": "OpenZeppelin's EIP712 declares it for names longer than 31 bytes; ours are shorter",
    "StringTooLong": "as InvalidShortString",
}

NAMING = ("test_errors.py", "test_artifacts.py")
"""Tests that name errors without provoking them."""


def test_every_error_is_expected_by_a_test():
    tests = [path for path in Path(__file__).parent.glob("test_*.py") if path.name not in NAMING]
    quoted = set(re.findall(r'"([A-Z][A-Za-z]+)"', "\n".join(path.read_text() for path in tests)))
    assert {form.name for form in error_forms().values()} - quoted == set(NEVER_PROVOKED)
