"""The parts documents are made of: parties, money, lines of goods, a row of somebody else's register.

Fields only; `kinds` says which document has which parts.
"""

from typing import Annotated, Literal

from pydantic import Field

from ledger.documents.forms import (
    Count,
    Country,
    Currency,
    Day,
    Decimals,
    Form,
    Hex32,
    Line,
    Name,
    OrganizationRef,
    Text,
    Unit,
)

Role = Literal["authority", "customs", "mission", "exporter", "carrier", "consignee", "endUser", "broker", "auditor"]


class PostalAddress(Form):
    """Where somebody is; `country` for the rules, the rest for the envelope."""

    street: Name | None = None
    postal_code: Name | None = None
    locality: Name | None = None
    region: Name | None = None
    country: Country


class Reference(Form):
    """A number somebody else gave: contract, trade register, EORI, customs declaration, waybill."""

    scheme: Name
    number: Name
    date: Day | None = None


class Party(Form):
    """Somebody named in a document; `organization` is the number on the ledger, if there is one."""

    organization: OrganizationRef | None = None
    name: Name
    address: PostalAddress
    references: tuple[Reference, ...] = Field(default=(), max_length=16)


class PartyInRole(Party):
    """A further party and what it does."""

    role: Role


class Signatory(Form):
    """The responsible official who signs, and by what authority (15 CFR 748.11(b)(5))."""

    name: Name
    title: Name
    authority: Text | None = None


class Amount(Form):
    """Money: an integer of minor units (cents) of `currency`."""

    minor_units: Count
    currency: Currency


class ControlEntry(Form):
    """An entry of one version of a control list; the version pins the text that was decided on."""

    list: Name
    version: Name
    code: Name


class Goods(Form):
    """One line of goods. `quantity_as_written` keeps the source's words where units were converted."""

    description: Text
    part_number: Name | None = None
    control_entries: tuple[ControlEntry, ...] = Field(default=(), max_length=16)
    commodity_code: Name | None = None
    unit: Unit
    decimals: Decimals
    quantity_as_written: Name | None = None
    value: Amount | None = None


class CountedGoods(Goods):
    """A line with its quantity in 10^-decimals of the unit."""

    quantity: Count


class LicensedGoods(Goods):
    """A line of an application or license; no quantity means without a limit."""

    quantity: Count | None = None


class RegisterRow(Form):
    """A row of a license register kept elsewhere: what it says, as written, and how it was read.

    `occurrence` tells rows of one number apart, `fingerprint` is a hash of the row's fields, `decisions`
    names each rule of the mapping that decided what the row left open. `time_zone` (IANA) is where the
    days are days. `line_number` is left out where rows above it may come and go.
    """

    source: Name
    number: Name
    occurrence: Annotated[int, Field(ge=1)]
    line_number: Annotated[int, Field(ge=1)] | None = None
    fingerprint: Hex32 | None = None
    issue_date: Day
    expiry_date: Day
    time_zone: Name | None = None
    goods_as_written: Text
    control_code_as_written: Name | None = None
    control_entries: tuple[ControlEntry, ...] = Field(default=(), max_length=16)
    end_use_as_written: Text | None = None
    duration: Literal["permanent", "temporary"]
    destination_as_written: Name
    destinations: tuple[Country, ...] = Field(default=(), max_length=256)
    via: tuple[Country, ...] = Field(default=(), max_length=16)
    origin_as_written: Name | None = None
    origin: Country | None = None
    value_as_written: Name | None = None
    value: Amount | None = None
    drawn_as_written: Name | None = None
    drawn: Amount | None = None
    decisions: tuple[Name, ...] = Field(default=(), max_length=32)


class Package(Form):
    """Packages of one kind: marks, UNECE Rec 21 code, how many, gross weight in grams."""

    marks: Name
    package_code: Unit | None = None
    count: Count
    gross_grams: Count | None = None


class ManifestLine(CountedGoods):
    """Goods that draw on line `line` of the license."""

    line: Line
    serials: tuple[Name, ...] = Field(default=(), max_length=256)


class CountedLine(Form):
    """What was counted of line `line` of the shipment, in 10^-decimals of that line's unit."""

    line: Line
    counted: Count
    note: Text | None = None
    serials: tuple[Name, ...] = Field(default=(), max_length=256)


class Reason(Form):
    """One ground of a refusal: the criterion's number and what it means here."""

    criterion: Name
    text: Text
