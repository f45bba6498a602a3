"""Forms: what a set of fields must look like, read strictly from JSON, with errors that name the path.

A form is a frozen pydantic model. Names are camelCase in JSON and snake_case in Python. An absent field
is left out, never null; a date is YYYY-MM-DD; a number is an integer. Whatever a form reads it writes
back byte for byte, so nothing is ever coerced.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic.alias_generators import to_camel
from typing_extensions import TypeAliasType

from ledger.documents.canonical import MAX_INTEGER, Json, JsonObject, canonical_bytes, parse_object
from ledger.documents.code_lists import COUNTRIES, PACKAGES, UNITS
from ledger.errors import InvalidField

# PostgreSQL's text cannot hold NUL, and no trade paper does.
WITHOUT_NUL = r"^[^\x00]*$"


def _one_of(codes: frozenset[str], name: str) -> Callable[[str], str]:
    def check(code: str) -> str:
        if code not in codes:
            raise ValueError(f"a code of {name}")
        return code

    return check


def _enum(codes: frozenset[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": sorted(codes)})


Name = Annotated[str, Field(min_length=1, max_length=300, pattern=WITHOUT_NUL)]
"""A name or number of something: 1 to 300 characters."""

Text = Annotated[str, Field(min_length=1, max_length=10_000, pattern=WITHOUT_NUL)]
"""Free text as written: 1 to 10,000 characters."""

Country = TypeAliasType("Country", Annotated[str, AfterValidator(_one_of(COUNTRIES, "ISO 3166-1")), _enum(COUNTRIES)])
"""ISO 3166-1 alpha-2, of the countries that exist."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""

Unit = TypeAliasType("Unit", Annotated[str, AfterValidator(_one_of(UNITS, "UNECE Rec 20")), _enum(UNITS)])
"""UNECE Recommendation 20."""

PackageCode = TypeAliasType(
    "PackageCode", Annotated[str, AfterValidator(_one_of(PACKAGES, "UNECE Rec 21")), _enum(PACKAGES)]
)
"""UNECE Recommendation 21."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""ISO 639-1."""

Decimals = Annotated[int, Field(ge=0, le=6)]
"""A quantity counts 10^-decimals of its unit."""

Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""A quantity, or money in minor units of its currency."""

Seconds = Annotated[int, Field(ge=0, lt=2**40)]
"""UTC seconds since 1970-01-01."""

Line = Annotated[int, Field(ge=0, lt=32)]
"""Index of a line of goods, from 0."""

OrganizationRef = Annotated[int, Field(ge=1, lt=2**32)]
"""An organization's number on the ledger."""

Hex32 = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
"""32 bytes."""

Day = date


class Form(BaseModel):
    """Root of all forms."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def read(cls, value: Json, place: str) -> Self:
        """The form that `value` fills in. `place` is the first part of the paths in errors.

        Raises:
            InvalidField: with the path of the first field that does not fit, its value and the bound.
        """
        data = canonical_bytes(value, place)
        try:
            form = cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise InvalidField(_path(place, first["loc"]), first["input"], first["msg"]) from error
        if canonical_bytes(form.to_json()) != data:
            raise InvalidField(place, data.decode(), "no null, names in camelCase, plain dates")
        return form

    def to_json(self) -> JsonObject:
        """The JSON object that `read` turns into this form."""
        text = self.model_dump_json(by_alias=True, exclude_unset=True, exclude_none=True)
        return parse_object(text.encode())


def _path(place: str, steps: tuple[int | str, ...]) -> str:
    for step in steps:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place
