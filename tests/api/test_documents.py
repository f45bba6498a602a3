"""Are documents kept sealed, given to those entitled and to nobody else, and shared as the goods go on?"""

import hashlib
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.acts.custody import AcceptHandoff, OfferHandoff
from ledger.acts.organizations import AppointAgent, RenameOrganization, RotateAgentKeys
from ledger.client import Client
from ledger.documents.credentials import anonymous, verify
from ledger.documents.keys import Keys
from ledger.documents.sealing import GOODS, PRICES, SECTIONS, Envelope, seal
from ledger.errors import Refused
from ledger.ids import ZERO32
from ledger.sharing import Desk, proven
from tests.api.office import CARRIER, END_USER, EXPORTER
from tests.scenario import ARCHIVE, keys_of

LINE = {
    "description": "Thermal camera",
    "unit": "NAR",
    "decimals": 0,
    "quantity": 1,
    "line": 0,
    "value": {"minorUnits": 840_000, "currency": "EUR"},
}


def alone(person):
    """Readers: this person of everything."""
    return {name: [keys_of(person).public.x25519] for name in SECTIONS}


def hex0x(data):
    return "0x" + bytes(data).hex()


@pytest.fixture(scope="module")
def write(opened):
    """Signs a document as a person: manifests that differ in a number."""

    def write(person, number, kind="Manifest", **changes):
        subject = {
            "license": "0x" + 32 * "5c",
            "exporter": {"name": "Deltalens", "address": {"country": "NL"}},
            "endUser": {"name": "Kwaya University", "address": {"country": "GH"}},
            "mode": "air",
            "lines": [{**LINE, "partNumber": f"T-{number}"}],
            "sealSalt": "0x" + 32 * "01",
            "placeSalt": "0x" + 32 * "02",
        }
        keys = changes.pop("keys", keys_of(person))
        return keys.sign_document(kind, changes or subject, chain_id=opened.deployment.chain_id)

    return write


@pytest.fixture(scope="module")
def desk(address, office):
    """Gives a person's desk before the service, signed in; with other keys, another one."""
    desks, clients = {}, []

    def desk(person, keys=None):
        keys = keys or keys_of(person)
        if keys.public not in desks:
            clients.append(Client(address))
            clients[-1].sign_in(keys)
            desks[keys.public] = Desk(clients[-1], keys)
        return desks[keys.public]

    yield desk
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture(scope="module")
def licensed(office):
    """A license with room for every shipment of this module."""
    submissions, records = office.license(1000)
    office.send_all(submissions)
    return records["license"]


@pytest.fixture(scope="module")
def ship(office, licensed, write, desk):
    """A shipment registered with a manifest that the clerk has put: document and record."""

    def ship(number, *, put=True):
        document = write("clerk", number)
        if put:
            desk("clerk").put(document)
        submission, record = office.shipment(licensed, 1, document=document.commitment)
        office.send_all([submission])
        return document, record

    return ship


@pytest.fixture(scope="module")
def manifest(ship):
    return ship("manifest")


@pytest.fixture(scope="module")
def envelope(write):
    """Of a document that nobody has put: refusals are tried on it."""
    return seal(write("clerk", "refused"), alone("clerk"))


def put(stranger, envelope, data=None, commitment=None):
    path = f"/v1/documents/{hex0x(commitment or envelope.commitment)}"
    return stranger.put(path, content=envelope.data if data is None else data)


def named(answer):
    return answer.status_code, answer.json()["title"]


def readers(desk, person, document):
    """By account, the sections that a reader has no key of."""
    answer = desk(person)._client.get(f"/v1/documents/{hex0x(document.commitment)}/readers")
    return {item["account"]: item["lacking"] for item in answer["items"]}


def account(person):
    return hex0x(keys_of(person).address)


# What is put


def test_putting_a_sealed_document_needs_no_session(stranger, office, write):
    document = write("clerk", "no session")
    sealed = seal(document, alone("clerk"))
    assert put(stranger, sealed).status_code == 201


