# SPDX-License-Identifier: BSD-2-Clause
"""The pages that are made of what the compiler says of itself are those in spec/."""

import re

import pytest
from helpers import diagnose
from pages import make, reference, rules
from rule_case import all_cases

from flue import check
from flue.backends.promela.properties import REASONS
from flue.check.earlier import EARLIER
from flue.check.limits import LIMITS
from flue.check.registry import RULES, Rule

PAGES = {name: make.path_of(name).read_text(encoding="utf-8") for name in make.PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_new(name):
    assert PAGES[name] == make.made(name), f"spec/{name}.md is old: ./dev docs makes it anew"


def test_a_page_is_old_when_a_text_has_changed(monkeypatch):
    def other(target):
        """For a reason.

        Finds: nothing.
        Mend: do.
        """

    monkeypatch.setitem(RULES, "undecided", Rule("undecided", other, warning=True, once=False))
    page = make.made("rules")
    assert page != PAGES["rules"]
    assert "| [`undecided`](#undecided) | Warning: nothing. |" in page
    assert "### `undecided`\n\nWarning. Nothing.\n\n*Why:* For a reason.\n\n*Mend:* Do.\n" in page


def test_the_reference_shows_what_the_schema_says(monkeypatch):
    arm = reference.DEFS["arm"]["properties"]
    assert "| `defer` | `true` | no |" in make.made("reference")
    monkeypatch.setitem(arm, "defer", {"const": "later", "description": "W.", "x-default": "now"})
    monkeypatch.setitem(
        arm, "haste", {"$ref": "#/$defs/names", "description": "H.", "x-default": "-"}
    )
    page = make.made("reference")
    assert "| `defer` | `later` | now | W. |\n| `haste` | names | - | H. |\n" in page
    assert "\n| `haste` | [arm](#arms) |\n" in page


@pytest.mark.parametrize("word", ["description", "x-default"])
def test_a_key_of_which_something_is_not_said_makes_no_page(monkeypatch, word):
    monkeypatch.delitem(reference.DEFS["arm"]["properties"]["stay"], word)
    with pytest.raises(AssertionError, match=f"no {word}"):
        make.made("reference")


def test_where_keys_stand_and_what_they_lead_to():
    assert reference.stands("target_file") == "*Where:* target's file, at its top"
    assert reference.stands("roll_up").endswith("file: `operations.*.roll_up[]`, `roll_up[]`")
    assert reference.stands("arm").endswith("`defaults.*.*`; object's file: `states.*.when.*`")
    assert reference.with_links('See "Marks", see "x".') == 'See [Marks](#marks), see "x".'
    assert reference.with_links('See "Undo".') == "See [Undo](rules.md#undo)."
    with pytest.raises(ValueError, match="no section Undoing"):
        reference.with_links('See "Undoing".')


def test_every_key_is_in_the_index():
    index = PAGES["reference"].split("\n## Index of keys\n")[1]
    there = set(re.findall(r"^\| `(\w+)` \|", index, re.MULTILINE))
    assert there == {key for name in reference.tables() for key, *_ in reference.rows(name)}


def test_every_rule_has_its_section():
    sections = re.findall(r"^### `([a-z-]+)`$", PAGES["rules"], re.MULTILINE)
    assert sections == sorted(set(check.RULES) | set(EARLIER))


def test_every_rule_has_an_example_that_shows_it():
    for rule in rules.known()["rules"]:
        if rule.name in rules.NO_SPEC_DOES_IT:
            continue
        assert f"[{rule.name}]" in rule.said, rule.name
        assert re.search(r"^[-+]", rule.diff.partition("\n")[2], re.MULTILINE), rule.name


def test_a_rule_without_an_example_makes_no_page(monkeypatch):
    before = {name: make.path_of(name).read_bytes() for name in make.PAGES}
    rule = Rule("not-shown", RULES["undecided"].function, warning=False, once=False)
    monkeypatch.setitem(RULES, "not-shown", rule)
    said = "docs: not-shown has no example: give it a Case in tests/codegen/test_rules_totality.py"
    with pytest.raises(SystemExit, match=said):
        make.main()
    assert before == {name: make.path_of(name).read_bytes() for name in make.PAGES}


@pytest.mark.parametrize("case", [case for case in all_cases() if case.shown], ids=str)
def test_an_example_that_is_chosen_is_shown(case):
    assert rules.shown(case.rule).said == diagnose(case.edits, case.base).strip("\n")


def test_every_claim_of_the_search_is_told_once():
    part = PAGES["rules"].split("\n## What the search finds\n")[1].partition("\n## ")[0]
    for sentence in REASONS.values():
        assert (
            len(re.findall(rf"^(?:\| |- ){re.escape(sentence)}(?: \||$)", part, re.M)) == 1
        ), sentence


def test_every_limit_is_said():
    table = PAGES["rules"].split("\n## Limits\n")[1]
    for name, limit in LIMITS.items():
        assert re.search(rf"^\| {limit} \| (kinds of )?{name}\b", table, re.MULTILINE), name
