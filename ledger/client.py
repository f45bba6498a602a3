"""The HTTP API as a Python caller sees it: questions and writes, refusals as Refused, silence as Unavailable.

Speaks JSON as the service shows it and signs nothing but its own sign-in (EIP-4361), always for the address that it
was given: no service can pass that on to another. An identical submission may be repeated; the service counts it once.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, cast

import httpx

from ledger import sign_in
from ledger.acts.words import Json
from ledger.documents.canonical import JsonObject
from ledger.documents.keys import Keys
from ledger.documents.sealing import Envelope, SealedKey
from ledger.errors import Refused, Unavailable, Value
from ledger.ids import Commitment, Time, hex0x

SERVICE = "http://127.0.0.1:8000"
"""Where `serve` listens unless told otherwise."""
_MEMBERS = {"type", "title", "status", "detail"}
_RENAMED = {"recordStatus": "status"}
"""A field whose name a problem needs for itself."""


class ServiceRefused(Refused):
    """A refusal as the service told it: its sentence is `detail`, its values are as JSON shows them."""

    def __init__(self, name: str, values: Mapping[str, Value], detail: str) -> None:
        super().__init__(name, values)
        self.detail = detail


class Client:
    """The service at `url`; each request waits at most `timeout` seconds.

    Every method raises ServiceRefused where the service refuses, and Unavailable where it does not answer or fails.
    """

    def __init__(self, url: str = SERVICE, *, timeout: float = 60.0) -> None:
        try:
            self._http = httpx.Client(base_url=url, timeout=timeout)
        except httpx.InvalidURL as fault:
            raise Unavailable(f"{url} is no address of a service: {fault}") from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def sign_in(self, keys: Keys) -> JsonObject:
        """Open a session: questions are asked as this agent from now on. Raises also Refused("SignInRefused")."""
        given = _object(_json(self._ask("POST", "/v1/sessions/nonce")))
        at = self._http.base_url
        message = sign_in.write(
            keys.address,
            origin=f"{at.scheme}://{at.netloc.decode()}",
            chain_id=int(str(given.get("chainId"))),
            nonce=str(given.get("nonce")),
            now=Time(int(time.time())),
        )
        signature = hex0x(keys.sign_digest(sign_in.digest_of(message)))
        opened = _object(_json(self._ask("POST", "/v1/sessions", json={"message": message, "signature": signature})))
        self._http.headers["authorization"] = f"Bearer {opened.get('token')}"
        return opened

    def sign_out(self) -> None:
        """End the session."""
        self._ask("DELETE", "/v1/sessions")
        del self._http.headers["authorization"]

    def get(self, path: str, **parameters: str | int) -> JsonObject:
        """The answer to a question."""
        return _object(_json(self._ask("GET", path, params=parameters)))

    def download(self, path: str) -> bytes:
        """The bytes of a file that the service serves."""
        return self._ask("GET", path).content

    def prepare(self, kind: str, fields: Mapping[str, Json]) -> JsonObject:
        """An act ready to sign: typedData, digest, record."""
        return _object(_json(self._ask("POST", "/v1/acts/prepare", json={"kind": kind, "fields": dict(fields)})))

    def submit(self, submission: Mapping[str, Json]) -> JsonObject:
        """Where a signed act stands in the journal; `repeated`: it was there already.

        `submission` is the typed data with one more member, the signature.
        """
        answer = self._ask("POST", "/v1/acts", json=dict(submission))
        return {**_object(_json(answer)), "repeated": answer.status_code == httpx.codes.OK}

    def submit_batch(self, submissions: Sequence[Mapping[str, Json]]) -> list[JsonObject | Refused]:
        """What became of each of up to 500 signed acts, in their order."""
        answers = _object(_json(self._ask("POST", "/v1/acts/batch", json=[dict(each) for each in submissions])))
        return [_outcome(_object(item)) for item in cast("list[Json]", answers["items"])]

    def listed(self, path: str, **parameters: str | int) -> Iterator[JsonObject]:
        """Every item of a list, page after page."""
        following: Json = None
        while True:
            page = self.get(path, **parameters, **({} if following is None else {"after": str(following)}))
            items = page["items"]
            yield from (_object(item) for item in (items if isinstance(items, list) else [items]))
            following = page.get("next")
            if following is None:
                return

    def put_envelope(self, envelope: Envelope) -> None:
        """Have the service keep a sealed document."""
        self._ask("PUT", f"/v1/documents/{hex0x(envelope.commitment)}", content=envelope.data)

    def envelope(self, commitment: Commitment) -> Envelope:
        """The sealed document, with the sections that one may read.

        Raises:
            Refused: DocumentUnknown, NotEntitled; DocumentAltered, the service gives another one.
            InvalidField: what it gives is no envelope.
        """
        envelope = Envelope.read(self._ask("GET", f"/v1/documents/{hex0x(commitment)}").content)
        if envelope.commitment != commitment:
            raise Refused("DocumentAltered", {"commitment": commitment})
        return envelope

    def put_keys(self, commitment: Commitment, keys: Sequence[SealedKey]) -> None:
        """Have the service keep keys that were sealed to more readers."""
        body: JsonObject = {"keys": [key.to_json() for key in keys]}
        self._ask("PUT", f"/v1/documents/{hex0x(commitment)}/keys", json=body)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        headers = {} if content is None else {"content-type": "application/json"}
        try:
            answer = self._http.request(method, path, params=params, json=json, content=content, headers=headers)
        except httpx.HTTPError as fault:
            raise Unavailable(f"the service at {self._http.base_url} does not answer: {fault}") from fault
        if answer.is_error:
            raise _problem(_object(_json(answer)))
        return answer


def _json(answer: httpx.Response) -> Json:
    try:
        found: Json = answer.json()
    except ValueError as fault:
        raise Unavailable(f"{answer.url} answers with something else than JSON") from fault
    return found


def _outcome(item: JsonObject) -> JsonObject | Refused:
    """One answer of a batch. Raises Unavailable: the act may have been taken, and may be sent again."""
    body = _object(item["body"])
    if isinstance(item["status"], int) and item["status"] < httpx.codes.BAD_REQUEST:
        return body
    fault = _problem(body)
    if isinstance(fault, Unavailable):
        raise fault
    return fault


def _problem(members: JsonObject) -> ServiceRefused | Unavailable:
    """What an application/problem+json says."""
    status, detail = members.get("status"), str(members.get("detail"))
    if not isinstance(status, int) or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Unavailable(detail)
    values = {_RENAMED.get(name, name): value for name, value in members.items() if name not in _MEMBERS}
    return ServiceRefused(str(members.get("title")), cast("dict[str, Value]", values), detail)


def _object(found: Json) -> JsonObject:
    if not isinstance(found, dict):
        raise Unavailable("the service answers with something else than an object")
    return found
