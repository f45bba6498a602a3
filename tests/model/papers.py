"""What an act about organizations, certificates and licenses would plausibly say (`steps.py` adds the rest).

A paper answers from what is there: quantities near what is left, heads that are current, organizations with the role.
Where the organization matters to the members it is answered too; else the row's relation finds it (`steps.py`).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.acts.applications import LicenseLine, Party
from ledger.acts.certificates import CertificateLine
from ledger.acts.manifests import Draw
from ledger.acts.organizations import Terms
from ledger.audit.codes import MANDATABLE, Power, Role
from ledger.audit.state import Application, Certificate, Kept, License, Organization, Record, Shipment, State
from ledger.ids import ZERO32

DAY = 86_400
UNITS = (b"KGM", b"H87")
OFFICE = Power.REGISTER | Power.RECORD | Power.POLICY | Power.ENFORCE | Power.INSPECT | Power.VERIFY


@dataclass(frozen=True, slots=True)
class Paper:
    """The state, the chance, the time, the record that the act is about and the accounts there are."""

    state: State
    chance: random.Random
    time: int
    record: Record | None
    accounts: Sequence[bytes]

    def bytes32(self) -> bytes:
        return self.chance.randbytes(32)

    def one(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def number(self, role: int = Role.ALL) -> int:
        """An organization with one of these roles; 1 where there is none."""
        fitting = [n for n in range(1, self.state.count("ORGANIZATION") + 1) if self.state.roles(n) & role]
        return self.chance.choice(fitting or [1])

    def some(self, kind: type[Kept], *statuses: int) -> Kept | None:
        found = [record for record in self.state.records.values() if isinstance(record, kind)]
        fitting = [record for record in found if record.status in statuses] or found
        return self.chance.choice(fitting[-8:]) if fitting else None

    def about(self, kind: type[Kept]) -> Kept | None:
        return self.record if isinstance(self.record, kind) else None

    def near(self, bound: int) -> int:
        """0 to a little above a bound, the bound itself often."""
        return max(0, self.one(bound, bound, bound + 1, bound // 2, bound // 3, 1, bound * 11 // 10))


def document(paper: Paper) -> dict[str, Any]:
    return {"document": paper.bytes32()}


def same_document(_paper: Paper) -> dict[str, Any]:
    return {"document": bytes(31) + b"1"}


def reason(paper: Paper) -> dict[str, Any]:
    return {"reason": paper.chance.randrange(9)}


def nothing(_paper: Paper) -> dict[str, Any]:
    return {}


def keys(paper: Paper) -> dict[str, Any]:
    return {"ed25519": paper.bytes32(), "x25519": paper.bytes32()}


def registration(paper: Paper) -> dict[str, Any]:
    roles = paper.one(*(1 << number for number in range(1, 9)), Role.END_USER | Role.CONSIGNEE, Role.AUTHORITY)
    return {"salt": paper.bytes32(), "roles": roles, "profile": paper.bytes32()}


def mandate(paper: Paper) -> dict[str, Any]:
    kinds = tuple(paper.chance.sample(sorted(MANDATABLE), paper.chance.randint(1, 9)))
    return {"delegate": paper.number(), "until": paper.time + paper.one(1, DAY, 90 * DAY), "kinds": kinds}


def mandate_to_end(paper: Paper) -> dict[str, Any]:
    given = [pair for pair in paper.state.mandates if paper.state.mandate(*pair)]
    subject = paper.about(Organization)
    own = [delegate for giver, delegate in given if subject and giver == subject.number]
    return {"delegate": paper.one(*own) if own else paper.number()}


def appointment(paper: Paper) -> dict[str, Any]:
    organization = paper.one(paper.number(), paper.number(Role.AUTHORITY))
    roles = paper.state.roles(organization)
    powers = Power.CUSTODY | Power.STATE | paper.one(0, Power.ADMIN)
    powers |= (Power.APPLY | Power.SHIP) if roles & Role.EXPORTER else 0
    powers |= Power.CERTIFY if roles & (Role.END_USER | Role.CONSIGNEE) else 0
    powers |= Power.INSPECT if roles & Role.CUSTOMS else 0
    powers |= Power.VERIFY if roles & Role.MISSION else 0
    if roles & Role.AUTHORITY:
        powers |= OFFICE if powers & Power.ADMIN else OFFICE | Power.ASSESS | Power.DECIDE
    return {"organization": organization, "account": paper.one(*paper.accounts), "powers": powers}


def motion(paper: Paper) -> dict[str, Any]:
    subject = paper.about(Organization)
    fitting = 1 if not subject or not subject.roles & Role.AUTHORITY else subject.status + 1
    return {"motion": paper.one(fitting, fitting, fitting, 1, 2, 3)}


def policy(paper: Paper) -> dict[str, Any]:
    authority, kind = paper.number(Role.AUTHORITY), paper.chance.randint(1, 8)
    terms = Terms(
        certificate_grade=paper.one(0, 0, 1, 3),
        certificate_signers=paper.one(0, 0, 8, 32, 41),
        first_use_days=paper.one(0, 30),
        last_use_days=paper.one(0, 60),
        exempt_roles=paper.one(0, 0, Role.CONSIGNEE),
        clearance_required=paper.one(False, False, True),
        control=paper.one(1, 2, 3, 3, 4),
        value_tolerance=paper.one(0, 1000),
        quantity_tolerance=paper.one(0, 1000),
        count_tolerance=paper.one(0, 500),
        handoff_hours=paper.one(1, 48),
        lateness_hours=paper.one(1, 72),
        suspension_hours=paper.one(1, 24),
        lowest_custody_grade=paper.one(1, 1, 2, 3),
        transfers=paper.one(0, 1, 2),
    )
    current = paper.state.policies.get((authority, kind)) or 0
    named = {"kind": kind, "replaces": current, "terms": terms, "control_list": paper.bytes32()}
    return {"organization": authority, "salt": paper.bytes32(), **named}


def certificate(paper: Paper) -> dict[str, Any]:
    old = paper.some(Certificate, 1) if paper.chance.random() < 0.25 else None
    lines = tuple(
        CertificateLine(unit=paper.one(*UNITS[:1] * 9, UNITS[1]), decimals=0, quantity=paper.one(300, 1000, 10**6))
        for _ in range(paper.chance.randint(len(old.lines) if old else 1, 3) if not old or len(old.lines) <= 3 else 3)
    )
    return {
        "salt": paper.bytes32(),
        "exporter": old.exporter if old else paper.number(Role.EXPORTER),
        "end_user": old.end_user if old else paper.number(Role.END_USER),
        "authority": paper.number(Role.AUTHORITY),
        "valid_from": paper.time - paper.one(0, 1, 40 * DAY),
        "valid_until": paper.time + paper.one(1, *[400 * DAY] * 9),
        "supersedes": old.record if old else ZERO32,
        "lines": lines,
        **document(paper),
    }


def license_lines(paper: Paper, exporter: int) -> tuple[LicenseLine, ...]:
    own = [one for one in paper.state.records.values() if isinstance(one, Certificate) and one.exporter == exporter]
    named = [one for one in own if one.status == 1 and one.valid_until > paper.time] or own
    made = []
    for _ in range(paper.chance.randint(1, 3)):
        behind = paper.one(*named) if named and paper.chance.random() < 0.7 else None
        line = paper.chance.randrange(len(behind.lines)) if behind else 0
        left = behind.lines[line].certified - behind.lines[line].granted if behind else 500
        made.append(
            LicenseLine(
                unit=behind.lines[line].unit if behind else UNITS[0],
                decimals=0,
                granted=min(max(paper.near(left) // paper.one(1, 4, 8, 8), 1), 2**80),
                drawn=0,
                unlimited=paper.chance.random() < 0.1,
                certificate=behind.record if behind else ZERO32,
                certificate_line=line,
            )
        )
    return tuple(made)


def terms_of(paper: Paper, exporter: int) -> dict[str, Any]:
    buyer, other = paper.number(Role.END_USER), paper.number(Role.CONSIGNEE)
    lines = license_lines(paper, exporter)
    found = [paper.state.find(Certificate, line.certificate) for line in lines]
    users = {certificate.end_user for certificate in found if certificate} | {buyer}
    parties = [Party(organization=number, role=6) for number in sorted(users)] + [Party(organization=other, role=5)]
    brokers = [Party(organization=paper.number(Role.BROKER), role=7)] if paper.chance.random() < 0.2 else []
    return {
        "valid_from": paper.time,
        "valid_until": paper.time + 300 * DAY,
        "parties": tuple(parties + brokers),
        "lines": lines,
        **document(paper),
    }


def application(paper: Paper) -> dict[str, Any]:
    exporter = paper.number(Role.EXPORTER)
    authority = paper.state.sponsor(exporter)
    values = {"kind": paper.one(1, 2, 3, 3, 4, 4, 7, 8), "continues": ZERO32, **terms_of(paper, exporter)}
    found = paper.one(None, None, paper.some(Shipment, 4), *[undrawn(paper)] * 4, paper.some(Application, 5))
    if found and found.status == {Shipment: 4, License: 1, Application: 5}[type(found)]:
        values |= continued(paper, found)
        exporter = found.exporter
    return {"organization": exporter, "authority": authority, "salt": paper.bytes32(), **values}


def undrawn(paper: Paper) -> License | None:
    """An issued license of which something is left on every line."""
    known = [record for record in paper.state.records.values() if isinstance(record, License) and record.status == 1]
    fitting = [license for license in known if all(line.drawn < line.granted for line in license.lines)]
    return paper.one(*fitting) if fitting else None


def continued(paper: Paper, found: Any) -> dict[str, Any]:
    """A retransfer of a delivered shipment, a successor of a license, an appeal."""
    if isinstance(found, Application):
        return {"kind": found.kind, "continues": found.record}
    source = paper.state.the(License, found.license) if isinstance(found, Shipment) else found
    if isinstance(found, Shipment):
        pairs = [(source.lines[parcel.line], parcel.delivered - parcel.continued) for parcel in found.lines]
    else:
        pairs = [(line, max(line.granted - line.drawn, 0)) for line in found.lines]
    lines = tuple(
        LicenseLine(
            unit=line.unit,
            decimals=line.decimals,
            granted=max(paper.one(left, left // 2, left // 4, left + 1), 1 if isinstance(found, License) else 0),
            drawn=0,
            unlimited=False,
            certificate=_record_of(paper, line.certificate) if isinstance(found, License) else ZERO32,
            certificate_line=line.certificate_line if isinstance(found, License) else 0,
        )
        for line, left in pairs
    )
    kind = found.kind if isinstance(found, License) else paper.one(5, 6)
    return {"kind": kind, "continues": found.record, "lines": lines}


def _record_of(paper: Paper, number: int) -> bytes:
    certificate = paper.state.certificate(number)
    return certificate.record if certificate else ZERO32


def amendment(paper: Paper) -> dict[str, Any]:
    asked = paper.about(Application)
    return terms_of(paper, asked.exporter if asked else 1)


def recorded(paper: Paper) -> dict[str, Any]:
    exporter = paper.number(Role.EXPORTER)
    named = {"kind": paper.one(1, 2, 3, 4, 7), "exporter": exporter, "control": paper.chance.randint(1, 4)}
    shared = {"drawn_share": paper.one(0, 10**8), "salt": paper.bytes32()}
    terms = terms_of(paper, exporter)
    drawn = tuple(replace(line, drawn=paper.one(0, 0, line.granted // 2, line.granted)) for line in terms["lines"])
    return {"organization": paper.state.sponsor(exporter), **named, **shared, **terms, "lines": drawn}


def grant(paper: Paper, *, instead: bool = False) -> dict[str, Any]:
    """Of an assessed application, one that continues a license or one that does not."""
    assessed = [r for r in paper.state.records.values() if isinstance(r, Application) and r.status == 3]
    old = {r.record: paper.state.find(License, r.continues) for r in assessed}
    fitting = [r for r in assessed if (old[r.record] is not None) == instead]
    fitting = [r for r in fitting if (found := old[r.record]) is None or found.status == 1] or fitting
    asked = paper.one(*fitting[-6:]) if fitting else paper.some(Application, 3)
    kind, authority = (asked.kind, asked.authority) if asked else (1, 1)
    return {
        "salt": paper.bytes32(),
        "application": asked.record if asked else ZERO32,
        "assessed_head": asked.head if asked else ZERO32,
        "policy": paper.state.policies.get((authority, kind)) or 0,
        "valid_from": paper.time - paper.one(*[0, 90 * 3_600] * 5, -DAY),
        "valid_until": paper.time + paper.one(3_600, *[90 * DAY] * 9) if kind != 4 else paper.time + 90 * DAY,
        "return_by": paper.time + paper.one(3_600, 20 * DAY) if kind == 4 else 0,
        **document(paper),
    }


def successor(paper: Paper) -> dict[str, Any]:
    values = grant(paper, instead=True)
    asked = paper.state.find(Application, values["application"])
    return {**values, "license": asked.continues if asked else ZERO32}


def binding(paper: Paper) -> dict[str, Any]:
    license = paper.about(License)
    known = [record for record in paper.state.records.values() if isinstance(record, Certificate)]
    own = [record for record in known if license and record.exporter == license.exporter and record.status == 1]
    found = paper.one(*own) if own else paper.some(Certificate, 1)
    line = paper.chance.randrange(len(license.lines)) if license else 0
    at = paper.chance.randrange(len(found.lines)) if found else 0
    return {"line": line, "certificate": found.record if found else ZERO32, "certificate_line": at}


def credit(paper: Paper) -> dict[str, Any]:
    own = [record for record in paper.state.records.values() if isinstance(record, Shipment) and record.status == 7]
    found = next((record for record in own if paper.record and record.license == paper.record.record), None)
    named, share, lines = (found.record, found.share, found.lines) if found else (ZERO32, 0, ())
    back = tuple(Draw(line=one.line, quantity=one.returned) for one in lines)
    return {"shipment": named, "share": share, "returned": back}


def transfer_to(paper: Paper) -> dict[str, Any]:
    return {"to": paper.number(Role.EXPORTER), **document(paper)}


LICENSING: dict[str, Callable[[Paper], dict[str, Any]]] = {
    "RegisterOrganization": registration,
    "RecordParty": registration,
    "VoteAuthority": motion,
    "SuspendOrganization": reason,
    "ReinstateOrganization": reason,
    "RenameOrganization": lambda paper: {"profile": paper.bytes32()},
    "GrantMandate": mandate,
    "EndMandate": mandate_to_end,
    "RecoverOrganization": same_document,
    "AppointAgent": appointment,
    "AcceptAppointment": keys,
    "ConfirmAppointment": nothing,
    "RotateAgentKeys": keys,
    "DismissAgent": lambda paper: {"compromised_since": paper.one(0, paper.time - 9), **reason(paper)},
    "AdoptPolicy": policy,
    "SignCertificate": certificate,
    "CosignCertificate": lambda paper: {"role": paper.one(3, 5), **document(paper)},
    "RecordCertificate": certificate,
    "VerifyCertificate": lambda paper: {"method": paper.chance.randint(1, 6), **document(paper)},
    "EndorseCertificate": document,
    "RevokeCertificate": reason,
    "ApplyForLicense": application,
    "AmendApplication": amendment,
    "WithdrawApplication": nothing,
    "ReturnApplication": document,
    "AssessApplication": lambda paper: {"recommendation": paper.one(1, 2), **document(paper)},
    "RefuseApplication": document,
    "RecordLicense": recorded,
    "IssueLicense": grant,
    "BindCertificate": binding,
    "SuspendLicense": reason,
    "ConfirmSuspension": reason,
    "ReinstateLicense": reason,
    "RevokeLicense": lambda paper: {"reason": 1, **same_document(paper)},
    "CorrectLicense": document,
    "SupersedeLicense": successor,
    "TransferLicense": transfer_to,
    "SurrenderLicense": nothing,
    "CreditReturn": lambda paper: {**credit(paper), **same_document(paper)},
    "AcknowledgeConditions": document,
}
"""By the name of the act. Acts of two agents say the same each time, so that a second can match a first."""
