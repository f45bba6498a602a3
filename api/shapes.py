"""How single values are shown in JSON: bytes as lower-case 0x-hex, quantities as decimal strings, codes as words.

Each is a type for the models of `api.answers` and carries its own description for OpenAPI. Values that are shown
already are left alone. Nothing is read from a caller here.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ledger.acts.kinds import ACTS, BY_KIND
from ledger.ids import hex0x
from ledger.records import codes


@dataclass(frozen=True, slots=True)
class Code:
    """A status, kind, control or grade as a word."""

    kind: type[IntEnum]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._shown, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "enum": [_word(code) for code in self.kind]}

    def _shown(self, value: Any) -> Any:
        return _word(self.kind(value)) if isinstance(value, int) else value


@dataclass(frozen=True, slots=True)
class Flags:
    """Roles, powers or broken rules as words, lowest bit first."""

    kind: type[IntFlag]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._shown, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "array", "items": {"type": "string", "enum": [_word(flag) for flag in self.kind]}}

    def _shown(self, value: Any) -> Any:
        return list(codes.names_of(self.kind(value))) if isinstance(value, int) else value


@dataclass(frozen=True, slots=True)
class Asked:
    """The number that a word of a question stands for: a status, kind, grade or a role's bit."""

    kind: type[IntEnum] | type[IntFlag]

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "enum": list(self._numbers())}

    def _read(self, word: object) -> int:
        numbers = self._numbers()
        if not isinstance(word, str) or word not in numbers:
            raise ValueError(f"one of {', '.join(numbers)}")
        return numbers[word]

    def _numbers(self) -> dict[str, int]:
        return {_word(code): int(code) for code in self.kind if code}


def _word(code: IntEnum | IntFlag) -> str:
    if isinstance(code, codes.CertificateGrade | codes.CustodyGrade):
        return codes.letter_of(code) or "none"
    return codes.name_of(code) if isinstance(code, IntEnum) else codes.names_of(code)[0]


def _hex(value: Any) -> Any:
    return hex0x(value) if isinstance(value, bytes) else value


def _decimal(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


def _unit(value: Any) -> Any:
    return value.rstrip(b"\0").decode("ascii", "replace") if isinstance(value, bytes) else value


def _party_role(bit: Any) -> Any:
    return codes.names_of(codes.Role(1 << bit))[0] if isinstance(bit, int) else bit


def _act_name(kind: Any) -> Any:
    return BY_KIND[kind].__name__ if isinstance(kind, int) else kind


def _act_names(kinds: Any) -> Any:
    return [act.__name__ for kind, act in BY_KIND.items() if kinds >> kind & 1] if isinstance(kinds, int) else kinds


Hex = Annotated[str, BeforeValidator(_hex), Field(pattern=r"^0x([0-9a-f]{2})*$", examples=["0x5c5c"])]
Hex20 = Annotated[str, BeforeValidator(_hex), Field(pattern=r"^0x[0-9a-f]{40}$", examples=["0x" + 20 * "5c"])]
Hex32 = Annotated[str, BeforeValidator(_hex), Field(pattern=r"^0x[0-9a-f]{64}$", examples=["0x" + 32 * "5c"])]
Amount = Annotated[
    str,
    BeforeValidator(_decimal),
    Field(pattern=r"^[0-9]+$", description="Counts 10^-decimals of the unit.", examples=["40"]),
]
Unit = Annotated[str, BeforeValidator(_unit), Field(description="UNECE Recommendation 20.", examples=["NAR"])]
Seconds = Annotated[int, Field(description="UTC seconds since 1970-01-01; 0: none.", examples=[1795305600])]
Number = Annotated[int, Field(description="0: none.", examples=[2])]
Share = Annotated[int, Field(description="Parts per billion of the license's value.", examples=[500_000_000])]

Roles = Annotated[list[str], Flags(codes.Role)]
Powers = Annotated[list[str], Flags(codes.Power)]
Broken = Annotated[list[str], Flags(codes.Irregular)]
ActName = Annotated[str, BeforeValidator(_act_name), Field(json_schema_extra={"enum": list(ACTS)})]
ActNames = Annotated[list[ActName], BeforeValidator(_act_names)]
PartyRole = Annotated[str, BeforeValidator(_party_role), Field(examples=["end-user"])]
LicenseKind = Annotated[str, Code(codes.LicenseKind)]
Control = Annotated[str, Code(codes.Control)]
Motion = Annotated[str, Code(codes.Motion)]
OrganizationStatus = Annotated[str, Code(codes.OrganizationStatus)]
AgentStatus = Annotated[str, Code(codes.AgentStatus)]
CertificateStatus = Annotated[str, Code(codes.CertificateStatus)]
ApplicationStatus = Annotated[str, Code(codes.ApplicationStatus)]
LicenseStatus = Annotated[str, Code(codes.LicenseStatus)]
ShipmentStatus = Annotated[str, Code(codes.ShipmentStatus)]
CertificateGrade = Annotated[str, Code(codes.CertificateGrade)]
CustodyGrade = Annotated[str, Code(codes.CustodyGrade)]
