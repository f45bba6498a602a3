"""Documents as W3C Verifiable Credentials 2.0: draft, secure, verify, commit.

A document names its kind, its issuer (did:pkh of the account that signs the act) and its subject, carries
a random salt, and is secured by one eddsa-jcs-2022 proof of the agent's Ed25519 key. The commitment that
stands on the chain is sha256 of the canonical bytes of the secured document.

Not decided here: that account and Ed25519 key belong to one agent with these keys at that entry (the
journal says so), whether the subject has the fields of its kind (`kinds.read_subject`), who may read it.
Credentials of strangers, with other members or contexts, are refused.
"""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes

from nacl.signing import SigningKey

from ledger.documents.canonical import Json, JsonObject, canonical_bytes, is_object, parse_canonical, require
from ledger.documents.dids import account_of, did_pkh
from ledger.documents.forms import Salted
from ledger.documents.kinds import read_subject
from ledger.documents.proofs import add_proof, check_proof
from ledger.errors import InvalidField
from ledger.ids import Address, Commitment, Time, hex0x

MEMBERS = {"@context", "type", "issuer", "credentialSubject", "proof"}


@dataclass(frozen=True, slots=True)
class Secured:
    """A document whose proof holds.

    `issuer` is the account on chain `chain_id` that the document names as its author; that it is the one
    who made the act is for the caller to compare. `ed25519_public` (32 bytes) made the proof.
    """

    document: JsonObject
    kind: str
    subject: JsonObject
    issuer: Address
    chain_id: int
    ed25519_public: bytes
    commitment: Commitment


def context() -> Json:
    """The @context of every document; its second part names all our fields without a lookup."""
    return ["https://www.w3.org/ns/credentials/v2", {"@vocab": "urn:license-ledger:documents:1#"}]


def draft(kind: str, subject: JsonObject, *, issuer: Address, chain_id: int, salt: bytes | None = None) -> JsonObject:
    """An unsecured document of `kind` about `subject`, which is given without its salt.

    `salt` is 32 bytes, random when None; who gives one must keep it as secret and as unique.

    Raises:
        InvalidField: the subject does not have the fields of its kind, or brings a salt.
    """
    if "salt" in subject:
        raise InvalidField("document.credentialSubject.salt", subject["salt"], "absent, given separately")
    salted: JsonObject = {**subject, "salt": hex0x(token_bytes(32) if salt is None else salt)}
    read_subject(kind, salted)
    return {
        "@context": context(),
        "type": ["VerifiableCredential", kind],
        "issuer": did_pkh(issuer, chain_id),
        "credentialSubject": salted,
    }


def secure(document: JsonObject, key: SigningKey, *, created: Time | None = None) -> bytes:
    """The canonical bytes of `document` with a proof by the Ed25519 `key`.

    `created` (UTC seconds) stands in the proof unless None. Equal arguments give equal bytes.
    """
    return canonical_bytes(add_proof(document, key, created=created))


def verify(data: bytes) -> Secured:
    """What the secured document in `data` says, after its form and its proof were checked.

    Raises:
        InvalidField: not canonical, or not a document as `draft` and `secure` make it.
        Refused: ProofInvalid.
    """
    document = parse_canonical(data)
    # 1. the members, all of them and no others
    for name in sorted(document.keys() ^ MEMBERS):
        raise InvalidField(f"document.{name}", document.get(name), f"only and all of {sorted(MEMBERS)}")
    require(document, "@context", wanted=context(), place="document")
    # 2. kind, issuer, salt
    kind = _kind(document)
    issuer, chain_id = account_of(document["issuer"], place="document.issuer")
    subject = document["credentialSubject"]
    if not is_object(subject):
        raise InvalidField("document.credentialSubject", subject, "an object")
    Salted.read({"salt": subject.get("salt")}, "document.credentialSubject")
    # 3. the proof
    public = check_proof(document)
    return Secured(
        document=document,
        kind=kind,
        subject=subject,
        issuer=issuer,
        chain_id=chain_id,
        ed25519_public=public,
        commitment=commitment_of(data),
    )


def commitment_of(data: bytes) -> Commitment:
    """The commitment to the secured document whose canonical bytes are `data`."""
    return Commitment(sha256(data).digest())


def _kind(document: JsonObject) -> str:
    match document["type"]:
        case ["VerifiableCredential", str(kind)]:
            return kind
        case other:
            raise InvalidField("document.type", other, '["VerifiableCredential", <kind>]')
