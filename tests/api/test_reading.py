"""Does everybody read what the table gives, cell by cell, and nothing beside it?"""

import functools
import time
from contextlib import ExitStack, closing

import httpx
import pytest

from api.reading import TABLE, As, Extent
from ledger.acts.custody import AcceptHandoff, OfferHandoff
from ledger.acts.manifests import RegisterShipment
from ledger.acts.organizations import AdoptPolicy, EndMandate, GrantMandate, SuspendOrganization
from ledger.opening import create_ledger, open_ledger
from tests import scenario
from tests.api.office import Office, Side, founders
from tests.api.serving import serving
from tests.api.signing_in import asking
from tests.scenario import ADMIN, APPLY, CERTIFY, CUSTODY, DAY, INSPECT, SHIP, VERIFY, founding_agents, salt_of

AUTHORITY, OTHER, EXPORTER, END_USER, CARRIER, CUSTOMS, MISSION, AUDITOR, NEAR, FORWARDER, BYSTANDER = range(1, 12)
FAR, FAR_END_USER, FAR_CUSTOMS, FAR_CARRIER = range(12, 16)
TRADES = APPLY | SHIP | CUSTODY
PEOPLE = {
    EXPORTER: (scenario.EXPORTER, {"export admin": ADMIN, "clerk": TRADES}),
    END_USER: (scenario.END_USER, {"dean": ADMIN, "official": CERTIFY}),
    CARRIER: (scenario.CARRIER, {"carrier admin": ADMIN, "driver": CUSTODY}),
    CUSTOMS: (scenario.CUSTOMS, {"customs admin": ADMIN, "customs officer": INSPECT}),
    MISSION: (scenario.MISSION, {"mission admin": ADMIN, "attaché": VERIFY}),
    AUDITOR: (scenario.AUDITOR, {"auditor": ADMIN}),
    NEAR: (scenario.EXPORTER, {"near admin": ADMIN, "near clerk": TRADES}),
    FORWARDER: (scenario.CARRIER, {"forwarder admin": ADMIN, "forwarder clerk": SHIP | CUSTODY}),
    BYSTANDER: (scenario.CARRIER, {"bystander": ADMIN}),
}
FAR_PEOPLE = {
    FAR: (scenario.EXPORTER, {"far admin": ADMIN, "far clerk": TRADES}),
    FAR_END_USER: (scenario.END_USER, {"far dean": ADMIN, "far official": CERTIFY}),
    FAR_CUSTOMS: (scenario.CUSTOMS, {"far customs": ADMIN}),
    FAR_CARRIER: (scenario.CARRIER, {"far carrier": ADMIN}),
}
SIDES = {
    "own": Side(exporter=EXPORTER, end_user=END_USER),
    "near": Side(exporter=NEAR, end_user=END_USER, clerk="near clerk"),
    "far": Side(
        exporter=FAR,
        end_user=FAR_END_USER,
        authority=OTHER,
        policy=2,
        clerk="far clerk",
        official="far official",
        assessor="assessor of other",
        issuer="issuer of other",
    ),
}
"""Of the party that asks, of another one in the same jurisdiction, of another jurisdiction."""
WHO = {
    As.PARTY: ("clerk", {"own"}),
    As.INSPECTOR: ("customs officer", set()),
    As.AUTHORITY: ("enforcer", {"own", "near"}),
    As.AUDITOR: ("auditor", set()),
}
"""By part: who asks, and in what that organization takes part, or its sponsored."""
RECORDS = ("certificates", "applications", "licenses", "shipments")


class World(Office):
    """Two authorities; for each side a certificate, an application, a license over 10 and a shipment of 4."""

    def found(self):
        acts = [self.accepting(person, AUTHORITY) for person in founding_agents("authority")]
        acts += [self.accepting(person, OTHER) for person in founding_agents("other")]
        for registrar, authority in (("registrar", AUTHORITY), ("registrar of other", OTHER)):
            terms = {"terms": scenario.TERMS, "control_list": salt_of("list")}
            acts.append(self.write(AdoptPolicy, registrar, authority, kind=1, replaces=0, **terms))
        for number, (roles, people) in PEOPLE.items():
            acts += self.joining(number, roles, people)
        for number, (roles, people) in FAR_PEOPLE.items():
            acts += self.joining(number, roles, people, authority=OTHER, registrar="registrar of other")
        self.send_all(acts)

    def trade(self, side):
        submissions, records = self.license(10, side)
        registration, records["shipment"] = self.shipment(records["license"], 4, side)
        self.send_all([*submissions, registration])
        return {f"{kind}s": "0x" + record.hex() for kind, record in records.items()}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading") / "ledger"
    create_ledger(folder, founders("authority", "other"))
    with open_ledger(folder, write=True) as ledger, serving(ledger) as url, ExitStack() as clients:
        world = World(clients.enter_context(httpx.Client(base_url=url, timeout=60)), ledger.deployment)
        world.found()
        auditor = clients.enter_context(closing(asking(url, "auditor")))
        found = auditor.get("/v1/organizations", params={"limit": 200}).json()["items"]
        world.numbers = {item["number"]: item["record"] for item in found}
        person = functools.cache(lambda name: clients.enter_context(closing(asking(url, name))))
        yield world, person, {label: world.trade(side) for label, side in SIDES.items()}


