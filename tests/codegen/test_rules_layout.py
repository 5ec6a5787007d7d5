# SPDX-License-Identifier: BSD-2-Clause
"""Rules: layouts a compiler can make."""

import pytest
from rule_case import Case

CASES = [
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
            ("tcp.yaml", "bits: 4..7", "bits: 3..7"),
        ],
        """
tcp.yaml:28:68: error: "rcv_wind_scale" (bytes 14..14 bits 3..7) overlaps "snd_wind_scale" (14..14 bits 0..3) in TCP_OFFLOAD_STATE_CONST [layout-overlap]
   28 |     rcv_wind_scale: {type: u8, bits: 3..7, host: RcvWindScale, at: 14,
      |                                                                    ^^
""",
        base="chimney",
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
    Case(
        "layout-flags",
        [
            ("tcp.yaml", "nagle_on:     {mask: 2,", "nagle_on:     {mask: 0x10000,"),
            ("tcp.yaml", "restart_keepalive:     {mask: 4", "restart_keepalive:     {mask: 5"),
        ],
        """
tcp.yaml:41:9: error: flag "nagle_on" (0x10000) is not within u16 [layout-flags]
   41 |         nagle_on:     {mask: 0x10000, doc: Hold small segments back while data is unacknowledged.}
      |         ^^^^^^^^
tcp.yaml:43:9: error: flag "restart_keepalive" shares bits with "keepalive_on" [layout-flags]
   43 |         restart_keepalive:     {mask: 5, doc: Start the keepalive timer over.}
      |         ^^^^^^^^^^^^^^^^^
""",
        base="chimney",
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
