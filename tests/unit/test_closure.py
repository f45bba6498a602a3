"""Does a shipment's history reach all that the shipment rests on, and stop there?"""

import dataclasses
from typing import Any

import pytest

from ledger.acts.act import Act, RecordKind
from ledger.acts.applications import AmendApplication, ApplyForLicense, LicenseLine
from ledger.acts.certificates import CertificateLine, RecordCertificate
from ledger.acts.digests import part_salt
from ledger.acts.licensing import BindCertificate, CreditReturn, IssueLicense, SupersedeLicense
from ledger.acts.manifests import Draw, RecordTransfer, RegisterShipment, SplitShipment
from ledger.acts.organizations import GrantMandate, RegisterOrganization
from ledger.chain.artifacts import CONTRACTS
from ledger.chain.closure import closure_of
from ledger.chain.deployment import Deployment
from ledger.ids import ZERO32, Address, Digest, Head, RecordId, Time
from ledger.journal.entries import Entry
from tests.world import NAR, salt_of

SIGNER = Address(b"\5" * 20)
ADDRESSES = {name: Address(bytes([number]) * 20) for number, name in enumerate(CONTRACTS, start=1)}
DEPLOYMENT = Deployment(chain_id=7, block=1, addresses=ADDRESSES, code_hashes={}, founders=())
SHIPMENT, LICENSE, APPLICATION, CERTIFICATE = (RecordId(salt_of(name)) for name in ("s", "l", "a", "c"))
OTHER = RecordId(salt_of("other"))
LINE = LicenseLine(
    unit=NAR, decimals=0, granted=1, drawn=0, unlimited=False, certificate=CERTIFICATE, certificate_line=0
)
FIELDS: dict[str, Any] = {
    "parent": ZERO32,
    "organization": 2,
    "deadline": 9,
    "salt": ZERO32,
    "document": ZERO32,
    "waybill": ZERO32,
    "end_user": 3,
    "exporter": 2,
    "authority": 1,
    "share": 0,
    "policy": 1,
    "valid_from": 1,
    "valid_until": 2,
    "return_by": 0,
    "occurred_at": 1,
    "assessed_head": ZERO32,
    "kind": 1,
    "continues": ZERO32,
    "supersedes": ZERO32,
    "parties": (),
    "license": LICENSE,
    "application": APPLICATION,
}


def entry(cls: type[Act], record: bytes, /, **fields: Any) -> Entry:
    """An entry of the act, its members as above unless given."""
    known = {name: FIELDS[name] for name in cls.__dataclass_fields__ if name in FIELDS}
    act = cls(**(known | {"record": record} | fields))
    return Entry(
        seq=1,
        record=RecordId(act.record),
        organization=act.organization,
        kind=cls.KIND,
        version=1,
        time=Time(1),
        signer=SIGNER,
        digest=Digest(ZERO32),
        record_head=Head(ZERO32),
        act=act.encoded(),
        signature=b"",
        block_number=1,
        block_hash=ZERO32,
        transaction_hash=ZERO32,
        log_index=0,
    )


REGISTERED = entry(RegisterShipment, SHIPMENT, draws=(Draw(line=0, quantity=1),))
ISSUED = entry(IssueLicense, LICENSE)
APPLIED = entry(ApplyForLicense, APPLICATION, lines=(LINE,))
PAPER = {"lines": (CertificateLine(unit=NAR, decimals=0, quantity=1),)}
PART = DEPLOYMENT.record(RecordKind.SHIPMENT, 2, part_salt(SHIPMENT, 1))
SPLIT = entry(SplitShipment, SHIPMENT, shares=(0, 0), quantities=(1, 1))


def wanted(*entries, shipment=SHIPMENT, numbers=()):
    records = closure_of(DEPLOYMENT, shipment, entries, dict(numbers)).records
    return {record: each.kind for record, each in records.items() if each.kind is not RecordKind.AGENT}


def test_a_shipment_rests_on_license_application_and_certificates():
    assert wanted(REGISTERED, ISSUED, APPLIED) == {
        SHIPMENT: RecordKind.SHIPMENT,
        LICENSE: RecordKind.LICENSE,
        APPLICATION: RecordKind.APPLICATION,
        CERTIFICATE: RecordKind.CERTIFICATE,
    }


