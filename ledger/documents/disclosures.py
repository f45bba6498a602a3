"""Fields of a subject behind salted digests, so that any choice of them can be shown with proof (RFC 9901, SD-JWT).

Every member of an object and every element of an array is taken out as a *disclosure*, innermost first, and leaves
its digest behind. What remains tells nothing; a disclosure beside it proves one field. Forms, as RFC 9901 has them:

    disclosure        base64url of the canonical JSON [salt, name, value] of a member, [salt, value] of an element
    digest            base64url of SHA-256 of the disclosure's ASCII text
    concealed object  {"_sd": [digests, sorted]}, the subject itself with "_sd_alg": "sha-256"
    concealed array   [{"...": digest}, ...], so that the elements keep their places
    salt              32 bytes in base64url: HMAC-SHA256 under the document's salt of the field's RFC 6901 pointer

This is a strict profile: everything is concealed, salts have 32 bytes, digests are sorted, JSON is canonical, null is
no value. A withheld member is absent from what is revealed; a withheld element is null there. Nothing here knows a
proof: that the digests are the author's is for `credentials` to check. Decoy digests are allowed, and look withheld.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest as hmac

from ledger.documents.canonical import (
    MAX_DEPTH,
    Json,
    JsonObject,
    canonical_bytes,
    is_object,
    parse_canonical_value,
    require,
)
from ledger.errors import InvalidField

DIGESTS, ALGORITHM, ELEMENT = "_sd", "_sd_alg", "..."
RESERVED = {DIGESTS, ALGORITHM, ELEMENT}
PRICED = {"value", "valueAsWritten", "drawn", "drawnAsWritten", "amountDecisions"}
SUBJECT = "document.credentialSubject"
BASE64URL_32 = re.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""32 bytes; of the last letter only four bits count, the others are 0."""


def conceal(subject: JsonObject, salt: bytes) -> tuple[JsonObject, tuple[str, ...]]:
    """The concealed `subject`, and all its disclosures. The same `salt` (32 bytes, secret) gives the same again.

    Raises:
        InvalidField: a salt of another length, a reserved name, null, or what canonical JSON refuses.
    """
    if len(salt) != 32:
        raise InvalidField("salt", f"{len(salt)} bytes", "32 bytes")
    canonical_bytes(subject, SUBJECT)
    made: list[str] = []
    digests = _conceal_members(subject, "", salt, made=made)
    return {DIGESTS: digests, ALGORITHM: "sha-256"}, tuple(made)


def reveal(concealed: Json, disclosures: Iterable[str]) -> tuple[JsonObject, bool]:
    """The subject as far as `disclosures` show it, and whether nothing is withheld.

    Raises:
        InvalidField: a disclosure of another form, given twice or of another document; a digest that stands twice; a
            name that stands twice or is reserved; deeper than 32 levels.
    """
    reading = _Reading.of(concealed, disclosures)
    return reading.subject, not reading.withheld


def pointers(concealed: Json, disclosures: Iterable[str]) -> dict[str, str]:
    """The RFC 6901 pointer of the field that each disclosure shows, by disclosure.

    Raises:
        InvalidField: as `reveal`.
    """
    return _Reading.of(concealed, disclosures).pointers


def is_priced(pointer: str) -> bool:
    """Whether the field at `pointer` is part of an amount of money."""
    return any(part in PRICED for part in pointer.split("/"))


def digest_of(disclosure: str) -> str:
    """The digest that stands in place of what `disclosure` shows."""
    return _base64url(sha256(disclosure.encode("ascii")).digest())


