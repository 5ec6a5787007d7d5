# SPDX-License-Identifier: BSD-2-Clause
"""Mistakes in YAML itself, said so that one sees what to do. Exact text."""

import pytest
from helpers import diagnose

METER = "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "yaml-syntax",
        [(METER, "    port: {type", "\tport: {type")],
        """
meter.yaml:16:1: error: a tab [yaml-syntax]
   16 | \tport: {type: u32, host: Port, at: 0, doc: The port it limits.}
      | ^ indent by spaces
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: No:\tmeter.")],
        """
meter.yaml:50:12: error: a colon and a space within a text [yaml-syntax]
   50 |     doc: No:\tmeter.
      |            ^ put the text in quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: No meter: free.")],
        """
meter.yaml:50:18: error: a colon and a space within a text [yaml-syntax]
   50 |     doc: No meter: free.
      |                  ^ put the text in quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: The port it limits.", "doc: The port: it limits.")],
        """
meter.yaml:16:55: error: a colon too many within "{" [yaml-syntax]
   16 |     port: {type: u32, host: Port, at: 0, doc: The port: it limits.}
      |                                                       ^ a comma is missing before it, or the text needs quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "at: 0, doc: The port", "at: 0 doc: The port")],
        """
meter.yaml:16:44: error: a colon too many within "{" [yaml-syntax]
   16 |     port: {type: u32, host: Port, at: 0 doc: The port it limits.}
      |                                            ^ a comma is missing before it, or the text needs quotes
""",
    ),
    (
        "yaml-syntax",
        [
            (
                METER,
                "carries: [port, rate_kbps, burst_bytes]",
                "carries: [port, rate_kbps, burst_bytes",
            )
        ],
        """
meter.yaml:28:14: error: this "[" is never closed [yaml-syntax]
   28 |     carries: [port, rate_kbps, burst_bytes
      |              ^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "    answers: [busy_port, no_space]", "    answers: [busy_port, no_space}")],
        """
meter.yaml:32:34: error: this "}" comes before the "[" is closed [yaml-syntax]
   32 |     answers: [busy_port, no_space}
      |                                  ^
""",
    ),
    (
        "yaml-syntax",
        [
            (
                METER,
                "rest: {host: has_not, hardware: has_not}\n    when:\n      create",
                "rest: {host: has_not, hardware: has_not}}\n    when:\n      create",
            )
        ],
        """
meter.yaml:51:45: error: this "}" closes nothing [yaml-syntax]
   51 |     rest: {host: has_not, hardware: has_not}}
      |                                             ^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", 'doc: "No meter.')],
        """
meter.yaml:50:10: error: this quote is never closed [yaml-syntax]
   50 |     doc: "No meter.
      |          ^
""",
    ),
    (
        "yaml-syntax",
        [
            (METER, "doc: No meter.", 'doc: "No meter.'),
            (METER, "doc: It does its work.", 'doc: "It works."'),
        ],
        """
meter.yaml:50:10: error: this quote is closed on line 67 only [yaml-syntax]
   50 |     doc: "No meter.
      |          ^ close it where its text ends
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: 'It isn't.'")],
        """
meter.yaml:50:18: error: text after the closing quote [yaml-syntax]
   50 |     doc: 'It isn't.'
      |                  ^^^ put all of it in quotes; a quote in the text is written ''
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", 'doc: "A \\meter."')],
        """
meter.yaml:50:13: error: an escape that is none [yaml-syntax]
   50 |     doc: "A \\meter."
      |             ^ a backslash is written \\\\, or the text is put in single quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "    doc: No meter.", "   doc: No meter.")],
        """
meter.yaml:51:5: error: by its indentation this line continues the text of line 50 [yaml-syntax]
   51 |     rest: {host: has_not, hardware: has_not}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ keys of one mapping begin in one column
""",
    ),
    (
        "yaml-syntax",
        [
            (
                METER,
                "    rest: {host: has_not, hardware: has_not}\n    when:\n      create",
                "      rest: {host: has_not, hardware: has_not}\n    when:\n      create",
            )
        ],
        """
meter.yaml:51:7: error: by its indentation this line continues the text of line 50 [yaml-syntax]
   51 |       rest: {host: has_not, hardware: has_not}
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ keys of one mapping begin in one column
""",
    ),
    (
        "yaml-syntax",
        [(METER, "        - {status: success}", "       - {status: success}")],
        """
meter.yaml:73:8: error: the indentation fits no line above [yaml-syntax]
   73 |        - {status: success}
      |        ^^^^^^^^^^^^^^^^^^^ begin it as line 72 or line 71 begins
""",
    ),
    (
        "yaml-syntax",
        [(METER, "        - {status: success}", "        status: success")],
        """
meter.yaml:73:9: error: a key among the items of a list [yaml-syntax]
   73 |         status: success
      |         ^^^^^^^^^^^^^^^ one column holds one or the other
""",
    ),
    (
        "yaml-syntax",
        [(METER, "    doc: No meter.\n", "    doc No meter.\n")],
        """
meter.yaml:50:5: error: a key without a colon [yaml-syntax]
   50 |     doc No meter.
      |     ^^^^^^^^^^^^^ it is written key: value
""",
    ),
    (
        "yaml-syntax",
        [
            (
                METER,
                "    busy: modify\n    when:\n      done:   {to: limiting, status: success}",
                "    busy:modify\n    when:\n      done:   {to: limiting, status: success}",
            )
        ],
        """
meter.yaml:77:5: error: no space after the colon [yaml-syntax]
   77 |     busy:modify
      |     ^^^^^^^^^^^ it is written key: value
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: @meter")],
        """
meter.yaml:50:10: error: a text cannot begin with "@" [yaml-syntax]
   50 |     doc: @meter
      |          ^ put it in quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: *")],
        """
meter.yaml:50:10: error: a text cannot begin with "*" [yaml-syntax]
   50 |     doc: *
      |          ^ put it in quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: | No meter.")],
        """
meter.yaml:50:12: error: text after "|" [yaml-syntax]
   50 |     doc: | No meter.
      |            ^ the text begins on the next line, or put it in quotes
""",
    ),
    (
        "yaml-syntax",
        [(METER, "[busy_port, no_space]", "[busy_port,, no_space]")],
        """
meter.yaml:32:25: error: a comma with nothing before it [yaml-syntax]
   32 |     answers: [busy_port,, no_space]
      |                         ^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "doc: No meter.", "doc: No \x01 meter.")],
        """
meter.yaml:50:13: error: a control character [yaml-syntax]
   50 |     doc: No  meter.
      |             ^ take it out
""",
    ),
    (
        "yaml-syntax",
        [
            (
                METER,
                "hardware: has_not}\n    when:\n      create",
                "hardware: has_not} at first\n    when:\n      create",
            )
        ],
        """
meter.yaml:51:46: error: text after the closing "}" [yaml-syntax]
   51 |     rest: {host: has_not, hardware: has_not} at first
      |                                              ^^^^^^^^
""",
    ),
    (
        "yaml-syntax",
        [(METER, "object: meter\ndoc", "  object: meter\ndoc")],
        """
meter.yaml:5:1: error: this line does not go on with what is above it [yaml-syntax]
    5 | doc: A rate limiter on one port.
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a file is one mapping
""",
    ),
    (
        "yaml-syntax",
        [(METER, "      inspect:\n        - {if", "      inspect: - {if")],
        """
meter.yaml:71:16: error: a list begins on a line of its own [yaml-syntax]
   71 |       inspect: - {if: asks_delegated, send: read_count, to: inspecting}
      |                ^
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said