def test_a_transfer_rests_on_its_license():
    assert LICENSE in wanted(entry(RecordTransfer, SHIPMENT, draws=()))


def test_a_part_rests_on_what_the_split_shipment_rests_on():
    assert wanted(REGISTERED, SPLIT, shipment=PART).keys() == {PART, SHIPMENT, LICENSE}


def test_a_part_of_a_part_rests_on_both():
    again = entry(SplitShipment, PART, shares=(0, 0), quantities=(1, 1))
    smaller = DEPLOYMENT.record(RecordKind.SHIPMENT, 2, part_salt(PART, 0))
    assert wanted(REGISTERED, SPLIT, again, shipment=smaller).keys() == {smaller, PART, SHIPMENT, LICENSE}


def test_a_shipment_that_no_act_made_has_no_root():
    assert closure_of(DEPLOYMENT, PART, (REGISTERED,), {}).rootless == {PART}


def test_a_shipment_does_not_rest_on_its_parts():
    assert PART not in wanted(REGISTERED, SPLIT)


SUPERSEDING = entry(SupersedeLicense, LICENSE, license=OTHER)
CONTINUING = {
    "the license that is superseded": ((SUPERSEDING, APPLIED), RecordKind.LICENSE),
    "the refused application of an appeal": (
        (ISSUED, entry(ApplyForLicense, APPLICATION, lines=(), continues=OTHER)),
        RecordKind.APPLICATION,
    ),
    "the delivered shipment of a re-export": (
        (ISSUED, entry(ApplyForLicense, APPLICATION, lines=(), kind=6, continues=OTHER)),
        RecordKind.SHIPMENT,
    ),
    "a certificate bound later": (
        (ISSUED, entry(BindCertificate, LICENSE, line=0, certificate=OTHER, certificate_line=0)),
        RecordKind.CERTIFICATE,
    ),
    "a certificate of an amendment": (
        (ISSUED, entry(AmendApplication, APPLICATION, lines=(dataclasses.replace(LINE, certificate=OTHER),))),
        RecordKind.CERTIFICATE,
    ),
}


@pytest.mark.parametrize("what", CONTINUING)
def test_a_license_rests_on(what):
    entries, kind = CONTINUING[what]
    assert wanted(REGISTERED, *entries)[OTHER] is kind


def test_a_returned_shipment_that_is_credited_stays_outside():
    assert OTHER not in wanted(REGISTERED, ISSUED, entry(CreditReturn, LICENSE, shipment=OTHER, returned=()))


def test_a_license_that_an_application_continues_stays_a_license():
    asking = entry(ApplyForLicense, APPLICATION, lines=(), continues=OTHER)
    assert wanted(REGISTERED, SUPERSEDING, asking)[OTHER] is RecordKind.LICENSE


@pytest.mark.parametrize(
    "paper",
    [
        entry(RecordCertificate, CERTIFICATE, supersedes=OTHER, **PAPER),
        entry(RecordCertificate, OTHER, supersedes=CERTIFICATE, **PAPER),
    ],
    ids=["older", "newer"],
)
def test_a_certificate_rests_on_its_line_of_succession(paper):
    assert wanted(REGISTERED, ISSUED, APPLIED, paper)[OTHER] is RecordKind.CERTIFICATE


def test_a_signer_may_be_an_agent_of_a_delegate():
    house = RecordId(salt_of("house"))
    numbers = {(RecordKind.ORGANIZATION, 2): house}
    given = entry(GrantMandate, house, delegate=4, until=9, kinds=(80,))
    found = closure_of(DEPLOYMENT, SHIPMENT, (REGISTERED, given), numbers)
    assert found.records[DEPLOYMENT.agent_record(4, SIGNER)].kind is RecordKind.AGENT
    assert (RecordKind.ORGANIZATION, 4) in found.numbers


def test_a_signer_may_be_an_agent_of_the_sponsor():
    house = RecordId(salt_of("house"))
    registered = entry(RegisterOrganization, house, organization=1, roles=8, profile=ZERO32)
    found = closure_of(DEPLOYMENT, SHIPMENT, (REGISTERED, registered), {(RecordKind.ORGANIZATION, 2): house})
    assert DEPLOYMENT.agent_record(1, SIGNER) in found.records
