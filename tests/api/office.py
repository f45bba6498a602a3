"""A client of the service that signs with the people of `tests.scenario` and knows what it has sent.

Acts that follow one another go out in one batch: heads and record ids are computed here, as any offline signer can.
"""

import time
from typing import Any

import httpx

from ledger.acts.act import Act
from ledger.acts.applications import ApplyForLicense, AssessApplication, LicenseLine, Party
from ledger.acts.certificates import CertificateLine, SignCertificate
from ledger.acts.digests import digest_of
from ledger.acts.kinds import salted
from ledger.acts.licensing import IssueLicense
from ledger.acts.manifests import Draw, RegisterShipment
from ledger.acts.organizations import AcceptAppointment, AdoptPolicy, AppointAgent, RegisterOrganization
from ledger.chain.deployment import Appointee, Deployment, Founder
from ledger.ids import ZERO32
from ledger.journal.entries import founding_head, next_head
from tests import scenario
from tests.scenario import DAY, DOCUMENT, NAR, founding_agents, keys_of, salt_of

AUTHORITY, EXPORTER, CARRIER, END_USER = 1, 2, 3, 4
PEOPLE: dict[int, tuple[int, dict[str, int]]] = {
    EXPORTER: (
        scenario.EXPORTER,
        {"export admin": scenario.ADMIN, "clerk": scenario.APPLY | scenario.SHIP | scenario.CUSTODY},
    ),
    CARRIER: (scenario.CARRIER, {"carrier admin": scenario.ADMIN, "driver": scenario.CUSTODY}),
    END_USER: (
        scenario.END_USER,
        {"dean": scenario.ADMIN, "official": scenario.CERTIFY, "storekeeper": scenario.CUSTODY},
    ),
}


def founders() -> list[Founder]:
    agents = tuple(
        Appointee(keys_of(person).address, powers) for person, powers in founding_agents("authority").items()
    )
    return [Founder(scenario.AUTHORITY, salt_of("authority"), agents)]


