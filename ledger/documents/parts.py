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
    PackageCode,
    Text,
    Unit,
)

Criterion = Literal[
    "arms1",
    "arms2",
    "arms3",
    "arms4",
    "arms5",
    "arms6",
    "arms7",
    "arms8",
    "dualUseA",
    "dualUseB",
    "dualUseC",
    "dualUseD",
    "national",
]
Role = Literal["authority", "customs", "mission", "exporter", "carrier", "consignee", "endUser", "broker", "auditor"]


class PostalAddress(Form):
    """Where somebody is; `country` for the rules (ZZ where a source does not tell it), the rest for the envelope."""

    street: Name | None = None
    postal_code: Name | None = None
    locality: Name | None = None
    region: Name | None = None
    country: Country | Literal["ZZ"]


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


class Amount(Form):
    """Money: an integer of minor units (cents) of `currency`."""

    minor_units: Count
    currency: Currency


class ControlList(Form):
    """One version of a control list. `text_hash` is the SHA-256 of its text, so that no later edition stands for it."""

    list: Name
    version: Name
    text_hash: Hex32


class ControlEntry(ControlList):
    """An entry of a control list; here `text_hash` is the SHA-256 of the entry's own text, UTF-8, as published."""

    code: Name


class RegisterCode(Form):
    """An entry as a register names it: the list of its day decided, of which the register keeps no text."""

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

    `occurrence` tells rows of one number apart, `fingerprint` is a hash of the row's fields, `decisions` and
    `amount_decisions` name each rule of the mapping that decided what the row left open. `time_zone` (IANA) is where
    the days are days. `line_number` is left out where rows above it may come and go.
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
    control_entries: tuple[RegisterCode, ...] = Field(default=(), max_length=16)
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
    amount_decisions: tuple[Name, ...] = Field(default=(), max_length=32)


class Package(Form):
    """Packages of one kind: marks, what kind, how many, gross weight in grams."""

    marks: Name
    package_code: PackageCode | None = None
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
    """One ground of a refusal and what it means here.

    `arms1` to `arms8` are the criteria of Article 2 of Council Common Position 2008/944/CFSP, `dualUseA` to `dualUseD`
    the considerations of Article 15(1) of Regulation (EU) 2021/821, `national` is any other law, named in the text.
    """

    criterion: Criterion
    text: Text


class ScreeningList(Form):
    """A list as it was searched: `file_hash` is the SHA-256 of its file, `entries` how many it has."""

    list: Name
    version: Name
    file_hash: Hex32
    entries: Count | None = None


class Hit(Form):
    """An entry of a list that a name came near to, how near (0 to 1000), and why it is one or is none."""

    list: Name
    entry: Name
    name: Name
    score: Annotated[int, Field(ge=0, le=1000)]
    reason: Text | None = None


class ScreenedParty(Form):
    """A party that was screened, and what came of it."""

    party: PartyInRole
    outcome: Literal["clear", "falsePositive", "match", "undecided"]
    hits: tuple[Hit, ...] = Field(default=(), max_length=64)
