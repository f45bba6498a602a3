"""Signing in with an account's key: the message of EIP-4361 (Sign-In with Ethereum), written and read.

Reading holds a message to the ABNF of the EIP, character by character; what an expected value would be is for the
caller to ask. The signature is that of EIP-191, version 0x45, refused as everywhere: 65 bytes, low s, v 27 or 28.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ledger.errors import InvalidField
from ledger.ids import Address, Digest, Time

LONGEST = 4096
"""Characters of a message."""

# RFC 3986, the parts that the ABNF names.
_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB_DELIMS = r"!$&'()*+,;="
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_ESCAPED})"
_SCHEME = r"[A-Za-z][A-Za-z0-9+\-.]*"
_USER = rf"(?:(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_ESCAPED})*@)?"
_NAME = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_ESCAPED})*"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|\[[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMS}:]+\]|{_NAME})"
_AUTHORITY = rf"{_USER}{_HOST}(?::[0-9]*)?"
_QUERY = rf"(?:{_PCHAR}|[/?])*"
_URI = rf"{_SCHEME}:(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/?(?:{_PCHAR}+(?:/{_PCHAR}*)*)?)(?:\?{_QUERY})?(?:#{_QUERY})?"
_TIME = r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})"

_MESSAGE = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})://)?(?P<domain>{_AUTHORITY}) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n"
    r"\n"
    rf"(?:(?P<statement>[{_UNRESERVED}{_SUB_DELIMS}:/?#\[\]@ ]*)\n)?"
    r"\n"
    rf"URI: (?P<uri>{_URI})\n"
    r"Version: (?P<version>1)\n"
    r"Chain ID: (?P<chain_id>[0-9]{1,30})\n"
    r"Nonce: (?P<nonce>[A-Za-z0-9]{8,})\n"
    rf"Issued At: (?P<issued_at>{_TIME})"
    rf"(?:\nExpiration Time: (?P<expiration_time>{_TIME}))?"
    rf"(?:\nNot Before: (?P<not_before>{_TIME}))?"
    rf"(?:\nRequest ID: (?P<request_id>{_PCHAR}*))?"
    rf"(?:\nResources:(?P<resources>(?:\n- {_URI})*))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What an account says when it signs in; times in UTC seconds, fractions kept."""

    scheme: str | None
    domain: str
    address: Address
    uri: str
    chain_id: int
    nonce: str
    issued_at: float
    expiration_time: float | None
    not_before: float | None


def read(message: str) -> SignIn:
    """The message in its parts. Raises InvalidField: it is longer than LONGEST, or not as the EIP's ABNF says."""
    found = _MESSAGE.fullmatch(message) if len(message) <= LONGEST else None
    if found is None:
        raise InvalidField("message", message, f"a message as EIP-4361 writes it, at most {LONGEST} characters")
    address = found["address"]
    if to_checksum_address(address) != address:
        raise InvalidField("message.address", address, f"{to_checksum_address(address)}, with EIP-55's checksum")
    return SignIn(
        scheme=found["scheme"],
        domain=found["domain"],
        address=Address(bytes.fromhex(address[2:])),
        uri=found["uri"],
        chain_id=int(found["chain_id"]),
        nonce=found["nonce"],
        issued_at=_seconds(found["issued_at"], "message.issuedAt"),
        expiration_time=_maybe(found["expiration_time"], "message.expirationTime"),
        not_before=_maybe(found["not_before"], "message.notBefore"),
    )


def write(account: Address, *, origin: str, chain_id: int, nonce: str, now: Time) -> str:
    """The message by which `account` signs in to the service at `origin` (scheme://authority)."""
    return (
        f"{origin} wants you to sign in with your Ethereum account:\n{to_checksum_address(account)}\n\n"
        "Read what this account may read on the License Ledger.\n\n"
        f"URI: {origin}/v1/sessions\nVersion: 1\nChain ID: {chain_id}\nNonce: {nonce}\n"
        f"Issued At: {datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}"
    )


def digest_of(message: str) -> Digest:
    """What is signed of a message: EIP-191."""
    text = message.encode()
    return Digest(keccak(b"\x19Ethereum Signed Message:\n%d" % len(text) + text))


def _maybe(text: str | None, field: str) -> float | None:
    return None if text is None else _seconds(text, field)


def _seconds(text: str, field: str) -> float:
    try:
        return datetime.fromisoformat(text.upper()).timestamp()
    except (ValueError, OverflowError) as fault:
        raise InvalidField(field, text, "a time as RFC 3339 writes it") from fault
