"""Key files: what opens them, what does not, and that private parts stay private."""

import json
import stat
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path
from typing import Any

import pytest
from coincurve import PublicKey
from eth_utils.crypto import keccak
from nacl.public import PublicKey as PublicSealingKey
from nacl.public import SealedBox
from nacl.signing import VerifyKey

from ledger.documents.keys import Keys, public_part
from ledger.documents.sealing import SECTIONS, open_envelope, reseal, seal
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Digest

PRIVATE = shake_256(b"an agent of the tests").digest(96)
DIGEST = Digest(keccak(b"an act"))
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
CHEAP = 2**10


@pytest.fixture
def keys() -> Keys:
    return Keys.from_private(PRIVATE)


@pytest.fixture
def path(tmp_path: Path, keys: Keys) -> Path:
    keys.save(tmp_path / "agent.json", "correct horse", scrypt_n=CHEAP)
    return tmp_path / "agent.json"


def test_a_key_file_gives_back_the_same_keys(path: Path, keys: Keys) -> None:
    assert Keys.load(path, "correct horse").sign_digest(DIGEST) == keys.sign_digest(DIGEST)


def test_the_public_part_needs_no_passphrase(path: Path, keys: Keys) -> None:
    assert public_part(path) == keys.public


def test_another_passphrase_is_refused(path: Path) -> None:
    with pytest.raises(Refused, match="PassphraseWrong"):
        Keys.load(path, "correct horsE")


def test_a_passphrase_typed_in_another_unicode_form_opens_the_file(tmp_path: Path, keys: Keys) -> None:
    keys.save(tmp_path / "k", "caf\u00e9", scrypt_n=CHEAP)
    assert Keys.load(tmp_path / "k", "cafe\u0301").address == keys.address


def test_an_empty_passphrase_is_refused(tmp_path: Path, keys: Keys) -> None:
    with pytest.raises(InvalidField, match="passphrase"):
        keys.save(tmp_path / "k", "", scrypt_n=CHEAP)


def test_a_key_file_is_never_overwritten(path: Path) -> None:
    with pytest.raises(Refused, match="KeyFileExists"):
        Keys.generate().save(path, "correct horse", scrypt_n=CHEAP)


def test_only_its_owner_can_read_a_key_file(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_absent_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="KeyFileUnknown"):
        Keys.load(tmp_path / "none.json", "x")


def test_a_directory_in_place_of_a_key_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Keys.load(tmp_path, "x")


def test_private_parts_do_not_stand_in_the_clear(path: Path) -> None:
    text = path.read_text()
    assert not any(PRIVATE[start : start + 32].hex() in text for start in (0, 32, 64))


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_private_parts_are_not_shown(keys: Keys, show: Callable[[object], str]) -> None:
    shown = show(keys)
    assert not any(
        form in shown
        for start in (0, 32, 64)
        for form in (PRIVATE[start : start + 32].hex(), repr(PRIVATE[start : start + 32])[2:-1])
    )


def altered(content: dict[str, Any], name: str, value: object) -> str:
    *folders, last = name.split(".")
    place = content
    for folder in folders:
        place = place[folder]
    place[last] = value
    return json.dumps(content)


OTHER = "0x" + "11" * 32


@pytest.mark.parametrize(
    ("name", "value"), [("ed25519", OTHER), ("x25519", OTHER), ("address", "0x" + "11" * 20)]
)
def test_an_exchanged_public_part_is_refused(path: Path, name: str, value: str) -> None:
    path.write_text(altered(json.loads(path.read_text()), name, value))
    with pytest.raises(Refused, match="PassphraseWrong"):
        Keys.load(path, "correct horse")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 2),
        ("kdf.n", 2**30),
        ("kdf.n", 3000),
        ("kdf.n", 1),
        ("kdf.r", 1024),
        ("kdf.p", 1000),
        ("kdf.salt", "0x00"),
        ("cipher", "none"),
        ("nonce", "0x00"),
        ("ciphertext", "0x00"),
        ("comment", "hello"),
    ],
)
def test_a_file_of_another_form_is_refused(path: Path, name: str, value: object) -> None:
    path.write_text(altered(json.loads(path.read_text()), name, value))
    with pytest.raises(InvalidField):
        Keys.load(path, "correct horse")


def test_a_signature_recovers_to_the_account(keys: Keys) -> None:
    signature = keys.sign_digest(DIGEST)
    raw = signature[:64] + bytes([signature[64] - 27])
    public = PublicKey.from_signature_and_message(raw, DIGEST, hasher=None)
    assert keccak(public.format(compressed=False)[1:])[-20:] == keys.address


