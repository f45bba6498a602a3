"""One running service for all API tests: its own ledger, its own embedded chain, a real server on a port of its own."""

import functools
from contextlib import ExitStack, closing

import httpx
import pytest

from api.app import create_app
from ledger.opening import create_ledger, open_ledger
from tests.api.office import Office, founders
from tests.api.serving import serving
from tests.api.signing_in import SERVICE, asking


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service") / "ledger"
    create_ledger(folder, founders())
    with open_ledger(folder, write=True) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def app(opened):
    """The application without a server."""
    return create_app(opened, SERVICE)


@pytest.fixture(scope="session")
def address(opened):
    """Where the service listens."""
    with serving(opened) as url:
        yield url


@pytest.fixture(scope="session")
def stranger(address):
    """Somebody without a session."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def office(stranger, opened):
    """The authority, an exporter, a carrier, an end-user and an auditor have agents; nothing has been licensed."""
    office = Office(stranger, opened.deployment)
    office.settle()
    return office


@pytest.fixture(scope="session")
def signed_in(address, office):
    """A client with a session of the person, once for each."""
    with ExitStack() as clients:
        yield functools.cache(lambda person: clients.enter_context(closing(asking(address, person))))


@pytest.fixture(scope="session")
def client(signed_in):
    """An auditor's: it may read everything."""
    return signed_in("auditor")


@pytest.fixture(scope="session")
def trade(office):
    """A license over 10 with one shipment of 4: the records by kind, as 0x-hex, and every answer in order."""
    submissions, records = office.license(10)
    registration, records["shipment"] = office.shipment(records["license"], 4)
    answers = office.send_all([*submissions, registration])
    return {kind: "0x" + record.hex() for kind, record in records.items()} | {"answers": answers}
