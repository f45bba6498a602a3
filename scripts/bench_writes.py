"""How many signed acts a second does the service write, and how long does a client wait?

    scripts/bench writes [--acts N] [--clients N] [--naive-acts N] [--relay-only]

Real signatures over HTTP on an embedded chain of its own, every client sending its next act when it has the answer to
the last. Beside it, in the same run, the same call written the plain way: one transaction a request, the node asked for
nonce, gas and fees each time. Signing is done before the clock starts; the clients are a process of their own.
"""

import argparse
import contextlib
import itertools
import multiprocessing
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from ledger.chain.artifacts import act_call, entries_of
from ledger.chain.deployment import Appointee, Founder
from ledger.client import SERVICE
from ledger.documents.keys import Keys
from ledger.ids import hex0x
from ledger.opening import OpenLedger, create_ledger, open_ledger
from ledger.records.codes import Power, Role
from ledger.writing import prepare, submission

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What one way of writing did: acts, seconds from first to last, seconds that each client waited."""

    name: str
    acts: int
    seconds: float
    waits: list[float]
    blocks: int
    ahead: float

    @property
    def rate(self) -> float:
        return self.acts / self.seconds

    def line(self) -> str:
        p50, p99 = (statistics.quantiles(self.waits, n=100)[at] * 1000 for at in (49, 98))
        return (
            f"{self.name:<24}{self.acts:>6} acts {self.seconds:>7.2f} s {self.rate:>7.1f} acts/s"
            f"   p50 {p50:>6.0f} ms   p99 {p99:>6.0f} ms   {self.blocks:>5} blocks   chain ahead {self.ahead:>3.0f} s"
        )


@contextlib.contextmanager
def new_ledger() -> Iterator[tuple[OpenLedger, Keys]]:
    """A ledger of one authority, and the keys of the agent that records parties there."""
    keys = Keys.generate()
    with tempfile.TemporaryDirectory() as name:
        # A founding authority needs two admins and two officers.
        others = [Appointee(Keys.generate().address, p) for p in (Power.ADMIN, Power.ADMIN, Power.ASSESS, Power.DECIDE)]
        founder = Founder(Role.AUTHORITY, os.urandom(32), (*others, Appointee(keys.address, Power.RECORD)))
        create_ledger(Path(name) / "ledger", [founder])
        with open_ledger(Path(name) / "ledger", write=True) as ledger:
            record = hex0x(ledger.deployment.agent_record(1, keys.address))
            own = {"ed25519": hex0x(keys.public.ed25519), "x25519": hex0x(keys.public.x25519)}
            body = signed(ledger, keys, "AcceptAppointment", {"record": record, **own})
            ledger_relay(ledger).submit(*submission(body, ledger.deployment)).result()
            yield ledger, keys


def ledger_relay(ledger: OpenLedger) -> Any:
    if ledger.relay is None:
        raise SystemExit("the ledger is not open for writing")
    return ledger.relay


def signed(ledger: OpenLedger, keys: Keys, name: str, fields: Body) -> Body:
    ready = prepare(
        name,
        {"organization": 1, **fields},
        read_model=ledger.read_model,
        deployment=ledger.deployment,
        now=int(time.time()),
    )
    return {**ready.typed_data, "signature": hex0x(keys.sign_digest(ready.digest))}


def parties(ledger: OpenLedger, keys: Keys, count: int) -> list[Body]:
    """Signed acts that depend on nothing."""
    return [
        signed(ledger, keys, "RecordParty", {"roles": int(Role.EXPORTER), "profile": hex0x(os.urandom(32))})
        for _ in range(count)
    ]


def settle(ledger: OpenLedger) -> int:
    """Wait until the chain is not ahead of the clock; the head's number."""
    while (ahead := ledger.node.head().time - time.time()) > 0:
        time.sleep(ahead)
    return ledger.node.head().number


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app's address while it is served."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def drive(url: str, bodies: list[Body], clients: int) -> tuple[float, list[float]]:
    """Posts the bodies from so many clients; seconds in all and for each."""
    turn = itertools.count()

    def client(_: int) -> list[float]:
        waits = []
        with httpx.Client(base_url=url, timeout=120) as http:
            while (index := next(turn)) < len(bodies):
                begun = time.perf_counter()
                http.post("/v1/acts", json=bodies[index]).raise_for_status()
                waits.append(time.perf_counter() - begun)
        return waits

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        waits = [wait for each in threads.map(client, range(clients)) for wait in each]
    return time.perf_counter() - begun, waits


