"""A row as what the ledger takes: one document and the two acts that record and issue its license.

The same row gives the same record ids on every run and, by the same recorder, the same document bytes: every salt
comes from the row, and the document has no time of signing and no line number. The recorder says what the register
says; the issuer decides on that record, whose head covers the document, so IssueLicense names none of its own.
Nothing here talks to a service.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.importing.fields import Decision, Place, Route
from api.importing.identity import IdentityKey, fingerprint, license_salt, party_salt, profile_salt, salt
from api.importing.mapping import Kind, RegisterMapping
from api.importing.reading import Reject
from api.importing.rows import RegisterRow
from ledger.acts.act import Act
from ledger.acts.applications import LicenseLine, Party, RecordLicense
from ledger.acts.digests import digest_of
from ledger.acts.licensing import IssueLicense
from ledger.acts.organizations import RecordParty
from ledger.chain.deployment import Deployment
from ledger.documents.canonical import Json, JsonObject, canonical_bytes
from ledger.documents.credentials import Document, anonymous
from ledger.documents.keys import Keys
from ledger.errors import InvalidField, show
from ledger.ids import ZERO32, Head, RecordId, Time, hex0x
from ledger.journal.entries import next_head
from ledger.records.codes import Control, LicenseKind, Role

PARTY_ROLES = (Role.EXPORTER, Role.END_USER)
DEADLINE_SECONDS = 86_400
# How the fields of the document are called in a register's mapping.
FIELD_NAMES = {
    "goodsAsWritten": "goods",
    "controlCodeAsWritten": "code",
    "controlEntries": "code",
    "endUseAsWritten": "end_use",
    "destinationAsWritten": "destination",
    "destinations": "destination",
    "via": "destination",
    "originAsWritten": "origin",
    "valueAsWritten": "value",
    "drawnAsWritten": "drawn",
    "amountDecisions": "decisions",
}
AMOUNTS = {"value", "drawn"}
# What was decided about these repeats the amount: it is disclosed and sealed with the prices.


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an import writes and with whose hands: an authority's recorder and issuer, two agents.

    `clock` gives UTC seconds.
    """

    deployment: Deployment
    authority: int
    recorder: Keys
    issuer: Keys
    mapping: RegisterMapping
    key: IdentityKey
    clock: Callable[[], float]

    def deadline(self) -> Time:
        """Until when an act signed now can be entered."""
        return Time(int(self.clock()) + DEADLINE_SECONDS)

    def record(self, act: type[Act], salt: bytes) -> RecordId:
        """The id of the record that `act` creates with `salt` for the authority."""
        return _record(self.deployment, act, self.authority, salt)


@dataclass(frozen=True, slots=True)
class SignedAct:
    """An act with its signature, and the head that its record has right after it, created by it."""

    act: Act
    signature: bytes
    head: Head


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """A row with its document and its two records."""

    row: RegisterRow
    document: Document
    application: RecordId
    license: RecordId
    license_salt: bytes


def party_record(deployment: Deployment, authority: int, source: str) -> RecordId:
    """The record of the register's own party. Needs no identity key."""
    return _record(deployment, RecordParty, authority, party_salt(source))


def party_profile(desk: Desk) -> Document:
    """The profile of the register's own party: anonymous, so that another recorder makes the same."""
    rules = desk.mapping.party
    subject: JsonObject = {"name": rules.name, "address": {"country": rules.country}}
    return anonymous("OrganizationProfile", subject, salt=profile_salt(desk.key, desk.mapping.source))


def record_party(desk: Desk) -> SignedAct:
    """The act that records the register's own party: all the exporters and end-users that it does not name."""
    act = RecordParty(
        record=desk.record(RecordParty, party_salt(desk.mapping.source)),
        parent=ZERO32,
        organization=desk.authority,
        deadline=desk.deadline(),
        salt=party_salt(desk.mapping.source),
        roles=int(Role.EXPORTER | Role.END_USER),
        profile=party_profile(desk).commitment,
    )
    return _signed(desk, act, desk.recorder)


def prepare(desk: Desk, row: RegisterRow) -> PreparedRow | Reject:
    """The row with its document; a reject where a cell or a decision is longer than documents allow."""
    try:
        subject = _subject(desk, row)
        document = desk.recorder.sign_document(
            "License",
            subject,
            chain_id=desk.deployment.chain_id,
            salt=salt(desk.key, row.identity, "document"),
        )
    except InvalidField as fault:
        return _too_long(row, fault)
    own_salt = license_salt(desk.key, row.identity, canonical_bytes(subject))
    return PreparedRow(
        row=row,
        document=document,
        application=desk.record(RecordLicense, salt(desk.key, row.identity, "application record")),
        license=desk.record(IssueLicense, own_salt),
        license_salt=own_salt,
    )


def _too_long(row: RegisterRow, fault: InvalidField) -> Reject:
    place = show(fault.values["field"]).removeprefix("document.credentialSubject.").removeprefix("registerRow.")
    field = FIELD_NAMES.get(place.split("[")[0], place)
    reason = f"does not fit the document: {show(fault.values['bound'])}"
    return Reject(row.line, field, show(fault.values["value"]), reason)


