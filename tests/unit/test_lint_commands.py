"""Does the command line say what the lint finds, and does nobody sign a faulty certificate unaware?"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledger.acts.certificates import CertificateLine, RecordCertificate, SignCertificate
from ledger.acts.custody import WithdrawOffer
from ledger.cli import main
from ledger.documents.keys import Keys
from ledger.errors import InvalidField
from ledger.ids import hex0x
from ledger.lint.profiles import PROFILES, RULES
from ledger.lint.review import review
from tests.unit.lint_cases import AS_OF, FAULTS, Asked, good

PASSPHRASE = "a passphrase for tests"
NOBODY = "http://127.0.0.1:9"
"""The port of discard; nothing listens there."""
TODAY = datetime.now(UTC).date().isoformat()


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@dataclass(frozen=True)
class Desk:
    """A folder with an agent's key file, in which papers are written."""

    folder: Path
    keys: Keys

    def write(self, name: str, content: object) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def check(self, asked: Asked, *more: object):
        certificate = self.write("certificate.json", asked.certificate)
        applications = [self.write(f"application-{index}.json", each) for index, each in enumerate(asked.applications)]
        given = [part for path in applications for part in ("--application", path)]
        return run("certificate", "check", certificate, *given, "--as-of", AS_OF, *more)

    def act(self, document, kind=SignCertificate, quantity=12):
        line = CertificateLine(unit=b"NAR", decimals=0, quantity=quantity)
        return kind(
            record=bytes(32),
            parent=bytes(32),
            organization=4,
            deadline=1_800_000_000,
            salt=bytes(32),
            exporter=2,
            end_user=4,
            authority=1,
            valid_from=1_790_000_000,
            valid_until=1_820_000_000,
            supersedes=bytes(32),
            document=document.commitment,
            lines=(line,),
        )

    def document(self, asked: Asked):
        return self.keys.sign_document("EndUseCertificate", asked.certificate, chain_id=7)

    def submit(self, act, *more: object):
        typed_data = {
            "types": {},
            "domain": {"chainId": 7, "verifyingContract": "0x" + "ab" * 20},
            "primaryType": type(act).__name__,
            "message": act.to_json(),
        }
        prepared = self.write("prepared.json", {"typedData": typed_data})
        given = ("--key", self.folder / "key.json", "--passphrase-file", self.folder / "passphrase")
        return run("submit", prepared, *given, "--service", NOBODY, *more)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    keys = Keys.generate()
    keys.save(folder / "key.json", PASSPHRASE, scrypt_n=2**10)
    (folder / "passphrase").write_text(PASSPHRASE)
    return Desk(folder, keys)


def valid_today(fault: str | None = None) -> Asked:
    """A certificate of the general profile that is signed today, with one fault or none."""
    asked = good("general")
    asked.put("/signedOn", TODAY).put("/validFrom", TODAY).put("/validThrough", "9999-12-31").put(
        "/contract/date", None
    )
    return asked if fault is None else FAULTS[fault](asked)


# certificate check


def test_a_complete_certificate_ends_with_0(desk):
    assert desk.check(good("bis-statement")).exit_code == 0


def test_a_blocking_finding_ends_with_1(desk):
    assert desk.check(FAULTS["E15"](good("bis-statement"))).exit_code == 1


def test_a_warning_alone_ends_with_0(desk):
    assert desk.check(FAULTS["E15"](good("general"))).exit_code == 0


def test_a_finding_is_told_with_rule_field_and_source(desk):
    told = desk.check(FAULTS["E15"](good("bis-statement"))).stdout
    assert all(word in told for word in ("blocking", "E15", "/signatory/title", "15 CFR 748.11(b)(5)(ii)"))


def test_with_json_the_answer_is_the_lint(desk):
    asked = FAULTS["A07"](good("prc-statement"))
    assert json.loads(desk.check(asked, "--json").stdout) == asked.lint().to_json()


def test_several_applications_draw_on_one_pool(desk):
    asked = good("prc-statement")
    asked.applications *= 2
    assert '"rule": "A07"' in desk.check(asked, "--json").stdout


def test_another_profile_can_be_asked_for(desk):
    assert json.loads(desk.check(good("general"), "--profile", "dsp-83", "--json").stdout)["profile"] == "dsp-83"


def test_the_findings_are_written_into_the_certificate(desk):
    asked, out = FAULTS["E15"](good("bis-statement")), desk.folder / "checked.json"
    desk.check(asked, "--out", out)
    assert json.loads(out.read_text()) == {**asked.certificate, "lint": asked.lint().carried()}


