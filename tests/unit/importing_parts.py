"""What the unit tests of the import share: an officer's desk without a service, and the rows of the sample."""

from pathlib import Path

from api.importing.acts import Desk, PreparedRow, prepare
from api.importing.identity import IdentityKey
from api.importing.mapping import parse_mapping
from api.importing.rows import RegisterRow, read_register
from ledger.chain.artifacts import CONTRACTS
from ledger.chain.deployment import Deployment
from ledger.ids import Address
from tests.scenario import keys_of

REGISTER = Path("tests/data/sample_register.csv").read_bytes()
MAPPING = parse_mapping(Path("tests/data/sample_register.toml").read_bytes())
ADDRESSES = {name: Address(bytes([index]) * 20) for index, name in enumerate(CONTRACTS, start=1)}
DESK = Desk(
    deployment=Deployment(chain_id=4242, block=1, addresses=ADDRESSES, code_hashes={}, founders=()),
    authority=1,
    recorder=keys_of("recorder"),
    issuer=keys_of("issuer"),
    mapping=MAPPING,
    key=IdentityKey(bytes(range(32))),
    clock=lambda: 1_800_000_000,
)


def rows(data: bytes = REGISTER) -> dict[int, RegisterRow]:
    return {row.line: row for row in read_register(data, MAPPING) if isinstance(row, RegisterRow)}


def prepared(row: RegisterRow, desk: Desk = DESK) -> PreparedRow:
    found = prepare(desk, row)
    assert isinstance(found, PreparedRow)
    return found
