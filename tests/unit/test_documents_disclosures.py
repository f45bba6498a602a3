"""Salted digests: every field can be shown alone, nothing else can be put in its place."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import digest as hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.documents.canonical import Json, JsonObject, canonical_bytes, parse
from ledger.documents.disclosures import conceal, digest_of, is_priced, pointers, reveal
from ledger.errors import InvalidField

SALT = bytes(range(32))
SUBJECT: JsonObject = {"a": 1, "b": {"c": ["x", {"d": True}], "e": []}, "f/~": "y"}
CONCEALED, DISCLOSURES = conceal(SUBJECT, SALT)

FIELDS = st.text(st.characters(codec="utf-8"), max_size=4).filter(lambda name: name not in {"_sd", "_sd_alg", "..."})
SUBJECTS: st.SearchStrategy[JsonObject] = st.dictionaries(
    FIELDS,
    st.recursive(
        st.booleans() | st.integers(-5, 5) | st.text(st.characters(codec="utf-8"), max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
        max_leaves=12,
    ),
    max_size=4,
)


def disclosure(*parts: Json) -> str:
    """A disclosure of our making: `parts` without the salt."""
    return urlsafe_b64encode(canonical_bytes([salt(0), *parts])).rstrip(b"=").decode()


def salt(number: int) -> str:
    return urlsafe_b64encode(bytes([number]) * 32).rstrip(b"=").decode()


def holding(*disclosures: str) -> JsonObject:
    """A concealed subject that the author signed over these disclosures."""
    digests: list[Json] = [digest_of(one) for one in sorted(disclosures, key=digest_of)]
    return {"_sd": digests, "_sd_alg": "sha-256"}


def parts_of(text: str) -> Json:
    return parse(urlsafe_b64decode(text + "=="))


@settings(max_examples=60)
@given(SUBJECTS)
def test_every_subject_is_revealed_as_it_was(subject: JsonObject) -> None:
    assert reveal(*conceal(subject, SALT)) == (subject, True)


@settings(max_examples=60)
@given(SUBJECTS, st.sets(st.integers(0, 20)))
def test_what_is_left_out_is_all_that_is_withheld(subject: JsonObject, left_out: set[int]) -> None:
    concealed, disclosures = conceal(subject, SALT)
    places = pointers(concealed, disclosures)
    hidden = [places[one] for index, one in enumerate(disclosures) if index in left_out]
    kept = [one for one in disclosures if not any(f"{places[one]}/".startswith(f"{place}/") for place in hidden)]
    assert set(pointers(concealed, kept).values()) == {places[one] for one in kept}


def test_equal_salts_give_equal_bytes() -> None:
    assert conceal(SUBJECT, SALT) == (CONCEALED, DISCLOSURES)


def test_another_salt_gives_other_digests_throughout() -> None:
    assert not set(conceal(SUBJECT, bytes(32))[1]) & set(DISCLOSURES)


def test_a_digest_is_of_the_disclosures_text() -> None:
    one = disclosure("a", 1)
    assert digest_of(one) == urlsafe_b64encode(sha256(one.encode()).digest()).rstrip(b"=").decode()


def test_the_salt_of_a_field_comes_from_its_pointer() -> None:
    found = next(one for one, place in pointers(CONCEALED, DISCLOSURES).items() if place == "/b/c/1/d")
    own = urlsafe_b64encode(hmac(SALT, b"/b/c/1/d", "sha256")).rstrip(b"=").decode()
    assert parts_of(found) == [own, "d", True]


def test_every_field_has_its_pointer() -> None:
    places = {"/a", "/b", "/b/c", "/b/c/0", "/b/c/1", "/b/c/1/d", "/b/e", "/f~1~0"}
    assert set(pointers(CONCEALED, DISCLOSURES).values()) == places


def test_the_order_of_members_is_not_told() -> None:
    turned = dict(reversed(SUBJECT.items()))
    assert conceal(turned, SALT)[0] == CONCEALED


def test_a_withheld_element_leaves_its_place() -> None:
    concealed, disclosures = conceal({"a": ["x", "y"]}, SALT)
    places = pointers(concealed, disclosures)
    kept = [one for one in disclosures if places[one] != "/a/0"]
    assert reveal(concealed, kept) == ({"a": [None, "y"]}, False)


def test_a_decoy_digest_looks_withheld() -> None:
    decoy = urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()
    digests: list[Json] = [*sorted([digest_of(disclosure("a", 1)), decoy])]
    concealed: JsonObject = {"_sd": digests, "_sd_alg": "sha-256"}
    assert reveal(concealed, [disclosure("a", 1)]) == ({"a": 1}, False)


@pytest.mark.parametrize(
    ("pointer", "priced"),
    [
        ("/lines/0/value", True),
        ("/value/currency", True),
        ("/registerRow/valueAsWritten", True),
        ("/registerRow/drawn/minorUnits", True),
        ("/registerRow/drawnAsWritten", True),
        ("/registerRow/amountDecisions/0", True),
        ("/registerRow/decisions/0", False),
        ("/lines/0/quantity", False),
        ("/values", False),
        ("", False),
    ],
)
def test_amounts_of_money_are_told_from_goods(pointer: str, priced: bool) -> None:
    assert is_priced(pointer) == priced


@pytest.mark.parametrize(
    "subject",
    [{"_sd": 1}, {"a": {"...": 1}}, {"a": [{"_sd_alg": "x"}]}, {"a": None}, {"a": [None]}, {"a": 2**53}, {"a": 1.5}],
)
def test_what_could_not_be_told_apart_is_not_concealed(subject: JsonObject) -> None:
    with pytest.raises(InvalidField):
        conceal(subject, SALT)


ONE = disclosure("a", 1)
NESTED = disclosure("b", {"_sd": [digest_of(ONE)]})
FAULTS: dict[str, tuple[Json, list[str]]] = {
    "a disclosure given twice": (CONCEALED, [*DISCLOSURES, DISCLOSURES[0]]),
    "a disclosure of another document": (CONCEALED, [*DISCLOSURES, conceal({"a": 1}, bytes(32))[1][0]]),
    "a disclosure whose surrounding one is withheld": (holding(NESTED), [ONE]),
    "a disclosure that is no base64url": (holding(), ["W10+"]),
    "a padded disclosure": (holding(), ["W10="]),
    "an empty disclosure": (holding(), [""]),
    "a disclosure with a line end": (holding(), [ONE + "\n"]),
    "a disclosure that is no JSON": (holding(), ["AAAA"]),
    "a disclosure with a space": (holding(), [urlsafe_b64encode(b'["AAA", "a",1]').decode().rstrip("=")]),
    "a disclosure of one part": (holding(), [disclosure()]),
    "a disclosure of four parts": (holding(), [disclosure("a", 1, 2)]),
    "a disclosure that is no array": (holding(), [urlsafe_b64encode(b'{"a":1}').decode().rstrip("=")]),
    "a short salt": (holding(), [urlsafe_b64encode(b'["AAAA","a",1]').decode().rstrip("=")]),
    "letters beyond ASCII": (holding(), ["W1\u00df"]),
    "a lone surrogate": (holding(), ["\ud800"]),
    "a member shown as an element": (holding(disclosure(1)), [disclosure(1)]),
    "an element shown as a member": (
        holding(disclosure("l", [{"...": digest_of(ONE)}])),
        [ONE, disclosure("l", [{"...": digest_of(ONE)}])],
    ),
    "a name that is no text": (holding(disclosure(1, 1)), [disclosure(1, 1)]),
    "a reserved name": (holding(disclosure("_sd", 1)), [disclosure("_sd", 1)]),
    "a name twice": (holding(ONE, disclosure("a", 2)), [ONE, disclosure("a", 2)]),
    "null": (holding(disclosure("a", None)), [disclosure("a", None)]),
    "a digest twice": ({"_sd": [digest_of(ONE)] * 2, "_sd_alg": "sha-256"}, [ONE]),
    "a digest at two places": (holding(ONE, NESTED), [ONE, NESTED]),
    "digests out of order": (
        {"_sd": [*sorted(map(digest_of, (ONE, NESTED)), reverse=True)], "_sd_alg": "sha-256"},
        [],
    ),
    "a digest that is no digest": ({"_sd": ["x"], "_sd_alg": "sha-256"}, []),
    "a digest that is no text": ({"_sd": [1], "_sd_alg": "sha-256"}, []),
    "a digest with loose bits": ({"_sd": ["A" * 42 + "B"], "_sd_alg": "sha-256"}, []),
    "digests that are no list": ({"_sd": digest_of(ONE), "_sd_alg": "sha-256"}, []),
    "a member in the clear": ({**holding(), "a": 1}, []),
    "an object in the clear": (holding(disclosure("b", {"c": 1})), [disclosure("b", {"c": 1})]),
    "an element in the clear": (holding(disclosure("b", [1])), [disclosure("b", [1])]),
    "no algorithm": ({"_sd": []}, []),
    "another algorithm": ({"_sd": [], "_sd_alg": "sha-512"}, []),
    "an algorithm inside": (
        holding(disclosure("b", {"_sd": [], "_sd_alg": "sha-256"})),
        [disclosure("b", {"_sd": [], "_sd_alg": "sha-256"})],
    ),
    "no object": ([holding()], []),
}


@pytest.mark.parametrize(("concealed", "disclosures"), FAULTS.values(), ids=FAULTS.keys())
def test_what_does_not_belong_together_is_refused(concealed: Json, disclosures: list[str]) -> None:
    with pytest.raises(InvalidField):
        reveal(concealed, disclosures)


def chain(length: int) -> tuple[JsonObject, list[str]]:
    """Objects inside each other, each behind a disclosure of its own."""
    made = [disclosure("z", 1)]
    while len(made) < length:
        made.append(disclosure("z", {"_sd": [digest_of(made[-1])]}))
    return holding(made[-1]), made


def test_nesting_hidden_behind_digests_is_bounded() -> None:
    with pytest.raises(InvalidField, match="32 levels"):
        reveal(*chain(5_000))


def test_32_levels_behind_digests_are_read() -> None:
    assert reveal(*chain(31))[1]


def test_ten_thousand_disclosures_are_read_in_a_moment() -> None:
    subject: JsonObject = {f"field {number}": number for number in range(10_000)}
    assert reveal(*conceal(subject, SALT)) == (subject, True)
