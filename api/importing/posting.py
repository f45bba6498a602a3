"""The service as an import needs it: a few questions, documents, and batches of signed acts.

Answers become values here and nowhere else; what cannot be read is Unavailable. Nothing is sent twice: whoever runs
the import again asks first what is there.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from api.importing.acts import SignedAct
from api.importing.mapping import Kind
from ledger import sharing
from ledger.acts.words import Json
from ledger.chain.deployment import Deployment
from ledger.client import Client
from ledger.documents.credentials import Document
from ledger.documents.keys import Keys
from ledger.errors import Refused, Unavailable, brief
from ledger.ids import Address, Commitment, Head, RecordId, hex0x

PAGE = 200
Answer = Mapping[str, Any]
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class StoredParty:
    """An organization: its number, and the commitment to its profile."""

    number: int
    profile: Commitment


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """An application as the ledger has it; `license` is 0 before the issue, `status` a word of the service."""

    record: RecordId
    head: Head
    document: Commitment
    license: RecordId
    status: str


class Service:
    """The service behind `client`, where the recorder has signed in. Every method raises Refused, Unavailable."""

    def __init__(self, client: Client, recorder: Keys) -> None:
        self._client = client
        self._documents = sharing.Desk(client, recorder)

    def deployment(self) -> Deployment:
        """The ledger's trust root."""
        return Deployment.from_json(json.dumps(self._client.get("/v1/deployment")))

    def organization_of(self, account: Address) -> int | None:
        """The number of the organization whose agent `account` is."""
        numbers = self._list("/v1/agents", {"account": hex0x(account)}, lambda agent: int(agent["organization"]))
        return next(numbers, None)

    def current_policy(self, organization: int, kind: Kind) -> int | None:
        """The number of the authority's current policy for a kind of license: the last adopted."""
        wanted: dict[str, str | int] = {"organization": organization, "kind": kind}
        return max(self._list("/v1/policies", wanted, lambda policy: int(policy["number"])), default=None)

    def party(self, record: RecordId) -> StoredParty | None:
        """The organization of that record, if it exists."""
        return self._record(record, _party)

    def application(self, record: RecordId) -> StoredApplication | None:
        """The application of that record, if it exists."""
        return self._record(record, _application)

    def applications(self, exporter: int) -> Iterator[StoredApplication]:
        """All applications of an exporter."""
        return self._list("/v1/applications", {"exporter": exporter}, _application)

    def keep(self, document: Document) -> None:
        """Hand a document over to be kept, sealed to the authority's agents; again is the same as once."""
        self._documents.put(document)

    def post(self, acts: Sequence[SignedAct]) -> list[Refused | None]:
        """Bring acts to the ledger in this order; for each why it was refused, or None: it is included."""
        submissions: list[dict[str, Json]] = [
            {"primaryType": type(one.act).__name__, "message": one.act.to_json(), "signature": hex0x(one.signature)}
            for one in acts
        ]
        answers = self._client.submit_batch(submissions)
        if len(answers) != len(acts):
            raise Unavailable(f"the service answers {len(answers)} of {len(acts)} acts")
        return [answer if isinstance(answer, Refused) else None for answer in answers]

    def _record(self, record: RecordId, read: Callable[[Answer], Read]) -> Read | None:
        try:
            answer = self._client.get(f"/v1/records/{hex0x(record)}")
        except Refused as refused:
            if refused.name == "UnknownRecord":
                return None
            raise
        return _understood(answer, lambda found: read(found["item"]))

    def _list(self, path: str, wanted: Mapping[str, str | int], read: Callable[[Answer], Read]) -> Iterator[Read]:
        asked = {**wanted, "limit": PAGE}
        while True:
            page = self._client.get(path, **asked)
            yield from _understood(page, lambda found: [read(item) for item in found["items"]])
            if page.get("next") is None:
                return
            asked["after"] = str(page["next"])


def _understood(answer: Answer, read: Callable[[Answer], Read]) -> Read:
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable(f"the service answers {brief(answer)}") from fault


def _party(found: Answer) -> StoredParty:
    return StoredParty(int(found["number"]), Commitment(_bytes(found["profile"])))


def _application(found: Answer) -> StoredApplication:
    return StoredApplication(
        record=RecordId(_bytes(found["record"])),
        head=Head(_bytes(found["head"])),
        document=Commitment(_bytes(found["document"])),
        license=RecordId(_bytes(found["license"])),
        status=found["status"],
    )


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
