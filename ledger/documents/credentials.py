"""Documents as W3C Verifiable Credentials 2.0: draft, secure, verify, commit.

A document is a credential and its disclosures. The credential names its kind, its issuer (did:pkh of the account that
signs the act) and its subject, of which only salted digests stand in it, and is secured by one eddsa-jcs-2022 proof of
the agent's Ed25519 key. The disclosures show the subject's fields. The commitment that stands on the chain is sha256
of the credential's canonical bytes: it is the same whatever is shown.

Not decided here: that account and Ed25519 key belong to one agent with these keys at that entry (the
journal says so), whether the subject has the fields of its kind (`kinds.read_subject`), who may read it.
Credentials of strangers, with other members or contexts, are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_bytes

from nacl.signing import SigningKey

from ledger.documents.canonical import Json, JsonObject, canonical_bytes, parse_canonical, require
from ledger.documents.data_model import BASE_CONTEXT, check_data_model
from ledger.documents.dids import account_of, did_pkh
from ledger.documents.disclosures import conceal, pointers, reveal
from ledger.documents.kinds import read_subject
from ledger.documents.proofs import add_proof, check_proof
from ledger.errors import InvalidField
from ledger.ids import Address, Commitment, Time

MEMBERS = {"@context", "type", "issuer", "credentialSubject", "proof"}


@dataclass(frozen=True, slots=True)
class Document:
    """A credential, as canonical bytes, and the disclosures that show fields of its subject: all, some or none."""

    credential: bytes
    disclosures: tuple[str, ...]

    @classmethod
    def read(cls, data: bytes) -> "Document":
        """The document in the bytes of its file; what it says is for `verify` to check.

        Raises:
            InvalidField: not canonical JSON of {"credential": {...}, "disclosures": ["...", ...]}, or over 1 MiB.
        """
        match parse_canonical(data):
            case {"credential": dict(credential), "disclosures": list(disclosures), **others} if not others:
                texts = tuple(text for text in disclosures if isinstance(text, str))
                if len(texts) == len(disclosures):
                    return cls(canonical_bytes(credential), texts)
        bound = '{"credential": {...}, "disclosures": ["...", ...]} and nothing else'
        raise InvalidField("document", data[:40].decode(errors="replace"), bound)

    @property
    def data(self) -> bytes:
        """The bytes of the file: canonical JSON."""
        disclosures = canonical_bytes(list(self.disclosures), "document.disclosures")
        return b'{"credential":' + self.credential + b',"disclosures":' + disclosures + b"}"

    @property
    def commitment(self) -> Commitment:
        """What stands on the chain."""
        return commitment_of(self.credential)


@dataclass(frozen=True, slots=True)
class Secured:
    """A document whose proof holds.

    `subject` has the fields that are shown, all of them if `complete`. `issuer` is the account on chain `chain_id`
    that the document names as its author; that it is the one who made the act is for the caller to compare.
    `ed25519_public` (32 bytes) made the proof.
    """

    credential: JsonObject
    kind: str
    subject: JsonObject
    complete: bool
    issuer: Address
    chain_id: int
    ed25519_public: bytes
    commitment: Commitment


def context() -> Json:
    """The @context of every document.

    The second part is the W3C's own for terms that no context defines: what they mean is said by the schema of the
    kind. An object in its place would be right too, but the software that compares it with the proof's by identity
    finds that they differ.
    """
    return [BASE_CONTEXT, "https://www.w3.org/ns/credentials/undefined-terms/v2"]


def anonymous(kind: str, subject: JsonObject, *, salt: bytes | None = None) -> Document:
    """A document of `kind` about `subject` that names no issuer and is never signed, everything shown.

    For what must stand on the ledger before its author has keys there, or be the same whoever makes it: its author is
    who signs the act that refers to it. `salt` is 32 bytes, random when None; who gives one must keep it as secret and
    as unique.

    Raises:
        InvalidField: the subject does not have the fields of its kind, or the salt not its length.
    """
    read_subject(kind, subject)
    concealed, disclosures = conceal(subject, token_bytes(32) if salt is None else salt)
    credential: JsonObject = {
        "@context": context(),
        "type": ["VerifiableCredential", kind],
        "credentialSubject": concealed,
    }
    return Document(canonical_bytes(credential), disclosures)


def draft(kind: str, subject: JsonObject, *, issuer: Address, chain_id: int, salt: bytes | None = None) -> Document:
    """As `anonymous`, with the account `issuer` on chain `chain_id` as its author; for `secure` to sign."""
    document = anonymous(kind, subject, salt=salt)
    credential = {**parse_canonical(document.credential), "issuer": did_pkh(issuer, chain_id)}
    return replace(document, credential=canonical_bytes(credential))


def secure(document: Document, key: SigningKey, *, created: Time | None = None) -> Document:
    """`document` with a proof by the Ed25519 `key`.

    `created` (UTC seconds) stands in the proof unless None. Equal arguments give equal bytes.

    Raises:
        InvalidField: it has a proof already.
    """
    credential = parse_canonical(document.credential)
    return replace(document, credential=canonical_bytes(add_proof(credential, key, created=created)))


def select(document: Document, chosen: Sequence[str]) -> Document:
    """`document` showing only the fields at the RFC 6901 pointers `chosen`, each with all that is inside it.

    Of what surrounds a field, only names and numbers of places are shown. The commitment and the proof stay.

    Raises:
        InvalidField: a pointer to no field that `document` shows, or disclosures that are not its own.
    """
    subject = parse_canonical(document.credential).get("credentialSubject")
    shown = pointers(subject, document.disclosures)
    for pointer in chosen:
        if pointer not in shown.values():
            raise InvalidField("field", pointer, "an RFC 6901 pointer to a field that the document shows")
    kept = tuple(
        disclosure
        for disclosure in document.disclosures
        if any(_related(shown[disclosure], pointer) for pointer in chosen)
    )
    return replace(document, disclosures=kept)


def verify(document: Document) -> Secured:
    """What `document` says, after its form, its proof and its disclosures were checked.

    Raises:
        InvalidField: not a document as `draft` and `secure` make it, or disclosures that are not its own.
        Refused: ProofInvalid.
    """
    credential = parse_canonical(document.credential)
    # 1. anybody's rules, then ours: the members, all of them and no others
    check_data_model(credential)
    for name in sorted(credential.keys() ^ MEMBERS):
        raise InvalidField(f"document.{name}", credential.get(name), f"only and all of {sorted(MEMBERS)}")
    require(credential, "@context", wanted=context(), place="document")
    # 2. kind, issuer
    kind = _kind(credential)
    issuer, chain_id = account_of(credential["issuer"], place="document.issuer")
    require(credential, "issuer", wanted=did_pkh(issuer, chain_id), place="document")
    # 3. the proof
    public = check_proof(credential)
    # 4. the subject
    subject, complete = reveal(credential["credentialSubject"], document.disclosures)
    return Secured(
        credential=credential,
        kind=kind,
        subject=subject,
        complete=complete,
        issuer=issuer,
        chain_id=chain_id,
        ed25519_public=public,
        commitment=document.commitment,
    )


def commitment_of(credential: bytes) -> Commitment:
    """The commitment to the credential whose canonical bytes are given."""
    return Commitment(sha256(credential).digest())


def _kind(credential: JsonObject) -> str:
    match credential["type"]:
        case ["VerifiableCredential", str(kind)]:
            return kind
        case other:
            raise InvalidField("document.type", other, '["VerifiableCredential", <kind>]')


def _related(one: str, other: str) -> bool:
    """Whether one pointer is the other, or leads through it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