@dataclass(slots=True)
class _Reading:
    """One walk through a concealed subject; `unused` holds the disclosures, by digest, that no place has asked for."""

    unused: dict[str, tuple[str, list[Json]]]
    met: set[str] = field(default_factory=set)
    pointers: dict[str, str] = field(default_factory=dict)
    withheld: bool = False
    subject: JsonObject = field(default_factory=dict)

    @classmethod
    def of(cls, concealed: Json, disclosures: Iterable[str]) -> "_Reading":
        if not is_object(concealed):
            raise InvalidField(SUBJECT, concealed, "an object")
        require(concealed, ALGORITHM, wanted="sha-256", place=SUBJECT)
        reading = cls(_parsed(disclosures))
        members = {name: member for name, member in concealed.items() if name != ALGORITHM}
        reading.subject = reading.members(members, "")
        for disclosure, _ in reading.unused.values():
            raise InvalidField("document.disclosures", disclosure, "only disclosures of this document")
        return reading

    def members(self, concealed: JsonObject, pointer: str) -> JsonObject:
        digests = concealed.get(DIGESTS)
        if concealed.keys() != {DIGESTS} or not isinstance(digests, list):
            raise InvalidField(SUBJECT + pointer, concealed, f'{{"{DIGESTS}": [digests]}} and nothing else')
        shown: JsonObject = {}
        for disclosure, parts in self.opened(digests, pointer):
            match parts:
                case [_, str(name), value] if name not in RESERVED and name not in shown:
                    shown[name] = self.value(value, _below(pointer, name), disclosure)
                case _:
                    raise InvalidField(SUBJECT + pointer, parts, "[salt, name, value], each name once, none reserved")
        if digests != sorted(digests, key=str):
            raise InvalidField(f"{SUBJECT}{pointer}/{DIGESTS}", "another order", "sorted digests")
        return shown

    def elements(self, concealed: list[Json], pointer: str) -> list[Json]:
        shown: list[Json] = []
        for index, holder in enumerate(concealed):
            if not is_object(holder) or holder.keys() != {ELEMENT}:
                raise InvalidField(f"{SUBJECT}{pointer}/{index}", holder, f'{{"{ELEMENT}": digest}}')
            shown.append(None)
            for disclosure, parts in self.opened([holder[ELEMENT]], f"{pointer}/{index}"):
                if len(parts) != 2:
                    raise InvalidField(f"{SUBJECT}{pointer}/{index}", parts, "[salt, value]")
                shown[index] = self.value(parts[1], f"{pointer}/{index}", disclosure)
        return shown

    def opened(self, digests: list[Json], pointer: str) -> Iterable[tuple[str, list[Json]]]:
        for text in digests:
            if not isinstance(text, str) or not BASE64URL_32.fullmatch(text):
                raise InvalidField(SUBJECT + pointer, text, "a SHA-256 digest in base64url")
            if text in self.met:
                raise InvalidField(SUBJECT + pointer, text, "each digest once")
            self.met.add(text)
            if text in self.unused:
                yield self.unused.pop(text)
            else:
                self.withheld = True

    def value(self, value: Json, pointer: str, disclosure: str) -> Json:
        if pointer.count("/") >= MAX_DEPTH:
            raise InvalidField(SUBJECT, "deeper nesting", f"at most {MAX_DEPTH} levels")
        self.pointers[disclosure] = pointer
        match value:
            case dict():
                return self.members(value, pointer)
            case list():
                return self.elements(value, pointer)
            case None:
                raise InvalidField(SUBJECT + pointer, value, "a value; what is absent is left out")
        return value


def _conceal_members(value: JsonObject, pointer: str, salt: bytes, *, made: list[str]) -> list[Json]:
    for name in sorted(value.keys() & RESERVED):
        raise InvalidField(SUBJECT + pointer, name, f"none of the names {sorted(RESERVED)}")
    digests: list[Json] = [
        _disclose(salt, _below(pointer, name), [name], value=member, made=made) for name, member in value.items()
    ]
    return sorted(digests, key=str)


def _disclose(salt: bytes, pointer: str, name: list[Json], *, value: Json, made: list[str]) -> str:
    concealed: Json = value
    match value:
        case dict():
            concealed = {DIGESTS: _conceal_members(value, pointer, salt, made=made)}
        case list():
            concealed = [
                {ELEMENT: _disclose(salt, f"{pointer}/{index}", [], value=member, made=made)}
                for index, member in enumerate(value)
            ]
        case None:
            raise InvalidField(SUBJECT + pointer, value, "a value; what is absent is left out")
    own_salt = _base64url(hmac(salt, pointer.encode(), "sha256"))
    made.append(_base64url(canonical_bytes([own_salt, *name, concealed])))
    return digest_of(made[-1])


def _parsed(disclosures: Iterable[str]) -> dict[str, tuple[str, list[Json]]]:
    found: dict[str, tuple[str, list[Json]]] = {}
    for index, disclosure in enumerate(disclosures):
        place = f"document.disclosures[{index}]"
        parts = parse_canonical_value(_from_base64url(disclosure, place), place)
        if not isinstance(parts, list) or len(parts) not in (2, 3):
            raise InvalidField(place, parts, "[salt, value] or [salt, name, value]")
        if not isinstance(parts[0], str) or not BASE64URL_32.fullmatch(parts[0]):
            raise InvalidField(f"{place}[0]", parts[0], "a salt of 32 bytes in base64url")
        digest = digest_of(disclosure)
        if digest in found:
            raise InvalidField(place, disclosure, "each disclosure once")
        found[digest] = disclosure, parts
    return found


def _below(pointer: str, name: str) -> str:
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _from_base64url(text: object, place: str) -> bytes:
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if isinstance(text, str) else b""
    except ValueError as error:
        raise InvalidField(place, text, "base64url without padding") from error
    # The decoder skips letters it does not know: what was read must be what was written.
    if not data or _base64url(data) != text:
        raise InvalidField(place, text, "base64url without padding")
    return data
