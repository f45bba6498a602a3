"""Frozen dataclasses as Solidity structs: ABI encoding, EIP-712 hashing and JSON from one list of members.

A class that derives from Struct names its members with `Annotated[type, "solidity type"]` in the struct's order.
Members may be words, static structs, arrays of words or arrays of static structs: all that acts need.
"""

import dataclasses
import functools
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar, cast

from eth_utils.crypto import keccak

from ledger.acts.words import Json, Word
from ledger.errors import InvalidField

MOST_ELEMENTS = 512
"""16 parts of a shipment with 32 lines each."""

Answer = TypeVar("Answer")


def _once(function: Callable[[type["Struct"]], Answer]) -> Callable[[type["Struct"]], Answer]:
    """functools.cache, typed for classes: mypy takes a class with an own __eq__ for unhashable."""
    return cast("Callable[[type[Struct]], Answer]", functools.cache(function))


@dataclass(frozen=True, slots=True)
class Member:
    """One member: Python and Solidity name, its word or struct, and whether it is an array of that."""

    name: str
    solidity_name: str
    type_name: str
    word: Word | None
    struct: type["Struct"] | None
    array: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Struct:
    """A Solidity struct. Construction checks every member and raises InvalidField."""

    def __post_init__(self) -> None:
        for member in members(type(self)):
            value = getattr(self, member.name)
            for field, item in _items(member, value, member.solidity_name):
                if member.word is not None:
                    member.word.check(item, field)
                elif type(item) is not member.struct:
                    raise InvalidField(field, item, member.type_name)

    def words(self) -> bytes:
        """The words of a struct without arrays, one after the other."""
        return b"".join(_encode(member, getattr(self, member.name)) for member in members(type(self)))

    @classmethod
    def has_arrays(cls) -> bool:
        """Whether the ABI encodes the struct with an offset."""
        return any(member.array for member in members(cls))

    def encoded(self) -> bytes:
        """abi.encode(struct)."""
        own = members(type(self))
        if not self.has_arrays():
            return self.words()
        head, tail = b"", b""
        head_size = sum(32 if member.array else _static_size(member) for member in own)
        for member in own:
            value = getattr(self, member.name)
            if member.array:
                head += (head_size + len(tail)).to_bytes(32, "big")
                tail += len(value).to_bytes(32, "big") + b"".join(_encode(member, item) for item in value)
            else:
                head += _encode(member, value)
        return (32).to_bytes(32, "big") + head + tail

    def hashed(self) -> bytes:
        """EIP-712 hashStruct."""
        words = [type_hash(type(self))]
        for member in members(type(self)):
            value = getattr(self, member.name)
            if member.array:
                words.append(keccak(b"".join(_hashed(member, item) for item in value)))
            else:
                words.append(_hashed(member, value))
        return keccak(b"".join(words))

    def to_json(self) -> dict[str, Json]:
        """The members by Solidity name, as wallets show them."""
        shown: dict[str, Json] = {}
        for member in members(type(self)):
            value = getattr(self, member.name)
            shown[member.solidity_name] = (
                [_to_json(member, item) for item in value] if member.array else _to_json(member, value)
            )
        return shown

    @classmethod
    def from_json(cls, value: object, field: str = "message") -> Self:
        """The struct of a JSON object with exactly its members. Raises InvalidField with the path of the fault."""
        if not isinstance(value, Mapping):
            raise InvalidField(field, value, "an object")
        own = members(cls)
        unknown = set(value) - {member.solidity_name for member in own}
        if unknown:
            name = min(unknown, key=str)
            raise InvalidField(f"{field}.{name}", value[name], f"no member of {cls.__name__}")
        read = {}
        for member in own:
            path = f"{field}.{member.solidity_name}"
            if member.solidity_name not in value:
                raise InvalidField(path, "", f"{member.type_name}, required")
            read[member.name] = _member_from_json(member, value[member.solidity_name], path)
        return cls(**read)

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """The struct of abi.encode(struct), byte for byte. Raises InvalidField."""
        own = members(cls)
        base = 32 if cls.has_arrays() else 0
        position = base
        read: dict[str, object] = {}
        for member in own:
            if member.array:
                start = base + int.from_bytes(data[position : position + 32], "big")
                read[member.name] = tuple(_decode_array(member, data, start))
                position += 32
            else:
                read[member.name] = _decode(member, data, position)
                position += _static_size(member)
        struct = cls(**read)
        if struct.encoded() != data:
            raise InvalidField(cls.__name__, data.hex(), "its canonical ABI encoding")
        return struct


