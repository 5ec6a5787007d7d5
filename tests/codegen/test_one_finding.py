# SPDX-License-Identifier: BSD-2-Clause
"""One mistake, one finding: any wrong way to write one of the defaults says one thing, at its place."""

import re
from pathlib import Path

import pytest
from helpers import ROOT, diagnose

SPEC = "example"
TEXT = Path(ROOT, "spec", SPEC, "target.yaml").read_text(encoding="utf-8")
DEFAULTS = TEXT.partition("\ndefaults:")[2].partition("\n\n")[0]
ARM = re.compile(r"(\w+): *(\{[^{}]*\})")
STATES = ("free", "limiting", "unsure", "lost", "stranded")
WRONG = [
    *(f"{{to: {state}}}" for state in STATES),
    *(f"{{to: {state}, status: io_error}}" for state in STATES),
    *("{stay: true}", "{defer: true}", "{refuse: bad_value}", "{refuse: success}"),
    *("{status: success}", "{status: from_command}", "{send: add_meter, to: creating}"),
]
LINES = [line for line in DEFAULTS.split("\n") if ARM.search(line)]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.strip().partition("}")[0])
def test_a_wrong_default(line):
    event, arm = ARM.search(line).groups()
    for wrong in WRONG:
        said = diagnose([("target.yaml", line, line.replace(arm, wrong, 1))])
        findings = re.findall(r"^\S+:\d+:\d+: error: .*$", said, re.MULTILINE)
        assert len(findings) <= 1, f"{event}: {wrong}\n{said}"


def test_there_are_lines():
    assert len(LINES) > 6
