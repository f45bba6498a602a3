"""The one tree of errors.

    LedgerError
    + Refused       the same call will be refused again: the contract's custom error, or an input's
      - InvalidField    input that cannot be read: names the field, the value and the bound
    + Unavailable   it may work later: a node, a file lock or a service that does not answer

A refusal has the contract's error name and values and keeps them unchanged from Solidity to HTTP.
"""

from collections.abc import Mapping

Value = str | int | bool | bytes


class LedgerError(Exception):
    """Root of every error that this project raises on purpose."""


class Refused(LedgerError):
    """The contract's (or the service's) refusal: `name` of the error and `values` by field name."""

    def __init__(self, name: str, values: Mapping[str, Value] | None = None) -> None:
        self.name = name
        self.values = dict(values or {})
        super().__init__(name, self.values)

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={show(value)}" for key, value in self.values.items())
        return f"{self.name}({shown})"


class InvalidField(Refused):
    """Input that cannot be read. `field` is its path (`message.counted[0]`), `bound` what is allowed."""

    def __init__(self, field: str, value: object, bound: str) -> None:
        super().__init__("InvalidField", {"field": field, "value": brief(value), "bound": bound})


class Unavailable(LedgerError):
    """Something outside did not answer or is in use; the same call may work later."""


def show(value: Value) -> str:
    """A value as people read it: bytes as 0x-hex."""
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


def brief(value: object, limit: int = 80) -> str:
    """The start of any value's text, so that a hostile input cannot fill an answer."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[:limit] + "…"
