"""Strict Ed25519: what some verifiers accept and others refuse is refused here.

Every bad signature here satisfies the verification equation, so only strictness refuses it. The encodings of small
order are those of the literature (the eight torsion points and the six other encodings of them that fit 32 bytes).
"""

from collections.abc import Iterator
from hashlib import sha256, sha512, shake_256

import pytest
from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_scalar_add,
    crypto_core_ed25519_scalar_mul,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_base_noclamp,
)
from nacl.signing import SigningKey

from ledger.documents.canonical import JsonObject, canonical_bytes
from ledger.documents.dids import multibase, verification_method
from ledger.documents.proofs import FIXED, check_proof, hash_data
from ledger.errors import Refused

ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = "0100000000000000000000000000000000000000000000000000000000000000"
ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
SMALL_ORDER = {
    "order 1": IDENTITY,
    "order 2": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order 4": "0000000000000000000000000000000000000000000000000000000000000000",
    "order 4, negative": "0000000000000000000000000000000000000000000000000000000000000080",
    "order 8": ORDER_8,
    "order 8, negative": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "order 8, another": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "order 8, another, negative": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "order 1 with a sign": "0100000000000000000000000000000000000000000000000000000000000080",
    "order 1 as p + 1": "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order 1 as p + 1 with a sign": "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "order 2 with a sign": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "order 4 as p": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order 4 as p, negative": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
}
DOCUMENT: JsonObject = {"a": 1}
KEY = SigningKey(shake_256(b"strict").digest(32))
PUBLIC = bytes(KEY.verify_key)


def secret_scalar() -> bytes:
    digest = bytearray(sha512(bytes(KEY)).digest()[:32])
    digest[0] &= 248
    digest[31] = (digest[31] & 63) | 64
    return crypto_core_ed25519_scalar_reduce(bytes(digest) + bytes(32))


def options(public: bytes) -> JsonObject:
    return {**FIXED, "verificationMethod": verification_method(public)}


def challenge(public: bytes, point: bytes) -> bytes:
    """k of the equation s B = R + k A, for our document."""
    return crypto_core_ed25519_scalar_reduce(sha512(point + public + hash_data(DOCUMENT, options(public))).digest())


def check(public: bytes, signature: bytes) -> bytes:
    return check_proof({**DOCUMENT, "proof": {**options(public), "proofValue": multibase(signature)}})


def scalars() -> Iterator[bytes]:
    for number in range(1_000):
        yield crypto_core_ed25519_scalar_reduce(sha512(number.to_bytes(2)).digest())


def forged(public: bytes) -> bytes:
    """A signature by nobody under a key of small order: k A vanishes, so R = s B is enough."""
    for scalar in scalars():
        point = crypto_scalarmult_ed25519_base_noclamp(scalar)
        if challenge(public, point)[0] % 8 == 0:
            return point + scalar
    raise AssertionError


def test_an_honest_signature_is_accepted() -> None:
    assert check(PUBLIC, KEY.sign(hash_data(DOCUMENT, options(PUBLIC))).signature) == PUBLIC


def test_a_signature_made_from_the_equation_is_accepted() -> None:
    scalar = next(scalars())
    point = crypto_scalarmult_ed25519_base_noclamp(scalar)
    s = crypto_core_ed25519_scalar_add(
        scalar, crypto_core_ed25519_scalar_mul(challenge(PUBLIC, point), secret_scalar())
    )
    assert check(PUBLIC, point + s) == PUBLIC


@pytest.mark.parametrize("encoding", SMALL_ORDER.values(), ids=SMALL_ORDER.keys())
def test_a_key_of_small_order_proves_nothing(encoding: str) -> None:
    public = bytes.fromhex(encoding)
    with pytest.raises(Refused, match="ProofInvalid"):
        check(public, forged(public))


@pytest.mark.parametrize("encoding", SMALL_ORDER.values(), ids=SMALL_ORDER.keys())
def test_a_point_of_small_order_proves_nothing(encoding: str) -> None:
    point = bytes.fromhex(encoding)
    # Right for the neutral element, and for the others by verifiers that multiply by the cofactor.
    s = crypto_core_ed25519_scalar_mul(challenge(PUBLIC, point), secret_scalar())
    with pytest.raises(Refused, match="ProofInvalid"):
        check(PUBLIC, point + s)


def test_a_key_with_a_part_of_small_order_proves_nothing() -> None:
    public = crypto_core_ed25519_add(PUBLIC, bytes.fromhex(ORDER_8))
    for scalar in scalars():
        point = crypto_scalarmult_ed25519_base_noclamp(scalar)
        k = challenge(public, point)
        if k[0] % 8 == 0:
            break
    s = crypto_core_ed25519_scalar_add(scalar, crypto_core_ed25519_scalar_mul(k, secret_scalar()))
    with pytest.raises(Refused, match="ProofInvalid"):
        check(public, point + s)


@pytest.mark.parametrize("times", range(1, 16))
def test_an_s_that_is_not_reduced_is_refused(times: int) -> None:
    signature = KEY.sign(hash_data(DOCUMENT, options(PUBLIC))).signature
    s = int.from_bytes(signature[32:], "little") + times * ORDER
    with pytest.raises(Refused, match="ProofInvalid"):
        check(PUBLIC, signature[:32] + (s % 2**256).to_bytes(32, "little"))


def test_one_bit_of_the_signed_hash_breaks_a_signature() -> None:
    signed = bytearray(hash_data(DOCUMENT, options(PUBLIC)))
    signed[0] ^= 1
    with pytest.raises(Refused, match="ProofInvalid"):
        check(PUBLIC, KEY.sign(bytes(signed)).signature)


def test_the_signed_bytes_are_two_hashes() -> None:
    assert hash_data(DOCUMENT, {}) == sha256(b"{}").digest() + sha256(canonical_bytes(DOCUMENT)).digest()
