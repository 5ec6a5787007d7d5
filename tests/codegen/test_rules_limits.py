# SPDX-License-Identifier: BSD-2-Clause
"""Rules: names that meet in C, and the limits of the runtime."""

import os
import re

import pytest
from helpers import ROOT, Report, diagnose, edited_spec, load, read_spec, spec
from rule_case import KTLS, LINKS, RICH, STEPS, Case

from flue.check.limits import LIMITS
from flue.check.identifiers import _ordinary
from flue.backends.c.generate import render
from flue.model.queries import ways

CASES = [
    Case(
        "over-limit",
        [
            (
                "target.yaml",
                "marks:\n",
                "marks:\n" + "".join(f"  m{i}: {{doc: A., ends: with_object}}\n" for i in range(4)),
            ),
        ],
        """
target.yaml:94:3: error: 5 marks of the target: 4 are possible [over-limit]
   94 |   invalid: {doc: The host stopped it., ends: with_object}
      |   ^^^^^^^ this is the first that is too many
""",
        base=RICH,
    ),
    Case(
        "over-limit",
        [
            ("target.yaml", "structs: microsoft", "structs: natural"),
            (
                "meter.yaml",
                "    port: {type: u32, host: Port, at: 0,",
                '    key: {type: "u8[65532]", host: Key, doc: It is long.}\n    port: {type: u32, host: Port,',
            ),
            ("meter.yaml", "[port, rate", "[key, port, rate"),
            ("meter.yaml", "PORT,   bytes: 4}", "PORT}"),
        ],
        """
meter.yaml:10:3: error: LIMITER_METER_PORT has 65536 bytes: 65535 are possible [over-limit]
   10 |   const:     {struct: LIMITER_METER_PORT}
      |   ^^^^^
""",
    ),
    Case(
        "clashing-identifier",
        [
            ("flow.yaml", "    settings:\n", "    state:\n"),
        ],
        """
flow.yaml:21:5: error: rich_flow_state in C would be both the flags "state" and the states of flow [clashing-identifier]
   21 |     state:
      |     ^^^^^ that is at flow.yaml:4
""",
        base=RICH,
    ),
    Case(
        "over-limit",
        [
            (
                "policy.yaml",
                "pool: {full",
                "  a: {to: port, by: parent, relinked_by: nothing}\n  b: {to: port, by: b_handle}\n  c: {to: port, by: c_handle}\npool: {full",
            ),
            (
                "policy.yaml",
                "    priority: {type",
                "    b_handle: {type: handle, host: b, doc: B.}\n    c_handle: {type: handle, host: c, doc: C.}\n    priority: {type",
            ),
            ("policy.yaml", "[const, cached, in_sa, out_sa]", "[const, cached, link]"),
            (
                "policy.yaml",
                "    - {changed: [in_sa]",
                "    - {changed: [b, c], send: nothing}\n    - {changed: [in_sa]",
            ),
        ],
        """
policy.yaml:11:3: error: 5 links of policy: 4 are possible [over-limit]
   11 |   c: {to: port, by: c_handle}
      |   ^ this is the first that is too many
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_spec(case):
    case.run()


def _upon(number: int):
    """A policy that stands twice on the one before it, and is called otherwise."""
    text = read_spec("policy.yaml", LINKS)
    name, below = f"upon{number}", f"upon{number - 1}" if number > 1 else "policy"
    for word in ("move_in", "move_out", "write_priority"):
        text = text.replace(word, f"{word}_{number}")
    text = text.replace("policy", name).replace("POLICY", name.upper())
    text = text.replace("to: sa,", f"to: {below},")
    text = re.sub(r"^sees:\n(  .*\n)+\n", "", text, flags=re.MULTILINE)
    return text.replace(
        "const: 64, cached: 65, all: 66",
        f"const: {80 + 4 * number}, cached: {81 + 4 * number}, all: {82 + 4 * number}",
    )


def test_ways_along_links_are_counted_and_limited():
    """Each policy upon another has twice as many ways as that, and two more."""
    edits = [(f"upon{n}.yaml", "", _upon(n)) for n in range(1, 5)]
    names = ", ".join(f"upon{n}" for n in range(1, 5))
    edits.append(("target.yaml", "sa, policy]\nabi", f"sa, policy, {names}]\nabi"))
    target = load(edited_spec(edits, LINKS), Report())
    found = [ways(target, target.object(f"upon{n}")) for n in range(1, 5)]
    assert found == [(14, 3), (30, 4), (62, 5), (126, 6)]
    text = "126 ways along links lead from a upon4: 64 are possible [over-limit]"
    assert diagnose(edits, LINKS).count("[over-limit]") == 1 and text in diagnose(edits, LINKS)


def test_a_command_and_a_state_of_one_name():
    text = diagnose(
        [
            ("meter.yaml", "  read_count: ", "  inspecting: "),
            ("meter.yaml", "send: read_count", "send: inspecting"),
        ]
    )
    both = 'both command "inspecting" of meter and state "inspecting" of meter'
    assert f"LIMITER_METER_INSPECTING in C would be {both} [clashing-identifier]" in text


def test_an_indication_and_a_function_of_flues():
    edits = [("target.yaml", "  stall: ", "  missing: "), ("flow.yaml", "  stall: ", "  missing: ")]
    both = 'both indication "missing" and flue\'s "missing"'
    assert f"rich_missing in C would be {both} [clashing-identifier]" in diagnose(edits, RICH)


@pytest.mark.parametrize("base", ["example", "chimney", RICH, KTLS, STEPS, LINKS])
def test_every_identifier_of_the_generated_code_is_known(base):
    target = load(spec(base), Report())
    known = {c for c, _, _ in _ordinary(target)} | {c.name for c in target.calls}
    for name, text in render(target, suite=True).items():
        text = re.sub(r'"[^"\n]*"|/\*.*?\*/', "", text, flags=re.DOTALL)
        text = re.sub(r"#include.*|# .*|\b(struct|enum|union|machine) \w+", "", text)
        found = re.findall(rf"\b(?:{target.name}|{target.name.upper()})_\w+(?<!_)\b", text)
        assert set(found) - known == set(), name


def test_limits_are_those_of_the_runtime():
    with open(os.path.join(ROOT, "runtime", "include", "flue", "flue.h"), encoding="utf-8") as f:
        found = dict(re.findall(r"#define FLUE_MAX_(\w+) (\d+)", f.read()))
    words = {"KINDS": "objects"}
    assert {words.get(k, k.lower()): int(v) for k, v in found.items()}.items() <= LIMITS.items()