def test_every_signature_has_low_s(keys: Keys) -> None:
    signatures = [keys.sign_digest(Digest(keccak(bytes([n])))) for n in range(64)]
    assert all(int.from_bytes(signature[32:64]) <= HALF_ORDER for signature in signatures)


def test_every_signature_ends_in_27_or_28(keys: Keys) -> None:
    assert {keys.sign_digest(Digest(keccak(bytes([n]))))[64] for n in range(64)} == {27, 28}


@pytest.mark.parametrize("digest", [b"", bytes(31), bytes(33)])
def test_a_digest_of_another_length_is_not_signed(keys: Keys, digest: bytes) -> None:
    with pytest.raises(InvalidField, match="32 bytes"):
        keys.sign_digest(Digest(digest))


def test_two_generated_agents_share_no_key() -> None:
    first, second = Keys.generate().public, Keys.generate().public
    assert (
        len({first.address, second.address, first.ed25519, second.ed25519, first.x25519, second.x25519}) == 6
    )


def test_the_ed25519_key_is_one_that_verifies(keys: Keys) -> None:
    assert bytes(VerifyKey(keys.public.ed25519)) == keys.public.ed25519


def test_the_account_is_the_one_every_wallet_derives() -> None:
    private = (1).to_bytes(32) + bytes(64)
    assert Keys.from_private(private).address.hex() == "7e5f4552091a69125d5dfcb7b8c2659029395bdf"


def test_rotation_keeps_the_account_and_nothing_else(keys: Keys) -> None:
    old, new = keys.public, keys.rotated().public
    assert (old.address == new.address, old.ed25519 == new.ed25519, old.x25519 == new.x25519) == (True, False, False)


def test_what_was_sealed_to_any_former_key_opens_with_the_last_file(tmp_path: Path, keys: Keys) -> None:
    twice = keys.rotated().rotated()
    twice.save(tmp_path / "k", "correct horse", scrypt_n=CHEAP)
    sealed = [SealedBox(PublicSealingKey(recipient)).encrypt(b"a key") for recipient in twice.recipients]
    loaded = Keys.load(tmp_path / "k", "correct horse")
    assert [loaded.unseal(one) for one in sealed] == [b"a key"] * 3
    assert twice.recipients[-1] == keys.public.x25519


def test_what_is_sealed_to_the_new_key_does_not_open_with_the_old_file(keys: Keys) -> None:
    sealed = SealedBox(PublicSealingKey(keys.rotated().public.x25519)).encrypt(b"a key")
    with pytest.raises(Refused, match="SealBroken"):
        keys.unseal(sealed)


def test_a_file_without_former_keys_is_of_version_1(path: Path) -> None:
    assert json.loads(path.read_text())["version"] == 1


def test_a_file_with_former_keys_is_of_version_2(tmp_path: Path, keys: Keys) -> None:
    keys.rotated().save(tmp_path / "k", "correct horse", scrypt_n=CHEAP)
    assert json.loads((tmp_path / "k").read_text())["version"] == 2


def test_a_file_whose_version_denies_its_former_keys_is_refused(tmp_path: Path, keys: Keys) -> None:
    keys.rotated().save(tmp_path / "k", "correct horse", scrypt_n=CHEAP)
    (tmp_path / "k").write_text(altered(json.loads((tmp_path / "k").read_text()), "version", 1))
    with pytest.raises(InvalidField, match="former keys"):
        Keys.load(tmp_path / "k", "correct horse")


@pytest.mark.parametrize("length", [0, 64, 95, 97, 96 + 32 * 1001])
def test_private_parts_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(InvalidField, match="private"):
        Keys.from_private(bytes([1]) * length)


def test_a_document_sealed_before_the_rotation_opens_and_is_resealed_with_the_new_file_alone(keys: Keys) -> None:
    document = keys.sign_document("OrganizationProfile", {"name": "D", "address": {"country": "NL"}}, chain_id=7)
    envelope = seal(document, dict.fromkeys(SECTIONS, (keys.public.x25519,)))
    fresh = keys.rotated()
    resealed = reseal(envelope, fresh, dict.fromkeys(SECTIONS, (fresh.public.x25519,)))
    assert open_envelope(envelope, fresh).credential == document.credential
    assert {key.recipient for key in resealed} == {fresh.public.x25519}