@pytest.fixture(scope="module")
def world(service):
    return service[0]


@pytest.fixture(scope="module")
def signed(service):
    """A client with a session of the person."""
    return service[1]


@pytest.fixture(scope="module")
def trades(service):
    """By side the record ids of each kind."""
    return service[2]


def answered(answer):
    """Whether the answer gives something. A cell that gives nothing is refused, never broken."""
    assert answer.status_code in (200, 401, 403, 404), answer.text
    return answer.status_code == 200


def listed(client, kind, trades):
    answer = client.get(f"/v1/{kind}", params={"limit": 200})
    found = {item["record"] for item in answer.json()["items"]} if answered(answer) else set()
    return {label for label in SIDES if trades[label].get(kind) in found}


def sees_records(kind):
    def seen(client, trades, world):
        ids = {label: trades[label][kind] for label in SIDES}
        ways = [
            listed(client, kind, trades),
            {label for label, record in ids.items() if answered(client.get(f"/v1/{kind}/{record}"))},
            {label for label, record in ids.items() if answered(client.get(f"/v1/records/{record}"))},
            {label for label, record in ids.items() if answered(client.get(f"/v1/records/{record}/history"))},
        ]
        if kind == "shipments":
            paths = {label: f"/v1/shipments/{record}/provenance" for label, record in ids.items()}
            ways.append({label for label, path in paths.items() if answered(client.get(path))})
        assert all(way == ways[0] for way in ways), ways
        return ways[0]

    return seen


def sees_state(client, trades, world):
    paths = ["/healthz", "/readyz", "/v1/schemas", "/v1/schemas/License", "/v1/deployment", "/v1/journal/state"]
    paths += ["/openapi.json", "/docs", *(f"/v1/known/{trades[label]['shipments']}" for label in SIDES)]
    return set(SIDES) if all(answered(client.get(path)) for path in paths) else set()


def sees_directory(client, trades, world):
    lists = [answered(client.get(f"/v1/{kind}")) for kind in ("organizations", "agents", "policies")]
    ids = {label: "0x" + organization(world, side.exporter).hex() for label, side in SIDES.items()}
    found = {label for label, record in ids.items() if answered(client.get(f"/v1/organizations/{record}"))}
    assert set(lists) == {bool(found)}
    return found


def sees_affairs(client, trades, world):
    ids = {label: "0x" + organization(world, side.exporter).hex() for label, side in SIDES.items()}
    return {label for label, record in ids.items() if answered(client.get(f"/v1/records/{record}/history"))}


def sees_entries(client, trades, world):
    return set(SIDES) if answered(client.get("/v1/journal/entries")) else set()


def sees_chain(client, trades, world):
    call = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    return set(SIDES) if answered(client.post("/rpc", json=call)) else set()


def organization(world, number):
    """The record of an organization, in the order in which each authority registered."""
    return bytes.fromhex(world.numbers[number][2:])


SEES = {
    "state": sees_state,
    "directory": sees_directory,
    "affairs": sees_affairs,
    **{kind: sees_records(kind) for kind in RECORDS},
    "entries": sees_entries,
    "chain": sees_chain,
}


def test_every_resource_of_the_table_is_tried():
    assert SEES.keys() == TABLE.keys()


@pytest.mark.parametrize(("resource", "part"), [(resource, part) for resource, row in TABLE.items() for part in row])
def test_a_cell_gives_what_it_says(world, signed, trades, resource, part):
    if part is As.STRANGER:
        client, own = world.client, set()
    else:
        person, own = WHO[part]
        client = signed(person)
    expected = {
        Extent.NOTHING: set(),
        Extent.OWN: own,
        Extent.JURISDICTION: {"own", "near"},
        Extent.ALL: set(SIDES),
    }
    assert SEES[resource](client, trades, world) == expected[TABLE[resource][part]]


def handed(world, shipment, giver, taker):
    """An offer and its acceptance; each (person, organization)."""
    (offering, holder), (accepting, receiver) = giver, taker
    moving = {"record": shipment, "occurred_at": int(time.time()) - 5, "seal": salt_of("seal")}
    taking = {"seal_state": 1, "reservation": False, "document": bytes(32), "counted": (4,)}
    offer = world.write(OfferHandoff, offering, holder, to=receiver, **moving)
    return [offer, world.write(AcceptHandoff, accepting, receiver, **moving, **taking)]


@pytest.fixture(scope="module")
def travelled(world, trades):
    """A shipment that went from the exporter over the carrier to the forwarder, and is offered to a far carrier."""
    registered, record = world.shipment(bytes.fromhex(trades["own"]["licenses"][2:]), 4, SIDES["own"])
    acts = handed(world, record, ("clerk", EXPORTER), ("driver", CARRIER))
    acts += handed(world, record, ("driver", CARRIER), ("forwarder clerk", FORWARDER))
    moving = {"record": record, "occurred_at": int(time.time()) - 5, "seal": salt_of("seal")}
    acts.append(world.write(OfferHandoff, "forwarder clerk", FORWARDER, to=FAR_CARRIER, **moving))
    world.send_all([registered, *acts])
    return "0x" + record.hex()


