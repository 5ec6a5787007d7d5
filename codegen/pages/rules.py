# SPDX-License-Identifier: BSD-2-Clause
"""What spec/rules.md shows of each rule: its text, and the smallest bad spec that its tests have."""

from __future__ import annotations

import difflib
import os
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flue.backends.promela.properties import REASONS
from flue.check import RULES
from flue.check.earlier import EARLIER
from flue.check.limits import LIMITS
from flue.check.registry import RuleText

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "codegen"))

from rule_case import Case, all_cases  # noqa: E402


NO_SPEC_DOES_IT = {"ragel-mismatch"}


class NoExample(Exception):
    """A rule of which the page could only tell, and show nothing."""


@dataclass(frozen=True)
class Shown:
    name: str
    severity: str
    text: RuleText
    diff: str  # what makes a good spec a bad one; empty where no spec can
    said: str


def known() -> dict:
    return {
        "rules": [shown(name) for name in sorted(EARLIER.keys() | RULES.keys())],
        "limits": LIMITS,
        "rules_of": rules_of,
        "wrong": wrong,
        "not_of_specs": not_of_specs,
        "sentence": sentence,
    }


def sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def rules_of(*which: str) -> str:
    """Links to the rules that hold a law: those of these modules, and these."""
    found = {n: {n, rule.subject} & set(which) for n, rule in RULES.items()}
    assert set().union(*found.values()) == set(which), which
    return ", ".join(f"[`{name}`](#{name})" for name in sorted(found) if found[name])


def wrong(name: str) -> str:
    """The sentence of a claim that a spec can break though it breaks no rule."""
    return REASONS[name]


def not_of_specs() -> list[str]:
    """The others; which those are, the template decides."""
    template = (Path(__file__).parent / "rules.md.in").read_text(encoding="utf-8")
    told = set(re.findall(r'wrong\("([^"]+)"\)', template))
    return [sentence for name, sentence in REASONS.items() if name not in told]


def shown(name: str) -> Shown:
    rule = RULES.get(name)
    severity = "Warning" if rule and rule.warning else "Error"
    text = rule.text if rule else EARLIER[name]
    if name in NO_SPEC_DOES_IT:
        return Shown(name, severity, text, "", "")
    cases = _cases().get(name)
    if not cases:
        where = f"test_rules_{rule.subject}.py" if rule else "test_*.py"
        raise NoExample(f"{name} has no example: give it a Case in tests/codegen/{where} first")
    case = min(cases, key=size)
    return Shown(name, severity, text, diff(case), case.text.strip("\n"))


@lru_cache(maxsize=None)
def _cases() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in all_cases():
        found.setdefault(case.rule, []).append(case)
    return found


def size(case: Case) -> tuple:
    """The least is shown. What says one thing of the example of the tutorial is read fastest."""
    others = set(re.findall(r" \[([a-z-]+)\]$", case.text, re.MULTILINE)) - {case.rule}
    changed = sum(old.count("\n") + new.count("\n") for _, old, new in case.edits)
    lines = changed + case.text.count("\n")
    return not case.shown, case.base != "example", len(others), len(case.edits), lines, case.text


def diff(case: Case) -> str:
    """The case's edits, as lines of the files that they change, each with the lines around it."""
    folder = os.path.normpath(ROOT / "spec" / case.base)
    out = ""
    for file in dict.fromkeys(file for file, _, _ in case.edits):
        path = Path(folder, file)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = before
        for _, old, new in (edit for edit in case.edits if edit[0] == file):
            after = after.replace(old, new) if old else new
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
        places = [re.sub(r"^@@.*", "@@", line).rstrip() for line in list(lines)[2:]]
        out += "\n".join([f"--- {path.relative_to(ROOT)}", *places[1:]]) + "\n"
    return out.rstrip("\n")
