"""Data Integrity proofs of the cryptosuite eddsa-jcs-2022, with did:key verification methods.

Makes and checks exactly one proof over a JSON document. It does not ask who the key belongs to, what the
document says or when it was made: `credentials` and the ledger do. Other cryptosuites, proof sets and
chains, expiry, domain and challenge are refused, not ignored.

Source: W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", sections 3.3.1 to 3.3.7.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from ledger.documents.canonical import JsonObject, canonical_bytes, is_object, require
from ledger.documents.dids import from_multibase, key_of_method, multibase, verification_method
from ledger.errors import InvalidField, Refused
from ledger.ids import Time

FIXED: JsonObject = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "proofPurpose": "assertionMethod",
}
MEMBERS = {*FIXED, "created", "verificationMethod", "@context", "proofValue"}
CREATED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def add_proof(document: JsonObject, key: SigningKey, *, created: Time | None = None) -> JsonObject:
    """A copy of `document` with a proof by the Ed25519 `key`; the same arguments give the same proof.

    `created` is UTC seconds, left out of the proof when None.

    Raises:
        InvalidField: `document` already has a proof, or holds what canonical JSON refuses.
    """
    if "proof" in document:
        raise InvalidField("document.proof", document["proof"], "absent before signing")
    options: JsonObject = {**FIXED, "verificationMethod": verification_method(bytes(key.verify_key))}
    if created is not None:
        options["created"] = f"{datetime.fromtimestamp(created, UTC):%Y-%m-%dT%H:%M:%SZ}"
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(hash_data(document, options)).signature
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def check_proof(secured: JsonObject) -> bytes:
    """The 32-byte Ed25519 public key whose proof over `secured` holds.

    Raises:
        InvalidField: the proof is absent or not of the form that `add_proof` makes.
        Refused: ProofInvalid, the signature is not by that key over these bytes.
    """
    # 1. one proof, of the only form accepted
    proof = secured.get("proof")
    if proof is None or not is_object(proof):
        raise InvalidField("document.proof", proof, "one proof")
    _check_form(proof)
    # 2. the proof speaks of the document's own context (3.3.2 step 4)
    document = {name: value for name, value in secured.items() if name != "proof"}
    require(proof, "@context", wanted=document.get("@context"), place="document.proof")
    # 3. the key, the signature
    method = proof.get("verificationMethod")
    public = key_of_method(method, place="document.proof.verificationMethod")
    signature = from_multibase(proof.get("proofValue"), length=64, place="document.proof.proofValue")
    # 4. libsodium refuses an s that is not reduced, points of small order and other encodings of a point than its own;
    # a key with a part of small order beside the rest it accepts, which verifiers do not agree on
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        VerifyKey(public).verify(hash_data(document, options), signature)
    except BadSignatureError as error:
        raise Refused("ProofInvalid", {"verificationMethod": str(method)}) from error
    if not crypto_core_ed25519_is_valid_point(public):
        raise Refused("ProofInvalid", {"verificationMethod": str(method)})
    return public


def hash_data(document: JsonObject, options: JsonObject) -> bytes:
    """The 64 bytes that are signed: SHA-256 of the proof options, then of the document (3.3.4)."""
    return sha256(canonical_bytes(options, "proof")).digest() + sha256(canonical_bytes(document)).digest()


def _check_form(proof: JsonObject) -> None:
    unknown = sorted(proof.keys() - MEMBERS)
    if unknown:
        raise InvalidField(f"document.proof.{unknown[0]}", proof[unknown[0]], "absent")
    for name, wanted in FIXED.items():
        require(proof, name, wanted=wanted, place="document.proof")
    if "created" not in proof:
        return
    created = proof["created"]
    if not isinstance(created, str) or not CREATED.fullmatch(created):
        raise InvalidField("document.proof.created", created, "YYYY-MM-DDThh:mm:ssZ")
    try:
        datetime.fromisoformat(created)
    except ValueError as error:
        raise InvalidField("document.proof.created", created, "a time that exists") from error