def over_http(name: str, app: FastAPI, ledger: OpenLedger, *, bodies: list[Body], clients: int) -> Run:
    before = settle(ledger)
    with served(app) as url, multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, waits = pool.apply(drive, (url, bodies, clients))
    return run_of(name, ledger, before=before, seconds=seconds, waits=waits)


def relay_only(ledger: OpenLedger, bodies: list[Body]) -> Run:
    """All acts at once, without HTTP: what relay and chain can do."""
    acts = [submission(body, ledger.deployment) for body in bodies]
    before, waits = settle(ledger), []
    begun = time.perf_counter()
    futures = [ledger_relay(ledger).submit(act, signature) for act, signature in acts]
    for future in futures:
        future.add_done_callback(lambda _: waits.append(time.perf_counter() - begun))
    for future in futures:
        future.result()
    return run_of("relay, no HTTP", ledger, before=before, seconds=time.perf_counter() - begun, waits=waits)


def run_of(name: str, ledger: OpenLedger, *, before: int, seconds: float, waits: list[float]) -> Run:
    head = ledger.node.head()
    return Run(name, len(waits), seconds, waits, head.number - before, max(0.0, head.time - time.time()))


def naive_app(ledger: OpenLedger) -> FastAPI:
    """The same call without outbox and batches: a transaction of its own for each request."""
    app, one_at_a_time = FastAPI(), threading.Lock()
    account = ledger_relay(ledger)._gate.account  # the bench alone borrows it: the relay has nothing to do meanwhile

    @app.post("/v1/acts")
    def submit(body: Body) -> Body:
        act, signature = submission(body, ledger.deployment)
        contract, data = ledger.deployment.address(act.CONTRACT), act_call(act, signature)
        with one_at_a_time:
            account.nonce = ledger.node.nonce(account.address)
            gas = ledger.node.gas_for(contract, data, sender=account.address)
            raw = account.sign(contract, data, gas=gas, fees=ledger.node.fees())
            receipt = ledger.node.receipt(ledger.node.send(raw))
        entry = entries_of(receipt.logs if receipt else ())[0]
        return {"seq": entry.seq, "head": hex0x(entry.record_head)}

    return app


def main(arguments: list[str]) -> int:
    """Runs the benchmark and prints it; 0."""
    parser = argparse.ArgumentParser(prog="bench writes", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--acts", type=int, default=600)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--naive-acts", type=int, default=150)
    parser.add_argument("--relay-only", action="store_true")
    asked = parser.parse_args(arguments)
    with new_ledger() as (ledger, keys):
        direct = relay_only(ledger, parties(ledger, keys, asked.acts))
        print(direct.line())
        if asked.relay_only:
            return 0
        bodies = parties(ledger, keys, asked.acts)
        app = create_app(ledger, SERVICE)
        ours = over_http(f"service, {asked.clients} clients", app, ledger, bodies=bodies, clients=asked.clients)
        print(ours.line())
    with new_ledger() as (ledger, keys):
        bodies = parties(ledger, keys, asked.naive_acts)
        naive = over_http("one transaction an act", naive_app(ledger), ledger, bodies=bodies, clients=asked.clients)
        print(naive.line())
    print(f"{ours.rate / naive.rate:.1f} times the plain way")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