def test_putting_again_is_the_same_as_once(stranger, office, write):
    document = write("clerk", "twice")
    both = [seal(document, alone("clerk")) for _ in range(2)]
    assert [put(stranger, one).status_code for one in both] == [201, 200]


def test_the_first_envelope_of_a_document_stays(stranger, desk, write):
    document = write("clerk", "first")
    first = desk("clerk").put(document)
    put(stranger, seal(document, alone("driver")))
    assert desk("clerk")._client.envelope(document.commitment).sections == first.sections


def test_a_document_is_sealed_to_ones_own_organization_first(desk, write):
    document = write("clerk", "colleagues")
    desk("clerk").put(document)
    assert desk("export admin").get(document.commitment).credential == document.credential


def altered(envelope, **changes):
    return json.dumps({**json.loads(envelope.data), **changes}).encode()


def forged_credential(envelope):
    credential = json.loads(envelope.credential)
    return {**credential, "type": ["VerifiableCredential", "License"]}


def test_another_commitment_is_refused(stranger, envelope):
    assert named(put(stranger, envelope, commitment=bytes(32))) == (422, "InvalidField")


def test_a_credential_that_was_changed_after_signing_is_refused(stranger, envelope):
    data = altered(envelope, credential=forged_credential(envelope))
    commitment = hashlib.sha256(Envelope.read(data).credential).digest()
    assert named(put(stranger, envelope, data, commitment)) == (409, "ProofInvalid")


def test_a_document_of_an_account_that_is_no_agent_is_refused(stranger, office, write):
    keys = Keys.generate()
    sealed = seal(write("", "stranger", keys=keys), alone("clerk"))
    assert named(put(stranger, sealed)) == (409, "NotTheIssuersKey")


def test_a_document_signed_with_another_key_than_the_agents_is_refused(stranger, office, write):
    keys = Keys.from_private(hashlib.shake_256(b"clerk").digest(32) + bytes([7]) * 64)
    assert keys.address == keys_of("clerk").address
    sealed = seal(write("", "other key", keys=keys), alone("clerk"))
    assert named(put(stranger, sealed)) == (409, "NotTheIssuersKey")


def test_a_document_for_another_chain_is_refused(stranger, office):
    document = keys_of("clerk").sign_document("OrganizationProfile", PROFILE, chain_id=1)
    sealed = seal(document, alone("clerk"))
    assert put(stranger, sealed).json()["field"] == "envelope.credential.issuer"


PROFILE = {"name": "Deltalens", "address": {"country": "NL"}}


def test_keys_for_nobody_are_refused(stranger, write):
    sealed = seal(write("clerk", "nobody"), alone("somebody who is no agent"))
    assert named(put(stranger, sealed)) == (409, "KeyForNobody")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_without_a_key_is_refused(stranger, envelope, section):
    keys = tuple(key for key in envelope.keys if key.section != section)
    assert put(stranger, replace(envelope, keys=keys)).json()["field"] == "envelope.keys"


def test_a_missing_section_is_refused(stranger, envelope):
    left = replace(envelope, sections={GOODS: envelope.sections[GOODS]})
    assert put(stranger, left).json()["field"] == "envelope.sections.prices"


def test_a_key_given_twice_is_refused(stranger, envelope):
    assert named(put(stranger, replace(envelope, keys=envelope.keys * 2))) == (422, "InvalidField")


def test_an_anonymous_document_that_no_act_commits_to_is_refused(stranger, office):
    sealed = seal(anonymous("OrganizationProfile", PROFILE), alone("clerk"))
    assert named(put(stranger, sealed)) == (409, "NotCommitted")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (400, "NotJson")),
        (b"[]", (422, "InvalidField")),
        (b"\xff", (400, "NotJson")),
        (b'{"version":1,"version":1}', (422, "InvalidField")),
        (b"[" * 100_000, (422, "InvalidField")),
        (b" " * (2 * 1024 * 1024 + 1), (413, "BodyTooLarge")),
    ],
    ids=["empty", "a list", "not UTF-8", "a name twice", "deep", "too large"],
)
def test_what_is_no_envelope_is_refused(stranger, envelope, data, expected):
    assert named(put(stranger, envelope, data)) == expected


