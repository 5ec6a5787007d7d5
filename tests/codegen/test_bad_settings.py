# SPDX-License-Identifier: BSD-2-Clause
"""What an arm cannot set, in names and shape: one mistake, one finding."""

import pytest
from helpers import diagnose
from rule_case import UPLINKS

ERRORS = "{set: {seen: event.a_second, rate: event.a_second}}"

CASES_OF_NAMES = [
    (
        ("target.yaml", "    reset:   {to: gone}\n", "    reset:   {to: gone, set: {seen: 0}}\n"),
        '67:25: error: "set" in a default: variables belong to objects [conflicting-keys]',
    ),
    (
        ("uplink.yaml", ERRORS, "{set: {sean: 1}}"),
        '93:24: error: unknown variable "sean" [unknown-name]',
    ),
    (
        ("uplink.yaml", ERRORS, "{set: {seen: event.a_secnd, rate: event.a_second}}"),
        '93:30: error: unknown data "a_secnd" [unknown-name]',
    ),
    (
        (
            "uplink.yaml",
            "- {if: ill, refuse: worn_out}",
            "- {if: ill, refuse: worn_out, set: {seen: 0}}",
        ),
        '69:39: error: "set" beside "refuse": refuse stands alone, or with if [conflicting-keys]',
    ),
    (
        ("uplink.yaml", "stop_uplink:  {doc", "stop_uplink:  {carries: [failures], doc"),
        '31:28: error: unknown variable, flag or class "failures" [unknown-name]',
    ),
    (
        ("uplink.yaml", "seen:     {type: u16,", 'seen:     {type: "u16[2]",'),
        "25:22: error: a u16[2] is no number that an arm could set [wrong-type]",
    ),
]


@pytest.mark.parametrize("edit, text", CASES_OF_NAMES, ids=str)
def test_one_finding(edit, text):
    said = diagnose([edit], UPLINKS)
    assert said.startswith(f"{edit[0]}:{text}\n") and said.count("error: ") == 1, said
