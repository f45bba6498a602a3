"""Every act by name and by number."""

import dataclasses
import inspect

from ledger.acts import (
    applications,
    certificates,
    custody,
    licensing,
    manifests,
    orders,
    organizations,
    reports,
)
from ledger.acts.act import Act
from ledger.acts.structs import members, type_string
from ledger.errors import InvalidField

ACTS: dict[str, type[Act]] = {
    name: cls
    for module in (organizations, certificates, applications, licensing, manifests, custody, orders, reports)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, Act) and cls is not Act
}
BY_KIND: dict[int, type[Act]] = {cls.KIND: cls for cls in ACTS.values()}
NESTED: frozenset[type[Act]] = frozenset({custody.AcceptHandoff})
"""Acts that their contract takes as a member of another struct, so that the calldata holds the encoded act whole."""


def act_class(name: object, field: str = "primaryType") -> type[Act]:
    """The act of that name. Raises InvalidField."""
    if not isinstance(name, str) or name not in ACTS:
        raise InvalidField(field, name, "the name of an act")
    return ACTS[name]


def decode_act(kind: int, data: bytes) -> Act:
    """The act of an entry. Raises InvalidField where kind or encoding is unknown."""
    if kind not in BY_KIND:
        raise InvalidField("kind", kind, "the number of an act")
    return BY_KIND[kind].decoded(data)


def selector_signature(act: type[Act]) -> str:
    """The Solidity signature of the function that takes the act: offerHandoff((bytes32,...),bytes)."""
    function = act.__name__[0].lower() + act.__name__[1:]
    taken = f"({_tuple(act)})" if act in NESTED else _tuple(act)
    return f"{function}({taken},bytes)"


def _tuple(struct: type) -> str:
    inner = []
    for member in members(struct):
        base = _tuple(member.struct) if member.struct else member.type_name.removesuffix("[]")
        inner.append(base + ("[]" if member.array else ""))
    return f"({','.join(inner)})"


def typed_data_types(act: type[Act]) -> dict[str, list[dict[str, str]]]:
    """The `types` of an EIP-712 typed data object for the act, EIP712Domain included."""
    domain = (
        ("name", "string"),
        ("version", "string"),
        ("chainId", "uint256"),
        ("verifyingContract", "address"),
    )
    types = {"EIP712Domain": [{"name": name, "type": kind} for name, kind in domain]}
    pending: list[type] = [act]
    while pending:
        struct = pending.pop(0)
        types[struct.__name__] = [{"name": m.solidity_name, "type": m.type_name} for m in members(struct)]
        pending.extend(m.struct for m in members(struct) if m.struct)
    return types


def salted(act: type[Act]) -> bool:
    """Whether a creating act carries its salt (an agent's salt is its account)."""
    return any(field.name == "salt" for field in dataclasses.fields(act))


__all__ = [
    "ACTS",
    "BY_KIND",
    "NESTED",
    "act_class",
    "decode_act",
    "salted",
    "selector_signature",
    "type_string",
    "typed_data_types",
]
