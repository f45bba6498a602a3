"""Documents sealed to those who may read them: the envelope that the vault keeps.

A document's disclosures lie in two sections, `goods` and `prices` (`disclosures.is_priced`), each encrypted under a
fresh key of its own, and that key sealed to each reader. So a carrier reads what it carries and not what it costs, and
a reader who is added later needs a sealed key and no new ciphertext. The credential itself is in the clear: it holds
salted digests, and lets anybody check commitment, proof and author without reading anything.

    version     1
    credential  the secured credential
    sections    by name: nonce (24 bytes) and ciphertext, as 0x-hex
    keys        each: section, recipient (X25519 public key, 32 bytes), sealed (80 bytes), as 0x-hex

    section     XChaCha20-Poly1305 (IETF, 24-byte nonce) under a 32-byte key; associated data is the canonical JSON of
                {commitment, section}, so that nothing opens as a part of another document or of another section
    plaintext   canonical JSON list of disclosures, then spaces up to a multiple of 1,024 bytes: the length tells little
    sealed      libsodium sealed box (`crypto_box_seal`) of the section's key

Opening checks that every disclosure is the credential's and lies in its section. Which agent a recipient's key belongs
to, and who may read, is not decided here. A sealed box names no sender: whoever can open a section can add readers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_bytes

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.secret import Aead

from ledger.documents.canonical import (
    Json,
    JsonObject,
    canonical_bytes,
    is_object,
    parse,
    parse_canonical,
    parse_canonical_value,
)
from ledger.documents.credentials import Document, commitment_of
from ledger.documents.disclosures import is_priced, pointers, reveal
from ledger.documents.keys import Keys
from ledger.errors import InvalidField, Refused
from ledger.ids import Commitment, hex0x

GOODS, PRICES = "goods", "prices"
SECTIONS = (GOODS, PRICES)
ENVELOPE_BYTES = 2 << 20
MOST_KEYS = 4096
"""Sealed keys that an envelope brings."""
PADDING = 1024
KEY_SIZE = 32
SEALED_SIZE = 80
VERSION = 1
_MEMBERS = {"version", "credential", "sections", "keys"}
_HEX = re.compile("0x(?:[0-9a-f]{2})*")

Readers = Mapping[str, Sequence[bytes]]
"""By section, the X25519 public keys of those who may read it."""


@dataclass(frozen=True, slots=True)
class SealedSection:
    """One section, encrypted: a nonce of 24 bytes, and what it hides."""

    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class SealedKey:
    """The key of `section`, sealed (80 bytes) to the X25519 key `recipient` (32 bytes)."""

    section: str
    recipient: bytes
    sealed: bytes

    def to_json(self) -> JsonObject:
        """As it stands in an envelope."""
        return {"section": self.section, "recipient": hex0x(self.recipient), "sealed": hex0x(self.sealed)}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed document: its credential as canonical bytes, sections by name, keys."""

    credential: bytes
    sections: Mapping[str, SealedSection]
    keys: tuple[SealedKey, ...]

    @classmethod
    def read(cls, data: bytes) -> "Envelope":
        """The envelope in `data`, JSON of at most 2 MiB; whether anything in it opens is for its readers to find out.

        Raises:
            InvalidField: with the path of the first member that does not fit.
        """
        members = _members(parse(data, "envelope", most=ENVELOPE_BYTES), _MEMBERS, "envelope")
        version = members["version"]
        if isinstance(version, bool) or version != VERSION:
            raise InvalidField("envelope.version", version, str(VERSION))
        credential = members["credential"]
        if not is_object(credential):
            raise InvalidField("envelope.credential", credential, "an object")
        canonical = canonical_bytes(credential, "envelope.credential")
        return cls(canonical, _read_sections(members["sections"]), read_keys(members["keys"], "envelope.keys"))

    @property
    def commitment(self) -> Commitment:
        """What stands on the chain."""
        return commitment_of(self.credential)

    @property
    def data(self) -> bytes:
        """Canonical JSON. Raises InvalidField where it is larger than 2 MiB."""
        sections: JsonObject = {
            name: {"nonce": hex0x(section.nonce), "ciphertext": hex0x(section.ciphertext)}
            for name, section in self.sections.items()
        }
        value: JsonObject = {
            "version": VERSION,
            "credential": parse_canonical(self.credential),
            "sections": sections,
            "keys": [key.to_json() for key in self.keys],
        }
        return canonical_bytes(value, "envelope", most=ENVELOPE_BYTES)


