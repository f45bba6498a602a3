"""An agent's keys and the file that holds them.

Three keys: a secp256k1 account that signs acts, an Ed25519 key that signs documents, an X25519 key that
documents are sealed to. Private parts stand in no repr, text or error; they leave this module only
encrypted. Where the passphrase comes from is the caller's business.

The file is one JSON object (hex with 0x, lower case):

    version     1; 2 where former X25519 keys are kept
    address     the account, 20 bytes
    ed25519     public key, 32 bytes
    x25519      public key, 32 bytes
    kdf         {name: "scrypt", n, r, p, salt}: 32-byte key from the passphrase (NFKC, UTF-8); RFC 7914
    cipher      "xchacha20-poly1305" (IETF, 24-byte nonce)
    nonce       24 bytes
    ciphertext  of account || Ed25519 seed || X25519 key (3 x 32 bytes), in version 2 also of up to 1,000 former
                X25519 keys (32 bytes each, the newest first), and the 16-byte tag

Everything but `ciphertext`, as canonical JSON (RFC 8785), is the associated data: the public part cannot
be exchanged without the passphrase.

Rotation keeps the account and replaces the other two keys. What was sealed to a former X25519 key still opens, with
the new file alone; a former Ed25519 key is not kept: nothing is signed with it again, and the journal has its public
part for those who verify.
"""

import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import scrypt
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Literal, Self

from coincurve import PrivateKey as AccountKey
from eth_utils.crypto import keccak
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey as SealingKey
from nacl.public import SealedBox
from nacl.secret import Aead
from nacl.signing import SigningKey
from pydantic import Field, model_validator

from ledger.documents.canonical import JsonObject, canonical_bytes, parse_object
from ledger.documents.credentials import Document, draft, secure
from ledger.documents.forms import Form, Hex32
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Address, Digest, Time, hex0x

SCRYPT_N = 2**17
MOST_FORMER = 1_000


class Kdf(Form):
    """How the key comes from the passphrase. The bounds keep a hostile file from taking all memory."""

    name: Literal["scrypt"]
    n: Annotated[int, Field(ge=2**10, le=2**20)]
    r: Literal[8]
    p: Annotated[int, Field(ge=1, le=4)]
    salt: Hex32


class KeyFile(Form):
    """The file, field by field as the module says."""

    version: Literal[1, 2]
    address: Annotated[str, Field(pattern=r"^0x[0-9a-f]{40}$")]
    ed25519: Hex32
    x25519: Hex32
    kdf: Kdf
    cipher: Literal["xchacha20-poly1305"]
    nonce: Annotated[str, Field(pattern=r"^0x[0-9a-f]{48}$")]
    ciphertext: Annotated[str, Field(pattern=r"^0x[0-9a-f]{224}([0-9a-f]{64}){0,1000}$")]

    @model_validator(mode="after")
    def _of_its_version(self) -> Self:
        if (len(self.ciphertext) > 226) != (self.version == 2):
            raise ValueError("former keys in version 2, and there alone")
        return self


