"""The profiles: which form demands which rule, how strictly, and by which article. Data alone.

An element that was read in the text of the law is blocking, one known from guidance or secondary pages is a warning;
what contradicts an application is blocking everywhere. What every profile demands stands in `EVERYWHERE`; a profile's
own line goes before it and is no milder. `version` is the month of the text that was read and the edition of the rules
here; it changes with either. Not looked at: whether a form is needed at all (thresholds, exceptions), and what the
printed blocks of DSP-83, BIS-711 and EUSU ask beyond the texts that are cited.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.documents.canonical import Json, JsonObject
from ledger.documents.end_use import Severity
from ledger.errors import InvalidField
from ledger.lint.backing import BACKING
from ledger.lint.dates import DATES
from ledger.lint.elements import ELEMENTS
from ledger.lint.findings import Rule
from ledger.lint.goods import GOODS
from ledger.lint.matching import plain
from ledger.lint.parties import PARTIES
from ledger.lint.signing import SIGNING

RULES: Mapping[str, Rule] = {**ELEMENTS, **DATES, **PARTIES, **SIGNING, **GOODS, **BACKING}
"""Every rule by its number."""
_Sources = dict[str, str]
"""Numbers of rules, several apart by spaces, and the source of these."""
_OURS = "good practice: papers leave no gap and do not contradict"
_LAW_HERE = "contracts/RULES.md 3"


@dataclass(frozen=True, slots=True)
class Demand:
    """That a profile asks for a rule."""

    rule: Rule
    severity: Severity
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A form and its demands. `forms` are names by which a certificate says that it is one."""

    name: str
    title: str
    version: str
    forms: tuple[str, ...]
    demands: tuple[Demand, ...]

    def to_json(self) -> JsonObject:
        """{profile, title, version, forms, rules: [{rule, asks, severity, source}]}."""
        rules: list[Json] = [
            {"rule": demand.rule.number, "asks": demand.rule.asks, "severity": demand.severity, "source": demand.source}
            for demand in self.demands
        ]
        head: JsonObject = {"profile": self.name, "title": self.title, "version": self.version}
        return {**head, "forms": list(self.forms), "rules": rules}


EVERYWHERE: dict[Severity, _Sources] = {
    "blocking": {
        "E08 E12 E17 E18": f"{_LAW_HERE}: exporter, end-user, 1 to 32 lines, each of at least 1",
        "D01 D02 D06 D07": "good practice: days that cannot be",
        "D04": f"{_LAW_HERE}: validUntil after block time",
        "P01": _OURS,
        "P04": "UNODA Occasional Paper 21, UNIDIR 2015: certificates signed blank",
        "G01": "UNECE Recommendation 20",
        "A01 A02": "contracts/RULES.md 4: CertificateMismatch",
        "A04 A05 A08": _OURS,
        "A06": "contracts/RULES.md 4: UnitMismatch",
        "A07": "contracts/RULES.md I2: CertificateExceeded",
        "A13": _OURS,
    },
    "warning": {
        "D05": "contracts/RULES.md 4: CertificateNotInForce",
        "D03 D12": "good practice: days in an unlikely order",
        "E13 P03 P08": "good practice: who cannot be placed cannot be screened",
        "P02 P05 P07 A03 A09 A10 A11 G03 S09 S14": _OURS,
        "P06": "LITE, api/applications/creators.py: incorporated goods need an ultimate end-user",
    },
    "note": {"G02": "good practice: an entry can be compared, words cannot"},
}

