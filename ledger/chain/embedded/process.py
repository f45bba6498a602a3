"""The embedded chain in a process of its own, so that executing a block never stops the caller's threads.

Parent and child share one socket pair and no port: requests and answers are JSON messages with a length
in front. The child belongs to the parent: it ends when the other end closes, which the kernel does for a
parent that was killed. It has a session of its own, so an interrupt at the terminal reaches the parent
alone, which can finish its writes first.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ledger.chain.embedded.backend import Genesis
from ledger.chain.embedded.rpc import Answer, EmbeddedChain, Mode
from ledger.errors import InvalidField, LedgerError, Unavailable

_LOCK_PATIENCE = 10.0
"""Seconds to wait for the lock: the child of a killed parent may still be finishing its last block."""


class ChainProcess:
    """Starts the child on the file at `path` and speaks to it; parameters as of `EmbeddedChain`.

    Calls from several threads queue up; each waits at most `timeout` seconds for its answer.

    Raises:
        Unavailable: another process writes this chain, or the child did not start or answer in time.
        InvalidField: no chain in the file and no genesis, or the file's chain has another id.
    """

    def __init__(
        self,
        path: Path,
        genesis: Genesis | None = None,
        *,
        mode: Mode = "write",
        patience: float = _LOCK_PATIENCE,
        timeout: float = 120.0,
    ) -> None:
        ours, theirs = socket.socketpair()
        self._timeout = timeout
        self._guard = threading.Lock()
        self._sent = 0
        self._child = subprocess.Popen(  # noqa: S603  # our own module under our own interpreter
            [sys.executable, "-m", "ledger.chain.embedded", str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # Hashes six times as fast as pycryptodome, which eth-hash takes when both are there.
            env={"ETH_HASH_BACKEND": "pysha3", **os.environ},
        )
        theirs.close()
        self._connection = Connection(ours.detach())
        funded = [] if genesis is None else [account.hex() for account in genesis.funded]
        opening = {
            "path": str(path),
            "chain_id": None if genesis is None else genesis.chain_id,
            "funded": funded,
            "mode": mode,
            "patience": patience,
        }
        try:
            self._opened(self._exchange("open", [opening]))
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        return self._child.pid

    def request(self, method: str, params: Sequence[Any]) -> Answer:
        """As `EmbeddedChain.request`.

        Raises:
            Unavailable: no answer from the child, which ended or took too long; a write may have happened.
        """
        return self._exchange(method, params)

    def close(self) -> None:
        """Let the child finish what it does and end. Harmless when it has ended."""
        with self._guard:
            self._connection.close()
        self._child.wait()

    def _exchange(self, method: str, params: Sequence[Any]) -> Answer:
        until = time.monotonic() + self._timeout
        with self._guard:
            self._sent += 1
            try:
                self._connection.send_bytes(json.dumps([self._sent, method, params]).encode())
                while self._connection.poll(max(0.0, until - time.monotonic())):
                    number, answer = json.loads(self._connection.recv_bytes())
                    if number == self._sent:  # an older number answers a request that timed out
                        return dict(answer)
            except (OSError, EOFError) as error:
                raise Unavailable(f"the chain's process has ended: {method} has no answer") from error
        raise Unavailable(f"the chain's process gave no answer to {method} in {self._timeout:g} s")

    @staticmethod
    def _opened(answer: Answer) -> None:
        if "invalid" in answer:
            raise InvalidField(*answer["invalid"])
        if "unavailable" in answer:
            raise Unavailable(answer["unavailable"])


def serve(descriptor: int) -> None:
    """The child's whole life: open the chain that the first message names, answer until the end of input."""
    connection = Connection(descriptor)
    try:
        number, _, (opening,) = json.loads(connection.recv_bytes())
        try:
            chain = _open(opening)
        except LedgerError as error:
            connection.send_bytes(json.dumps([number, _refusal(error)]).encode())
            return
        connection.send_bytes(json.dumps([number, {"result": True}]).encode())
        while True:
            number, method, params = json.loads(connection.recv_bytes())
            connection.send_bytes(json.dumps([number, _answer(chain, method, params)]).encode())
    except (EOFError, OSError):
        # The parent is gone. Every acknowledged block is on disk, so there is nothing left to do.
        return


def _answer(chain: EmbeddedChain, method: str, params: Sequence[Any]) -> Answer:
    try:
        return chain.request(method, params)
    except Exception as error:  # noqa: BLE001  # outermost loop: one broken request must not end the chain
        return {"error": {"code": -32603, "message": f"{method} broke: {type(error).__name__} {error}"}}


def _open(opening: dict[str, Any]) -> EmbeddedChain:
    funded = tuple(bytes.fromhex(account) for account in opening["funded"])
    genesis = None if opening["chain_id"] is None else Genesis(opening["chain_id"], funded)
    return EmbeddedChain(Path(opening["path"]), genesis, mode=opening["mode"], patience=opening["patience"])


def _refusal(error: LedgerError) -> dict[str, Any]:
    if isinstance(error, InvalidField):
        return {"invalid": [error.values["field"], error.values["value"], error.values["bound"]]}
    return {"unavailable": str(error)}