def test_nothing_is_kept_of_what_was_refused(stranger, signed_in, envelope):
    put(stranger, replace(envelope, keys=envelope.keys * 2))
    answer = signed_in("clerk").get(f"/v1/documents/{hex0x(envelope.commitment)}")
    assert named(answer) == (404, "DocumentUnknown")


# Who is given it


@pytest.mark.parametrize("path", ["", "/missing", "/readers", "/0x" + 64 * "0", "/0x" + 64 * "0" + "/readers"])
def test_reading_needs_a_session(stranger, office, path):
    assert named(stranger.get("/v1/documents" + path)) == (401, "SessionMissing")


def test_who_is_not_entitled_gets_nothing(signed_in, ship):
    document, _ = ship("not entitled")
    answer = signed_in("driver").get(f"/v1/documents/{hex0x(document.commitment)}")
    assert named(answer) == (403, "NotEntitled")


def test_before_an_act_commits_to_it_only_its_authors_organization_is_entitled(desk, signed_in, write):
    document = write("clerk", "before")
    desk("clerk").put(document)
    assert readers(desk, "clerk", document).keys() == {account("clerk"), account("export admin")}


def test_a_manifest_is_for_the_authority_with_its_prices(desk, manifest):
    document, _ = manifest
    desk("clerk").share(document.commitment)
    assert verify(desk("inspector").get(document.commitment)).complete


def test_a_manifest_is_for_the_end_user_without_its_prices(desk, manifest):
    document, _ = manifest
    desk("clerk").share(document.commitment)
    subject = verify(desk("storekeeper").get(document.commitment)).subject
    assert "value" not in subject["lines"][0]


def test_whoever_reads_goods_is_not_even_given_the_ciphertext_of_prices(desk, manifest):
    document, _ = manifest
    assert desk("storekeeper")._client.envelope(document.commitment).sections.keys() == {GOODS}


def test_committing_to_anothers_document_makes_nobody_a_reader(office, client, signed_in, ship):
    document, _ = ship("secret")
    carrier = next(one for one in client.get("/v1/organizations").json()["items"] if one["number"] == CARRIER)
    record = bytes.fromhex(carrier["record"][2:])
    office.send_all(
        [office.write(RenameOrganization, "carrier admin", CARRIER, record=record, profile=document.commitment)]
    )
    answer = signed_in("driver").get(f"/v1/documents/{hex0x(document.commitment)}")
    assert named(answer) == (403, "NotEntitled")


# How readers become more


def handed(office, record, to, taker=None):
    """An offer by the exporter, and its acceptance."""
    acts = [
        office.write(
            OfferHandoff, "clerk", EXPORTER, record=record, occurred_at=int(time.time()) - 5, to=to, seal=ZERO32
        )
    ]
    if taker:
        taken = {"seal": ZERO32, "seal_state": 0, "reservation": False, "document": ZERO32, "counted": (1,)}
        acts.append(office.write(AcceptHandoff, taker, to, record=record, occurred_at=int(time.time()) - 4, **taken))
    office.send_all(acts)


def test_whom_goods_are_offered_to_lacks_the_manifests_key(office, desk, ship):
    document, record = ship("offer")
    handed(office, record, CARRIER)
    assert readers(desk, "clerk", document)[account("driver")] == [GOODS]


def test_the_next_holder_gets_the_manifest_and_not_the_price(office, desk, ship):
    document, record = ship("handoff")
    handed(office, record, CARRIER)
    desk("clerk").share(document.commitment)
    assert "value" not in verify(desk("driver").get(document.commitment)).subject["lines"][0]