_FORMS: dict[str, tuple[str, str, tuple[str, ...], dict[Severity, _Sources]]] = {
    "general": (
        "Any end-use certificate: elements of the UN Programme of Action and the OSCE",
        "2004-11/1",
        (),
        {
            "warning": {
                "E01 E02 E04 E05 E10 E11 E14 E15 E21 E22 E24 E30 E36": "UN PoA and OSCE FSC.DEC/5/04, as summarized",
                "A14": "OSCE FSC.DEC/5/04, as summarized: a single transaction is preferred",
            },
        },
    ),
    "bis-statement": (
        "Statement by Ultimate Consignee and Purchaser: Form BIS-711 or letterhead",
        "2025-01/1",
        ("BIS-711",),
        {
            "blocking": {
                "S01": "15 CFR 748.11(b)(1)",
                "S06": "15 CFR 748.11(b)(4)",
                "E14": "15 CFR 748.11(b)(5)(i)",
                "E15": "15 CFR 748.11(b)(5)(ii)",
                "E16": "15 CFR 748.11(b)(5)(i)",
                "E34": "15 CFR 748.11(b)(5)(iii)",
                "S09": "15 CFR 748.11(b)(5)(iii)",
                "E02 D08": "15 CFR 748.11(d)(1)(i)",
                "D09": "15 CFR 748.11(d)(1)(ii)",
                "E10 E11": "15 CFR 748.11(b)(1)",
                "E08 E22 E24 E25 E26 E27 E28 E30": "15 CFR 748.11(c) and supplement 3 to part 748",
                "S10": "15 CFR 748.9(d)(1)",
                "A04 A05 A08": "15 CFR 748.9(d)(2)(i)",
            },
            "warning": {"S08": "15 CFR 748.11(b)(5)(ii)", "A03 A10": "15 CFR 748.9(d)(2)(i)"},
            "note": {"S07": "15 CFR 748.11(b)(3)", "E29": "15 CFR 748.9(d)(1)"},
        },
    ),
    "dsp-83": (
        "Nontransfer and Use Certificate: Form DSP-83",
        "2025-01/1",
        ("DSP-83",),
        {
            "blocking": {
                "S02 S04 E08 E11 E12 E17": "22 CFR 123.10(a)",
                "E22 E24 E30 E31": "22 CFR 123.10(a)",
                "A05": "22 CFR 123.10(a): the equipment enumerated in the application",
            },
            "warning": {"A14": "22 CFR 123.10(a): the application"},
            "note": {"S05": "22 CFR 123.10(c)", "E35": "22 CFR 123.10(a): the location of the end-use"},
        },
    ),
    "uk-undertaking": (
        "End User Undertaking, or End User and Stockist Undertaking (EUSU)",
        "2025-09/1",
        ("EUU", "EUSU", "End User Undertaking"),
        {
            "blocking": {
                "E08 E12 E17": f"gov.uk, undertakings (2025-09); {_LAW_HERE}",
                "A01 A02 A04 A05 A08": "gov.uk, undertakings (2025-09): details match the application",
            },
            "warning": {
                "E02 E14 E15 E16": "gov.uk, undertakings (2025-09): signed and dated by a responsible official",
                "D10": "gov.uk, undertakings (2025-09): within six months of signature",
                "E11 E13 E22 E24 E26 E30 E33": "gov.uk, undertakings (2025-09)",
                "S03": "LITE, exporter/applications/forms/parties.py: a page on letterhead",
                "S10": "gov.uk, undertakings (2025-09): verified translation",
                "A03": "gov.uk, undertakings (2025-09): details match the application",
            },
            "note": {"E29": "gov.uk, undertakings (2025-09): English"},
        },
    ),
    "prc-statement": (
        "PRC End-User Statement",
        "2025-01/1",
        ("PRC End-User Statement", "PRC EUS"),
        {
            "blocking": {
                "E05 E06 E07": "15 CFR 748.10(c)(2)",
                "E08": "15 CFR 748.10(c)(1)",
                "E10": "15 CFR 748.10(c)(2)(ii)",
                "E12 E24": "15 CFR 748.10(c)(2)(iii)",
                "E17 E18 E19 E20": "15 CFR 748.10(c)(2)(iv)",
                "E02 E14": "15 CFR 748.10(c)(2)(v)",
                "S09": "15 CFR 748.10(d)(2)",
                "S10": "15 CFR 748.9(d)(1)",
                "S12": "15 CFR 748.10(a)",
                "A07": "15 CFR 748.10(d)(1)",
                "A04 A05 A08": "15 CFR 748.9(d)(2)(i)",
            },
            "warning": {"S13": "15 CFR 748.10(b)(2)", "E15": "15 CFR 748.10, not in the text itself"},
            "note": {"E21": "15 CFR 748.10(c)(2)(i): optional", "E29": "15 CFR 748.9(d)(1)"},
        },
    ),
    "cwc-schedule-3": (
        "End-Use Certificate for Schedule 3 chemicals to states that are no party to the CWC",
        "2025-01/1",
        ("CWC EUC", "CWC End-Use Certificate"),
        {
            "blocking": {
                "E05 E11 E22 E23 S11": "15 CFR 745.2(a)(1)",
                "E32": "15 CFR 745.2(b)(1)",
                "E31": "15 CFR 745.2(b)(2)",
                "E17 E18": "15 CFR 745.2(b)(3)",
                "E24": "15 CFR 745.2(b)(4)",
                "E12 E13": "15 CFR 745.2(b)(5)",
                "A07": "15 CFR 745.2(a)(1)",
            },
        },
    ),
    "firearms-certificate": (
        "Firearms import certificate or permit",
        "2025-01/1",
        ("Firearms import certificate", "Firearms import permit"),
        {
            "blocking": {
                "E08 E09": "15 CFR 748.12(c)(1)",
                "E01": "15 CFR 748.12(c)(2)",
                "E23": "15 CFR 748.12(c)(3)",
                "E03": "15 CFR 748.12(c)(4)",
                "E05 E06": "15 CFR 748.12(c)(5)",
                "E10 E14": "15 CFR 748.12(c)(6)",
                "E17 E18": "15 CFR 748.12(c)(8)",
                "E04 D11": "15 CFR 748.12(c)(9)",
                "D04": "15 CFR 748.12(d)(3)",
                "A05": "15 CFR 748.12(d)(1)",
                "S09": "15 CFR 748.12(d)(2)",
                "A12": "15 CFR 748.12(e)(3)(i)",
                "S10": "15 CFR 748.9(d)(1)",
                "A04 A08": "15 CFR 748.9(d)(2)(i)",
            },
            "warning": {
                "E13": "15 CFR 748.12(c)(7)",
                "E15": "15 CFR 748.12, not in the text itself",
                "S11": "15 CFR 748.12(b)(1)",
            },
            "note": {"E29": "15 CFR 748.9(d)(1)"},
        },
    ),
}


def _demands(own: dict[Severity, _Sources]) -> tuple[Demand, ...]:
    found: dict[str, Demand] = {}
    for layer in (EVERYWHERE, own):
        for severity, sources in layer.items():
            for numbers, source in sources.items():
                found |= {number: Demand(RULES[number], severity, source) for number in numbers.split()}
    return tuple(found[number] for number in sorted(found))


PROFILES: Mapping[str, Profile] = {
    name: Profile(name, title, version, forms, _demands(own)) for name, (title, version, forms, own) in _FORMS.items()
}
"""Every profile by its name."""


def profile_named(name: str) -> Profile:
    """The profile of that name. Raises InvalidField."""
    if name not in PROFILES:
        raise InvalidField("profile", name, f"one of {', '.join(PROFILES)}")
    return PROFILES[name]


def profile_of_form(form: str | None) -> Profile:
    """The profile of certificates on that form; the general one where the form has none."""
    wanted = plain(form or "")
    matching = (profile for profile in PROFILES.values() if wanted in map(plain, profile.forms))
    return next(matching, PROFILES["general"])
