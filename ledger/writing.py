"""From what a client wants to say to what its key signs, and from what was signed to an act.

`prepare` fills in what follows from the ledger: record, parent, salt, deadline. It judges no rule; what it gives may
still be refused. `submission` reads a signed act strictly and sends nothing.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ledger.acts.act import Act
from ledger.acts.digests import DOMAIN_NAME, DOMAIN_VERSION, digest_of
from ledger.acts.kinds import act_class, salted, typed_data_types
from ledger.acts.words import Json, Word
from ledger.chain.deployment import Deployment
from ledger.errors import InvalidField, Refused
from ledger.ids import ZERO32, Digest, RecordId, Time, hex0x
from ledger.read_model.model import ReadModel
from ledger.records.states import Organization

DEADLINE = 86_400
"""Seconds from now, where the client names no deadline."""
_SIGNATURE = re.compile(r"0x[0-9a-fA-F]{130}")
_NAMING = ("exporter", "end_user", "authority", "to", "hold_of", "delegate")
_MEMBERS = {"types", "domain", "primaryType", "message", "signature"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An act ready to sign: EIP-712 typed data for any wallet, its digest, the record that it is about."""

    typed_data: dict[str, Json]
    digest: Digest
    record: RecordId


def prepare(
    name: str, fields: Mapping[str, object], *, read_model: ReadModel, deployment: Deployment, now: Time
) -> Prepared:
    """The typed data of the act `name` with `fields` by their Solidity names; those given stay as they are.

    Where they are missing: `record` of a creating act is computed from its organization and salt, `salt` is random,
    `parent` is the record's current head (0 to create), `deadline` is a day from `now` (UTC seconds).

    Raises:
        InvalidField: no such act, a field that is missing, unknown or unreadable.
        Refused: UnknownRecord, UnknownOrganization.
    """
    cls = act_class(name, "kind")
    message = dict(fields)
    message.setdefault("deadline", now + DEADLINE)
    act = _creating(cls, message, deployment) if cls.CREATES else _continuing(cls, message, read_model)
    for number in _organizations(act):
        if read_model.numbered(Organization, number).item is None:
            raise Refused("UnknownOrganization", {"organization": number})
    digest = digest_of(act, deployment.chain_id, deployment.address(cls.CONTRACT))
    return Prepared(_typed_data(act, deployment), digest, RecordId(act.record))


def _creating(cls: type[Act], message: dict[str, object], deployment: Deployment) -> Act:
    message.setdefault("parent", hex0x(ZERO32))
    if salted(cls):
        message.setdefault("salt", hex0x(os.urandom(32)))
    if "record" in message:
        return cls.from_json(message, "fields")
    act = cls.from_json({**message, "record": hex0x(ZERO32)}, "fields")
    # The salt of an agent is its account, as a word.
    salt: bytes = getattr(act, "salt" if salted(cls) else "account").rjust(32, b"\0")
    return replace(act, record=deployment.record(cls.RECORD, act.organization, salt))


def _continuing(cls: type[Act], message: dict[str, object], read_model: ReadModel) -> Act:
    record = RecordId(_record(message))
    found = read_model.record(record).item
    if found is None:
        raise Refused("UnknownRecord", {"record": record})
    message.setdefault("parent", hex0x(found.head))
    return cls.from_json(message, "fields")


def _record(message: Mapping[str, object]) -> bytes:
    record = Word.of("bytes32").from_json(message.get("record"), "fields.record")  # type: ignore[arg-type]  # refused
    return bytes(record) if isinstance(record, bytes) else b""


def _organizations(act: Act) -> Iterator[int]:
    """The numbers of the organizations that the act names, itself included; 0 is nobody."""
    named = [getattr(act, name, 0) for name in ("organization", *_NAMING)]
    named += [party.organization for party in getattr(act, "parties", ())]
    return filter(None, dict.fromkeys(named))


def _typed_data(act: Act, deployment: Deployment) -> dict[str, Json]:
    types: dict[str, Json] = {name: [dict(m) for m in own] for name, own in typed_data_types(type(act)).items()}
    return {
        "types": types,
        "domain": _domain(type(act), deployment),
        "primaryType": type(act).__name__,
        "message": act.to_json(),
    }


def _domain(cls: type[Act], deployment: Deployment) -> dict[str, Json]:
    return {
        "name": DOMAIN_NAME,
        "version": DOMAIN_VERSION,
        "chainId": deployment.chain_id,
        "verifyingContract": hex0x(deployment.address(cls.CONTRACT)),
    }


def submission(body: object, deployment: Deployment) -> tuple[Act, bytes]:
    """The act and signature of `{primaryType, message, signature}`; `domain` and `types` may be there and must be ours.

    Nobody's signature is checked here.

    Raises:
        InvalidField: a member that is missing, unknown or unreadable, or typed data of another ledger.
    """
    if not isinstance(body, Mapping):
        raise InvalidField("", body, "an object")
    for name in body.keys() - _MEMBERS:
        raise InvalidField(str(name), body[name], f"one of {', '.join(sorted(_MEMBERS))}")
    cls = act_class(body.get("primaryType"))
    if "domain" in body:
        _equal(body["domain"], _domain(cls, deployment), "domain")
    if "types" in body and body["types"] != typed_data_types(cls):
        raise InvalidField("types", body["types"], f"the types of {cls.__name__} as prepare gives them")
    act = cls.from_json(body.get("message"))
    signature = body.get("signature")
    if not isinstance(signature, str) or not _SIGNATURE.fullmatch(signature):
        raise InvalidField("signature", signature, "0x and 130 hex digits")
    return act, bytes.fromhex(signature[2:])


def _equal(given: object, ours: Mapping[str, Json], field: str) -> None:
    if not isinstance(given, Mapping):
        raise InvalidField(field, given, "an object")
    for name in sorted(given.keys() | ours.keys(), key=str):
        if name not in ours:
            raise InvalidField(f"{field}.{name}", given[name], "no member of the domain")
        if not _same(given.get(name), ours[name]):
            raise InvalidField(f"{field}.{name}", given.get(name, ""), str(ours[name]))


def _same(given: object, ours: Json) -> bool:
    """Addresses are equal in any case of their digits; nothing else is."""
    if isinstance(given, str) and isinstance(ours, str) and ours.startswith("0x"):
        return given.lower() == ours.lower()
    return type(given) is type(ours) and given == ours
