"""What may be asked of the lists: filters by name, a limit, a cursor. An unknown name is refused, not ignored."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.parsing import HEX32, bytes_of
from api.shapes import Asked
from ledger.read_model.questions import LONGEST_PAGE
from ledger.records import codes

Filter = TypeVar("Filter")
Number = Annotated[int, Field(ge=1, lt=2**32, description="An organization's number.")]
Moment = Annotated[int, Field(ge=0, lt=2**40, description="UTC seconds since 1970-01-01.")]
RecordId = Annotated[str, Field(pattern=HEX32), AfterValidator(bytes_of)]
Account = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(bytes_of)]


class Slice(BaseModel):
    """Where a page begins, and how long it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 50
    after: Annotated[str | None, Field(max_length=200, description="`next` of the page before.")] = None

    def wanted(self, kind: type[Filter]) -> Filter:
        """The filter of the read model with what was asked."""
        asked = {name: value for name, value in self if value is not None and name not in ("limit", "after", "at")}
        return kind(**asked)


class Organizations(Slice):
    role: Annotated[int | None, Asked(codes.Role)] = None
    sponsor: Number | None = None
    status: Annotated[int | None, Asked(codes.OrganizationStatus)] = None
    delegate: Annotated[Number | None, Field(description="Holds a mandate of it.")] = None
    recovered: bool | None = None
    voted: Annotated[bool | None, Field(description="With open votes on it.")] = None


class Places(Slice):
    """A page of what is numbered in order of coming."""

    after: Annotated[str | None, Field(pattern="^[0-9]{1,18}$", description="`next` of the page before.")] = None

    @property
    def place(self) -> int:
        """After which the page begins."""
        return int(self.after or 0)


class Documents(Places):
    recipient: Annotated[str | None, Field(pattern=HEX32, description="An X25519 key; else your own.")] = None

    @property
    def x25519(self) -> bytes | None:
        return bytes_of(self.recipient) if self.recipient else None


class Agents(Slice):
    organization: Number | None = None
    account: Account | None = None
    status: Annotated[int | None, Asked(codes.AgentStatus)] = None


class Policies(Slice):
    organization: Number | None = None
    kind: Annotated[int | None, Asked(codes.LicenseKind)] = None


class Certificates(Slice):
    exporter: Number | None = None
    end_user: Number | None = None
    status: Annotated[int | None, Asked(codes.CertificateStatus)] = None
    grade: Annotated[int | None, Asked(codes.CertificateGrade)] = None
    supersedes: RecordId | None = None


class Applications(Slice):
    exporter: Number | None = None
    authority: Number | None = None
    status: Annotated[int | None, Asked(codes.ApplicationStatus)] = None
    kind: Annotated[int | None, Asked(codes.LicenseKind)] = None
    continues: RecordId | None = None


class Licenses(Slice):
    exporter: Number | None = None
    authority: Number | None = None
    status: Annotated[int | None, Asked(codes.LicenseStatus)] = None
    kind: Annotated[int | None, Asked(codes.LicenseKind)] = None
    in_force_at: Moment | None = None
    overdue_at: Moment | None = None
    continues: RecordId | None = None
    supersedes: RecordId | None = None
    at: Annotated[Moment | None, Field(description="When `standing` is told for; now, if left out.")] = None


class Shipments(Slice):
    license: RecordId | None = None
    authority: Number | None = None
    exporter: Number | None = None
    holder: Number | None = None
    end_user: Number | None = None
    status: Annotated[int | None, Asked(codes.ShipmentStatus)] = None
    grade: Annotated[int | None, Asked(codes.CustodyGrade)] = None
    irregular: bool | None = None
    held_by: Annotated[Number | None, Field(description="Its hold stops the shipment.")] = None
    recalled: bool | None = None
    parent: RecordId | None = None


class Overdue(Slice):
    license: RecordId | None = None
    authority: Number | None = None
    exporter: Number | None = None
    holder: Number | None = None
    at: Annotated[Moment | None, Field(description="The moment of the question; now, if left out.")] = None


class Entries(BaseModel):
    """A part of the journal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[int, Field(ge=0, lt=2**63, description="The sequence number before the first entry.")] = 0
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 50
