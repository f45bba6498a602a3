"""Whether JSON is a credential or a presentation by the W3C Verifiable Credentials Data Model v2.0, whoever made it.

Checks members, as far as they can be checked without a network: contexts elsewhere are not fetched, and a type that
only such a context could define is let pass. It knows no proof, no schema and no status, and asks nobody whether they
hold. `credentials.verify` asks here first, and then for the narrower form of our own documents.

Source: W3C Recommendation of 15 May 2025, sections 4.3 (contexts), 4.4 (identifiers), 4.5 (types), 4.6 (names), 4.7
(issuer), 4.8 (subject), 4.9 (validity), 4.10 (status), 4.11 (schemas), 4.13 (presentations), 5.4 to 5.6.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from ledger.documents.canonical import Json, JsonObject, canonical_bytes, is_object
from ledger.errors import InvalidField

BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"
CREDENTIAL, PRESENTATION, ENVELOPED = "VerifiableCredential", "VerifiablePresentation", "EnvelopedVerifiableCredential"
PROTECTED = {
    "id",
    "type",
    "name",
    "description",
    "digestMultibase",
    "digestSRI",
    "mediaType",
    CREDENTIAL,
    PRESENTATION,
    ENVELOPED,
    "EnvelopedVerifiablePresentation",
    "JsonSchema",
    "JsonSchemaCredential",
    "BitstringStatusList",
    "BitstringStatusListCredential",
    "BitstringStatusListEntry",
    "DataIntegrityProof",
}
"""What the base context defines, which no other context may define anew."""
TYPED = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")
LANGUAGE_VALUE = {"@value", "@language", "@direction"}
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
DATE_TIME_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def check_data_model(value: JsonObject, place: str = "document") -> None:
    """Refuse `value` unless it is a credential or a presentation by its type, and has the form of one.

    Raises:
        InvalidField: with the path of the first fault.
    """
    if PRESENTATION in _types(value, place):
        _check_presentation(value, place)
    else:
        _check_credential(value, place)


def _check_credential(value: JsonObject, place: str) -> None:
    terms = _Terms(value, place)
    terms.check_types(value, place, wanted=CREDENTIAL)
    _check_id(value, place)
    _check_texts(value, place)
    _check_named(value, "issuer", place, required=True)
    _check_subjects(value, place)
    _check_validity(value, place)
    for member in TYPED:
        for part, part_place in _parts(value, member, place):
            terms.check_types(part, part_place)
            _check_id(part, part_place, required=member == "credentialSchema")


def _check_presentation(value: JsonObject, place: str) -> None:
    terms = _Terms(value, place)
    terms.check_types(value, place, wanted=PRESENTATION)
    _check_id(value, place)
    _check_named(value, "holder", place)
    for part, part_place in _parts(value, "verifiableCredential", place):
        if ENVELOPED in _types(part, part_place):
            enveloped = part.get("id")
            if not isinstance(enveloped, str) or not enveloped.startswith("data:"):
                raise InvalidField(f"{part_place}.id", enveloped, "a data: URL")
        else:
            _check_credential(part, part_place)
    for part, part_place in _parts(value, "proof", place):
        terms.check_types(part, part_place)


class _Terms:
    """What the contexts of one document say of its terms."""

    def __init__(self, document: JsonObject, place: str) -> None:
        contexts, place = document.get("@context"), f"{place}.@context"
        if not isinstance(contexts, list) or not contexts or contexts[0] != BASE_CONTEXT:
            raise InvalidField(place, contexts, f"a list that begins with {BASE_CONTEXT}")
        self._defined: dict[str, Json] = {}
        self._protected: set[str] = set()
        self._open = False
        """Whether a term without a definition here may have one elsewhere, or is mapped by a vocabulary."""
        for index, context in enumerate(contexts[1:], 1):
            if is_object(context):
                self._take(context, f"{place}[{index}]")
            else:
                _check_url(context, f"{place}[{index}]")
                self._open = True

    def _take(self, context: JsonObject, place: str) -> None:
        for term, definition in context.items():
            if term == "@vocab":
                self._open = definition is not None
            if term.startswith("@"):
                continue
            same = term in self._defined and canonical_bytes(self._defined[term]) == canonical_bytes(definition)
            if term in PROTECTED or (term in self._protected and not same):
                raise InvalidField(f"{place}.{term}", definition, "no new definition of a protected term")
            self._defined[term] = definition
            own = definition.get("@protected") if is_object(definition) else None
            if context.get("@protected") is True or own is True:
                self._protected.add(term)

    def check_types(self, value: JsonObject, place: str, *, wanted: str | None = None) -> None:
        """Refuse `value` unless its types are URLs or terms, and `wanted` is one of them."""
        found = _types(value, place)
        if wanted and wanted not in found:
            raise InvalidField(f"{place}.type", found, f"{wanted} among them")
        for name in found:
            meaning = self._defined.get(name)
            if is_object(meaning):
                meaning = meaning.get("@id")
            known = name in PROTECTED or _is_url(name) or _is_url(meaning)
            if not known and (name in self._defined or not self._open):
                raise InvalidField(f"{place}.type", name, "URLs, or terms that a context maps to URLs")


def _types(value: JsonObject, place: str) -> list[str]:
    found = value.get("type")
    names = found if isinstance(found, list) else [found]
    texts = [name for name in names if isinstance(name, str)]
    if not names or len(texts) != len(names):
        raise InvalidField(f"{place}.type", found, "a type, or a list of types")
    return texts


def _parts(value: JsonObject, member: str, place: str) -> Iterator[tuple[JsonObject, str]]:
    """The objects of a member that is one object or a list of them, each with its path; none where it is absent."""
    if member not in value:
        return
    found, place = value[member], f"{place}.{member}"
    for index, part in enumerate(found if isinstance(found, list) else [found]):
        part_place = f"{place}[{index}]" if isinstance(found, list) else place
        if not is_object(part):
            raise InvalidField(part_place, part, "an object")
        yield part, part_place


def _check_subjects(value: JsonObject, place: str) -> None:
    subjects = list(_parts(value, "credentialSubject", place))
    if not subjects:
        raise InvalidField(f"{place}.credentialSubject", value.get("credentialSubject"), "at least one subject")
    for subject, subject_place in subjects:
        if not subject:
            raise InvalidField(subject_place, subject, "at least one claim")
        _check_id(subject, subject_place)


def _check_named(value: JsonObject, member: str, place: str, *, required: bool = False) -> None:
    """An issuer or holder: a URL, or an object with one as its id."""
    if not required and member not in value:
        return
    found, place = value.get(member), f"{place}.{member}"
    if is_object(found):
        _check_id(found, place, required=True)
        _check_texts(found, place)
    else:
        _check_url(found, place)


def _check_texts(value: JsonObject, place: str) -> None:
    """Name and description: text, a language value object, or a list of such objects."""
    for member in ("name", "description"):
        found = value.get(member, "")
        for text in found if isinstance(found, list) else [found]:
            plain = isinstance(text, str) and not isinstance(found, list)
            if not plain and not (is_object(text) and _is_language_value(text)):
                raise InvalidField(f"{place}.{member}", text, "text, or @value with @language and @direction")


def _is_language_value(text: JsonObject) -> bool:
    told = all(isinstance(part, str) for part in text.values())
    return (
        told and "@value" in text and text.keys() <= LANGUAGE_VALUE and text.get("@direction") in (None, "ltr", "rtl")
    )


def _check_validity(value: JsonObject, place: str) -> None:
    times = {
        member: _time(value[member], f"{place}.{member}") for member in ("validFrom", "validUntil") if member in value
    }
    if len(times) == 2 and times["validUntil"] < times["validFrom"]:
        raise InvalidField(f"{place}.validUntil", value["validUntil"], "not before validFrom")


def _time(value: Json, place: str) -> datetime:
    if not isinstance(value, str) or not DATE_TIME_STAMP.fullmatch(value):
        raise InvalidField(place, value, "YYYY-MM-DDThh:mm:ss and Z or an offset")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidField(place, value, "a time that exists") from error


def _check_id(value: JsonObject, place: str, *, required: bool = False) -> None:
    if required or "id" in value:
        _check_url(value.get("id"), f"{place}.id")


def _check_url(value: Json, place: str) -> None:
    if not _is_url(value):
        raise InvalidField(place, value, "a URL")


def _is_url(value: Json) -> bool:
    return isinstance(value, str) and URL.fullmatch(value) is not None