def test_a_holder_of_the_past_may_read_on(office, desk, ship):
    document, record = ship("past")
    handed(office, record, CARRIER, "driver")
    offer = {"record": record, "occurred_at": int(time.time()) - 3, "to": END_USER, "seal": ZERO32}
    taken = {"seal": ZERO32, "seal_state": 0, "reservation": False, "document": ZERO32, "counted": (1,)}
    office.send_all(
        [
            office.write(OfferHandoff, "driver", CARRIER, **offer),
            office.write(
                AcceptHandoff, "storekeeper", END_USER, record=record, occurred_at=int(time.time()) - 2, **taken
            ),
        ]
    )
    assert account("driver") in readers(desk, "clerk", document)


def test_who_can_open_the_goods_alone_shares_the_goods_alone(office, desk, ship):
    document, record = ship("goods alone")
    desk("clerk").share(document.commitment)
    handed(office, record, CARRIER)
    shared = desk("storekeeper").share(document.commitment)
    assert {(one.account, one.lacking) for one in shared} == {
        (keys_of(person).address, (GOODS,)) for person in ("driver", "carrier admin")
    }


def test_sharing_reaches_everybody_who_lacked_a_key(desk, ship):
    document, _ = ship("everybody")
    desk("clerk").share(document.commitment)
    assert set(map(tuple, readers(desk, "clerk", document).values())) == {()}


def test_what_lacks_no_reader_is_shared_with_nobody(desk, ship):
    document, _ = ship("nobody lacks")
    desk("clerk").share(document.commitment)
    assert desk("clerk").share(document.commitment) == []


def test_documents_that_somebody_lacks_are_listed_until_they_are_shared(desk, ship):
    document, _ = ship("listed")
    clerk = desk("clerk")
    before = document.commitment in clerk.lacking()
    clerk.share(document.commitment)
    assert (before, document.commitment in clerk.lacking()) == (True, False)


def test_a_new_colleague_with_the_archive_key_is_one_more_reader(office, desk, manifest):
    document, _ = manifest
    desk("clerk").share(document.commitment)
    archive = keys_of("archive")
    office.send_all(
        [
            office.write(AppointAgent, "export admin", EXPORTER, account=archive.address, powers=ARCHIVE),
            office.accepting("archive", EXPORTER),
        ]
    )
    shared = desk("clerk").share(document.commitment)
    assert [(one.account, one.archive) for one in shared] == [(archive.address, True)]


def rotated(person, salt):
    """The person's keys with the same account and new document keys."""
    return Keys.from_private(hashlib.shake_256(person.encode()).digest(32) + hashlib.shake_256(salt).digest(64))


def rotate(office, person, organization, keys, by=None):
    record = office.deployment.agent_record(organization, keys.address)
    public = keys.public
    office.send_all(
        [
            office.write(
                RotateAgentKeys,
                by or person,
                organization,
                record=record,
                ed25519=public.ed25519,
                x25519=public.x25519,
            )
        ]
    )


def test_after_a_rotation_the_document_is_sealed_to_the_new_key(office, desk, ship):
    document, _ = ship("rotation")
    desk("clerk").share(document.commitment)
    keys = rotated("dean", b"first")
    rotate(office, "dean", END_USER, keys)
    desk("clerk").share(document.commitment)
    assert desk("dean", keys).get(document.commitment).credential == document.credential


def test_the_old_key_still_opens_and_reseals_to_the_new_one(office, desk, ship):
    document, _ = ship("old key")
    desk("clerk").share(document.commitment)
    keys = rotated("dean", b"second")
    old = rotated("dean", b"first")
    rotate(office, "dean", END_USER, old)
    desk("clerk").share(document.commitment)
    rotate(office, "dean", END_USER, keys)
    desk("dean", old).share(document.commitment)
    assert desk("dean", keys).get(document.commitment).credential == document.credential


