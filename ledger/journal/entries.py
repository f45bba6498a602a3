"""Entries of the journal and the three hash chains over them.

Formulas: head' = keccak256(abi.encode(head, digest, signer)); noteHead' = keccak256(abi.encode(noteHead, digest,
signer, keccak256(delta))); the journal's head covers seq, time and all indexed facts. Founding records start from a
head of their own. Nothing here judges a rule.
"""

from dataclasses import dataclass

from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.acts.kinds import decode_act
from ledger.errors import InvalidField
from ledger.ids import Address, Digest, Head, RecordId, Time


@dataclass(frozen=True, slots=True)
class Touched:
    """One record that got a note from an entry."""

    record: RecordId
    note: int
    note_head: Head
    delta: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One accepted act in the journal, with the notes it left and the block that holds it."""

    seq: int
    record: RecordId
    organization: int
    kind: int
    version: int
    time: Time
    signer: Address
    digest: Digest
    record_head: Head
    act: bytes
    """abi.encode of the signed struct."""
    signature: bytes
    touched: tuple[Touched, ...] = ()
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    log_index: int

    def decoded(self) -> Act:
        """The act. Raises InvalidField where its bytes are not the canonical encoding."""
        return decode_act(self.kind, self.act)


def next_head(head: bytes, digest: bytes, signer: bytes) -> Head:
    """The head of a record after one more step or order."""
    return Head(keccak(head + digest + signer.rjust(32, b"\0")))


def next_note_head(note_head: bytes, digest: bytes, signer: bytes, delta: bytes) -> Head:
    """The head of a record's notes after one more note."""
    return Head(keccak(note_head + digest + signer.rjust(32, b"\0") + keccak(delta)))


def next_journal_head(head: bytes, entry: Entry) -> Head:
    """The journal's head after one more entry: 28 bytes of a hash, and the number of entries."""
    hashed = keccak(
        head
        + _word(entry.seq)
        + _word(entry.time)
        + _word(entry.kind)
        + entry.record
        + _word(entry.organization)
        + _word(entry.version)
        + entry.signer.rjust(32, b"\0")
        + entry.digest
        + entry.record_head
    )
    return Head(hashed[:28] + entry.seq.to_bytes(4, "big"))


def founding_head(record: bytes, organization: int, granted: int, subject: bytes) -> Head:
    """The head of a record that the deployment founds: `granted` roles or powers, `subject` profile or account."""
    text = b"founding"
    head = (5 * 32).to_bytes(32, "big") + record + _word(organization) + _word(granted) + subject.rjust(32, b"\0")
    return Head(keccak(head + _word(len(text)) + text.ljust(32, b"\0")))


@dataclass(frozen=True, slots=True)
class LineDelta:
    """What a note moved on one line; draws positive, give-backs negative."""

    line: int
    quantity: int


@dataclass(frozen=True, slots=True)
class LicenseDelta:
    """A draw on a license, or its giving back; of a supersession the successor, and no lines."""

    shipment: RecordId
    share: int
    """Parts per billion of the license's value."""
    lines: tuple[LineDelta, ...]


@dataclass(frozen=True, slots=True)
class CertificateDelta:
    """What a license granted of a certificate; an application or a superseding certificate has no lines."""

    license: RecordId
    lines: tuple[LineDelta, ...]


@dataclass(frozen=True, slots=True)
class ShipmentDelta:
    """What a license continues of a delivered shipment, or gives back; of a credit no lines."""

    license: RecordId
    lines: tuple[LineDelta, ...]


def license_delta(delta: bytes) -> LicenseDelta:
    """abi.encode(bytes32 shipment, int64 share, LineDelta[])."""
    return LicenseDelta(RecordId(_at(delta, 0)), _signed(_at(delta, 1)), _lines(delta, 2))


def certificate_delta(delta: bytes) -> CertificateDelta:
    """abi.encode(bytes32 license, LineDelta[])."""
    return CertificateDelta(RecordId(_at(delta, 0)), _lines(delta, 1))


def shipment_delta(delta: bytes) -> ShipmentDelta:
    """abi.encode(bytes32 license, LineDelta[])."""
    return ShipmentDelta(RecordId(_at(delta, 0)), _lines(delta, 1))


def record_delta(delta: bytes) -> RecordId:
    """abi.encode(bytes32 other record): a note on an application or an organization."""
    return RecordId(_at(delta, 0))


def _lines(delta: bytes, place: int) -> tuple[LineDelta, ...]:
    start, remainder = divmod(int.from_bytes(_at(delta, place), "big"), 32)
    count = int.from_bytes(_at(delta, start), "big")
    if remainder or count > len(delta) // 64:
        raise InvalidField("delta", delta.hex(), "abi.encode of its members")
    return tuple(
        LineDelta(_signed(_at(delta, start + 1 + 2 * i)), _signed(_at(delta, start + 2 + 2 * i))) for i in range(count)
    )


def _at(data: bytes, word: int) -> bytes:
    found = data[32 * word : 32 * word + 32]
    if len(found) != 32:
        raise InvalidField("delta", data.hex(), "abi.encode of its members")
    return found


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _signed(word: bytes) -> int:
    return int.from_bytes(word, "big", signed=True)
