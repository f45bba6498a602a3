"""Does the lint compare goods, quantities and parties with the applications right?"""

from copy import deepcopy

import pytest

from ledger.documents.code_lists import UNITS
from ledger.lint.check import MOST_APPLICATIONS
from tests.unit.lint_cases import CERTIFICATE, FAULTS, LINE, entry, good, put, rules, two_applications

# Goods and quantities


def test_a_pool_covers_applications_up_to_its_last_piece():
    assert "A07" not in rules(two_applications(good("prc-statement")).lint())


def test_a_pool_is_exceeded_by_the_sum_of_applications():
    asked = two_applications(good("prc-statement"))
    asked.applications[1]["lines"][0]["quantity"] = 7
    finding = asked.lint().findings[0]
    assert (finding.rule, finding.field, finding.found) == ("A07", "/lines/0/quantity", "12")


def test_two_lines_of_one_application_draw_on_one_line():
    asked = good("general")
    asked.applications[0]["lines"] = [{**LINE, "quantity": 7}, {**LINE, "quantity": 6}]
    assert rules(asked.lint()) == ["A07"]


def test_equal_decimals_are_asked_for_and_nothing_is_converted():
    asked = good("general")
    asked.applications[0]["lines"] = [{**LINE, "decimals": 1, "quantity": 120}]
    assert rules(asked.lint()) == ["A06"]


def test_of_two_lines_of_the_same_goods_that_in_the_same_unit_is_meant():
    asked = good("general")
    asked.certificate["lines"] = [{**LINE, "unit": "KGM"}, LINE]
    assert asked.lint().findings == ()


def test_goods_without_part_number_are_known_by_their_words():
    asked = good("general")
    line = {name: value for name, value in LINE.items() if name != "partNumber"}
    asked.applications[0]["lines"] = [{**line, "description": "THERMAL CAMERA - uncooled."}]
    assert asked.lint().findings == ()


def test_goods_in_other_words_are_known_by_their_control_list_entries():
    asked = good("general")
    line = {name: value for name, value in LINE.items() if name != "partNumber"}
    asked.applications[0]["lines"] = [{**line, "description": "Camera"}]
    assert asked.lint().findings == ()


def test_a_certificate_for_a_single_application_supports_one():
    assert put(("/multiUse", "single"))(good("general")).lint().findings == ()


def test_as_many_applications_as_the_bound_are_judged():
    asked = good("bis-statement")
    asked.applications *= MOST_APPLICATIONS
    assert rules(asked.lint()) == ["A07"]


def test_other_entries_are_told_with_their_lists():
    finding = FAULTS["A08"](good("general")).lint().findings[0]
    assert finding.found == "6A003.b.4.b (EU 2021/821 Annex I)"


def test_a_party_that_the_application_has_none_of_is_told_so():
    asked = good("general")
    asked.put("/parties", [{**CERTIFICATE["consignee"], "role": "broker"}])
    assert asked.lint().findings[0].wanted == "no broker, as in application 2026/17"


def test_another_text_of_an_entry_in_the_same_version_is_found():
    asked = good("general")
    asked.applications[0]["lines"] = [
        {**LINE, "controlEntries": [{**entry("6A003.b.4.b"), "textHash": "0x" + "00" * 32}]}
    ]
    assert rules(asked.lint()) == ["A09"]


@pytest.mark.parametrize(("written", "meant"), [("TON", "TNE"), ("MCG", "MC"), ("MCL", "4G")])
def test_a_unit_of_british_licenses_is_answered_with_the_code_that_is_meant(written, meant):
    asked = put(("/lines/0/unit", written), alone=True)(good("general"))
    assert (asked.lint().findings[0].wanted, meant in UNITS, written in UNITS) == (meant, True, False)


# Parties


def test_parties_without_numbers_are_one_where_name_and_country_are():
    asked = good("general")
    asked.put("/exporter/organization", None).put("/exporter/name", "DELTALENS Instruments, B.V")
    assert asked.lint().findings == ()


def test_parties_of_one_name_in_two_countries_are_two():
    asked = good("general")
    asked.put("/exporter/organization", None).put("/exporter/address/country", "BE")
    assert rules(asked.lint()) == ["A01"]


@pytest.mark.parametrize("text", ["TBA", "n/a", "- - -", "To order", "XXXX", "to be determined"])
def test_what_is_to_be_filled_in_later_is_found(text):
    assert "P04" in rules(put(("/endUse", text))(good("general")).lint())


def test_a_further_party_must_be_one_of_the_application_in_the_same_role():
    asked = good("general")
    asked.put("/parties", [{**deepcopy(asked.certificate["consignee"]), "role": "broker"}])
    assert [(finding.rule, finding.field) for finding in asked.lint().findings] == [("A03", "/parties/0")]
