# SPDX-License-Identifier: BSD-2-Clause
"""Over all rules: each has its bad spec, each says why it exists, and good specs hear nothing."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from helpers import diagnose, spec
from rule_case import KTLS, RICH, STEPS

from flue import check

HERE = Path(__file__).parent
MODULES = sorted(p.stem for p in HERE.glob("test_rules_*.py") if p.stem != "test_rules_all")


def cases():
    return [case for name in MODULES for case in import_module(name).CASES]


def test_every_rule_has_a_bad_spec():
    assert set(check.RULES) - {case.rule for case in cases()} == set()


def test_no_bad_spec_without_a_rule():
    assert {case.rule for case in cases()} - set(check.RULES) == set()


@pytest.mark.parametrize("rule", check.RULES.values(), ids=lambda r: r.name)
def test_rule_says_why(rule):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.reason.endswith("."), rule.name


@pytest.mark.parametrize("base", ["example", "chimney", RICH, KTLS, STEPS])
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
