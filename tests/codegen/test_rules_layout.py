# SPDX-License-Identifier: BSD-2-Clause
"""Rules: layouts a compiler can make."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "word-bytes",
        [
            (
                "target.yaml",
                "structs: microsoft, pointer_bytes: 8",
                "structs: microsoft, word_bytes: 4",
            ),
        ],
        """
target.yaml:7:39: error: Microsoft's structures are those of x64, whose pointers have 8 bytes [word-bytes]
    7 | abi: {structs: microsoft, word_bytes: 4, states_align: 8}
      |                                       ^
""",
    ),
    Case(
        "word-bytes",
        [
            (
                "target.yaml",
                "structs: microsoft, pointer_bytes: 8",
                "structs: natural, pointer_bytes: 8, word_bytes: 4",
            ),
            (
                "meter.yaml",
                "{type: u64, unit: packets, host: DroppedPackets, at: 0,",
                "{type: u64, bits: 0..47, host: DroppedPackets, at: 0,",
            ),
        ],
        """
meter.yaml:23:25: error: "dropped_packets" has bits of a u64, wider than a word [word-bytes]
   23 |       {type: u64, bits: 0..47, host: DroppedPackets, at: 0, doc: What did not pass.}
      |                         ^^^^^ compilers for 32 bits put them elsewhere
target.yaml:7:55: error: a pointer has 4 bytes here, and 8 by pointer_bytes [word-bytes]
    7 | abi: {structs: natural, pointer_bytes: 8, word_bytes: 4, states_align: 8}
      |                                                       ^ leave that out
""",
    ),
    Case(
        "layout-overlap",
        [
            ("meter.yaml", "host: BurstBytes, at: 4", "host: BurstBytes, at: 0"),
        ],
        """
meter.yaml:19:65: error: "burst_bytes" (bytes 0..3) overlaps "rate_kbps" (0..3) in LIMITER_METER_LIMITS [layout-overlap]
   19 |     burst_bytes: {type: u32, unit: bytes, host: BurstBytes, at: 0, doc: What may pass at once.}
      |                                                                 ^
""",
    ),
    Case(
        "layout-overlap",
        [
            ("flow.yaml", "bits: 4..7", "bits: 3..7"),
            ("flow.yaml", "in: [query]", "in: [query, terminate]"),
        ],
        """
flow.yaml:18:59: error: "scale_out" (bytes 8..8 bits 3..7) overlaps "scale_in" (8..8 bits 0..3) in FLOW_CONST [layout-overlap]
   18 |     scale_out: {type: u8, bits: 3..7, host: ScaleOut, at: 8, doc: Of what goes.}
      |                                                           ^
flow.yaml:40:56: error: "queued" (bytes 24..27) overlaps "oldest" (24..27) in FLOW_DELEGATED [layout-overlap]
   40 |     queued: {type: u32, unit: bytes, host: Queued, at: 24, in: [query, terminate], doc: What waits.}
      |                                                        ^^
""",
        base=RICH,
    ),
    Case(
        "host-member",
        [
            ("meter.yaml", "host: BurstBytes", "host: RateKbps"),
            ("node.yaml", "host: Kind", "host: Own.Kind"),
            ("node.yaml", "host: Cookie", "host: Own"),
        ],
        """
meter.yaml:19:49: error: "RateKbps" is a name of "rate_kbps" already in LIMITER_METER_LIMITS [host-member]
   19 |     burst_bytes: {type: u32, unit: bytes, host: RateKbps, at: 4, doc: What may pass at once.}
      |                                                 ^^^^^^^^
node.yaml:22:25: error: "Own" is a name of "kind" already in LIMITER_ITEM [host-member]
   22 |     {type: void*, host: Own, at: 32, role: host_handle, doc: By this the host knows the meter.}
      |                         ^^^
""",
    ),
    Case(
        "host-member",
        [
            ("meter.yaml", "host: RateKbps", "host: Limits.RateKbps"),
            ("meter.yaml", "host: Owner", "host: Limits.Owner"),
        ],
        """
