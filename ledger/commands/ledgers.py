"""`deploy`, `status` and `rebuild`: a ledger's folder, from the side of whoever runs it."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.acts.words import Json
from ledger.client import Client
from ledger.commands.answers import REFUSED, AsJson, answer, answering
from ledger.commands.inputs import contents
from ledger.errors import InvalidField
from ledger.ids import hex0x

Folder = Annotated[Path, typer.Argument(help="The ledger's folder.", file_okay=False)]
Chain = Annotated[str | None, typer.Option(help="Address of the JSON-RPC node, where the chain is not in the folder.")]


def deploy(
    folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.", file_okay=False)],
    founders: Annotated[Path, typer.Option(help="FOUNDERS.toml: the authorities and their first agents.")],
    chain: Chain = None,
    deployer_key_file: Annotated[
        Path | None, typer.Option(help="On a node: the hex key of a fresh account that can pay.", dir_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Found a ledger in FOLDER: its chain, its contracts, its trust root deployment.json."""
    with answering(as_json):
        from ledger.config import read_founders
        from ledger.founding import found_ledger

        key = None if deployer_key_file is None else _private_key(deployer_key_file)
        deployment = found_ledger(folder, read_founders(founders), chain_url=chain, deployer_key=key)
        found: dict[str, Json] = {
            "folder": str(folder),
            "chainId": deployment.chain_id,
            "block": deployment.block,
            "journal": hex0x(deployment.address("Journal")),
            "agents": [
                {
                    "organization": number,
                    "account": hex0x(agent.account),
                    "record": hex0x(deployment.agent_record(number, agent.account)),
                }
                for number, founder in enumerate(deployment.founders, start=1)
                for agent in founder.agents
            ],
        }
        answer(found, as_json)


def status(
    folder: Annotated[Path | None, typer.Argument(help="The ledger's folder.", file_okay=False)] = None,
    service: Annotated[str | None, typer.Option(help="Ask this service instead.")] = None,
    chain: Chain = None,
    as_json: AsJson = False,
) -> None:
    """Show how long the journal is, and whether the read model knows all of it."""
    with answering(as_json):
        if (folder is None) == (service is None):
            raise InvalidField("folder", str(folder), "either a folder or --service")
        answer(_status_of(folder, chain) if folder is not None else _status_at(str(service)), as_json)


def rebuild(folder: Folder, chain: Chain = None, as_json: AsJson = False) -> None:
    """Throw the read model away and build it again from the chain; both must be the same."""
    with answering(as_json):
        from ledger.opening import open_ledger
        from ledger.read_model.follower import rebuild as rebuild_from

        with open_ledger(folder, write=True, chain_url=chain) as ledger:
            before = hex0x(ledger.read_model.digest())
            rebuild_from(ledger.read_model, ledger.node, ledger.deployment)
            after = hex0x(ledger.read_model.digest())
        answer({"before": before, "after": after, "equal": before == after}, as_json)
        raise typer.Exit(0 if before == after else REFUSED)


def _status_of(folder: Path, chain: str | None) -> dict[str, Json]:
    from ledger.chain.artifacts import view_call
    from ledger.opening import open_ledger

    with open_ledger(folder, write=False, chain_url=chain) as ledger:
        state = ledger.node.call(ledger.deployment.address("Journal"), view_call("state()"))
        head, known = ledger.node.head(), ledger.read_model.cursor()
        return {
            "chainId": ledger.deployment.chain_id,
            "block": head.number,
            "entries": int.from_bytes(state[:32], "big"),
            "journalHead": hex0x(state[32:64]),
            "readModelBlock": 0 if known is None else known.number,
            "readModelCurrent": known is not None and known.hash == head.hash,
        }


def _status_at(service: str) -> dict[str, Json]:
    with Client(service) as client:
        deployment, journal = client.get("/v1/deployment"), client.get("/v1/journal/state")
        return {"service": service, "chainId": deployment["chain_id"], **journal}


def _private_key(file: Path) -> bytes:
    try:
        return bytes.fromhex(contents(file, "deployerKeyFile").decode().strip().removeprefix("0x"))
    except ValueError as fault:
        # The value stays out of the message: it may be most of a key.
        raise InvalidField("deployerKeyFile", "…", "a private key in hex") from fault
