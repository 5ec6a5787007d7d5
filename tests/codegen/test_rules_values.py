# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what would be no C, or not the C that was meant, is refused at its place."""

import pytest
from helpers import read_spec
from rule_case import RICH, Case

ONE_STATE = """states:
  free:
    doc: No meter.
    rest: {host: has_not, hardware: has_not}
    when: {create: {refuse: bad_value}}
"""
METERS = read_spec("meter.yaml")

CASES = [
    Case(
        "unreachable-state",
        [("meter.yaml", METERS, METERS[: METERS.index("states:")] + ONE_STATE)],
        """
meter.yaml:49:3: error: no event leads out of "free": no meter is ever made [unreachable-state]
   49 |   free:
      |   ^^^^
""",
    ),
    Case(
        "member-value",
        [
            (
                "node.yaml",
                "type: void*, host: SourceHandle, at: 128, role: host,",
                "type: void*, host: SourceHandle, at: 128, role: host, value: 1,",
            ),
            (
                "node.yaml",
                "size: {type: u16, host: Header.Size, at: 2, role: host, value: 152",
                "size: {type: u16, host: Header.Size, at: 2, role: host, value: 65536",
            ),
            ("node.yaml", "role: type, doc: Which", "role: type, value: 3, doc: Which"),
            ("node.yaml", 'guid: {type: "u8[16]",', 'guid: {type: "u8[16]", value: 1,'),
        ],
        """
node.yaml:14:65: error: "type" is the type: what is written to it is no value of the spec [member-value]
   14 |   type: {type: u8, host: Header.Type, at: 0, role: type, value: 3, doc: Which state follows the node.}
      |                                                                 ^
node.yaml:17:66: error: 65536 does not fit "size" (u16) [value-size]
   17 |   size: {type: u16, host: Header.Size, at: 2, role: host, value: 65536, doc: Bytes of the structure.}
      |                                                                  ^^^^^
node.yaml:64:80: error: "source_handle" (void*) is not one number [member-value]
   64 |   source_handle: {type: void*, host: SourceHandle, at: 128, role: host, value: 1, doc: Who sent it.}
      |                                                                                ^
node.yaml:110:37: error: "guid" (u8[16]) is not one number [member-value]
  110 |       guid: {type: "u8[16]", value: 1, host: Guid, at: 60, doc: For WMI.}
      |                                     ^
""",
        base="chimney",
    ),
    Case(
        "wrong-indication",
        [
            ("neighbor.yaml", "raises:\n", "raises:\n  offload_pause: {in: held}\n"),
            (
                "tcp.yaml",
                "broken:  [retrieve.hardware_failure, abort]",
                "broken:  [retrieve.hardware_failure, offload_resume]",
            ),
            ("target.yaml", "enter: offload_pause", "enter: abort"),
            (
                "target.yaml",
                "  upload_all: {call: NdisMIndicateStatusEx,",
                "  upload_all: {carries: all, call: NdisMOffloadEventIndicate,",
            ),
        ],
        """
neighbor.yaml:56:3: error: "offload_pause" is about the target: a neighbor cannot raise it [wrong-indication]
   56 |   offload_pause: {in: held}
      |   ^^^^^^^^^^^^^
target.yaml:180:45: error: "abort" is about a tcp: the target cannot make it [wrong-indication]
  180 |   paused:  {doc: What is new waits., enter: abort, leave: offload_resume, hold: initiate}
      |                                             ^^^^^
target.yaml:222:16: error: "upload_all" is about the target: there is no object whose state a node carries [wrong-indication]
  222 |   upload_all: {carries: all, call: NdisMOffloadEventIndicate, about: target, code: 0x40020002,
      |                ^^^^^^^
tcp.yaml:172:40: error: "offload_resume" is about the target: a tcp cannot tell by it [wrong-indication]
  172 |   broken:  [retrieve.hardware_failure, offload_resume]
      |                                        ^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-indication",
        [
            ("target.yaml", "host_answers: host_reachability_delta", "host_answers: chain"),
            (
                "neighbor.yaml",
                "NEIGHBOR_OFFLOAD_STATE_CACHED,    bytes: 44",
                "NEIGHBOR_OFFLOAD_STATE_CACHED,    bytes: 56",
            ),
            (
                "neighbor.yaml",
                "  cached:\n    destination",
                "  cached:\n    chain: {type: net_buffer_list, host: Chain, at: 48, doc: C.}\n    destination",
            ),
            ("neighbor.yaml", "changed: [destination_mac]", "changed: [destination_mac, chain]"),
            (
                "neighbor.yaml",
                "write_mac: {carries: [destination_mac]",
                "write_mac: {carries: [destination_mac, chain]",
            ),
        ],
        """
target.yaml:218:19: error: "chain" is a pointer: what the host answers is gone when it returned [wrong-indication]
  218 |     host_answers: chain  # in place
      |                   ^^^^^
""",
        base="chimney",
    ),
    Case(
        "rule-without-reason",
        [
            (
                "flow.yaml",
                "{pulse: restart, send: begin_again, effect: clear_count}",
                "{send: begin_again, effect: clear_count}",
            )
        ],
        """
flow.yaml:73:7: error: this rule names no change and no pulse: it never counts [rule-without-reason]
   73 |     - {send: begin_again, effect: clear_count}
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ changed: [...], or pulse: ..., or both
""",
        base=RICH,
    ),
    Case(
        "pulse-not-cached",
        [
            ("flow.yaml", "size:      {type: u16,", "size:      {type: u16, pulses: {grow: 1},"),
            (
                "flow.yaml",
                "{pulse: restart, send: begin_again, effect: clear_count}",
                "{pulse: grow, send: begin_again, effect: clear_count}",
            ),
        ],
        """
flow.yaml:19:28: error: "size" is const: no update brings its pulses [pulse-not-cached]
   19 |     size:      {type: u16, pulses: {grow: 1}, unit: bytes, host: Size, at: 10, doc: The largest piece.}
      |                            ^^^^^^ flags, or a cached variable
""",
        base=RICH,
    ),
    Case(
        "misaligned",
        [("target.yaml", "states_align: 8", "states_align: 4")],
        """
path.yaml:13:3: error: PATH_OFFLOAD_STATE_CONST has members that are 8 bytes wide [misaligned]
   13 |   const:     {struct: PATH_OFFLOAD_STATE_CONST,     bytes: 24}
      |   ^^^^^ states_align is 4: one that follows a node could lie amiss
tcp.yaml:14:3: error: TCP_OFFLOAD_STATE_DELEGATED has members that are 8 bytes wide [misaligned]
   14 |   delegated: {struct: TCP_OFFLOAD_STATE_DELEGATED, bytes: 128}
      |   ^^^^^^^^^ states_align is 4: one that follows a node could lie amiss
""",
        base="chimney",
    ),
    Case(
        "node-member-size",
        [
            ("node.yaml", "type: void*, host: Cookie", "type: u64, host: Cookie"),
            ("node.yaml", "{type: u8, host: Kind", "{type: i8, host: Kind"),
        ],
        """
node.yaml:12:12: error: "kind" (i8) cannot be the type [node-member-size]
   12 |     {type: i8, host: Kind, at: 0, role: type, doc: Which structures follow.}
      |            ^^ it must be u8 or u16 or u32
node.yaml:22:12: error: "cookie" (u64) cannot be the host_handle [node-member-size]
   22 |     {type: u64, host: Cookie, at: 32, role: host_handle, doc: By this the host knows the meter.}
      |            ^^^ it must be void*
""",
        base="example",
    ),
    Case(
        "node-member-size",
        [
            ("node.yaml", "status_code: {type: i32,", "status_code: {type: u16,"),
            (
                "node.yaml",
                "      source_handle: {type: void*, host: SourceHandle, at: 8,",
                "      source_handle: {type: u64, host: SourceHandle, at: 8,",
            ),
        ],
        """
node.yaml:100:29: error: "source_handle" (u64) cannot be the target_handle [node-member-size]
  100 |       source_handle: {type: u64, host: SourceHandle, at: 8, role: target_handle, doc: Who tells.}
      |                             ^^^ it must be void*
node.yaml:102:27: error: "status_code" (u16) cannot be the code [node-member-size]
  102 |       status_code: {type: u16, host: StatusCode, at: 20, role: code, doc: What is told.}
      |                           ^^^ it must be u32 or i32
""",
        base="chimney",
    ),
    Case(
        "over-limit",
        [
            ("node.yaml", "{type: u8, host: Kind", "{type: u32, host: Kind"),
            ("meter.yaml", "all: 0x2f", "all: 0x10000"),
        ],
        """
meter.yaml:7:13: error: type code 65536: those below 65535 are possible [over-limit]
    7 | type_codes: {const: 0x20, cached: 0x21, delegated: 0x22, all: 0x10000}
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base="example",
    ),
    Case(
        "clashing-identifier",
        [
            ("meter.yaml", "object: meter", "object: results"),
            ("target.yaml", "objects: [meter]", "objects: [results]"),
        ],
        """
meter.yaml:4:9: error: LIMITER_RESULTS in C would be both object "results" and flue's "RESULTS" [clashing-identifier]
    4 | object: results
      |         ^^^^^^^ that is at target.yaml:4
""",
        base="example",
    ),
    Case(
        "clashing-identifier",
        [
            ("target.yaml", "  asks_delegated: {", "  next: {"),
            ("meter.yaml", "if: asks_delegated", "if: next"),
        ],
        """
target.yaml:65:3: error: limiter_meter_next in C would be both condition "next" of meter and flue's "next" of meter [clashing-identifier]
   65 |   next: {asked: delegated, doc: The node asks for the count.}
      |   ^^^^ that is at meter.yaml:4
""",
        base="example",
    ),
    Case(
        "wrong-indication",
        [("target.yaml", "enter: offload_pause", "enter: abort")],
        """
target.yaml:180:45: error: "abort" is about a tcp: the target cannot make it [wrong-indication]
  180 |   paused:  {doc: What is new waits., enter: abort, leave: offload_resume, hold: initiate}
      |                                             ^^^^^
""",
        base="chimney",
        shown=True,
    ),
    Case(
        "member-value",
        [("node.yaml", 'guid: {type: "u8[16]",', 'guid: {type: "u8[16]", value: 1,')],
        """
node.yaml:110:37: error: "guid" (u8[16]) is not one number [member-value]
  110 |       guid: {type: "u8[16]", value: 1, host: Guid, at: 60, doc: For WMI.}
      |                                     ^
""",
        base="chimney",
        shown=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