class Office:
    """Everybody's signing desk before one service."""

    def __init__(self, client: httpx.Client, deployment: Deployment) -> None:
        self.client, self.deployment = client, deployment
        self.heads: dict[bytes, bytes] = {}
        self._salts = 0
        for person, powers in founding_agents("authority").items():
            account = keys_of(person).address
            record = deployment.agent_record(AUTHORITY, account)
            self.heads[record] = founding_head(record, AUTHORITY, powers, account)

    def build(self, cls: type[Act], organization: int, /, **fields: Any) -> Act:
        """The act with record, parent and deadline filled in where they are not given."""
        if cls.CREATES and salted(cls):
            self._salts += 1
            fields.setdefault("salt", salt_of(("office", self._salts)))
        if cls.CREATES:
            salt = fields["salt"] if salted(cls) else fields["account"].rjust(32, b"\0")
            fields.setdefault("record", self.deployment.record(cls.RECORD, organization, salt))
        if "parent" not in fields:
            fields["parent"] = ZERO32 if cls.CREATES else self.heads[fields["record"]]
        fields.setdefault("deadline", int(time.time()) + DAY)
        return cls(organization=organization, **fields)

    def signed(self, act: Act, person: str) -> dict[str, Any]:
        """The submission."""
        digest = digest_of(act, self.deployment.chain_id, self.deployment.address(act.CONTRACT))
        signature = keys_of(person).sign_digest(digest)
        return {"primaryType": type(act).__name__, "message": act.to_json(), "signature": "0x" + signature.hex()}

    def write(self, cls: type[Act], person: str, organization: int, /, **fields: Any) -> dict[str, Any]:
        """The submission of an act that the office counts on being accepted, so that the next can follow it."""
        act = self.build(cls, organization, **fields)
        digest = digest_of(act, self.deployment.chain_id, self.deployment.address(act.CONTRACT))
        self.heads[act.record] = next_head(act.parent, digest, keys_of(person).address)
        return self.signed(act, person)

    def send(self, submission: dict[str, Any]) -> httpx.Response:
        return self.client.post("/v1/acts", json=submission)

    def send_all(self, submissions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """All in one batch, all included; their answers."""
        answer = self.client.post("/v1/acts/batch", json=submissions)
        items = answer.json()["items"]
        assert {item["status"] for item in items} == {201}, items
        return [item["body"] for item in items]

    def settle(self) -> None:
        """The authority's people accept, a policy, and three organizations with agents."""
        acts = [self._accept(person, AUTHORITY) for person in founding_agents("authority")]
        acts.append(
            self.write(
                AdoptPolicy,
                "registrar",
                AUTHORITY,
                kind=1,
                replaces=0,
                terms=scenario.TERMS,
                control_list=salt_of("list"),
            )
        )
        for number, (roles, people) in PEOPLE.items():
            acts.append(self.write(RegisterOrganization, "registrar", AUTHORITY, roles=roles, profile=salt_of(number)))
            admin, *_ = people
            for person, powers in people.items():
                by = "registrar" if person == admin else admin
                account = keys_of(person).address
                acts.append(self.write(AppointAgent, by, number, account=account, powers=powers))
                acts.append(self._accept(person, number))
        self.send_all(acts)

    def _accept(self, person: str, organization: int) -> dict[str, Any]:
        public = keys_of(person).public
        record = self.deployment.agent_record(organization, public.address)
        return self.write(
            AcceptAppointment, person, organization, record=record, ed25519=public.ed25519, x25519=public.x25519
        )

    def license(self, granted: int) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
        """Certificate, application, assessment and license for one line: submissions, and the records by kind."""
        now = int(time.time())
        window = {"valid_from": now - DAY, "valid_until": now + 365 * DAY, "document": DOCUMENT}
        line = CertificateLine(unit=NAR, decimals=0, quantity=granted)
        who = {"exporter": EXPORTER, "end_user": END_USER, "authority": AUTHORITY}
        certificate = self._creation(
            SignCertificate, "official", END_USER, **who, **window, supersedes=ZERO32, lines=(line,)
        )
        wanted = LicenseLine(
            unit=NAR,
            decimals=0,
            granted=granted,
            drawn=0,
            unlimited=False,
            certificate=certificate[1],
            certificate_line=0,
        )
        parties = (Party(organization=END_USER, role=6), Party(organization=EXPORTER, role=3))
        application = self._creation(
            ApplyForLicense,
            "clerk",
            EXPORTER,
            kind=1,
            authority=AUTHORITY,
            continues=ZERO32,
            **window,
            parties=parties,
            lines=(wanted,),
        )
        assessed = self.write(
            AssessApplication, "assessor", AUTHORITY, record=application[1], recommendation=1, document=DOCUMENT
        )
        head = self.heads[application[1]]
        granting = {"application": application[1], "assessed_head": head, "policy": 1, "return_by": 0} | window
        issued = self._creation(IssueLicense, "issuer", AUTHORITY, **granting)
        records = {"certificate": certificate[1], "application": application[1], "license": issued[1]}
        return [certificate[0], application[0], assessed, issued[0]], records

    def shipment(self, drawn: bytes, quantity: int, **fields: Any) -> tuple[dict[str, Any], bytes]:
        """A registration of one line: submission and record."""
        values = {
            "license": drawn,
            "end_user": END_USER,
            "share": 0,
            "waybill": ZERO32,
            "document": DOCUMENT,
            "draws": (Draw(line=0, quantity=quantity),),
        }
        return self._creation(RegisterShipment, "clerk", EXPORTER, **(values | fields))

    def _creation(
        self, cls: type[Act], person: str, organization: int, /, **fields: Any
    ) -> tuple[dict[str, Any], bytes]:
        submission = self.write(cls, person, organization, **fields)
        return submission, bytes.fromhex(submission["message"]["record"][2:])

    def length(self) -> int:
        """How many entries the journal has, by the chain."""
        return self.client.get("/v1/journal/state").json()["entries"]
