"""JSON that has exactly one meaning and exactly one byte form (RFC 8785, I-JSON of RFC 7493).

`parse` reads untrusted bytes, `canonical_bytes` writes. Both refuse what two readers could understand
differently: duplicate names, numbers that are not integers within 2^53 - 1, lone surrogates, nesting
deeper than 32, more than 1 MiB. Nothing is rounded, trimmed or normalized. Quantities and money are
integers in a stated unit, so no float is ever needed.

Order of work in `parse`: size, nesting, UTF-8, JSON grammar, then one walk that names the place of a fault.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

import rfc8785

from ledger.errors import InvalidField

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
READABLE_DEPTH = 2 * MAX_DEPTH
"""Far below what the stack holds: the walk can still name the place of a fault."""
MAX_INTEGER = 2**53 - 1
MAX_INTEGER_DIGITS = 16

SURROGATE = re.compile("[\ud800-\udfff]")
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the tree where the reader met something refused, until the walk knows the path."""

    text: str
    bound: str


def parse(data: bytes, place: str = "document", *, most: int = MAX_BYTES) -> Json:
    """The JSON value that `data` (UTF-8, no byte order mark, at most `most` bytes) says.

    `place` is the first part of the paths in errors.

    Raises:
        InvalidField: with the path (`document.lines[0].quantity`), the value and the bound.
    """
    if len(data) > most:
        raise InvalidField(place, f"{len(data)} bytes", f"at most {most} bytes")
    check_nesting(data, place)
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_float,
        )
    except UnicodeDecodeError as error:
        raise InvalidField(place, f"byte {error.start}", "UTF-8") from error
    except json.JSONDecodeError as error:
        raise InvalidField(place, f"line {error.lineno} column {error.colno}: {error.msg}", "JSON") from error
    _check(value, place, 1)
    parsed: Json = value
    return parsed


def check_nesting(data: bytes, place: str) -> None:
    """Refuses JSON nested deeper than READABLE_DEPTH before a reader follows it.

    Python's own reader recurses. It would raise RecursionError, but py-evm lifts the limit that guards the stack for
    its whole process, and then deep nesting ends the process.
    """
    if data.count(b"{") + data.count(b"[") <= READABLE_DEPTH:
        return
    depth = 0
    for found in _NESTING.finditer(data):
        mark = found.group()
        depth += (mark in b"[{") - (mark in b"]}") if len(mark) == 1 else 0
        if depth > READABLE_DEPTH:
            raise InvalidField(place, "deeper nesting", f"at most {MAX_DEPTH} levels")


def parse_object(data: bytes, place: str = "document") -> JsonObject:
    """As `parse`, and the value must be an object."""
    value = parse(data, place)
    if not is_object(value):
        raise InvalidField(place, value, "a JSON object")
    return value


def parse_canonical_value(data: bytes, place: str = "document") -> Json:
    """As `parse`, and `data` must be the canonical bytes of the value (RFC 8785)."""
    value = parse(data, place)
    if rfc8785.dumps(value) != data:
        raise InvalidField(place, data[:40].decode(errors="replace"), "canonical bytes (RFC 8785)")
    return value


def parse_canonical(data: bytes, place: str = "document") -> JsonObject:
    """As `parse_canonical_value`, and the value must be an object."""
    value = parse_canonical_value(data, place)
    if not is_object(value):
        raise InvalidField(place, value, "a JSON object")
    return value


def canonical_bytes(value: Json, place: str = "document", *, most: int = MAX_BYTES) -> bytes:
    """The one byte form of `value` by RFC 8785, at most `most` bytes.

    Raises:
        InvalidField: when `value` holds what `parse` would refuse.
    """
    _check(value, place, 1)
    data = rfc8785.dumps(value)
    if len(data) > most:
        raise InvalidField(place, f"{len(data)} bytes", f"at most {most} bytes")
    return data


def is_object(value: Json) -> TypeGuard[JsonObject]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def require(document: Mapping[str, Json], field: str, *, wanted: Json, place: str) -> None:
    """Refuse `document` unless its `field` is exactly `wanted` (RFC 8785 equality: true is not 1)."""
    found = document.get(field)
    if canonical_bytes(found) != canonical_bytes(wanted):
        raise InvalidField(f"{place}.{field}", found, f"exactly {wanted!r}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        result[name] = _Fault(name, "each name once in an object") if name in result else value
    return result


def _integer(text: str) -> int | _Fault:
    # Counted before int(): a million digits must cost nothing.
    if len(text.lstrip("-")) > MAX_INTEGER_DIGITS:
        return _Fault(text, f"an integer within ±{MAX_INTEGER}")
    return int(text)


def _float(text: str) -> _Fault:
    return _Fault(text, "an integer without fraction or exponent")


def _check(value: object, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InvalidField(path, "deeper nesting", f"at most {MAX_DEPTH} levels")
    match value:
        case dict():
            for name, member in value.items():
                _check_text(name, path)
                _check(member, f"{path}.{name}", depth + 1)
        case list():
            for index, member in enumerate(value):
                _check(member, f"{path}[{index}]", depth + 1)
        case str():
            _check_text(value, path)
        case _:
            _check_scalar(value, path)


def _check_text(text: object, path: str) -> None:
    if not isinstance(text, str):
        raise InvalidField(path, text, "a name that is a string")
    if SURROGATE.search(text):
        raise InvalidField(path, ascii(text), "no lone surrogates")


def _check_scalar(value: object, path: str) -> None:
    if isinstance(value, _Fault):
        raise InvalidField(path, value.text, value.bound)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise InvalidField(path, value, f"an integer within ±{MAX_INTEGER}")
    elif value is not None:
        raise InvalidField(path, value, "null, true, false, an integer, a string, an array or an object")
