# SPDX-License-Identifier: BSD-2-Clause
"""Names that are reserved, or taken already. Exact text."""

import re
import shutil

import pytest
from helpers import ROOT, Report, diagnose, read_spec

from flue.compiler import analyse

TARGET, NODE, METER = "target.yaml", "node.yaml", "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "reserved-name",
        [
            (METER, "    owner:       {type", "    register:       {type"),
            (METER, "[owner]", "[register]"),
        ],
        """
meter.yaml:20:5: error: "register" cannot name a variable: the word is reserved by C [reserved-name]
   20 |     register:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^^^^ say "register_variable"
""",
    ),
    (
        "reserved-name",
        [
            (METER, "    owner:       {type", "    class:       {type"),
            (METER, "[owner]", "[class]"),
        ],
        """
meter.yaml:20:5: error: "class" cannot name a variable: the word is reserved by C++ [reserved-name]
   20 |     class:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^ say "class_variable"
""",
    ),
    (
        "reserved-name",
        [
            (METER, "    owner:       {type", "    char16_t:       {type"),
            (METER, "[owner]", "[char16_t]"),
        ],
        """
meter.yaml:20:5: error: "char16_t" cannot name a variable: the word is reserved by C++ [reserved-name]
   20 |     char16_t:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^^^^ say "char16_t_variable"
""",
    ),
    (
        "reserved-name",
        [
            (METER, "    owner:       {type", "    uint8_t:       {type"),
            (METER, "[owner]", "[uint8_t]"),
        ],
        """
meter.yaml:20:5: error: "uint8_t" cannot name a variable: the word is reserved by C [reserved-name]
   20 |     uint8_t:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^^^ say "uint8_t_variable"
""",
    ),
    (
        "reserved-name",
        [
            (METER, "    owner:       {type", "    flue_cookie:       {type"),
            (METER, "[owner]", "[flue_cookie]"),
        ],
        """
meter.yaml:20:5: error: "flue_cookie" cannot name a variable: the word is reserved by flue [reserved-name]
   20 |     flue_cookie:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^^^^^^^ say "cookie_variable"
""",
    ),
    (
        "reserved-name",
        [
            (METER, "  free:\n", "  start:\n"),
            (METER, "{to: free, status: success}", "{to: start, status: success}"),
            (METER, "{to: free, status: from_command}", "{to: start, status: from_command}"),
            (METER, "{to: free, status: io_error}", "{to: start, status: io_error}"),
            (METER, "reset: {to: free}", "reset: {to: start}"),
            (TARGET, "busy.create:   {reset: {to: free", "busy.create:   {reset: {to: start"),
            (TARGET, "busy.withdraw: {reset: {to: free", "busy.withdraw: {reset: {to: start"),
        ],
        """
meter.yaml:49:3: error: "start" cannot name a state: the word is reserved by Ragel [reserved-name]
   49 |   start:
      |   ^^^^^ say "start_state"
""",
    ),
    (
        "reserved-name",
        [(TARGET, "  modify:\n    doc", "  failed:\n    doc")],
        """
target.yaml:33:3: error: "failed" cannot name an operation: the word is reserved by flue [reserved-name]
   33 |   failed:
      |   ^^^^^^ say "failed_operation"
""",
    ),
    (
        "reserved-name",
        [(METER, "    owner:       {type", "    link:       {type"), (METER, "[owner]", "[link]")],
        """
meter.yaml:20:5: error: "link" cannot name a variable: the word is reserved by flue [reserved-name]
   20 |     link:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^ say "link_variable"
""",
    ),
    (
        "clashing-name",
        [
            (
                METER,
                "pool: {full: no_memory}\n",
                "pool: {full: no_memory}\nevents: {done: {doc: It is.}}\n",
            )
        ],
        """
meter.yaml:7:10: error: event "done" is an event of all machines already: say another name [clashing-name]
    7 | events: {done: {doc: It is.}}
      |          ^^^^
""",
    ),
    (
        "clashing-name",
        [(METER, "    dropped_packets:", "    rate_kbps:")],
        """
meter.yaml:22:5: error: variable "rate_kbps" is already declared on line 18 [clashing-name]
   22 |     rate_kbps:
      |     ^^^^^^^^^
""",
    ),
    (
        "clashing-name",
        [(METER, "host: Owner, at: 8,", "host: Owner, at: 8, flags: {port: 1},")],
        """
meter.yaml:20:58: error: variable "port" is already declared on line 16 [clashing-name]
   20 |     owner:       {type: u32, host: Owner, at: 8, flags: {port: 1}, doc: Whom it is for; the hardware need not know.}
      |                                                          ^^^^
""",
    ),
    (
        "clashing-name",
        [
            (
                METER,
                "states:\n",
                "conditions:\n  asks_delegated: {dependents: some, doc: Twice.}\n\nstates:\n",
            )
        ],
        """
meter.yaml:49:3: error: condition "asks_delegated" is already declared at target.yaml:65 [clashing-name]
   49 |   asks_delegated: {dependents: some, doc: Twice.}
      |   ^^^^^^^^^^^^^^
""",
    ),
    (
        "clashing-name",
        [("second.yaml", "", read_spec("meter.yaml"))],
        """
second.yaml:4:9: error: object "meter" is already declared at meter.yaml:4 [clashing-name]
    4 | object: meter
      |         ^^^^^
""",
    ),
    (
        "clashing-name",
        [
            (METER, "object: meter", "object: create"),
            (TARGET, "objects: [meter]", "objects: [create]"),
        ],
        """
meter.yaml:4:9: error: object "create" is "limiter_create" in C, and so is operation "create" at target.yaml:25 [clashing-name]
    4 | object: create
      |         ^^^^^^
""",
    ),
    (
        "clashing-name",
        [(TARGET, "objects: [meter]", "objects: [meter, meter]")],
        """
target.yaml:6:18: error: object "meter" is listed twice [clashing-name]
    6 | objects: [meter, meter]
      |                  ^^^^^
""",
    ),
    (
        "clashing-code",
        [(METER, "delegated: 0x22", "delegated: 0x21")],
        """
meter.yaml:7:52: error: the code of "meter" delegated is 0x21, and so is the code of "meter" cached at meter.yaml:7 [clashing-code]
    7 | type_codes: {const: 0x20, cached: 0x21, delegated: 0x21, all: 0x2f}
      |                                                    ^^^^ each has a code of its own
""",
    ),
    (
        "reserved-name",
        [
            (METER, "answers: [busy_port, no_space]", "answers: [gone, unsure]"),
        ],
        """
meter.yaml:32:15: error: "gone" cannot name a result: the word is reserved by flue [reserved-name]
   32 |     answers: [gone, unsure]
      |               ^^^^ say "gone_result"
meter.yaml:32:21: error: "unsure" cannot name a result: the word is reserved by flue [reserved-name]
   32 |     answers: [gone, unsure]
      |                     ^^^^^^ say "unsure_result"
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said


def test_an_object_without_a_file_is_one_finding(tmp_path):
    """Its events, which the defaults decide, are not said to be unknown, too."""
    shutil.copytree(f"{ROOT}/spec/ipsec", tmp_path / "ipsec")
    (tmp_path / "ipsec" / "sa.yaml").unlink()
    report = Report()
    analyse(str(tmp_path / "ipsec"), report)
    assert [d.text for d in report.diagnostics] == ['unknown object "sa"']


def test_events_of_several_objects_are_named_once(tmp_path):
    """Three kinds of spec/rdma can be fatal; a typo lists that once."""
    shutil.copytree(f"{ROOT}/spec/rdma", tmp_path / "rdma")
    path = tmp_path / "rdma" / "target.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("    fatal:") >= 1
    path.write_text(text.replace("    fatal:", "    xyz:", 1), encoding="utf-8")
    report = Report()
    analyse(str(tmp_path / "rdma"), report)
    (hint,) = [d.hint for d in report.diagnostics if d.text == 'unknown event "xyz"']
    assert hint.startswith("known: ") and hint.split().count("fatal,") == 1


def test_structures_may_be_without_names_of_the_host(tmp_path):
    """They only stand in comments: the generated ones have names of their own."""
    shutil.copytree(f"{ROOT}/spec/ipsec", tmp_path / "ipsec")
    for path in (tmp_path / "ipsec").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"struct: IPSEC_\w+(, )?", "", text), encoding="utf-8")
    report = Report()
    target, _ = analyse(str(tmp_path / "ipsec"), report)
    assert report.text() == "" and target is not None
    sa = next(o for o in target.objects if o.name == "sa")
    assert sa.layout("const").struct == "SA_CONST" and target.node.layouts[0].host == "ITEM"
