"""Founding a ledger: its contracts with their first authorities, and the profiles that the founding records commit to.

The profiles lie in the folder as `profiles/<number>.json`: once the authorities' agents have brought keys, one of them
puts them into the vault as any other document.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from ledger.chain.artifacts import refusal
from ledger.chain.deployment import Deployment
from ledger.chain.node import CallReverted
from ledger.config import Founding
from ledger.errors import InvalidField, Unavailable
from ledger.opening import create_ledger


def found_ledger(
    folder: Path, foundings: Sequence[Founding], *, chain_url: str | None = None, deployer_key: bytes | None = None
) -> Deployment:
    """Founds a ledger in `folder`, whole or not at all; see `opening.create_ledger`.

    Raises:
        InvalidField: the folder holds something already.
        Refused: the founders are not what the Directory asks.
        Unavailable: the node or the disk fails.
    """
    draft = None
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InvalidField("folder", str(folder), "a new folder, or an empty one")
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        founders = [founding.founder for founding in foundings]
        deployment = create_ledger(draft, founders, chain_url=chain_url, deployer_key=deployer_key)
        profiles = draft / "profiles"
        profiles.mkdir()
        for number, founding in enumerate(foundings, start=1):
            (profiles / f"{number}.json").write_bytes(founding.profile.data)
        draft.rename(folder)
    except CallReverted as reverted:
        raise refusal(reverted.data) from reverted
    except OSError as error:
        raise Unavailable(f"the ledger's folder cannot be written: {error}") from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return deployment
