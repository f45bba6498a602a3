"""Signing in and staying signed in: nonces, the checks of a sign-in message, sessions, and how often it may be tried.

All of it lives in the memory of this process and is bounded: a nonce carries its own time and proof, so that giving
one out costs nothing; only nonces that opened a session are remembered until they would be too old anyway. Tokens are
kept hashed. Whether an account is an agent is asked of the read model, at sign-in and at every request.
"""

import hmac
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from ledger import sign_in
from ledger.acts.digests import recover
from ledger.errors import InvalidField, Refused
from ledger.ids import Address
from ledger.sign_in import SignIn

Clock = Callable[[], float]
SESSION_SECONDS = 12 * 3600
NONCE_SECONDS = 600
CLOCK_SECONDS = 60
"""How far ahead of this service's clock a caller's may be."""
MOST_SESSIONS = 10_000
SESSIONS_OF_ONE = 32
ATTEMPTS = 300
"""To sign in, a minute from one address."""
_ADDRESSES = 50
"""That many times as many from all together."""
_SIGNATURE = re.compile(r"0x[0-9a-fA-F]{130}")


@dataclass(frozen=True, slots=True)
class Session:
    """An account that has signed in, until `expires` (UTC seconds)."""

    account: Address
    expires: int


class Sessions:
    """Of a service that people reach at `origin` (scheme://authority) and that serves the ledger on `chain_id`."""

    def __init__(self, origin: str, chain_id: int, *, clock: Clock = time.time, attempts: int = ATTEMPTS) -> None:
        self.chain_id = chain_id
        self._origin = origin
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._open: dict[bytes, Session] = {}
        self._used: dict[str, float] = {}
        self._attempts = _Attempts(attempts, clock)

    def nonce(self) -> tuple[str, int]:
        """A new nonce, and until when it is good."""
        given = int(self._clock())
        text = given.to_bytes(5, "big").hex() + secrets.token_hex(11)
        return text + self._proof(text), given + NONCE_SECONDS

    def signed_in(self, message: str, signature: str, *, caller: str) -> SignIn:
        """What somebody at the address `caller` signed, if it is a sign-in to this service, now.

        Raises:
            InvalidField: the message or signature cannot be read, or is meant for something else.
            Refused: SignInRefused, the nonce is none of ours or the signature another's; TooManyAttempts.
        """
        self._attempts.count(caller)
        said = sign_in.read(message)
        if not _SIGNATURE.fullmatch(signature):
            raise InvalidField("signature", signature, "0x and 130 hex digits")
        self._check(said)
        try:
            signer = recover(sign_in.digest_of(message), bytes.fromhex(signature[2:]))
        except Refused as refused:
            raise Refused("SignInRefused") from refused
        if signer != said.address or not self._is_fresh(said.nonce):
            raise Refused("SignInRefused")
        return said

    def begin(self, said: SignIn) -> tuple[str, Session]:
        """A new session, and its token, told once. Raises Refused("SignInRefused"): the nonce was used."""
        now, token = self._clock(), secrets.token_urlsafe(32)
        expires = min(now + SESSION_SECONDS, said.expiration_time or now + SESSION_SECONDS)
        session = Session(said.address, int(expires))
        with self._lock:
            self._used = {nonce: until for nonce, until in self._used.items() if until > now}
            if said.nonce in self._used:
                raise Refused("SignInRefused")
            self._used[said.nonce] = now + NONCE_SECONDS
            self._make_room(said.address, now)
            self._open[_hashed(token)] = session
        return token, session

    def account(self, token: str) -> Address | None:
        """Whose session it is; None where there is none, or none any more."""
        with self._lock:
            found = self._open.get(_hashed(token))
        return found.account if found and found.expires > self._clock() else None

    def end(self, token: str) -> None:
        """Forget the session."""
        with self._lock:
            self._open.pop(_hashed(token), None)

    def _make_room(self, account: Address, now: float) -> None:
        """Those that are over go; where there are too many of the account, or of all, the oldest goes too."""
        self._open = {token: one for token, one in self._open.items() if one.expires > now}
        own = [token for token, one in self._open.items() if one.account == account]
        if len(own) >= SESSIONS_OF_ONE:
            del self._open[own[0]]
        if len(self._open) >= MOST_SESSIONS:
            del self._open[next(iter(self._open))]

    def _check(self, said: SignIn) -> None:
        """The fields whose right value is no secret are refused by name."""
        ours, now = urlsplit(self._origin), self._clock()
        if said.scheme not in (None, ours.scheme):
            raise InvalidField("message.scheme", said.scheme, ours.scheme)
        if said.domain != ours.netloc:
            raise InvalidField("message.domain", said.domain, ours.netloc)
        if not f"{said.uri}/".startswith(f"{self._origin}/"):
            raise InvalidField("message.uri", said.uri, f"{self._origin}, or a path there")
        if said.chain_id != self.chain_id:
            raise InvalidField("message.chainId", said.chain_id, str(self.chain_id))
        if not now - NONCE_SECONDS <= said.issued_at <= now + CLOCK_SECONDS:
            raise InvalidField("message.issuedAt", said.issued_at, f"at most {NONCE_SECONDS} seconds ago")
        if said.expiration_time is not None and said.expiration_time <= now:
            raise InvalidField("message.expirationTime", said.expiration_time, "a time to come")
        if said.not_before is not None and said.not_before > now:
            raise InvalidField("message.notBefore", said.not_before, "a time that has come")

    def _is_fresh(self, nonce: str) -> bool:
        text, proof = nonce[:32], nonce[32:]
        if not hmac.compare_digest(self._proof(text), proof):
            return False
        return self._clock() < int(text[:10], 16) + NONCE_SECONDS

    def _proof(self, text: str) -> str:
        return hmac.digest(self._secret, text.encode(), "sha256")[:16].hex()


class _Attempts:
    """How often each address has tried in this minute; one counter for all, thrown away with the minute."""

    def __init__(self, most: int, clock: Clock) -> None:
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def count(self, caller: str) -> None:
        """One more. Raises Refused("TooManyAttempts") with the seconds to wait."""
        now = int(self._clock())
        with self._lock:
            if self._minute != now // 60:
                self._minute, self._counts = now // 60, Counter()
            if self._counts[caller] >= self._most or self._counts.total() >= self._most * _ADDRESSES:
                raise Refused("TooManyAttempts", {"seconds": 60 - now % 60})
            self._counts[caller] += 1


def _hashed(token: str) -> bytes:
    return sha256(token.encode()).digest()
