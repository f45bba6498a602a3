"""A real server on a port of its own, as long as it is asked."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api.app import create_app
from ledger.opening import OpenLedger


@contextmanager
def serving(ledger: OpenLedger) -> Iterator[str]:
    """The URL of a service over the ledger."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = "http://{}:{}".format(*listening.getsockname())
        config = uvicorn.Config(create_app(ledger, url), log_level="critical", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()