SEEN_BY = {
    "clerk": True,
    "official": True,
    "driver": True,
    "forwarder clerk": True,
    "far carrier": True,
    "enforcer": True,
    "enforcer of other": True,
    "customs officer": True,
    "far customs": True,
    "attaché": True,
    "auditor": True,
    "near clerk": False,
    "far clerk": False,
    "bystander": False,
}
"""By person, whether it sees that shipment: exporter, end-user, past and present holder, offered to, their sponsors and
the customs and missions of these, auditors; not other exporters, not a carrier that never had to do with it."""


@pytest.mark.parametrize("person", SEEN_BY)
def test_a_shipment_is_seen_by_those_who_have_to_do_with_it(signed, travelled, person):
    client = signed(person)
    found = {item["record"] for item in client.get("/v1/shipments", params={"limit": 200}).json()["items"]}
    single = client.get(f"/v1/shipments/{travelled}").status_code
    assert (travelled in found, single) == ((True, 200) if SEEN_BY[person] else (False, 404))


def test_what_may_not_be_seen_answers_as_what_does_not_exist(signed, travelled):
    hidden, missing = (signed("bystander").get(f"/v1/records/{one}").json() for one in (travelled, "0x" + "ab" * 32))
    assert hidden == missing | {"record": travelled, "detail": hidden["detail"]}


def test_a_carrier_sees_no_license_of_what_it_carries(signed, trades, travelled):
    assert signed("driver").get(f"/v1/licenses/{trades['own']['licenses']}").status_code == 404


def test_pages_hold_what_is_seen_and_nothing_else(signed, trades):
    page = signed("near clerk").get("/v1/shipments", params={"limit": 1}).json()
    assert ([item["record"] for item in page["items"]], page["next"]) == ([trades["near"]["shipments"]], None)


def test_a_filter_finds_nothing_that_may_not_be_seen(signed, trades):
    assert signed("near clerk").get("/v1/shipments", params={"exporter": EXPORTER}).json()["items"] == []


@pytest.fixture(scope="module")
def mandated(world, trades):
    """The forwarder may register shipments for the far exporter."""
    record = bytes.fromhex(world.numbers[FAR][2:])
    until = int(time.time()) + 5 * DAY
    head = _head(world, record)
    kinds = (RegisterShipment.KIND,)
    grant = {"record": record, "parent": head, "delegate": FORWARDER, "until": until, "kinds": kinds}
    world.send_all([world.write(GrantMandate, "far admin", FAR, **grant)])
    return world.numbers[FAR]


def _head(world, record):
    with closing(asking(str(world.client.base_url).rstrip("/"), "auditor")) as auditor:
        return bytes.fromhex(auditor.get(f"/v1/records/0x{record.hex()}").json()["item"]["head"][2:])


def mandates(client, record):
    return [mandate["delegate"] for mandate in client.get(f"/v1/organizations/{record}").json()["item"]["mandates"]]


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        ("far admin", [FORWARDER]),
        ("forwarder clerk", [FORWARDER]),
        ("enforcer of other", [FORWARDER]),
        ("auditor", [FORWARDER]),
        ("enforcer", []),
        ("bystander", []),
    ],
)
def test_a_mandate_is_shown_to_those_whose_affair_it_is(signed, mandated, person, shown):
    assert mandates(signed(person), mandated) == shown


@pytest.mark.parametrize(
    ("person", "found"), [("forwarder clerk", 1), ("auditor", 1), ("bystander", 0), ("enforcer", 0)]
)
def test_who_has_a_mandate_is_found_by_those_whose_affair_it_is(signed, mandated, person, found):
    items = signed(person).get("/v1/organizations", params={"delegate": FORWARDER}).json()["items"]
    assert len(items) == found


def test_a_mandate_gives_what_its_acts_are_about_until_it_ends(world, signed, trades, mandated):
    client = signed("forwarder clerk")
    during = {kind: client.get(f"/v1/{kind}/{trades['far'][kind]}").status_code for kind in RECORDS}
    assert during == {"certificates": 404, "applications": 404, "licenses": 200, "shipments": 200}
    ending = {"record": bytes.fromhex(mandated[2:]), "delegate": FORWARDER}
    world.send_all([world.write(EndMandate, "far admin", FAR, **ending)])
    assert client.get(f"/v1/shipments/{trades['far']['shipments']}").status_code == 404


def test_the_session_of_a_suspended_organizations_agent_ends(world, signed, trades):
    before = signed("bystander").get("/v1/organizations").status_code
    record = bytes.fromhex(world.numbers[BYSTANDER][2:])
    suspending = {"record": record, "parent": _head(world, record), "reason": 1}
    world.send_all([world.write(SuspendOrganization, "enforcer", AUTHORITY, **suspending)])
    after = signed("bystander").get("/v1/organizations")
    assert (before, after.status_code, after.json()["title"]) == (200, 401, "SessionUnknown")
