"""Sealed documents in and out: each question asked of the vault for somebody who has signed in.

Who may read is `ledger.vault.readers`, what may be put `ledger.vault.admission`. Every read is on record before
anything is given out. No key of anybody is here, and nothing is opened.
"""

import time
from collections.abc import Iterator

from api.answers import Block, Page
from api.parsing import strict_json
from api.sealed import DocumentRead, DocumentReader, DocumentReaders, KeptDocument, MissingDocument
from ledger.acts.organizations import AcceptAppointment, RotateAgentKeys
from ledger.documents.sealing import SECTIONS, Envelope, read_keys
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Commitment, Time
from ledger.journal.entries import Entry
from ledger.opening import OpenLedger
from ledger.read_model.references import Reference
from ledger.read_model.visibility import Reader
from ledger.records.codes import Role
from ledger.vault.admission import admit, check_keys
from ledger.vault.readers import Entitled, Recipient, Staff, entitled, entitled_by
from ledger.vault.store import Asking

_SCANNED = 1000
"""References that one question about missing documents looks at."""


def keep(ledger: OpenLedger, commitment: Commitment, data: bytes) -> bool:
    """Keep a sealed document, if it may be kept; whether it is new here. Raises as `admit`, `Vault.put`."""
    envelope = _envelope(data)
    origin = admit(envelope, commitment, read_model=ledger.read_model, chain_id=ledger.deployment.chain_id)
    return ledger.vault.put(envelope, origin, read_model=ledger.read_model, now=_now())


def give_out(ledger: OpenLedger, commitment: Commitment, reader: Reader) -> bytes:
    """The envelope with what the reader's organization may read, and the reader's own keys.

    Raises:
        Refused: DocumentUnknown, NotEntitled.
    """
    sections = _entitled(ledger, commitment, reader)[reader.organization]
    agent = ledger.deployment.agent_record(reader.organization, reader.account)
    keys = frozenset(_x25519(entry) for entry in ledger.read_model.key_acts(agent))
    to = Asking(reader.organization, reader.account, keys)
    return ledger.vault.give_out(commitment, sections, to=to, now=_now()).data


def add_keys(ledger: OpenLedger, commitment: Commitment, data: bytes, reader: Reader) -> None:
    """Keep keys that a reader has sealed to others. Raises Refused: DocumentUnknown, NotEntitled, KeyForNobody."""
    match strict_json(data):
        case {"keys": list(found), **others} if not others:
            keys = read_keys(found, "keys")
        case other:
            raise InvalidField("body", other, '{"keys": [...]}')
    who = _entitled(ledger, commitment, reader)
    may = list(Staff(ledger.read_model).recipients(who))
    check_keys(keys, {name: {one.x25519 for one in may if name in one.sections} for name in SECTIONS})
    ledger.vault.add_keys(commitment, keys, giver=reader.account, now=_now())


def readers_of(ledger: OpenLedger, commitment: Commitment, reader: Reader) -> DocumentReaders:
    """Who may read a document, and who lacks a key. Raises Refused: DocumentUnknown, NotEntitled."""
    who = _entitled(ledger, commitment, reader)
    return _readers(ledger, who, ledger.vault.sealed(commitment))


def own_readers(ledger: OpenLedger, reader: Reader) -> DocumentReaders:
    """Whom a new document of the reader's is sealed to first."""
    return _readers(ledger, {reader.organization: SECTIONS}, set())


def kept(ledger: OpenLedger, reader: Reader, *, recipient: bytes | None, after: int, limit: int) -> Page[KeptDocument]:
    """Documents with a key for `recipient`, the reader's own key where it is None, as far as it may read them."""
    own = recipient or _own_key(ledger, reader)
    found = ledger.vault.sealed_to(own, after=after, limit=limit)
    staff = Staff(ledger.read_model)
    items = [item for _, commitment in found for item in _kept(ledger, commitment, reader, staff=staff, key=own)]
    return Page(items=items, next=str(found[-1][0]) if len(found) == limit else None, block=_block(ledger))


