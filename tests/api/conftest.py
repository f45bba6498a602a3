"""One running service for all API tests: its own ledger, its own embedded chain, a real server on a port of its own."""

import socket
import threading
import time

import httpx
import pytest
import uvicorn

from api.app import create_app
from ledger.opening import create_ledger, open_ledger
from tests.api.office import Office, founders


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service") / "ledger"
    create_ledger(folder, founders())
    with open_ledger(folder, write=True) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def app(opened):
    return create_app(opened)


@pytest.fixture(scope="session")
def address(app):
    """Where the service listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield "http://{}:{}".format(*listening.getsockname())
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def client(address):
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def office(client, opened):
    """The authority, an exporter, a carrier and an end-user have agents; nothing has been licensed."""
    office = Office(client, opened.deployment)
    office.settle()
    return office


@pytest.fixture(scope="session")
def trade(office):
    """A license over 10 with one shipment of 4: the records by kind, as 0x-hex, and every answer in order."""
    submissions, records = office.license(10)
    registration, records["shipment"] = office.shipment(records["license"], 4)
    answers = office.send_all([*submissions, registration])
    return {kind: "0x" + record.hex() for kind, record in records.items()} | {"answers": answers}
