# SPDX-License-Identifier: BSD-2-Clause
"""One mistake, one finding: what follows from another finding is not said.

By hand more of them: FLUE_ROUNDS=400 FLUE_SEED=2.
"""

import os
import random
import re

import pytest
from helpers import diagnose
from rule_case import KEYS, PAIRS
from mistyped import words
from test_one_mistake import texts_of

from flue.compiler import analyse
from flue.diagnostics import Report

SEED = int(os.environ.get("FLUE_SEED", "1"))
ROUNDS = int(os.environ.get("FLUE_ROUNDS", "8"))
DONE = "      done:   {to: limiting, status: success}\n      failed: {undo: add_meter, to: undoing}"
FREE = "    when:\n      create: {send: add_meter, to: creating}\n"
ONE = [  # what was done to which spec; the rule of the one finding
    (
        "no-last-arm",
        PAIRS,
        [
            (
                "pair.yaml",
                "        - {if: refused, to: init, status: from_command}\n        - {to: in_error, status: from_command}\n  setting",
                "  setting",
            )
        ],
    ),
    (
        "false-claim",
        "example",
        [("meter.yaml", DONE, DONE.replace("to: limiting", "to: before"))],
    ),
    (
        "secret-compared",
        KEYS,
        [
            (
                "sa.yaml",
                "raises:\n",
                "conditions: {is_right: {compare: key, is: equal, with: 7}}\n\nraises:\n",
            ),
            (
                "sa.yaml",
                "rekey: {plan: update, to: rekeying}",
                "rekey: [{if: is_right, refuse: bad}, {plan: update, to: rekeying}]",
            ),
        ],
    ),
    ("retry-unsafe", PAIRS, [("pair.yaml", "{if: refused, retry: 2}", "{retry: 2}")]),
    (
        "undecided",
        "ipsec",
        [("target.yaml", "    retire:  {mark: retired, defer: true}\n", "")],
    ),
    ("reserved-name", "example", [("meter.yaml", "    burst_bytes: {", "    int: {")]),
    ("undecided", "example", [("meter.yaml", FREE, "    when: {}\n")]),
    ("missing-key", "ipsec", [("target.yaml", "\ntimeout_ms: 200 ", "\n# timeout_ms: 200 ")]),
    (
        "unreachable-state",
        "ipsec",
        [("port.yaml", "      restore: {send: open_port, to: restoring}\n", "")],
    ),
    (
        "out-of-place",
        "ipsec",
        [("port.yaml", "  close_port: {hardware: has_not", "  close_port: {hardware: has")],
    ),
    (
        "status-not-allowed",
        "ipsec",
        [
            (
                "target.yaml",
                "    statuses: [success, io_error, not_ready, bad_value, no_space, unsupported, was_reset, timeout, canceled]",
                "    statuses: [success, io_error, not_ready, no_space, unsupported, was_reset, timeout, canceled]",
            )
        ],
    ),
]


def findings(said):
    return re.findall(r"^\S+: (?:error|warning): .*\[([\w-]+)\]$", said, re.MULTILINE)


@pytest.mark.parametrize("rule, base, edits", ONE, ids=lambda x: x if isinstance(x, str) else "")
def test_of_one_mistake_the_cause_is_said(rule, base, edits):
    said = diagnose(edits, base)
    assert findings(said) == [rule], said


def lines_out(text):
    """Each line with what belongs to it, taken out."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        inner = re.match(" *", line)[0] + " "
        end = next((j for j in range(i + 1, len(lines)) if not lines[j].startswith(inner)), i + 1)
        if line.strip() and not line.lstrip().startswith("#"):
            yield "\n".join([*lines[:i], *lines[end:]])


def other_names(text):
    """Each name that is a value, by another that stands behind the same key elsewhere."""
    found, key = [], ""
    for begin, end, is_key in words(text):
        key = text[begin:end] if is_key else key
        found += [] if is_key else [(begin, end, key)]
    for begin, end, key in found:
        others = {text[b:e] for b, e, k in found if k == key} - {text[begin:end]}
        for other in sorted(others):
            yield text[:begin] + other + text[end:]


@pytest.mark.parametrize("base", ["example", "ipsec"])
@pytest.mark.parametrize("slip", [lines_out, other_names])
def test_of_one_slip_few_things_are_said(slip, base, tmp_path):
    files = dict(texts_of(base))
    tries = [(name, bad) for name, text in files.items() for bad in slip(text)]
    few = random.Random(f"{SEED} {slip.__name__} {base}").sample(tries, min(ROUNDS, len(tries)))
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = []
    for name, bad in few:
        (tmp_path / name).write_text(bad, encoding="utf-8")
        report = Report()
        analyse(str(tmp_path), report)
        said.append(report.text())
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    counts = [len(findings(text)) for text in said]
    assert max(counts) <= 2, max(said, key=lambda text: len(findings(text)))
    assert counts.count(2) * 8 <= len(counts) + 8, counts