def missing(ledger: OpenLedger, reader: Reader, *, after: int, limit: int) -> Page[MissingDocument]:
    """What the ledger commits to and is not here, as far as the reader's organization may read it."""
    items: dict[bytes, MissingDocument] = {}
    for _ in range(_SCANNED // limit):
        page = ledger.read_model.committed(after=after, limit=limit)
        held = ledger.vault.held([one.commitment for one in page.items])
        for one in page.items:
            if one.commitment not in held and _may_miss(ledger, one, reader):
                items.setdefault(one.commitment, MissingDocument.of(one))
        if page.next is None:
            return Page(items=list(items.values()), next=None, block=Block.of(page.block))
        after = int(page.next)
        if len(items) >= limit:
            break
    return Page(items=list(items.values()), next=str(after), block=_block(ledger))


def reads(ledger: OpenLedger, commitment: Commitment, reader: Reader, *, after: int, limit: int) -> Page[DocumentRead]:
    """Who was given the document: to its author's organization and auditors all, to another reader its own reads."""
    origin = ledger.vault.origin(commitment)
    everything = reader.organization == origin.organization or reader.roles & Role.AUDITOR
    if not everything:
        _entitled(ledger, commitment, reader)
    own = None if everything else reader.organization
    found = ledger.vault.reads(commitment, organization=own, after=after, limit=limit)
    following = str(found[-1].place) if len(found) == limit else None
    return Page(items=[DocumentRead.of(one) for one in found], next=following, block=_block(ledger))


def _envelope(data: bytes) -> Envelope:
    try:
        return Envelope.read(data)
    except InvalidField as fault:
        if isinstance(fault.__cause__, ValueError):  # no UTF-8, or no JSON: there is no field to name
            raise Refused("NotJson", {"place": fault.values["value"]}) from fault
        raise


def _entitled(ledger: OpenLedger, commitment: Commitment, reader: Reader) -> Entitled:
    found = entitled(ledger.read_model, commitment, ledger.vault.origin(commitment))
    if reader.organization not in found:
        raise Refused("NotEntitled", {"organization": reader.organization})
    return found


def _readers(ledger: OpenLedger, who: Entitled, sealed: set[tuple[str, bytes]]) -> DocumentReaders:
    found = list(Staff(ledger.read_model).recipients(who))
    brought = ledger.read_model.keys_brought([one.agent for one in found])
    items = [_reader(one, sealed, brought[one.agent]) for one in found]
    return DocumentReaders(items=items, block=_block(ledger))


def _reader(one: Recipient, sealed: set[tuple[str, bytes]], brought: list[Entry]) -> DocumentReader:
    own = {name: getattr(one, name) for name in Recipient.__slots__}
    return DocumentReader.of({**own, "lacking": list(_lacking(one, sealed)), "key_act": _key_act(one, brought)})


def _lacking(one: Recipient, sealed: set[tuple[str, bytes]]) -> Iterator[str]:
    return (name for name in one.sections if (name, one.x25519) not in sealed)


def _key_act(one: Recipient, brought: list[Entry]) -> dict[str, object]:
    for entry in reversed(brought):
        if _x25519(entry) == one.x25519:
            act = entry.decoded()
            return {"primary_type": type(act).__name__, "message": act.to_json(), "signature": entry.signature}
    raise Unavailable("the read model does not know the act that brought an agent's keys")


def _x25519(entry: Entry) -> bytes:
    match entry.decoded():
        case AcceptAppointment() | RotateAgentKeys() as act:
            return act.x25519
    return b""


def _kept(
    ledger: OpenLedger, commitment: Commitment, reader: Reader, *, staff: Staff, key: bytes
) -> Iterator[KeptDocument]:
    origin = ledger.vault.origin(commitment)
    who = entitled(ledger.read_model, commitment, origin)
    if reader.organization in who:
        sealed = ledger.vault.sealed(commitment)
        lacking = sum(1 for one in staff.recipients(who) if any(_lacking(one, sealed)))
        own = {"commitment": commitment, "issuer": origin.account, "organization": origin.organization}
        own |= {"lacking": lacking, "sections": [name for name in SECTIONS if (name, key) in sealed]}
        acts = ledger.read_model.references(commitment, signer=origin.account or None)
        first = {name: getattr(acts[0], name) if acts else None for name in ("act", "seq", "record")}
        yield KeptDocument.of({**own, **first})


def _may_miss(ledger: OpenLedger, reference: Reference, reader: Reader) -> bool:
    return bool(reader.roles & Role.AUDITOR) or reader.organization in entitled_by(ledger.read_model, reference)


def _own_key(ledger: OpenLedger, reader: Reader) -> bytes:
    who = Staff(ledger.read_model).recipients({reader.organization: SECTIONS})
    return next((one.x25519 for one in who if one.account == reader.account), b"")


def _block(ledger: OpenLedger) -> Block:
    return Block.of(ledger.read_model.cursor())


def _now() -> Time:
    return Time(int(time.time()))
