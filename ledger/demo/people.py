"""Who plays: six organizations with people, and one that never joined. All of them are invented."""

from dataclasses import dataclass

from ledger.documents.canonical import JsonObject
from ledger.documents.keys import Keys
from ledger.records.codes import Power, Role


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization of the story; `role` is 0 for the authority, which is founded with the ledger."""

    name: str
    country: str
    locality: str
    role: Role

    def party(self, number: int) -> JsonObject:
        """The organization as documents name it."""
        return {"organization": number, **self.profile()}

    def profile(self) -> JsonObject:
        """What its record commits to."""
        return {"name": self.name, "address": {"locality": self.locality, "country": self.country}}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a key: whose agent, with which powers."""

    name: str
    works_for: Organization
    powers: Power
    keys: Keys

    @property
    def file_name(self) -> str:
        """The name of the key file."""
        return self.name.lower().replace(" ", "-") + ".json"


OFFICE = Organization("Office of Export Licensing", "NL", "Groningen", Role.AUTHORITY)
CUSTOMS = Organization("Customs, Port of Rotterdam", "NL", "Rotterdam", Role.CUSTOMS)
EXPORTER = Organization("Deltalens Instruments B.V.", "NL", "Delft", Role.EXPORTER)
FORWARDER = Organization("Waalhaven Forwarding B.V.", "NL", "Rotterdam", Role.CARRIER)
UNIVERSITY = Organization("Kwaya University", "GH", "Kumasi", Role.END_USER)
TRUST = Organization("Volta Wildlife Trust", "GH", "Ho", Role.END_USER)
AIRLINE = Organization("Gulf of Guinea Air Cargo", "GH", "Accra", Role.CARRIER)
"""Never joined: it has no keys, and others report what it does."""

JOINING = (CUSTOMS, EXPORTER, FORWARDER, UNIVERSITY, TRUST)

_POWERS = {
    "Anna Visser": (OFFICE, Power.ADMIN),
    "Bram Postma": (OFFICE, Power.ADMIN),
    "Carla Jansen": (OFFICE, Power.REGISTER | Power.POLICY),
    "Daan Mulder": (OFFICE, Power.ASSESS | Power.DECIDE),
    "Eva de Wit": (OFFICE, Power.DECIDE),
    "Femke Bos": (OFFICE, Power.ENFORCE),
    "Gijs Smit": (OFFICE, Power.ENFORCE),
    "Hugo Kramer": (OFFICE, Power.RECORD),
    "Mila Hendriks": (CUSTOMS, Power.ADMIN),
    "Noor Peters": (CUSTOMS, Power.INSPECT),
    "Iris Bakker": (EXPORTER, Power.ADMIN),
    "Jan de Boer": (EXPORTER, Power.APPLY | Power.SHIP | Power.CUSTODY),
    "Kees Vos": (FORWARDER, Power.ADMIN),
    "Lotte Dekker": (FORWARDER, Power.CUSTODY),
    "Osei Boateng": (UNIVERSITY, Power.ADMIN),
    "Abena Owusu": (UNIVERSITY, Power.CERTIFY),
    "Kofi Asante": (UNIVERSITY, Power.CUSTODY),
    "Ama Mensah": (TRUST, Power.ADMIN),
    "Yaw Darko": (TRUST, Power.CERTIFY | Power.CUSTODY),
}


def cast() -> dict[str, Person]:
    """Everybody, by name, with fresh keys."""
    return {name: Person(name, house, powers, Keys.generate()) for name, (house, powers) in _POWERS.items()}
