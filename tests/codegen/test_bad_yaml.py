# SPDX-License-Identifier: BSD-2-Clause
"""Files that are no YAML, or none of the plain sort a spec is. Exact text."""

import pytest
from helpers import diagnose, read_spec

TARGET, NODE, METER = "target.yaml", "node.yaml", "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "yaml-syntax",
        [(METER, "pool: {full: no_memory}", "pool: {full: no_memory")],
        """
meter.yaml:6:7: error: this "{" is never closed [yaml-syntax]
    6 | pool: {full: no_memory
      |       ^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "pool: {full: no_memory}", "pool: &p {full: no_memory}")],
        """
meter.yaml:6:7: error: anchors are not part of the language: write the value out [yaml-syntax]
    6 | pool: &p {full: no_memory}
      |       ^^^^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "pool: {full: no_memory}", "pool: *p")],
        """
meter.yaml:6:7: error: aliases are not part of the language: write the value out [yaml-syntax]
    6 | pool: *p
      |       ^^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "at: 0, doc: The port it limits.", "at: !!int 0, doc: The port it limits.")],
        """
meter.yaml:16:39: error: tags are not part of the language [yaml-syntax]
   16 |     port: {type: u32, host: Port, at: !!int 0, doc: The port it limits.}
      |                                       ^^^^^^^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "commands:", "---\ncommands:")],
        """
meter.yaml:25:1: error: a second document: a spec file holds one [yaml-syntax]
   25 | ---
      | ^^^
""",
    ),
    (
        "duplicate-key",
        [(METER, "doc: No meter.", "doc: No meter.\n    doc: None.")],
        """
meter.yaml:51:5: error: key "doc" is already given on line 50 [duplicate-key]
   51 |     doc: None.
      |     ^^^
""",
    ),
    (
        "duplicate-transition",
        [
            (
                METER,
                "withdraw: {to: free, status: io_error}",
                "withdraw: {to: free, status: io_error}\n      withdraw: {refuse: io_error}",
            )
        ],
        """
meter.yaml:109:7: error: event "withdraw" is already decided on line 108 [duplicate-transition]
  109 |       withdraw: {refuse: io_error}
      |       ^^^^^^^^
""",
    ),
    (
        "key-not-a-string",
        [(METER, "      create: {send", "      on: {send")],
        """
meter.yaml:53:7: error: a key must be text, not true or false [key-not-a-string]
   53 |       on: {send: add_meter, to: creating}
      |       ^^ YAML reads on as true: write "on" in quotes
""",
    ),
    (
        "key-not-a-string",
        [(TARGET, "{value: -5, ", "{5: -5, ")],
        """
target.yaml:17:3: error: "io_error" lacks the key "value" [missing-key]
   17 |   io_error:  {5: -5,   host: EIO,        doc: The hardware failed.}
      |   ^^^^^^^^ value: The number that the host reads
target.yaml:17:15: error: a key must be text, not a number [key-not-a-string]
   17 |   io_error:  {5: -5,   host: EIO,        doc: The hardware failed.}
      |               ^
""",
    ),
    (
        "spec-files",
        [(TARGET, "target: limiter\n", "")],
        """
target.yaml: error: a spec file has one of the keys "target", "node" and "object", this has none [spec-files]
""",
    ),
    (
        "spec-files",
        [("second.yaml", "", "object: meter\nnode: item\n")],
        """
second.yaml:1:1: error: a spec file has one of the keys "target", "node" and "object", not two [spec-files]
    1 | object: meter
      | ^^^^^^
""",
    ),
    (
        "spec-files",
        [('it"s.yaml', "", "object: second\n")],
        """
it"s.yaml: error: the name of a spec file may not have '"' in it [spec-files]
""",
    ),
    (
        "spec-files",
        [("second.yaml", "", "# nothing\n")],
        """
second.yaml: error: the file is empty [spec-files]
""",
    ),
    (
        "spec-files",
        [("second.yaml", "", read_spec("node.yaml"))],
        """
second.yaml:4:1: error: a second node file; the first is node.yaml [spec-files]
    4 | node: item
      | ^^^^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "    carries: [port", "    carries:\xa0[port")],
        """
meter.yaml:28:13: error: a NO-BREAK SPACE (U+00A0) [yaml-syntax]
   28 |     carries: [port, rate_kbps, burst_bytes]
      |             ^ write a plain space instead
""",
    ),
    (
        "yaml-syntax",
        [(METER, "  undoing:\n", "\xa0 undoing:\n")],
        """
meter.yaml:60:1: error: a NO-BREAK SPACE (U+00A0) [yaml-syntax]
   60 |   undoing:
      | ^ write a plain space instead
""",
    ),
    (
        "bad-name",
        [(METER, "    owner:       {type", "    \u043ewner:       {type")],
        """
meter.yaml:20:5: error: "оwner" is not a name (lower-case words joined by underscores) [bad-name]
   20 |     оwner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^ the text holds "о", CYRILLIC SMALL LETTER O (U+043E)
""",
    ),
    (
        "unknown-key",
        [
            (
                METER,
                "    busy: create\n    when:\n      done:   {to: limiting",
                "    b\u0443sy: create\n    when:\n      done:   {to: limiting",
            )
        ],
        """
meter.yaml:56:5: error: unknown key "bуsy" [unknown-key]
   56 |     bуsy: create
      |     ^^^^ the text holds "у", CYRILLIC SMALL LETTER U (U+0443)
""",
    ),
    (
        "unknown-key",
        [(METER, "  creating:\n", "    creating:\n")],
        """
meter.yaml:54:5: error: unknown key "creating" [unknown-key]
   54 |     creating:
      |     ^^^^^^^^ by its indentation it belongs to "free"
""",
    ),
    (
        "wrong-type",
        [(TARGET, "conditions:\n  asks", "conditions:\nasks")],
        """
target.yaml:64:1: error: "conditions" must be a mapping, not empty [wrong-type]
   64 | conditions:
      | ^^^^^^^^^^ nothing is behind it; what belongs to it is indented further
""",
    ),
    (
        "unknown-key",
        [
            (
                METER,
                "    rest: {host: has, hardware: has}\n    when:\n",
                "    rest: {host: has, hardware: has}\n  when:\n",
            )
        ],
        """
meter.yaml:70:7: error: unknown key "modify" [unknown-key]
   70 |       modify:   {plan: update, to: modifying}
      |       ^^^^^^ known here: doc, rest, busy, waits, when
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said
