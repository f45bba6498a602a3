"""Solidity values as 32-byte words, both ways, and as JSON, both ways.

Only the types that acts use: uintN, intN, bool, bytesN, address. Nothing is coerced: a bool is not a number, a float
is refused, padding must be zero. Source: Solidity ABI specification; EIP-712, "Definition of encodeData".
"""

import re
from dataclasses import dataclass

from ledger.errors import InvalidField

Atom = int | bool | bytes
Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

_SAFE_INTEGER = 2**53 - 1
_DECIMAL = re.compile(r"0|-?[1-9][0-9]*")
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_CODE = re.compile(r"[A-Z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Word:
    """One Solidity value type: `kind` uint, int, bool, bytes or address; `size` in bits (numbers) or bytes."""

    name: str
    kind: str
    size: int

    @classmethod
    def of(cls, name: str) -> "Word":
        """The type of that Solidity name: uint96, bool, bytes32, address."""
        if name in ("bool", "address"):
            return cls(name, name, 20)
        kind = name.rstrip("0123456789")
        return cls(name, kind, int(name.removeprefix(kind)))

    def check(self, value: object, field: str) -> Atom:
        """`value` if this type can hold it. Raises InvalidField with `field`."""
        if self.is_number:
            return self._check_number(value, field)
        if self.kind == "bool":
            if isinstance(value, bool):
                return value
            raise InvalidField(field, value, "true or false")
        if isinstance(value, bytes) and len(value) == self.size:
            return value
        raise InvalidField(field, value, f"{self.size} bytes")

    @property
    def is_number(self) -> bool:
        return self.kind in ("uint", "int")

    def _check_number(self, value: object, field: str) -> int:
        minimum = 0 if self.kind == "uint" else -(2 ** (self.size - 1))
        maximum = minimum + 2**self.size - 1
        if isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= maximum:
            return value
        raise InvalidField(field, value, f"integer from {minimum} to {maximum}")

    def encode(self, value: Atom) -> bytes:
        """The value's word; `value` has passed check."""
        if isinstance(value, bytes):
            return value.rjust(32, b"\0") if self.kind == "address" else value.ljust(32, b"\0")
        return int(value).to_bytes(32, "big", signed=self.kind == "int")

    def decode(self, word: bytes, field: str) -> Atom:
        """The value of a word with its padding. Raises InvalidField with `field`."""
        if self.is_number:
            return self._check_number(int.from_bytes(word, "big", signed=self.kind == "int"), field)
        if self.kind == "bool":
            return bool(self._check_bit(int.from_bytes(word, "big"), field))
        value, padding = (word[12:], word[:12]) if self.kind == "address" else (word[: self.size], word[self.size :])
        if any(padding):
            raise InvalidField(field, word.hex(), "zero padding")
        return value

    def _check_bit(self, number: int, field: str) -> int:
        if number > 1:
            raise InvalidField(field, number, "0 or 1")
        return number

    def from_json(self, value: Json, field: str) -> Atom:
        """A JSON number, decimal string, boolean or 0x-hex string as this type. Raises InvalidField."""
        if self.is_number:
            if isinstance(value, str) and _DECIMAL.fullmatch(value) and len(value) <= 78:
                return self.check(int(value), field)
            return self.check(value, field)
        if self.kind == "bool":
            return self.check(value, field)
        if self.size == 3 and isinstance(value, str) and _CODE.fullmatch(value):
            return value.encode().ljust(3, b"\0")
        if isinstance(value, str) and _HEX.fullmatch(value) and len(value) == 2 + 2 * self.size:
            return bytes.fromhex(value[2:])
        bound = f"0x and {2 * self.size} hex digits"
        raise InvalidField(field, value, bound + (" or a unit code" if self.size == 3 else ""))

    def to_json(self, value: Atom) -> Json:
        """Numbers as JSON numbers, of 96 bits or beyond 2^53 as decimal strings, bytes as 0x-hex."""
        if isinstance(value, bytes):
            return "0x" + value.hex()
        if self.is_number and (self.size > 64 or abs(value) > _SAFE_INTEGER):
            return str(value)
        return value
