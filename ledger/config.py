"""What is configured, read once into frozen values: who founds a ledger.

FOUNDERS.toml names each founding authority and its first agents by their key files, of which only the public part is
read:

    [[authority]]
    name = "Office of Export Licensing"
    country = "NL"
    agents = [
        { key = "keys/admin.json", powers = ["admin"] },  # the path starts from FOUNDERS.toml
        { key = "keys/caseworker.json", powers = ["assess"] },
    ]

An unknown name is refused. Whether such an authority can be founded (two administrators, two officers) is the
Directory's to judge.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from ledger.chain.deployment import Appointee, Founder
from ledger.documents.canonical import JsonObject
from ledger.documents.credentials import Document, anonymous
from ledger.documents.forms import Country, Form, Name
from ledger.documents.keys import public_part
from ledger.errors import InvalidField
from ledger.records.codes import Power, Role, names_of


class _Agent(Form):
    key: Name
    powers: tuple[Name, ...] = Field(min_length=1)


class _Authority(Form):
    name: Name
    country: Country
    agents: tuple[_Agent, ...] = Field(min_length=1)


class _Founders(Form):
    authority: tuple[_Authority, ...] = Field(min_length=1, max_length=16)


@dataclass(frozen=True, slots=True)
class Founding:
    """A founding authority, and the profile that its record commits to."""

    founder: Founder
    profile: Document


def read_founders(path: Path) -> tuple[Founding, ...]:
    """The founding authorities that the TOML file at `path` names.

    Raises:
        InvalidField: no file, not TOML, or a field that cannot be read, with its path.
        Refused: KeyFileUnknown.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise InvalidField("founders", str(path), f"a file that can be read ({fault.strerror})") from fault
    except ValueError as fault:
        raise InvalidField("founders", path.name, f"TOML: {fault}") from fault
    form = _Founders.read(found, "founders")
    return tuple(
        _founding(authority, path.parent, f"founders.authority[{index}]")
        for index, authority in enumerate(form.authority)
    )


def founding(name: str, country: str, agents: tuple[Appointee, ...]) -> Founding:
    """An authority with its first agents. Its profile is not signed: nobody has keys on the ledger yet."""
    subject: JsonObject = {"name": name, "address": {"country": country}}
    profile = anonymous("OrganizationProfile", subject)
    return Founding(Founder(Role.AUTHORITY, profile.commitment, agents), profile)


def _founding(authority: _Authority, folder: Path, place: str) -> Founding:
    agents = []
    for index, agent in enumerate(authority.agents):
        powers = _powers(agent.powers, f"{place}.agents[{index}].powers")
        agents.append(Appointee(public_part(folder / agent.key).address, powers))
    return founding(authority.name, authority.country, tuple(agents))


def _powers(names: tuple[str, ...], place: str) -> Power:
    known = {names_of(power)[0]: power for power in Power}
    powers = Power(0)
    for index, name in enumerate(names):
        if name not in known:
            raise InvalidField(f"{place}[{index}]", name, f"one of {', '.join(known)}")
        powers |= known[name]
    return powers