def seal(document: Document, readers: Readers) -> Envelope:
    """`document`, all of whose fields are shown, sealed to `readers`; nonces, keys and boxes are fresh each time.

    Every section has a reader, and whoever reads prices reads goods.

    Raises:
        InvalidField: fields are withheld, disclosures are not the credential's, a section without a reader or an
            unusable X25519 key, or too many of them.
    """
    subject = parse_canonical(document.credential).get("credentialSubject")
    if not reveal(subject, document.disclosures)[1]:
        raise InvalidField("document.disclosures", "fields withheld", "all of its fields shown")
    for name in SECTIONS:
        if not readers.get(name):
            raise InvalidField(f"readers.{name}", [], "at least one reader")
    if not set(readers[PRICES]) <= set(readers[GOODS]):
        raise InvalidField("readers.prices", "another reader", "readers of goods only")
    asked = sum(len(readers[name]) for name in SECTIONS)
    if asked > MOST_KEYS:
        raise InvalidField("readers", asked, f"at most {MOST_KEYS} keys")
    shown = pointers(subject, document.disclosures)
    sections, keys = {}, []
    for name in SECTIONS:
        own = [text for text in document.disclosures if is_priced(shown[text]) == (name == PRICES)]
        key = token_bytes(Aead.KEY_SIZE)
        sections[name] = _encrypted(own, key, _bound(document.commitment, name))
        keys += list(_sealed(name, key, readers[name]))
    return Envelope(document.credential, sections, tuple(keys))


def open_envelope(envelope: Envelope, keys: Keys) -> Document:
    """The document, showing what `keys` open of it; of both sections where they open both, goods first.

    The disclosures are the credential's own; its proof is for `credentials.verify` to check.

    Raises:
        Refused: NotSealedToKey, there is no key of the goods for `keys`; EnvelopeAltered, a section or its key is not
            what was sealed.
        InvalidField: the credential is none.
    """
    found: dict[str, list[str]] = {}
    for name in SECTIONS:
        if any(key.section == name and key.recipient in keys.recipients for key in envelope.keys):
            found[name] = _opened(envelope, name, keys)[1]
    if GOODS not in found:
        raise Refused("NotSealedToKey", {"commitment": envelope.commitment, "x25519": keys.public.x25519})
    document = Document(envelope.credential, tuple(text for name in found for text in found[name]))
    shown = pointers(parse_canonical(document.credential).get("credentialSubject"), document.disclosures)
    for name, texts in found.items():
        if any(is_priced(shown[text]) != (name == PRICES) for text in texts):
            raise _altered(envelope, name)
    return document


def reseal(envelope: Envelope, keys: Keys, readers: Readers) -> tuple[SealedKey, ...]:
    """The keys of the sections in `readers`, as far as `keys` open them, sealed to those readers too.

    Raises:
        Refused: NotSealedToKey, EnvelopeAltered.
        InvalidField: an unusable X25519 key.
    """
    return tuple(
        key
        for name, recipients in readers.items()
        if recipients
        for key in _sealed(name, _opened(envelope, name, keys)[0], recipients)
    )


def read_keys(value: Json, place: str) -> tuple[SealedKey, ...]:
    """The sealed keys in a list, at most 4,096. Raises InvalidField."""
    if not isinstance(value, list) or len(value) > MOST_KEYS:
        raise InvalidField(place, value, f"a list of at most {MOST_KEYS} keys")
    return tuple(_read_key(item, f"{place}[{index}]") for index, item in enumerate(value))


