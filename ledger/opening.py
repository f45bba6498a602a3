"""A ledger's folder: founding one, and opening it to write or to read.

deployment.json   the trust root; written last, so a folder without it holds no ledger
checkpoint*       the log's key and its newest checkpoint, see `publishing`
relay.key         the key of the account that pays for transactions; owner only
chain.sqlite      the embedded chain, unless the ledger lives on a node
read_model.sqlite outbox.sqlite
vault.sqlite      sealed documents, unless the vault is another database
profiles/         what the founders' records commit to, in the clear: nobody had keys yet that it could be sealed to
lock              held by the one process that writes

Writes only where chain id and code are those of the trust root, and where the journal holds all that this folder's
callers were told: a backup of the chain must not fork history. The deployer's key is forgotten at once.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from eth_utils.crypto import keccak

from ledger.chain.account import RelayAccount
from ledger.chain.artifacts import refusal, view_call
from ledger.chain.deployment import Deployment, Founder, deploy
from ledger.chain.embedded import BLOCK_GAS, ChainProcess, EmbeddedChain, Genesis
from ledger.chain.gas import MOST_GAS
from ledger.chain.gate import Gate
from ledger.chain.node import Block, CallReverted, Node
from ledger.chain.outbox import Outbox
from ledger.chain.relay import Knowledge, Relay
from ledger.errors import InvalidField, Refused, Unavailable
from ledger.ids import Digest, hex0x
from ledger.journal.entries import Entry
from ledger.publishing import Log, Publisher
from ledger.read_model.follower import follow
from ledger.read_model.model import ReadModel
from ledger.vault.store import Vault

_FILES = ("deployment.json", "relay.key", "chain.sqlite", "read_model.sqlite", "outbox.sqlite")


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """An opened ledger; `with` closes it, the relay's queue drained. `relay` and `log` are None when opened to read."""

    deployment: Deployment
    node: Node
    read_model: ReadModel
    vault: Vault
    relay: Relay | None
    log: Log | None
    _closing: ExitStack

    def close(self) -> None:
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_ledger(
    folder: Path, founders: Sequence[Founder], *, chain_url: str | None = None, deployer_key: bytes | None = None
) -> Deployment:
    """Founds a ledger in `folder`, which is made where it is missing: draws keys and chain id, deploys.

    On the node at `chain_url`, whose accounts pay for gas, `deployer_key` is the key of an account that has sent
    nothing and can pay for the deployment; the relay's account is paid for by whoever runs the ledger.

    Raises:
        InvalidField: the folder holds a ledger, or what is left of an attempt that was killed.
        Refused: the founders are not what the Directory asks, by its error.
        Unavailable: the node or the disk fails.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = [name for name in _FILES if (folder / name).exists()]
        if held:
            raise InvalidField("folder", str(folder), f"a folder without a ledger; this one holds {', '.join(held)}")
        try:
            return _found(folder, founders, chain_url=chain_url, deployer_key=deployer_key or os.urandom(32))
        except BaseException:
            _clear(folder)
            raise
    except CallReverted as reverted:
        raise refusal(reverted.data) from reverted
    except OSError as error:
        raise Unavailable(f"the ledger's folder cannot be written: {error}") from error


def _found(folder: Path, founders: Sequence[Founder], *, chain_url: str | None, deployer_key: bytes) -> Deployment:
    relay_key = os.urandom(32)
    _write(folder / "relay.key", relay_key.hex() + "\n", mode=0o600)
    with _writable_chain(folder, chain_url, (deployer_key, relay_key)) as node:
        deployment = deploy(node, RelayAccount(deployer_key, chain_id=node.chain_id()), founders)
        with _read_model(folder) as read_model:
            follow(read_model, node, deployment)
    _write(folder / "deployment.json", deployment.to_json(), mode=0o644)
    return deployment


def _clear(folder: Path) -> None:
    """Takes back what an attempt left: none of it was there before."""
    for name in _FILES:
        for path in folder.glob(f"{name}*"):
            path.unlink()


def open_ledger(folder: Path, *, write: bool, chain_url: str | None = None, vault_url: str | None = None) -> OpenLedger:
    """Opens the ledger in `folder`; to write, it takes the folder's lock and starts chain and relay.

    `vault_url` is the SQLAlchemy URL of the database that keeps the documents, a file in the folder where it is None.

    Raises:
        Unavailable: no ledger here, or another process writes it, or a part does not answer.
        InvalidField: chain or code are not those of the trust root.
        Refused: JournalShorter, the chain lacks entries that callers of this folder were told of, or witnesses saw;
            JournalRewritten, it holds others than those in the last checkpoint.
    """
    deployment = Deployment.load(folder / "deployment.json")
    with ExitStack() as stack:
        if write:
            stack.enter_context(_lock(folder))
        chain = _writable_chain(folder, chain_url) if write else _readable_chain(folder, chain_url)
        node = stack.enter_context(chain)
        _check(node, deployment)
        read_model = stack.enter_context(_read_model(folder))
        relay, log = None, None
        if write:
            log = _log(folder, deployment, node, read_model, stack=stack)
            gate = Gate(node, deployment, _account(folder, deployment), BLOCK_GAS if chain_url is None else MOST_GAS)
            relay = _relay(folder, gate, read_model, stack=stack, alone=chain_url is None)
        vault = stack.enter_context(closing(Vault(vault_url or f"sqlite:///{folder / 'vault.sqlite'}")))
        return OpenLedger(deployment, node, read_model, vault, relay, log, stack.pop_all())


def _log(folder: Path, deployment: Deployment, node: Node, read_model: ReadModel, *, stack: ExitStack) -> Log:
    follow(read_model, node, deployment)
    log = Log(folder, deployment, node, read_model)
    log.compare()
    stack.callback(Publisher(log.publish).close)
    return log


def _relay(folder: Path, gate: Gate, read_model: ReadModel, *, stack: ExitStack, alone: bool) -> Relay:
    outbox = Outbox(folder / "outbox.sqlite", clock=time.time)
    stack.callback(outbox.close)
    told, length = outbox.last_seq(), _journal_length(gate)
    if told > length:
        raise Refused("JournalShorter", {"length": length, "told": told})

    def catch_up() -> None:
        follow(read_model, gate.node, gate.deployment)

    def entered(digest: Digest) -> Entry | None:
        found = read_model.entry_by_digest(digest).item
        return None if found is None else found.entry

    def apply(entries: Sequence[Entry], block: Block) -> None:
        # On the embedded chain every block is the relay's; on a network its blocks hold others' entries too.
        if alone:
            read_model.apply(entries, block)
        else:
            catch_up()

    relay = Relay(gate, outbox, Knowledge(apply, catch_up, entered))
    stack.callback(relay.close)
    return relay


def _check(node: Node, deployment: Deployment) -> None:
    """The chain must be the trust root's, and the code on it too."""
    chain_id = node.chain_id()
    if chain_id != deployment.chain_id:
        raise InvalidField("deployment.chainId", deployment.chain_id, f"{chain_id}, the id of the chain")
    for name, address in deployment.addresses.items():
        found = keccak(node.code(address))
        if found != deployment.code_hashes[name]:
            trusted = hex0x(deployment.code_hashes[name])
            raise InvalidField(f"deployment.codeHashes.{name}", trusted, f"{hex0x(found)}, the code on the chain")