meter.yaml:20:36: error: "Limits.Owner" is not beside the other members of Limits in LIMITER_METER_LIMITS [host-member]
   20 |     owner:       {type: u32, host: Limits.Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |                                    ^^^^^^^^^^^^
""",
    ),
    Case(
        "layout-size",
        [
            ("meter.yaml", "bytes: 12", "bytes: 16"),
        ],
        """
meter.yaml:11:52: error: LIMITER_METER_LIMITS has 16 bytes, but its members need 12 [layout-size]
   11 |   cached:    {struct: LIMITER_METER_LIMITS, bytes: 16}
      |                                                    ^^ with the padding a compiler adds
""",
    ),
    Case(
        "layout-size",
        [
            ("meter.yaml", "bytes: 12", "bytes: 8"),
        ],
        """
meter.yaml:20:47: error: "owner" ends at 12, past the 8 bytes of LIMITER_METER_LIMITS [layout-size]
   20 |     owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |                                               ^
""",
    ),
    Case(  # a lone bit field, whose unit begins with bits that nobody declares
        "misaligned",
        [
            (
                "meter.yaml",
                "owner:       {type: u32, host: Owner, at: 8,",
                "owner:       {type: u16, host: Owner, at: 10, bits: 3..5,",
            )
        ],
        """
meter.yaml:20:47: error: "owner" lies at 10 in LIMITER_METER_LIMITS, but what is before it ends at 8 [misaligned]
   20 |     owner:       {type: u16, host: Owner, at: 10, bits: 3..5, doc: Whom it is for; the hardware need not know.}
      |                                               ^^ a compiler would put it at 8
""",
    ),
    Case(
        "layout-flags",
        [
            ("flow.yaml", "slow:    {mask: 2,", "slow:    {mask: 0x10000,"),
            ("flow.yaml", "restart:   {mask: 4", "restart:   {mask: 5"),
        ],
        """
flow.yaml:28:9: error: flag "slow" (0x10000) is not within u16 [layout-flags]
   28 |         slow:    {mask: 0x10000, doc: Do not hurry.}
      |         ^^^^
flow.yaml:30:9: error: flag "restart" shares bits with "probing" [layout-flags]
   30 |         restart:   {mask: 5, doc: Begin to count again.}
      |         ^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "misaligned",
        [
            ("meter.yaml", "bytes: 12", "bytes: 16"),
            ("meter.yaml", "host: Owner, at: 8", "host: Owner, at: 10"),
        ],
        """
meter.yaml:20:47: error: "owner" is 4 bytes wide and cannot lie at 10 in LIMITER_METER_LIMITS [misaligned]
   20 |     owner:       {type: u32, host: Owner, at: 10, doc: Whom it is for; the hardware need not know.}
      |                                               ^^ a multiple of 4
""",
    ),
    Case(
        "misaligned",
        [("meter.yaml", "host: BurstBytes, at: 4", "host: BurstBytes, at: 2")],
        """
meter.yaml:19:65: error: "burst_bytes" is 4 bytes wide and cannot lie at 2 in LIMITER_METER_LIMITS [misaligned]
   19 |     burst_bytes: {type: u32, unit: bytes, host: BurstBytes, at: 2, doc: What may pass at once.}
      |                                                                 ^ a multiple of 4
""",
    ),
    Case(
        "layout-overlap",
        [
            (
                "flow.yaml",
                "{type: span, host: Interval, at: 16, doc: Time between probes.}",
                "{type: span, host: Interval, at: 16, in: [update], doc: Time between probes.}\n    gap: {type: span, host: Gap, at: 16, in: [initiate], doc: The first time.}",
            ),
        ],
        """
flow.yaml:34:38: error: "gap" and "interval" lie at one place of FLOW_CACHED, and both are brought: an object keeps both [layout-overlap]
   34 |     gap: {type: span, host: Gap, at: 16, in: [initiate], doc: The first time.}
      |                                      ^^
""",
        base=RICH,
    ),
    Case(
        "misaligned",
        [
            (
                "gate.yaml",
                '    address:   {type: "u8[8]", host: Address, at: 8, doc: Where it leads.}\n',
                "",
            ),
            (
                "gate.yaml",
                "{carries: [address], undo: old_values",
                "{carries: [confirmed], undo: old_values",
            ),
            ("gate.yaml", "    - {changed: [address], send: write_address}\n", ""),
        ],
        """
gate.yaml:18:49: error: "confirmed" lies at 16 in GATE_CACHED, but what is before it ends at 8 [misaligned]
   18 |     confirmed: {type: age, host: Confirmed, at: 16, doc: When the host saw it last.}
      |                                                 ^^ a compiler would put it at 8
""",
        base=RICH,
    ),
    Case(
        "misaligned",
        [
            (
                "node.yaml",
                "      length: {type: u32, host: Length, at: 0, role: length, doc: Bytes of the structure.}\n",
                "",
            )
        ],
        """
node.yaml:29:45: error: "spare" lies at 4 in RICH_HEADER, but what is before it ends at 0 [misaligned]
   29 |       spare:  {type: u32, host: Spare,  at: 4, doc: Nothing.}
      |                                             ^ a compiler would put it at 0
""",
        base=RICH,
    ),
    Case(
        "layout-flags",
        [("flow.yaml", "restart:   {mask: 4", "restart:   {mask: 5")],
        """
flow.yaml:30:9: error: flag "restart" shares bits with "probing" [layout-flags]
   30 |         restart:   {mask: 5, doc: Begin to count again.}
      |         ^^^^^^^
""",
        base=RICH,
        shown=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