UNUSABLE = {
    "no JSON": b"certificate",
    "no object": b"[]",
    "a fraction": b'{"relationshipYears": 1.5}',
    "a name twice": b'{"endUse": "a", "endUse": "b"}',
    "a lone surrogate": b'{"endUse": "\\ud800"}',
    "deep nesting": b'{"endUse":' * 40 + b"1" + b"}" * 40,
    "two megabytes": b'{"endUse": "' + b"x" * 2_000_000 + b'"}',
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_a_file_that_cannot_be_read_ends_with_2_and_says_why(desk, fault):
    result = run("certificate", "check", desk.write("bad.json", UNUSABLE[fault]))
    assert (result.exit_code, "Unusable: InvalidField. certificate" in result.stderr) == (2, True)


def test_a_file_that_is_not_there_ends_with_2(desk):
    assert run("certificate", "check", desk.folder / "nowhere.json").exit_code == 2


def test_an_unknown_profile_ends_with_2_and_names_the_known(desk):
    result = desk.check(good("general"), "--profile", "moon")
    assert (result.exit_code, all(name in result.stderr for name in PROFILES)) == (2, True)


def test_a_day_that_is_none_ends_with_2(desk):
    assert desk.check(good("general"), "--first-used", "yesterday").exit_code == 2


def test_an_altered_document_ends_with_2(desk):
    data = desk.document(good("general")).data.replace(b'"proofPurpose":"assertionMethod"', b'"proofPurpose":"x"')
    assert run("certificate", "check", desk.write("altered.json", data)).exit_code == 2


# certificate rules


def test_the_rules_of_all_profiles_are_listed():
    told = run("certificate", "rules").stdout
    assert [name for name in (*PROFILES, *RULES) if name not in told] == []


def test_the_rules_of_one_profile_are_listed_with_their_sources():
    listed = json.loads(run("certificate", "rules", "--profile", "cwc-schedule-3", "--json").stdout)["items"]
    profile = PROFILES["cwc-schedule-3"]
    assert [(rule["rule"], rule["source"]) for rule in listed[0]["rules"]] == [
        (demand.rule.number, demand.source) for demand in profile.demands
    ]


def test_the_rules_of_an_unknown_profile_are_refused():
    assert run("certificate", "rules", "--profile", "moon").exit_code == 2


# Before a certificate is signed


@pytest.mark.parametrize("kind", [SignCertificate, RecordCertificate])
def test_a_faulty_certificate_is_not_signed(desk, kind):
    document = desk.document(valid_today("P04"))
    result = desk.submit(desk.act(document, kind), "--document", desk.write("document.json", document.data))
    assert (result.exit_code, "FindingsBlock" in result.stderr) == (1, True)


def test_what_is_wrong_is_shown_before_signing(desk):
    document = desk.document(valid_today("P04"))
    result = desk.submit(desk.act(document), "--document", desk.write("document.json", document.data))
    assert "blocking  P04  /placeOfUse" in result.stderr


def test_a_faulty_certificate_that_does_not_carry_its_findings_is_not_signed(desk):
    document = desk.document(valid_today("P04"))
    file = desk.write("document.json", document.data)
    result = desk.submit(desk.act(document), "--document", file, "--despite-findings")
    assert (result.exit_code, "document.lint" in result.stderr) == (2, True)


def test_a_faulty_certificate_that_carries_its_findings_is_signed_despite_them(desk):
    asked = valid_today("P04")
    asked.certificate["lint"] = asked.lint().carried()
    document = desk.document(asked)
    file = desk.write("document.json", document.data)
    # Nobody listens, so what is signed and sent ends with 3.
    assert desk.submit(desk.act(document), "--document", file, "--despite-findings").exit_code == 3


def test_a_certificate_with_warnings_is_signed(desk):
    document = desk.document(valid_today("E15"))
    result = desk.submit(desk.act(document), "--document", desk.write("document.json", document.data))
    assert (result.exit_code, "warning   E15" in result.stderr) == (3, True)


def test_another_document_than_that_of_the_act_is_refused(desk):
    signed, shown = desk.document(valid_today()), desk.document(valid_today())
    result = desk.submit(desk.act(signed), "--document", desk.write("document.json", shown.data))
    assert (result.exit_code, hex0x(signed.commitment) in result.stderr) == (2, True)


def test_a_document_with_other_goods_than_the_act_is_refused(desk):
    document = desk.document(valid_today())
    result = desk.submit(desk.act(document, quantity=13), "--document", desk.write("document.json", document.data))
    assert (result.exit_code, "document.lines" in result.stderr) == (2, True)


def test_without_its_document_a_certificate_is_signed_with_a_warning(desk):
    result = desk.submit(desk.act(desk.document(valid_today())))
    assert (result.exit_code, "Nothing was checked" in result.stderr) == (3, True)


def test_a_document_for_an_act_that_names_none_is_refused(desk):
    act = WithdrawOffer(record=bytes(32), parent=bytes(32), organization=2, deadline=1_800_000_000)
    with pytest.raises(InvalidField, match="the act names none"):
        review(act, desk.document(valid_today()).data, AS_OF)