def test_a_key_that_an_administrator_brought_is_proven(office, desk, ship):
    document, _ = ship("by an admin")
    keys = rotated("official", b"admin")
    rotate(office, "official", END_USER, keys, by="dean")
    desk("clerk").share(document.commitment)
    assert desk("official", keys).get(document.commitment)


def test_a_garbage_key_from_one_keeps_nobody_else_from_giving_a_good_one(office, desk, signed_in, ship):
    document, record = ship("garbage")
    desk("clerk").share(document.commitment)
    handed(office, record, CARRIER)
    garbage = {"section": GOODS, "recipient": hex0x(keys_of("driver").public.x25519), "sealed": "0x" + 80 * "00"}
    path = f"/v1/documents/{hex0x(document.commitment)}/keys"
    assert signed_in("storekeeper").put(path, json={"keys": [garbage]}).status_code == 200
    desk("clerk").share(document.commitment, again=True)
    assert desk("driver").get(document.commitment)


def test_keys_for_somebody_who_may_not_read_are_refused(signed_in, ship):
    document, _ = ship("keys for a stranger")
    key = {"section": GOODS, "recipient": hex0x(keys_of("driver").public.x25519), "sealed": "0x" + 80 * "00"}
    answer = signed_in("clerk").put(f"/v1/documents/{hex0x(document.commitment)}/keys", json={"keys": [key]})
    assert named(answer) == (409, "KeyForNobody")


def test_a_key_of_the_prices_for_a_reader_of_goods_is_refused(signed_in, ship):
    document, _ = ship("prices for the end-user")
    key = {"section": PRICES, "recipient": hex0x(keys_of("storekeeper").public.x25519), "sealed": "0x" + 80 * "00"}
    answer = signed_in("clerk").put(f"/v1/documents/{hex0x(document.commitment)}/keys", json={"keys": [key]})
    assert named(answer) == (409, "KeyForNobody")


def test_keys_from_somebody_who_may_not_read_are_refused(signed_in, ship):
    document, _ = ship("keys from a stranger")
    answer = signed_in("driver").put(f"/v1/documents/{hex0x(document.commitment)}/keys", json={"keys": []})
    assert named(answer) == (403, "NotEntitled")


# What is on record


def test_every_read_is_on_record_for_the_authors_organization(desk, signed_in, ship):
    document, _ = ship("reads")
    desk("clerk").share(document.commitment)
    desk("storekeeper").get(document.commitment)
    found = signed_in("export admin").get(f"/v1/documents/{hex0x(document.commitment)}/reads").json()["items"]
    assert [(one["account"], one["sections"]) for one in found] == [
        (account("clerk"), [GOODS, PRICES]),
        (account("storekeeper"), [GOODS]),
    ]


def test_another_reader_sees_its_own_organizations_reads_only(desk, signed_in, ship):
    document, _ = ship("own reads")
    desk("clerk").share(document.commitment)
    desk("storekeeper").get(document.commitment)
    found = signed_in("storekeeper").get(f"/v1/documents/{hex0x(document.commitment)}/reads").json()["items"]
    assert {one["organization"] for one in found} == {END_USER}


def test_a_read_that_was_refused_is_none(desk, signed_in, ship):
    document, _ = ship("refused read")
    signed_in("driver").get(f"/v1/documents/{hex0x(document.commitment)}")
    assert signed_in("clerk").get(f"/v1/documents/{hex0x(document.commitment)}/reads").json()["items"] == []


def missing(signed_in, person):
    found, after = set(), None
    while True:
        page = signed_in(person).get("/v1/documents/missing", params={"after": after} if after else {}).json()
        found |= {item["commitment"] for item in page["items"]}
        after = page["next"]
        if after is None:
            return found


def test_a_document_that_is_not_there_is_missing(signed_in, ship):
    document, _ = ship("missing", put=False)
    assert hex0x(document.commitment) in missing(signed_in, "clerk")


def test_only_who_may_read_it_misses_it(signed_in, ship):
    document, _ = ship("missing for some", put=False)
    assert hex0x(document.commitment) not in missing(signed_in, "driver")


