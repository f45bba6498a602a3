"""What the contracts store, read through their view functions with the names of the ABI.

Types come from the artifacts; nothing is believed about their order.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

from ledger.chain.artifacts import artifact
from ledger.chain.node import Node
from ledger.ids import Address


def read_view(node: Node, address: Address, contract: str, function: str, *arguments: object) -> Any:
    """The answer of a view function: one value, or several by name; structs with their members by name."""
    form = form_of(contract, function)
    answer = node.call(address, call_data(form, *arguments))
    values = decode([type_of(given) for given in form["outputs"]], answer)
    read = [_named(given, value) for given, value in zip(form["outputs"], values, strict=True)]
    if len(read) == 1:
        return read[0]
    return SimpleNamespace(**{given["name"]: value for given, value in zip(form["outputs"], read, strict=True)})


def form_of(contract: str, function: str) -> Mapping[str, Any]:
    """The ABI of one function."""
    return next(item for item in artifact(contract).abi if item.get("name") == function)


def call_data(form: Mapping[str, Any], *arguments: object) -> bytes:
    """Calldata of any function, tuples among its arguments or not."""
    types = [type_of(given) for given in form["inputs"]]
    return keccak(text=f"{form['name']}({','.join(types)})")[:4] + encode(types, arguments)


def type_of(form: Mapping[str, Any]) -> str:
    """The canonical name of an ABI type, a tuple's members written out."""
    if not form["type"].startswith("tuple"):
        return str(form["type"])
    inner = ",".join(type_of(member) for member in form["components"])
    return f"({inner}){form['type'].removeprefix('tuple')}"


def _named(form: Mapping[str, Any], value: Any) -> Any:
    if not form["type"].startswith("tuple"):
        return value
    if form["type"].endswith("[]"):
        return [_struct(form, item) for item in value]
    return _struct(form, value)


def _struct(form: Mapping[str, Any], value: Any) -> SimpleNamespace:
    members = form["components"]
    return SimpleNamespace(**{m["name"]: _named(m, v) for m, v in zip(members, value, strict=True)})
