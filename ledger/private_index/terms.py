"""What a document is found by: words of its texts and numbers, countries by ISO code, control codes.

Words are compared without case and accents. Hashes and salts are words too, whole.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.documents.canonical import Json, JsonObject

COUNTRY_FIELDS = {
    "country",
    "destination",
    "destinations",
    "exportedFrom",
    "jurisdiction",
    "onward",
    "origin",
    "via",
}
CODE_FIELDS = {"code"}
COUNTRIES_AS_WRITTEN = {"destinationAsWritten", "originAsWritten"}
"""A part of such a name is another country: Wit-Rusland is not Rusland, Guinea-Bissau not Guinea."""
_WORD = re.compile(r"[^\W_]+(?:[-./'’][^\W_]+)*")
_JOINED = re.compile(r"[-./'’]")


@dataclass(frozen=True, slots=True)
class Terms:
    """As they are compared: words and codes folded, countries in capitals."""

    words: frozenset[str]
    countries: frozenset[str]
    codes: frozenset[str]


def terms(subject: JsonObject) -> Terms:
    """What a document that shows `subject` is found by."""
    words: set[str] = set()
    countries: set[str] = set()
    codes: set[str] = set()
    for name, value in _values("", subject):
        words |= words_of(value, whole=name in COUNTRIES_AS_WRITTEN)
        if name in COUNTRY_FIELDS:
            countries.add(value)
        if name in CODE_FIELDS:
            codes.add(folded(value))
    return Terms(frozenset(words), frozenset(countries), frozenset(codes))


def words_of(text: str, *, whole: bool = False) -> set[str]:
    """The words of a text, and unless `whole` the parts of those that are joined."""
    words = set(_WORD.findall(folded(text)))
    return words if whole else words.union(*(_JOINED.split(word) for word in words))


def folded(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _values(name: str, value: Json) -> Iterator[tuple[str, str]]:
    """Every text and number with the name of its member."""
    match value:
        case dict():
            for member, inner in value.items():
                yield from _values(member, inner)
        case list():
            for inner in value:
                yield from _values(name, inner)
        case bool() | None:
            return
        case _:
            yield name, str(value)
