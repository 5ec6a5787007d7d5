# SPDX-License-Identifier: BSD-2-Clause
"""Values of the wrong type. Exact text."""

import pytest
from helpers import diagnose

TARGET, NODE, METER = "target.yaml", "node.yaml", "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "wrong-type",
        [(METER, "host: Port, at: 0", "host: Port, at: zero")],
        """
meter.yaml:16:39: error: "at" must be an offset in bytes, not "zero" [wrong-type]
   16 |     port: {type: u32, host: Port, at: zero, doc: The port it limits.}
      |                                       ^^^^
""",
    ),
    (
        "wrong-type",
        [(METER, "host: Port, at: 0", "host: Port, at: -4")],
        """
meter.yaml:16:39: error: "at" must be an offset in bytes between 0 and 65535 [wrong-type]
   16 |     port: {type: u32, host: Port, at: -4, doc: The port it limits.}
      |                                       ^^
""",
    ),
    (
        "wrong-type",
        [(METER, "doc: No meter.", "doc:")],
        """
meter.yaml:50:5: error: "doc" must be a sentence, not empty [wrong-type]
   50 |     doc:
      |     ^^^ nothing is behind it; what belongs to it is indented further
""",
    ),
    (
        "wrong-type",
        [(METER, "doc: No meter.", "doc: no")],
        """
meter.yaml:50:10: error: "doc" must be a sentence, not true or false [wrong-type]
   50 |     doc: no
      |          ^^ YAML reads no as false: write "no" in quotes
""",
    ),
    (
        "wrong-type",
        [(METER, "host: has_not, hardware: has_not", "host: hasnt, hardware: has_not")],
        """
meter.yaml:51:18: error: "host" must be has or has_not, not "hasnt" [wrong-type]
   51 |     rest: {host: hasnt, hardware: has_not}
      |                  ^^^^^ did you mean "has_not"?
""",
    ),
    (
        "wrong-type",
        [(METER, "answers: [busy_port, no_space]", "answers: busy_port")],
        """
meter.yaml:32:14: error: "answers" must be a list, not "busy_port" [wrong-type]
   32 |     answers: busy_port
      |              ^^^^^^^^^
""",
    ),
    (
        "wrong-type",
        [(METER, "create: {send: add_meter, to: creating}", "create: add_meter")],
        """
meter.yaml:53:15: error: "create" must be an arm, or a list of arms, not "add_meter" [wrong-type]
   53 |       create: add_meter
      |               ^^^^^^^^^
""",
    ),
    (
        "wrong-type",
        [(METER, "create: {send: add_meter, to: creating}", "create: []")],
        """
meter.yaml:53:15: error: "create" must not be empty [wrong-type]
   53 |       create: []
      |               ^^
""",
    ),
    (
        "wrong-type",
        [
            (
                TARGET,
                "conditions:\n  asks_delegated: {asked: delegated, doc",
                "conditions:\n  asks_delegated: {doc",
            )
        ],
        """
target.yaml:65:3: error: "asks_delegated" must be a condition: one of dependents, marked, link, asked, brought, older, compare, flags, result, not, all_of, any_of [wrong-type]
   65 |   asks_delegated: {doc: The node asks for the count.}
      |   ^^^^^^^^^^^^^^
""",
    ),
    (
        "wrong-type",
        [
            (
                TARGET,
                "conditions:\n  asks_delegated: {asked: delegated, doc",
                "conditions:\n  asks_delegated: {asked: everything, doc",
            )
        ],
        """
target.yaml:65:27: error: "asked" must be const, cached or delegated, not "everything" [wrong-type]
   65 |   asks_delegated: {asked: everything, doc: The node asks for the count.}
      |                           ^^^^^^^^^^
""",
    ),
    (
        "wrong-type",
        [(TARGET, "restore:  {stay: true}", "restore:  {stay: false}")],
        """
target.yaml:72:22: error: "stay" must be true, not "false" [wrong-type]
   72 |     restore:  {stay: false}
      |                      ^^^^^
""",
    ),
    (
        "wrong-type",
        [(TARGET, "{value: -5, ", "{value: EIO,")],
        """
target.yaml:17:22: error: "value" must be a whole number of 32 bits, or unknown, not "EIO" [wrong-type]
   17 |   io_error:  {value: EIO,  host: EIO,        doc: The hardware failed.}
      |                      ^^^
""",
    ),
    (
        "wrong-type",
        [
            (
                TARGET,
                "  asks_delegated: {asked: delegated, doc",
                "  asks_delegated: {marked: [slow, 3], where: her, doc",
            ),
        ],
        """
target.yaml:65:29: error: unknown mark "slow" [unknown-name]
   65 |   asks_delegated: {marked: [slow, 3], where: her, doc: The node asks for the count.}
      |                             ^^^^ none is declared under "marks" of target.yaml
target.yaml:65:35: error: this must be a name (lower-case words joined by underscores), not a number [wrong-type]
   65 |   asks_delegated: {marked: [slow, 3], where: her, doc: The node asks for the count.}
      |                                   ^
target.yaml:65:46: error: "where" must be here, along_links or a list of links, not "her" [wrong-type]
   65 |   asks_delegated: {marked: [slow, 3], where: her, doc: The node asks for the count.}
      |                                              ^^^ did you mean "here"?
""",
    ),
    (
        "wrong-type",
        [(METER, "{type: u32, unit: kbps", "{type: u32, bits: 30..33, unit: kbps")],
        """
meter.yaml:18:36: error: "bits" must be first..last within 0..31 of a u32 [wrong-type]
   18 |     rate_kbps:   {type: u32, bits: 30..33, unit: kbps, host: RateKbps, at: 0, doc: What may pass in the long run.}
      |                                    ^^^^^^
""",
    ),
    (
        "wrong-type",
        [(TARGET, "units:\n", "types:\n  blob: {is: pointer, doc: Bytes.}\nunits:\n")],
        """
target.yaml:11:3: error: a pointer is either opaque or says how many bytes it names (bytes) [wrong-type]
   11 |   blob: {is: pointer, doc: Bytes.}
      |   ^^^^
""",
    ),
    (
        "bad-name",
        [(METER, "    burst_bytes: {type", "    burstBytes: {type")],
        """
meter.yaml:19:5: error: "burstBytes" is not a name (lower-case words joined by underscores) [bad-name]
   19 |     burstBytes: {type: u32, unit: bytes, host: BurstBytes, at: 4, doc: What may pass at once.}
      |     ^^^^^^^^^^ did you mean "burst_bytes"?
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said