@_once
def members(struct: type[Struct]) -> tuple[Member, ...]:
    """The members of a struct in order, from its annotations."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return tuple(_member(field.name, hints[field.name]) for field in dataclasses.fields(struct))


def _member(name: str, hint: Any) -> Member:
    inner, type_name = typing.get_args(hint)[:2]
    array = type_name.endswith("[]")
    element = type_name.removesuffix("[]")
    first, *rest = name.split("_")
    solidity_name = first + "".join(part.capitalize() for part in rest)
    candidate = typing.get_args(inner)[0] if array else inner
    if isinstance(candidate, type) and issubclass(candidate, Struct):
        return Member(name, solidity_name, type_name, None, candidate, array)
    return Member(name, solidity_name, type_name, Word.of(element), None, array)


@_once
def type_string(struct: type[Struct]) -> str:
    """EIP-712 encodeType: the struct, then the structs it names in order of name."""
    named = sorted({m.struct for m in members(struct) if m.struct}, key=lambda other: other.__name__)
    return "".join(_own_type_string(part) for part in (struct, *named))


def _own_type_string(struct: type[Struct]) -> str:
    return f"{struct.__name__}({','.join(f'{m.type_name} {m.solidity_name}' for m in members(struct))})"


@_once
def type_hash(struct: type[Struct]) -> bytes:
    """EIP-712 typeHash, 32 bytes."""
    return keccak(text=type_string(struct))


def _static_size(member: Member) -> int:
    return 32 if member.struct is None else _struct_size(member.struct)


@_once
def _struct_size(struct: type[Struct]) -> int:
    return sum(_static_size(member) for member in members(struct))


def _items(member: Member, value: Any, field: str) -> Iterator[tuple[str, Any]]:
    if not member.array:
        yield field, value
        return
    if not isinstance(value, tuple) or len(value) > MOST_ELEMENTS:
        raise InvalidField(field, value, f"at most {MOST_ELEMENTS} elements")
    for index, item in enumerate(value):
        yield f"{field}[{index}]", item


def _encode(member: Member, value: Any) -> bytes:
    encoded: bytes = member.word.encode(value) if member.word else value.words()
    return encoded


def _hashed(member: Member, value: Any) -> bytes:
    hashed: bytes = member.word.encode(value) if member.word else value.hashed()
    return hashed


def _to_json(member: Member, value: Any) -> Json:
    shown: Json = member.word.to_json(value) if member.word else value.to_json()
    return shown


def _member_from_json(member: Member, value: object, field: str) -> object:
    if not member.array:
        return _from_json(member, value, field)
    if not isinstance(value, list):
        raise InvalidField(field, value, "a list")
    if len(value) > MOST_ELEMENTS:
        raise InvalidField(field, len(value), f"at most {MOST_ELEMENTS} elements")
    return tuple(_from_json(member, item, f"{field}[{index}]") for index, item in enumerate(value))


def _from_json(member: Member, value: Any, field: str) -> object:
    if member.word:
        return member.word.from_json(value, field)
    return member.struct.from_json(value, field) if member.struct else None


def _decode(member: Member, data: bytes, position: int) -> object:
    if member.word:
        word = data[position : position + 32]
        if len(word) != 32:
            raise InvalidField(member.solidity_name, len(data), "a longer encoding")
        return member.word.decode(word, member.solidity_name)
    size = _static_size(member)
    return member.struct.decoded(data[position : position + size]) if member.struct else None


def _decode_array(member: Member, data: bytes, start: int) -> Iterator[object]:
    count = int.from_bytes(data[start : start + 32], "big")
    if count > MOST_ELEMENTS:
        raise InvalidField(member.solidity_name, count, f"at most {MOST_ELEMENTS} elements")
    size = _static_size(member)
    for index in range(count):
        yield _decode(member, data, start + 32 + index * size)