def _journal_length(gate: Gate) -> int:
    answer = gate.node.call(gate.deployment.address("Journal"), view_call("state()"))
    return int.from_bytes(answer[:32], "big")


def _account(folder: Path, deployment: Deployment) -> RelayAccount:
    try:
        key = bytes.fromhex((folder / "relay.key").read_text().strip())
    except (OSError, ValueError) as error:
        raise Unavailable("relay.key cannot be read") from error
    return RelayAccount(key, chain_id=deployment.chain_id)


@contextmanager
def _writable_chain(folder: Path, chain_url: str | None, founding_keys: tuple[bytes, ...] = ()) -> Iterator[Node]:
    """The embedded chain in a process of its own, founded when there are keys to fund; or a node."""
    if chain_url is not None:
        yield Node.connect(chain_url)
        return
    genesis = None
    if founding_keys:
        # Far above every public chain's id, so that no wallet takes the one for the other.
        chain_id = 2**52 + secrets.randbelow(2**52)
        funded = tuple(RelayAccount(key, chain_id=chain_id).address for key in founding_keys)
        genesis = Genesis(chain_id, funded)
    with closing(ChainProcess(folder / "chain.sqlite", genesis)) as chain:
        yield Node.embedded(chain)


@contextmanager
def _readable_chain(folder: Path, chain_url: str | None) -> Iterator[Node]:
    if chain_url is not None:
        yield Node.connect(chain_url)
        return
    with closing(EmbeddedChain(folder / "chain.sqlite", mode="read")) as chain:
        yield Node.embedded(chain)


def _read_model(folder: Path) -> closing[ReadModel]:
    return closing(ReadModel(f"sqlite:///{folder / 'read_model.sqlite'}"))


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Held until the end; the kernel lets go of it when the process dies."""
    with (folder / "lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            raise Unavailable(f"this ledger is in use by {holder}: it alone may write") from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        yield


def _write(path: Path, text: str, *, mode: int) -> None:
    """A new file, on disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