def record_license(desk: Desk, prepared: PreparedRow, *, party: int) -> SignedAct:
    """The recorder's act: `party` (its number) stands for exporter and end-user.

    A row with a value is bounded by it. One without has a single line that is full, so that nothing can be drawn.
    """
    row = prepared.row
    valued = row.value is not None
    line = LicenseLine(
        unit=desk.mapping.unit.encode().ljust(3, b"\0"),
        decimals=0,
        granted=0 if valued else 1,
        drawn=0 if valued else 1,
        unlimited=valued,
        certificate=ZERO32,
        certificate_line=0,
    )
    act = RecordLicense(
        record=prepared.application,
        parent=ZERO32,
        organization=desk.authority,
        deadline=desk.deadline(),
        salt=salt(desk.key, row.identity, "application record"),
        kind=LicenseKind[row.kind.upper()],
        exporter=party,
        control=Control.VALUE if valued else Control.QUANTITY,
        drawn_share=row.drawn_share,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        document=prepared.document.commitment,
        parties=tuple(Party(organization=party, role=role.bit_length() - 1) for role in PARTY_ROLES),
        lines=(line,),
    )
    return _signed(desk, act, desk.recorder)


def issue_license(desk: Desk, prepared: PreparedRow, *, assessed_head: Head, policies: Mapping[Kind, int]) -> SignedAct:
    """The issuer's act on the application at `assessed_head`, under the policy number of the row's kind."""
    row = prepared.row
    act = IssueLicense(
        record=prepared.license,
        parent=ZERO32,
        organization=desk.authority,
        deadline=desk.deadline(),
        salt=prepared.license_salt,
        application=prepared.application,
        assessed_head=assessed_head,
        policy=policies[row.kind],
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        return_by=row.valid_until if row.kind == "temporary" else 0,
        document=ZERO32,
    )
    return _signed(desk, act, desk.issuer)


def _record(deployment: Deployment, act: type[Act], authority: int, salt: bytes) -> RecordId:
    return deployment.record(act.RECORD, authority, salt)


def _signed(desk: Desk, act: Act, keys: Keys) -> SignedAct:
    digest = digest_of(act, desk.deployment.chain_id, desk.deployment.address(act.CONTRACT))
    return SignedAct(act, keys.sign_digest(digest), next_head(ZERO32, digest, keys.address))


def _subject(desk: Desk, row: RegisterRow) -> JsonObject:
    subject: JsonObject = {
        "number": row.identity.number,
        "licenseKind": row.kind,
        "issuedOn": row.issued.isoformat(),
        "validFrom": row.issued.isoformat(),
        "validThrough": row.expires.isoformat(),
        "registerRow": _register_row(desk, row),
    }
    if row.value is not None:
        subject["value"] = _amount(desk, row.value)
    return subject


def _register_row(desk: Desk, row: RegisterRow) -> JsonObject:
    rules, cells = desk.mapping.codes, dict(row.cells)
    told: JsonObject = {
        "source": row.identity.source,
        "number": row.identity.number,
        "occurrence": row.identity.occurrence,
        "fingerprint": hex0x(fingerprint(desk.key, row)),
        "issueDate": row.issued.isoformat(),
        "expiryDate": row.expires.isoformat(),
        "timeZone": desk.mapping.zone.key,
        "goodsAsWritten": row.goods,
        "endUseAsWritten": row.end_use,
        "duration": "temporary" if row.kind == "temporary" else "permanent",
        "destinationAsWritten": cells["destination"],
        "valueAsWritten": cells["value"],
        "destinations": _countries(row.destination.final),
        "via": _countries(row.destination.via),
        "controlEntries": [{"list": rules.control_list, "version": rules.version, "code": code} for code in row.codes],
        "decisions": [_sentence(decision) for decision in row.decisions if decision.field not in AMOUNTS],
        "amountDecisions": [_sentence(decision) for decision in row.decisions if decision.field in AMOUNTS],
    }
    for name, field in (("controlCodeAsWritten", "code"), ("originAsWritten", "origin"), ("drawnAsWritten", "drawn")):
        if cells.get(field):
            told[name] = cells[field]
    if row.origin and (only := _only_country(row.origin)):
        told["origin"] = only
    if row.value is not None:
        told["value"] = _amount(desk, row.value)
    if row.drawn is not None:
        told["drawn"] = _amount(desk, row.drawn)
    return told


def _amount(desk: Desk, minor_units: int) -> JsonObject:
    return {"minorUnits": minor_units, "currency": desk.mapping.value.currency}


def _countries(places: tuple[Place, ...]) -> Json:
    return [place.country for place in places if place.country]


def _only_country(route: Route) -> str | None:
    return route.final[0].country if len(route.final) == 1 and not route.via else None


def _sentence(decision: Decision) -> str:
    read_as = f" -> {decision.read_as}" if decision.read_as else ""
    return f"{decision.field}: {decision.rule}: {decision.written}{read_as}"
