"""A client of the service that signs with the people of `tests.scenario` and knows what it has sent.

Acts that follow one another go out in one batch: heads and record ids are computed here, as any offline signer can.
"""

import time
from dataclasses import dataclass
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
from ledger.records.codes import Role
from tests import scenario
from tests.scenario import DAY, DOCUMENT, NAR, founding_agents, keys_of, salt_of

AUTHORITY, EXPORTER, CARRIER, END_USER, AUDITOR = 1, 2, 3, 4, 5
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
    AUDITOR: (Role.AUDITOR, {"auditor": scenario.ADMIN}),
}


@dataclass(frozen=True)
class Side:
    """Between whom something is licensed and shipped, and their people."""

    exporter: int = EXPORTER
    end_user: int = END_USER
    authority: int = AUTHORITY
    policy: int = 1
    clerk: str = "clerk"
    official: str = "official"
    assessor: str = "assessor"
    issuer: str = "issuer"


HERE = Side()


def founders(*names: str) -> list[Founder]:
    """Authorities with their people; one, unless more are named."""
    return [
        Founder(
            scenario.AUTHORITY,
            salt_of(name),
            tuple(Appointee(keys_of(person).address, powers) for person, powers in founding_agents(name).items()),
        )
        for name in names or ("authority",)
    ]


class Office:
    """Everybody's signing desk before one service."""

    def __init__(self, client: httpx.Client, deployment: Deployment) -> None:
        self.client, self.deployment = client, deployment
        self.heads: dict[bytes, bytes] = {}
        self._salts = 0
        for number, founder in enumerate(deployment.founders, start=1):
            record = deployment.organization_record(number)
            self.heads[record] = founding_head(record, number, founder.roles, founder.profile)
            for agent in founder.agents:
                record = deployment.agent_record(number, agent.account)
                self.heads[record] = founding_head(record, number, agent.powers, agent.account)

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
        """The authority's people accept, a policy, and four organizations with agents."""
        acts = [self.accepting(person, AUTHORITY) for person in founding_agents("authority")]
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
            acts += self.joining(number, roles, people)
        self.send_all(acts)

    def joining(
        self,
        number: int,
        roles: int,
        people: dict[str, int],
        *,
        authority: int = AUTHORITY,
        registrar: str = "registrar",
    ) -> list[dict[str, Any]]:
        """An organization is registered, its people are appointed and accept; the first is its administrator."""
        acts = [self.write(RegisterOrganization, registrar, authority, roles=roles, profile=salt_of(number))]
        admin, *_ = people
        for person, powers in people.items():
            by = registrar if person == admin else admin
            account = keys_of(person).address
            acts.append(self.write(AppointAgent, by, number, account=account, powers=powers))
            acts.append(self.accepting(person, number))
        return acts

    def accepting(self, person: str, organization: int) -> dict[str, Any]:
        public = keys_of(person).public
        record = self.deployment.agent_record(organization, public.address)
        return self.write(
            AcceptAppointment, person, organization, record=record, ed25519=public.ed25519, x25519=public.x25519
        )

    def license(self, granted: int, side: Side = HERE) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
        """Certificate, application, assessment and license for one line: submissions, and the records by kind."""
        now = int(time.time())
        window = {"valid_from": now - DAY, "valid_until": now + 365 * DAY, "document": DOCUMENT}
        line = CertificateLine(unit=NAR, decimals=0, quantity=granted)
        who = {"exporter": side.exporter, "end_user": side.end_user, "authority": side.authority}
        certificate = self._creation(
            SignCertificate, side.official, side.end_user, **who, **window, supersedes=ZERO32, lines=(line,)
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
        parties = (Party(organization=side.end_user, role=6), Party(organization=side.exporter, role=3))
        application = self._creation(
            ApplyForLicense,
            side.clerk,
            side.exporter,
            kind=1,
            authority=side.authority,
            continues=ZERO32,
            **window,
            parties=parties,
            lines=(wanted,),
        )
        assessed = self.write(
            AssessApplication,
            side.assessor,
            side.authority,
            record=application[1],
            recommendation=1,
            document=DOCUMENT,
        )
        head = self.heads[application[1]]
        granting = {
            "application": application[1],
            "assessed_head": head,
            "policy": side.policy,
            "return_by": 0,
        } | window
        issued = self._creation(IssueLicense, side.issuer, side.authority, **granting)
        records = {"certificate": certificate[1], "application": application[1], "license": issued[1]}
        return [certificate[0], application[0], assessed, issued[0]], records

    def shipment(
        self, drawn: bytes, quantity: int, side: Side = HERE, /, **fields: Any
    ) -> tuple[dict[str, Any], bytes]:
        """A registration of one line: submission and record."""
        values = {
            "license": drawn,
            "end_user": side.end_user,
            "share": 0,
            "waybill": ZERO32,
            "document": DOCUMENT,
            "draws": (Draw(line=0, quantity=quantity),),
        }
        return self._creation(RegisterShipment, side.clerk, side.exporter, **(values | fields))

    def _creation(
        self, cls: type[Act], person: str, organization: int, /, **fields: Any
    ) -> tuple[dict[str, Any], bytes]:
        submission = self.write(cls, person, organization, **fields)
        return submission, bytes.fromhex(submission["message"]["record"][2:])

    def length(self) -> int:
        """How many entries the journal has, by the chain."""
        return self.client.get("/v1/journal/state").json()["entries"]
