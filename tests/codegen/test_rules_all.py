# SPDX-License-Identifier: BSD-2-Clause
"""Over all rules: each has its bad spec, each says why it exists, and good specs hear nothing."""

import re
from pathlib import Path

import pytest
from helpers import ROOT, diagnose, spec
from rule_case import KTLS, LINKS, RICH, STEPS, all_cases

from flue import check
from flue.check.earlier import EARLIER


def test_every_rule_has_a_bad_spec_and_no_bad_spec_is_without():
    assert {case.rule for case in all_cases("test_rules_*.py")} == set(check.RULES)


def test_what_is_found_earlier_has_a_bad_spec_but_what_no_spec_does():
    assert set(EARLIER) - {case.rule for case in all_cases()} == {"ragel-mismatch"}


TEXTS = EARLIER | {name: rule.text for name, rule in check.RULES.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_rule_says_why_what_and_how(name):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    for text in (TEXTS[name].why, TEXTS[name].finds, TEXTS[name].mend):
        assert re.search(r"[^.][.]$", text), f"{name}: {text!r} is no sentence"
        assert "Finds:" not in text and "Mend:" not in text, name


COMPILER = Path(ROOT, "codegen", "flue")


def words_of_early_stages():
    """Rules of parsing, shape and names: they are given where the finding is made."""
    for path in (p for p in COMPILER.rglob("*.py") if p.parent.name != "check"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"report\.error|_fail\(|RULE = |RagelError\(", text):
            yield from re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)
            yield from re.findall(r'"\[([a-z]+(?:-[a-z]+)+)\]', text)


def test_what_is_found_earlier_has_its_text():
    assert sorted(EARLIER) == sorted(set(words_of_early_stages()) - set(check.RULES))


@pytest.mark.parametrize("base", ["example", "chimney", RICH, KTLS, STEPS, LINKS])
def test_good_spec_is_silent(base):
    assert diagnose([], base) == ""


STATUS = re.compile(r"(, )?\bstatus: \w+")


def status_lines(name):
    """(line number, line, line without its status) of every transition that gives one."""
    lines = Path(spec("chimney"), name).read_text(encoding="utf-8").splitlines()
    start = lines.index("states:")
    for number, line in enumerate(lines[start:], start + 1):
        if STATUS.search(line):
            yield number, line, STATUS.sub("", line, count=1)


def without_line(name, number, new):
    """The edit that replaces one line, told apart from equal ones by all that stands before it."""
    text = Path(spec("chimney"), name).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    changed = lines[: number - 1] + [new + "\n"] + lines[number:]
    return [(name, text, "".join(changed))]


@pytest.mark.parametrize("name", ["neighbor.yaml", "path.yaml", "tcp.yaml"])
def test_a_forgotten_status_is_an_error_at_its_line(name):
    found = list(status_lines(name))
    assert len(found) >= 12
    for number, line, new in found:
        said = diagnose(without_line(name, number, new), "chimney")
        assert re.search(rf"^{name}:{number}:\d+: error: ", said, re.M), (line, said)
