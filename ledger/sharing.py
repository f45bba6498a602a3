"""Documents between a person's keys and the service: sealed before they leave, opened after they came, shared.

There is one way in which readers come to a document, whether a record has got a new party, goods a new holder, an
organization a new agent or an agent a new key: the service names who lacks a key (`/readers`), and somebody who can
open the document seals it to them. Before that, the reader's key is checked as far as it can be from here.

What the check proves: the account that the key belongs to, or an administrator of its organization, signed the act
that brought the key, for this ledger and this organization. What it does not prove: that the act was entered and is
the newest one (an old key may be shown again), that the organization did appoint that account, that the agent is still
active and entitled, and that who signed for another is its administrator. These are the service's word; the journal
proves them (`license-ledger verify`).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ledger.acts.digests import digest_of, recover
from ledger.acts.kinds import act_class
from ledger.acts.organizations import AcceptAppointment, RotateAgentKeys
from ledger.acts.words import Json, Word
from ledger.chain.deployment import Deployment
from ledger.client import Client
from ledger.documents.canonical import JsonObject, is_object
from ledger.documents.credentials import Document
from ledger.documents.keys import Keys
from ledger.documents.sealing import SECTIONS, Envelope, open_envelope, reseal, seal
from ledger.errors import Refused, Unavailable, brief
from ledger.ids import Address, Commitment, Digest, hex0x


@dataclass(frozen=True, slots=True)
class Reader:
    """An agent that may read `sections` of a document and has no key of those `lacking`; its own is proven."""

    organization: int
    account: Address
    x25519: bytes
    sections: tuple[str, ...]
    lacking: tuple[str, ...]
    archive: bool


class Desk:
    """One person's desk before the service, signed in with its keys. Methods raise Refused, Unavailable as `Client`."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self._client, self._keys = client, keys
        self.deployment = Deployment.from_json(json.dumps(client.get("/v1/deployment")))
        self._colleagues: tuple[Reader, ...] | None = None

    def colleagues(self) -> tuple[Reader, ...]:
        """Whom a new document is sealed to: the active agents of one's own organization, its archive among them.

        Asked once. Raises Refused: KeyUnproven.
        """
        if self._colleagues is None:
            answer = self._client.get("/v1/documents/readers")
            self._colleagues = tuple(self._proven(item) for item in _items(answer))
        return self._colleagues

    def put(self, document: Document) -> Envelope:
        """Have the service keep `document`, sealed to one's own organization; `share` brings it to the others.

        Raises:
            InvalidField: not a document all of whose fields are shown, or too large.
            Refused: KeyUnproven, or the service's.
        """
        recipients = [reader.x25519 for reader in self.colleagues()]
        envelope = seal(document, dict.fromkeys(SECTIONS, recipients))
        self._client.put_envelope(envelope)
        return envelope

    def get(self, commitment: Commitment) -> Document:
        """The document, showing what one may read of it. Raises Refused: NotSealedToKey, EnvelopeAltered."""
        return open_envelope(self._client.envelope(commitment), self._keys)

    def share(self, commitment: Commitment, *, again: bool = False) -> list[Reader]:
        """Seal the document to its readers who lack a key, or to all of them `again`; gives those readers.

        Sections that one cannot open oneself are left to others.

        Raises:
            Refused: KeyUnproven, NotSealedToKey, EnvelopeAltered, or the service's.
        """
        asked = _items(self._client.get(f"/v1/documents/{hex0x(commitment)}/readers"))
        readers = [self._proven(item) for item in asked if again or item["lacking"]]
        if not readers:
            return []
        envelope = self._client.envelope(commitment)
        own = {key.section for key in envelope.keys if key.recipient in self._keys.recipients}
        wanted = {
            name: [one.x25519 for one in readers if name in (one.sections if again else one.lacking)]
            for name in SECTIONS
            if name in own
        }
        open_envelope(envelope, self._keys)
        keys = reseal(envelope, self._keys, wanted)
        if not keys:
            return []
        self._client.put_keys(commitment, keys)
        reached = {key.recipient for key in keys}
        return [one for one in readers if one.x25519 in reached]

    def lacking(self) -> Iterator[Commitment]:
        """The documents that one can open and somebody entitled cannot."""
        return (commitment for commitment, item in self.kept() if item["lacking"])

    def kept(self) -> Iterator[tuple[Commitment, JsonObject]]:
        """The documents that are sealed to one's keys, former ones too, as the service lists them.

        One that is sealed to several of them comes as often.
        """
        for recipient in self._keys.recipients:
            for item in self._client.listed("/v1/documents", recipient=hex0x(recipient)):
                yield Commitment(_word("bytes32", item["commitment"])), item

    def _proven(self, item: JsonObject) -> Reader:
        return proven(item, self.deployment, is_admin=self._is_admin)

    def _is_admin(self, account: Address, organization: int) -> bool:
        """Whether the service says that the account is an administrator there."""
        agents = _items(self._client.get("/v1/agents", account=hex0x(account)))
        return any(one["organization"] == organization and "admin" in _texts(one["powers"]) for one in agents)


def proven(item: JsonObject, deployment: Deployment, *, is_admin: Callable[[Address, int], bool]) -> Reader:
    """The reader that the service names in `item`, whose key was checked as the module says.

    Raises:
        Refused: KeyUnproven, the act brings another key, is another agent's, or is not signed by one who may.
        InvalidField, Unavailable: what the service says cannot be read.
    """
    reader = _read(item)
    match item.get("keyAct"):
        case {"primaryType": str(name), "message": message, "signature": str(signature)}:
            act = act_class(name).from_json(message, "keyAct.message")
        case other:
            raise Unavailable(f"the service shows no act for a reader's key: {brief(other)}")
    brought = isinstance(act, AcceptAppointment | RotateAgentKeys) and act.x25519 == reader.x25519
    own = (act.record, act.organization) == (
        deployment.agent_record(reader.organization, reader.account),
        reader.organization,
    )
    signer = _signer(digest_of(act, deployment.chain_id, deployment.address(act.CONTRACT)), signature)
    signed = signer == reader.account or (
        isinstance(act, RotateAgentKeys) and signer is not None and is_admin(signer, reader.organization)
    )
    if not (brought and own and signed):
        raise Refused("KeyUnproven", {"account": reader.account, "x25519": reader.x25519})
    return reader


def _signer(digest: Digest, signature: str) -> Address | None:
    try:
        return recover(digest, bytes.fromhex(signature.removeprefix("0x")))
    except (Refused, ValueError):
        return None


def _read(item: JsonObject) -> Reader:
    match item:
        case {"organization": int(organization), "account": str(account), "archive": bool(archive)}:
            return Reader(
                organization,
                Address(_word("address", account)),
                _word("bytes32", item.get("x25519")),
                _texts(item.get("sections")),
                _texts(item.get("lacking")),
                archive,
            )
    raise Unavailable(f"the service names a reader as {brief(item)}")


def _word(kind: str, value: Json) -> bytes:
    found = Word.of(kind).from_json(value, "reader")
    return found if isinstance(found, bytes) else b""


def _items(answer: JsonObject) -> list[JsonObject]:
    items = answer.get("items")
    return [item for item in items if is_object(item)] if isinstance(items, list) else []


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