@dataclass(frozen=True, slots=True)
class PublicPart:
    """What everybody may know of an agent's keys: 20, 32 and 32 bytes."""

    address: Address
    ed25519: bytes
    x25519: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The three keys of one agent, and the X25519 keys that it had before."""

    public: PublicPart
    _account: AccountKey = field(repr=False)
    _signing: SigningKey = field(repr=False)
    _sealing: tuple[SealingKey, ...] = field(repr=False)
    """The present one first."""

    @classmethod
    def generate(cls) -> "Keys":
        """Fresh keys from the system's randomness."""
        return cls.from_private(AccountKey().secret + token_bytes(64))

    @classmethod
    def from_private(cls, private: bytes) -> "Keys":
        """The keys whose private parts are `private`: account, Ed25519 seed, X25519, former X25519; 32 bytes each."""
        if len(private) % 32 or not 96 <= len(private) <= 96 + 32 * MOST_FORMER:
            bound = f"96 bytes, and 32 for each of at most {MOST_FORMER} former keys"
            raise InvalidField("private", f"{len(private)} bytes", bound)
        account, signing = AccountKey(private[:32]), SigningKey(private[32:64])
        sealing = tuple(SealingKey(private[at : at + 32]) for at in range(64, len(private), 32))
        address = Address(keccak(account.public_key.format(compressed=False)[1:])[-20:])
        public = PublicPart(address, bytes(signing.verify_key), bytes(sealing[0].public_key))
        return cls(public, account, signing, sealing)

    def rotated(self) -> "Keys":
        """The same account with fresh document keys; what was sealed to this agent before still opens.

        Raises:
            InvalidField: it has been rotated too often.
        """
        former = b"".join(bytes(key) for key in self._sealing)
        return Keys.from_private(self._account.secret + token_bytes(64) + former)

    @property
    def recipients(self) -> tuple[bytes, ...]:
        """The X25519 keys, 32 bytes each, that this agent opens documents with: its present one, then former ones."""
        return tuple(bytes(key.public_key) for key in self._sealing)

    @property
    def address(self) -> Address:
        """The account, 20 bytes."""
        return self.public.address

    def sign_digest(self, digest: Digest) -> bytes:
        """The account's signature of a 32-byte digest: r || s || v, 65 bytes, low s, v 27 or 28."""
        if len(digest) != 32:
            raise InvalidField("digest", digest, "32 bytes")
        signature = self._account.sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes([27 + signature[64]])

    def sign_document(
        self,
        kind: str,
        subject: JsonObject,
        *,
        chain_id: int,
        salt: bytes | None = None,
        created: Time | None = None,
    ) -> Document:
        """The secured document of `kind` about `subject`, issued by this agent's account.

        See `credentials.draft` and `credentials.secure` for the arguments and errors.
        """
        document = draft(kind, subject, issuer=self.address, chain_id=chain_id, salt=salt)
        return secure(document, self._signing, created=created)

    def unseal(self, sealed: bytes) -> bytes:
        """What the sealed box `sealed` to one of this agent's X25519 keys holds (libsodium `crypto_box_seal`).

        Raises:
            Refused: SealBroken, it was sealed to another key, or altered.
        """
        for key in self._sealing:
            with suppress(CryptoError):
                return SealedBox(key).decrypt(sealed)
        raise Refused("SealBroken", {"x25519": self.public.x25519})

    def save(self, path: Path, passphrase: str, *, scrypt_n: int = SCRYPT_N) -> None:
        """Write the key file, readable by its owner only, durable on return.

        `scrypt_n` is the cost, a power of two; the default takes about half a second and 128 MiB.

        Raises:
            Refused: KeyFileExists, a key file is never overwritten.
            InvalidField: an empty passphrase.
            Unavailable: the disk did not take it.
        """
        content = canonical_bytes(self._lock(passphrase, scrypt_n)) + b"\n"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError as error:
            raise Refused("KeyFileExists", {"path": str(path)}) from error
        except OSError as error:
            raise Unavailable(f"{path} could not be written: {error}") from error

    @classmethod
    def load(cls, path: Path, passphrase: str) -> "Keys":
        """The keys in the file at `path`.

        Raises:
            Refused: KeyFileUnknown; PassphraseWrong, or the file was altered after it was written.
            InvalidField: not a key file.
            Unavailable: the disk did not answer.
        """
        file = _read(path)
        head = file.to_json()
        sealed = bytes.fromhex(str(head.pop("ciphertext"))[2:])
        box = Aead(_derive(passphrase, file.kdf))
        try:
            return cls.from_private(box.decrypt(sealed, canonical_bytes(head), bytes.fromhex(file.nonce[2:])))
        except CryptoError as error:
            raise Refused("PassphraseWrong", {"path": str(path)}) from error

    def _lock(self, passphrase: str, scrypt_n: int) -> JsonObject:
        nonce = token_bytes(Aead.NONCE_SIZE)
        kdf = Kdf(name="scrypt", n=scrypt_n, r=8, p=1, salt=hex0x(token_bytes(32)))
        head: JsonObject = {
            "version": 1 if len(self._sealing) == 1 else 2,
            "address": hex0x(self.public.address),
            "ed25519": hex0x(self.public.ed25519),
            "x25519": hex0x(self.public.x25519),
            "kdf": kdf.to_json(),
            "cipher": "xchacha20-poly1305",
            "nonce": hex0x(nonce),
        }
        private = self._account.secret + bytes(self._signing) + b"".join(bytes(key) for key in self._sealing)
        sealed = Aead(_derive(passphrase, kdf)).encrypt(private, canonical_bytes(head), nonce)
        return {**head, "ciphertext": hex0x(sealed.ciphertext)}


def public_part(path: Path) -> PublicPart:
    """The public part of the key file at `path`, as written; only `Keys.load` proves it.

    Raises:
        Refused: KeyFileUnknown.
        InvalidField: not a key file.
        Unavailable: the disk did not answer.
    """
    file = _read(path)
    address, ed25519, x25519 = (bytes.fromhex(text[2:]) for text in (file.address, file.ed25519, file.x25519))
    return PublicPart(Address(address), ed25519, x25519)


def _read(path: Path) -> KeyFile:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("KeyFileUnknown", {"path": str(path)}) from error
    except OSError as error:
        raise Unavailable(f"{path} could not be read: {error}") from error
    return KeyFile.read(parse_object(data, "keyFile"), "keyFile")


def _derive(passphrase: str, kdf: Kdf) -> bytes:
    if not passphrase:
        raise InvalidField("passphrase", "", "not empty")
    if kdf.n & (kdf.n - 1):
        raise InvalidField("keyFile.kdf.n", kdf.n, "a power of two")
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    salt = bytes.fromhex(kdf.salt[2:])
    # 128 * n * r is what scrypt needs; OpenSSL refuses more than its default of 32 MiB unless told.
    room = 128 * kdf.r * (kdf.n + kdf.p + 2)
    return scrypt(secret, salt=salt, n=kdf.n, r=kdf.r, p=kdf.p, maxmem=room, dklen=32)
