"""Rules S: the form, who must sign it, by which authority, its translation, and that nothing was changed afterwards.

Whether a signature is genuine is not judged here; of a secured document the proof says so.
"""

from collections.abc import Iterator, Sequence

from ledger.documents.end_use import SigningRole
from ledger.lint.findings import NOTHING, Breach, Case, Check, Rule
from ledger.lint.matching import plain
from ledger.lint.parties import same

_DELEGATED = ("power of attorney", "delegated", "by proxy", "authorized agent", "authorised agent")
_MOFCOM = ("mofcom", "ministry of commerce")
_CHINA = "CN"


def _on_form(*forms: str) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        form = case.certificate.form
        if form is None or plain(form) not in {plain(name) for name in forms}:
            yield Breach("/form", form or NOTHING, " or ".join(forms))

    return check


def _form_or_letterhead(form: str) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        if not case.certificate.letterhead:
            for breach in _on_form(form)(case):
                yield breach._replace(wanted=f"{form}, or a statement on letterhead")

    return check


def _on_letterhead(case: Case) -> Iterator[Breach]:
    if not case.certificate.letterhead:
        yield Breach("/letterhead", NOTHING, "at least one page on the end-user's letterhead")


def _signed_by(roles: Sequence[SigningRole]) -> Check:
    def check(case: Case) -> Iterator[Breach]:
        found = {signature.role for signature in case.certificate.signatures}
        for role in roles:
            if role not in found:
                yield Breach("/signatures", ", ".join(sorted(found)) or NOTHING, f"the signature of the {role}")

    return check


def _both_sign(case: Case) -> Iterator[Breach]:
    consignee, purchaser = case.certificate.consignee, case.certificate.purchaser
    on_form = not any(_on_form("BIS-711")(case))
    if consignee and purchaser and not same(consignee, purchaser) and on_form:
        yield from _signed_by(("consignee", "purchaser"))(case)


def _separate_statements(case: Case) -> Iterator[Breach]:
    consignee, purchaser = case.certificate.consignee, case.certificate.purchaser
    on_form = not any(_on_form("BIS-711")(case))
    if consignee and purchaser and not same(consignee, purchaser) and not on_form:
        yield Breach("/purchaser", purchaser.name, f"a statement of its own, besides that of {consignee.name}")


def _own_authority(case: Case) -> Iterator[Breach]:
    signatory = case.certificate.signatory
    words = plain(f"{signatory.title or ''} {signatory.authority or ''}") if signatory else ""
    for word in _DELEGATED:
        if word in words:
            yield Breach("/signatory/authority", word, "authority inherent in the official's position, not delegated")


def _unaltered(case: Case) -> Iterator[Breach]:
    if case.certificate.corrections is not None:
        yield Breach(
            "/corrections", case.certificate.corrections, "none: a new certificate, or a separate note on file"
        )


def _translated(case: Case) -> Iterator[Breach]:
    language, translation = case.certificate.language, case.certificate.translation
    if language not in {None, "en"} and (translation is None or translation.certified_by is None):
        yield Breach("/translation/certifiedBy", NOTHING, f"who certifies the English translation from {language}")


def _issued_at_destination(case: Case) -> Iterator[Breach]:
    issuer, destination = case.certificate.issuer, case.certificate.destination
    if issuer and issuer.country and destination and issuer.country != destination:
        yield Breach("/issuer/country", issuer.country, f"the government of the destination, {destination}")


def _to_china(case: Case) -> Iterator[Breach]:
    if case.certificate.destination not in {None, _CHINA}:
        yield Breach("/destination", str(case.certificate.destination), _CHINA)


def _by_the_ministry(case: Case) -> Iterator[Breach]:
    issuer = case.certificate.issuer
    if issuer is not None and not any(name in plain(issuer.agency) for name in _MOFCOM):
        yield Breach("/issuer/agency", issuer.agency, "the Ministry of Commerce (MOFCOM)")


def _nothing_left_out(case: Case) -> Iterator[Breach]:
    if case.certificate.lint is not None:
        carried = {finding.rule for finding in case.certificate.lint.findings}
        for rule in case.blocking:
            if rule not in carried:
                yield Breach("/lint/findings", ", ".join(sorted(carried)) or NOTHING, f"{rule} as well")


CARRIED = "S14"
"""Judged after all others: it compares what they found."""
SIGNING = {
    rule.number: rule
    for rule in (
        Rule("S01", "is on Form BIS-711 or on letterhead", _form_or_letterhead("BIS-711")),
        Rule("S02", "is on Form DSP-83", _on_form("DSP-83")),
        Rule("S03", "has at least one page on letterhead", _on_letterhead),
        Rule("S04", "is signed by end-user, consignee and applicant", _signed_by(("endUser", "consignee", "exporter"))),
        Rule("S05", "is signed by the end-user's government, where that is required", _signed_by(("government",))),
        Rule("S06", "on Form BIS-711 bears the signatures of consignee and purchaser", _both_sign),
        Rule("S07", "on letterhead comes with a separate statement of the purchaser", _separate_statements),
        Rule("S08", "is signed by an official whose authority is not delegated", _own_authority),
        Rule("S09", "was not altered after it was signed or issued", _unaltered),
        Rule("S10", "comes with a certified English translation", _translated),
        Rule("S11", "is issued by the government of the destination", _issued_at_destination),
        Rule("S12", "is for China", _to_china),
        Rule("S13", "is issued by the Ministry of Commerce of China", _by_the_ministry),
        Rule(CARRIED, "carries every blocking finding, if it carries what a check found", _nothing_left_out),
    )
}