def test_putting_a_missing_document_from_ones_own_copy_heals(desk, signed_in, ship):
    document, _ = ship("healed", put=False)
    desk("storekeeper").put(document)
    assert hex0x(document.commitment) not in missing(signed_in, "clerk")


def test_a_document_whose_author_has_new_keys_can_be_put_again(office, desk, licensed, write):
    before = rotated("clerk", b"before")
    rotate(office, "clerk", EXPORTER, before)
    document = write("", "put again", keys=before)
    submission, _ = office.shipment(licensed, 1, document=document.commitment)
    office.send_all([submission])
    rotate(office, "clerk", EXPORTER, keys_of("clerk"))
    assert desk("clerk").put(document)


# What the client asks of a key


@pytest.fixture(scope="module")
def shown(desk):
    """The storekeeper as the service names it."""
    answer = desk("storekeeper")._client.get("/v1/documents/readers")
    return next(item for item in answer["items"] if item["account"] == account("storekeeper"))


def prove(item, opened):
    return proven(item, opened.deployment, is_admin=lambda account, _: account == keys_of("dean").address)


def test_a_key_that_its_agents_own_act_brought_is_proven(opened, shown):
    assert prove(shown, opened).x25519 == keys_of("storekeeper").public.x25519


@pytest.mark.parametrize(
    "changes",
    [
        {"x25519": "0x" + 64 * "7"},
        {"organization": 2},
        {"account": "0x" + 40 * "7"},
        {"keyAct": {"signature": "0x" + 130 * "0"}},
        {"keyAct": {"signature": "0x"}},
        {"keyAct": {"message": {"x25519": "0x" + 64 * "7"}}, "x25519": "0x" + 64 * "7"},
        {"keyAct": {"primaryType": "RotateAgentKeys"}},
    ],
    ids=["key", "organization", "account", "signature", "no signature", "key in the act", "kind of act"],
)
def test_a_key_that_the_service_put_in_place_of_another_is_not_proven(opened, shown, changes):
    changes = dict(changes)
    act = changes.pop("keyAct", {})
    message = {**shown["keyAct"]["message"], **act.pop("message", {})}
    item = {**shown, **changes, "keyAct": {**shown["keyAct"], **act, "message": message}}
    with pytest.raises(Refused, match="KeyUnproven"):
        prove(item, opened)


def test_a_rotation_that_no_administrator_signed_is_not_proven(opened, office, desk):
    keys = rotated("storekeeper", b"forged")
    act = office.build(
        RotateAgentKeys,
        END_USER,
        record=opened.deployment.agent_record(END_USER, keys.address),
        parent=ZERO32,
        ed25519=keys.public.ed25519,
        x25519=keys.public.x25519,
    )
    item = {
        "organization": END_USER,
        "account": hex0x(keys.address),
        "x25519": hex0x(keys.public.x25519),
        "sections": [],
        "lacking": [],
        "archive": False,
        "keyAct": office.signed(act, "driver"),
    }
    with pytest.raises(Refused, match="KeyUnproven"):
        prove(item, opened)


def test_an_answer_with_another_document_is_refused(address, office, desk, ship, monkeypatch):
    document, _ = ship("asked for")
    other, _ = ship("given")
    clerk = desk("clerk")
    given = clerk._client.envelope(other.commitment)
    monkeypatch.setattr(Envelope, "read", lambda _: given)
    with pytest.raises(Refused, match="DocumentAltered"):
        clerk.get(document.commitment)


def test_a_stranger_learns_nothing_from_the_vaults_file(opened, desk, ship, tmp_path):
    ship("learns nothing")
    folder = opened.vault._database.engine.url.database
    data = b"".join(path.read_bytes() for path in Path(folder).parent.glob("vault.sqlite*"))
    assert not any(word in data for word in (b"Thermal", b"Kwaya", b"Deltalens", b"840000", b"learns nothing"))