def _read_key(value: Json, place: str) -> SealedKey:
    members = _members(value, {"section", "recipient", "sealed"}, place)
    section = members["section"]
    if not isinstance(section, str) or section not in SECTIONS:
        raise InvalidField(f"{place}.section", section, " or ".join(SECTIONS))
    recipient = _hex(members["recipient"], f"{place}.recipient", size=KEY_SIZE)
    return SealedKey(section, recipient, _hex(members["sealed"], f"{place}.sealed", size=SEALED_SIZE))


def _read_sections(value: Json) -> dict[str, SealedSection]:
    if not is_object(value) or GOODS not in value or not value.keys() <= set(SECTIONS):
        raise InvalidField("envelope.sections", value, "goods, or goods and prices")
    sections = {}
    for name, section in value.items():
        place = f"envelope.sections.{name}"
        members = _members(section, {"nonce", "ciphertext"}, place)
        nonce = _hex(members["nonce"], f"{place}.nonce", size=Aead.NONCE_SIZE)
        ciphertext = _hex(members["ciphertext"], f"{place}.ciphertext")
        if len(ciphertext) % PADDING != Aead.MACBYTES or len(ciphertext) < PADDING:
            bound = f"a multiple of {PADDING} bytes and a tag of {Aead.MACBYTES}"
            raise InvalidField(f"{place}.ciphertext", f"{len(ciphertext)} bytes", bound)
        sections[name] = SealedSection(nonce, ciphertext)
    return sections


def _members(value: Json, names: set[str], place: str) -> JsonObject:
    if not is_object(value) or value.keys() != names:
        raise InvalidField(place, value, f"an object of {', '.join(sorted(names))} and nothing else")
    return value


def _hex(value: Json, place: str, *, size: int | None = None) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value) or size not in (None, len(value) // 2 - 1):
        raise InvalidField(place, value, f"0x and {'pairs of' if size is None else 2 * size} hex digits, lower case")
    return bytes.fromhex(value[2:])


def _bound(commitment: Commitment, section: str) -> bytes:
    return canonical_bytes({"commitment": hex0x(commitment), "section": section})


def _encrypted(disclosures: Sequence[str], key: bytes, bound: bytes) -> SealedSection:
    text = canonical_bytes(list(disclosures), "document.disclosures")
    padded = text.ljust(-len(text) // PADDING * -PADDING)
    nonce = token_bytes(Aead.NONCE_SIZE)
    return SealedSection(nonce, Aead(key).encrypt(padded, bound, nonce).ciphertext)


def _sealed(section: str, key: bytes, recipients: Sequence[bytes]) -> Iterator[SealedKey]:
    for recipient in dict.fromkeys(recipients):
        try:
            yield SealedKey(section, recipient, SealedBox(PublicKey(recipient)).encrypt(key))
        except (CryptoError, TypeError) as error:  # another length, or a point of small order
            raise InvalidField(f"readers.{section}", recipient.hex(), "an X25519 public key") from error


def _opened(envelope: Envelope, section: str, keys: Keys) -> tuple[bytes, list[str]]:
    """The key of a section and its disclosures: several may have sealed one to this reader, not all of them honest."""
    own = [key for key in envelope.keys if key.section == section and key.recipient in keys.recipients]
    if not own or section not in envelope.sections:
        raise Refused("NotSealedToKey", {"commitment": envelope.commitment, "x25519": keys.public.x25519})
    for sealed in own:
        try:
            key = keys.unseal(sealed.sealed)
            return key, _decrypted(envelope, section, key)
        except (Refused, CryptoError):
            continue
    raise _altered(envelope, section)


def _decrypted(envelope: Envelope, section: str, key: bytes) -> list[str]:
    if len(key) != Aead.KEY_SIZE:
        raise _altered(envelope, section)
    sealed = envelope.sections[section]
    padded = Aead(key).decrypt(sealed.ciphertext, _bound(envelope.commitment, section), sealed.nonce)
    text = padded.rstrip(b" ")
    value = parse_canonical_value(text, f"envelope.sections.{section}")
    disclosures = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if disclosures != value or len(padded) - len(text) >= PADDING:
        raise _altered(envelope, section)
    return disclosures


def _altered(envelope: Envelope, section: str) -> Refused:
    return Refused("EnvelopeAltered", {"commitment": envelope.commitment, "section": section})
