"""Signing in as a wallet does it: the text of the message by hand, so that both sides of it are seen.

And asking an application without a socket between.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from fastapi import FastAPI

from ledger.sign_in import SignIn
from tests.scenario import keys_of

SERVICE = "http://service"


def moment(seconds: float = 0) -> str:
    """A time from now as RFC 3339."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def message(client: httpx.Client, person: str, **changed: object) -> str:
    """What the person would sign to sign in to the client's service; `changed` replaces parts of it."""
    given = client.post("/v1/sessions/nonce").json()
    origin = str(client.base_url).rstrip("/")
    parts = {
        "domain": origin.removeprefix("http://"),
        "address": to_checksum_address(keys_of(person).address),
        "uri": origin,
        "chain_id": given["chainId"],
        "nonce": given["nonce"],
        "issued_at": moment(),
        "more": "",
    } | changed
    return (
        "{domain} wants you to sign in with your Ethereum account:\n{address}\n\n\n"
        "URI: {uri}\nVersion: 1\nChain ID: {chain_id}\nNonce: {nonce}\nIssued At: {issued_at}{more}"
    ).format(**parts)


def signature(person: str, text: str) -> str:
    """By EIP-191."""
    data = text.encode()
    digest = keccak(b"\x19Ethereum Signed Message:\n" + str(len(data)).encode() + data)
    return "0x" + keys_of(person).sign_digest(digest).hex()


def signed(person: str, text: str) -> dict[str, str]:
    """The body of a sign-in."""
    return {"message": text, "signature": signature(person, text)}


def in_process(app: FastAPI, **options: Any) -> httpx.AsyncClient:
    """A client without a socket between."""
    transport = httpx.ASGITransport(app, **options)
    return httpx.AsyncClient(transport=transport, base_url=SERVICE)


def asked(app: FastAPI, method: str, path: str, **options: Any) -> httpx.Response:
    """One answer of the application itself."""

    async def ask() -> httpx.Response:
        async with in_process(app, raise_app_exceptions=False) as client:
            return await client.request(method, path, **options)

    return asyncio.run(ask())


def session(app: FastAPI, person: str) -> dict[str, str]:
    """The header of a session of the person, opened within the application."""
    said = SignIn(
        scheme=None,
        domain="",
        address=keys_of(person).address,
        uri="",
        chain_id=0,
        nonce="",
        issued_at=0,
        expiration_time=None,
        not_before=None,
    )
    return {"authorization": "Bearer " + app.state.sessions.begin(said)[0]}


def sign_in(client: httpx.Client, person: str) -> httpx.Client:
    """The client, with a session of the person from now on."""
    answer = client.post("/v1/sessions", json=signed(person, message(client, person)))
    assert answer.status_code == 201, answer.text
    client.headers["authorization"] = "Bearer " + answer.json()["token"]
    return client


def asking(address: str, person: str) -> httpx.Client:
    """A new client with a session of the person."""
    return sign_in(httpx.Client(base_url=address, timeout=60), person)
