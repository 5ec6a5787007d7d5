# SPDX-License-Identifier: BSD-2-Clause
"""The second checker knows every rule: the bad specs of the compiler's tests are bad for it, too."""

import re
import sys
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parent
CODEGEN = HERE.parent / "codegen"
sys.path.append(str(CODEGEN))

from helpers import edited_spec  # noqa: E402
from rule_case import all_cases  # noqa: E402

from flue.check import RULES  # noqa: E402
from judge import judge  # noqa: E402
from text import read  # noqa: E402

# A pattern of the compiler's errors, and why such a spec is good for the second checker. Each of
# them must be needed.
C_ONLY = "it is wrong in generated C only, and means what it says"
TEXT_ONLY = "it judges trees, and of that a tree says nothing"
EXCEPTIONS = {
    r"in C would be both .* \[clashing-identifier\]": C_ONLY,
    r"the word is reserved by (C|C\+\+|Ragel) \[reserved-name\]": C_ONLY,
    r'"index" cannot name an argument: .* flue \[reserved-name\]': C_ONLY,
    r'"flue_\w*" cannot name a .* flue \[reserved-name\]': C_ONLY,
    r'"doorbell" cannot name a command: .* flue \[reserved-name\]': C_ONLY,
    r"anchors are not part of the language.* \[yaml-syntax\]": TEXT_ONLY,
    r"tags are not part of the language.* \[yaml-syntax\]": TEXT_ONLY,
    r'key "\w+" is already given on line \d+ \[duplicate-key\]': TEXT_ONLY,
}

# Those of the rules, and those of what is found before: YAML, shape, words, names. What the schema
# refuses is shown here, not judged twice: both read the same schema. The same goes for YAML.
GROUPS = ("test_rules_*.py", "test_bad_*.py", "test_unknown_*.py")
CASES = [case for files in GROUPS for case in all_cases(files)]


def errors(case):
    return re.findall(r": error: (.*)$", case.text, re.MULTILINE)


def excepted(error):
    return [pattern for pattern in EXCEPTIONS if re.search(pattern, error)]


def second_opinion(case):
    try:
        return judge(read(Path(edited_spec(case.edits, case.base))))
    except yaml.YAMLError as error:
        return f"no YAML: {error}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_judge_alike(case):
    said, found = second_opinion(case), errors(case)
    if all(map(excepted, found)):  # warnings only, or what is listed
        assert said is None, f"good but for what is listed, or for warnings: {found}"
    else:
        assert said, f"tests/reading does not know: {found}"


def test_every_exception_is_one():
    used = {p for case in CASES for error in errors(case) for p in excepted(error)}
    assert used == set(EXCEPTIONS)


def test_every_rule_that_refuses_is_asked_of_it():
    asked = {c.rule for c in all_cases(GROUPS[0]) if not all(map(excepted, errors(c)))}
    warnings = {name for name, rule in RULES.items() if rule.warning}
    assert set(RULES) - asked <= warnings | {"clashing-identifier"}


def test_each_subject_of_the_compiler_has_its_row():
    page = (HERE / "README.md").read_text(encoding="utf-8")
    table = page.split("\n## Subjects\n")[1].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE))
    assert set(rows) == {rule.subject for rule in RULES.values()} | {"earlier"}
    named = {name for row in rows.values() for name in re.findall(r"`(\w+)\.py`", row)}
    tools = {"campaign", "change", "judge"}
    assert named | tools == {p.stem for p in HERE.glob("*.py") if p.stem[:5] != "test_"}
