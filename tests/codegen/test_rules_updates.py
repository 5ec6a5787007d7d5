# SPDX-License-Identifier: BSD-2-Clause
"""Rules: the update section carries all the host may change."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "update-not-cached",
        [
            (
                "meter.yaml",
                "{changed: [owner], send: nothing}",
                "{changed: [owner, port, dropped_packets], send: nothing}",
            ),
        ],
        """
meter.yaml:46:25: error: "port" is const: the host cannot change it [update-not-cached]
   46 |     - {changed: [owner, port, dropped_packets], send: nothing}
      |                         ^^^^
meter.yaml:46:31: error: "dropped_packets" is delegated: the host cannot change it [update-not-cached]
   46 |     - {changed: [owner, port, dropped_packets], send: nothing}
      |                               ^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "update-not-cached",
        [
            ("flow.yaml", "relinked_by: update", "relinked_by: nothing"),
        ],
        """
flow.yaml:68:18: error: the link of a flow never changes [update-not-cached]
   68 |     - {changed: [link], send: write_link}
      |                  ^^^^ relinked_by says so
""",
        base=RICH,
    ),
    Case(
        "cached-not-carried",
        [
            (
                "meter.yaml",
                "    - {changed: [owner], send: nothing}\n",
                "",
            ),
        ],
        """
meter.yaml:20:5: error: no update rule of meter carries the variable "owner" [cached-not-carried]
   20 |     owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^^ {changed: [owner], send: a command, or nothing if only software keeps it}
""",
    ),
    Case(
        "cached-not-carried",
        [
            (
                "flow.yaml",
                "    - {changed: [link], send: write_link}\n",
                "",
            ),
            ("flow.yaml", "{changed: [slow, window]", "{changed: [window]"),
            (
                "flow.yaml",
                "    - {pulse: advertise, send: begin_again, effect: open_window}\n",
                "",
            ),
        ],
        """
flow.yaml:6:39: error: "update" relinks a flow, but no update rule carries the link [cached-not-carried]
    6 | links_to: {object: gate, relinked_by: update}
      |                                       ^^^^^^
flow.yaml:28:9: error: no update rule of flow carries the flag "slow" [cached-not-carried]
   28 |         slow:    {mask: 2, doc: Do not hurry.}
      |         ^^^^ {changed: [slow], send: a command, or nothing if only software keeps it}
flow.yaml:31:9: error: no update rule of flow carries the pulse "advertise" [cached-not-carried]
   31 |         advertise: {mask: 8, doc: Tell the window.}
      |         ^^^^^^^^^ {pulse: advertise, send: ...} tells the hardware
""",
        base=RICH,
    ),
    Case(
        "not-carried",
        [
            ("meter.yaml", "    carries: [rate_kbps, burst_bytes]", "    carries: [rate_kbps]"),
        ],
        """
meter.yaml:45:29: error: "write_limits" does not carry "burst_bytes" [not-carried]
   45 |     - {changed: [rate_kbps, burst_bytes], send: write_limits}
      |                             ^^^^^^^^^^^ add it to carries of "write_limits"
""",
    ),
    Case(
        "not-carried",
        [
            (
                "flow.yaml",
                "{pulse: restart, send: begin_again, effect: clear_count}",
                "{pulse: restart, send: begin_again}",
            ),
        ],
        """
flow.yaml:73:15: error: "begin_again" does not carry "restart" [not-carried]
   73 |     - {pulse: restart, send: begin_again}
      |               ^^^^^^^ add it to carries of "begin_again"
""",
        base=RICH,
    ),
    Case(
        "pulse-as-value",
        [
            ("flow.yaml", "{changed: [interval], pulse", "{changed: [interval, advertise], pulse"),
        ],
        """
flow.yaml:72:28: error: "advertise" is a pulse and cannot be compared [pulse-as-value]
   72 |     - {changed: [interval, advertise], pulse: restart, send: begin_again, effect: rearm}
      |                            ^^^^^^^^^ pulse: advertise
""",
        base=RICH,
    ),
    Case(
        "plan-without-update",
        [
            (
                "gate.yaml",
                "{mark: invalid, send: block_gate, to",
                "{mark: invalid, plan: update, to",
            ),
        ],
        """
gate.yaml:74:41: error: "invalidate" brings nothing that could have changed [plan-without-update]
   74 |       invalidate: {mark: invalid, plan: update, to: stopping}
      |                                         ^^^^^^
""",
        base=RICH,
    ),
    Case(
        "add-incomplete",
        [("meter.yaml", "    carries: [port, rate_kbps, burst_bytes]\n", "    carries: [port]\n")],
        """
meter.yaml:28:14: error: "add_meter" does not carry "rate_kbps", "burst_bytes", which updates change [add-incomplete]
   28 |     carries: [port]
      |              ^^^^^^ a new meter would begin without
""",
    ),
    Case(
        "add-incomplete",
        [("flow.yaml", "carries: [const, cached, delegated, link]", "carries: [const, delegated]")],
        """
flow.yaml:46:14: error: "add_flow" does not carry "link", "probing", "interval", "slow", "window", which updates change [add-incomplete]
   46 |     carries: [const, delegated]
      |              ^^^^^^^^^^^^^^^^^^ a new flow would begin without
""",
        base=RICH,
    ),
    Case(
        "update-not-cached",
        [
            (
                "flow.yaml",
                "{type: u32, unit: bytes, host: Window, at: 12,",
                "{type: u32, unit: bytes, host: Window, at: 12, in: [initiate],",
            ),
            (
                "flow.yaml",
                "    doc: What the host switches on and asks for.\n",
                "    doc: What the host switches on and asks for.\n      in: [initiate]\n",
            ),
        ],
        """
flow.yaml:70:18: error: "probing" is not there in "update": it never changes [update-not-cached]
   70 |     - {changed: [probing, interval], send: write_probes}
      |                  ^^^^^^^ it is in "initiate" only
flow.yaml:71:18: error: "slow" is not there in "update": it never changes [update-not-cached]
   71 |     - {changed: [slow, window], send: write_window}
      |                  ^^^^ it is in "initiate" only
flow.yaml:71:24: error: "window" is not there in "update": it never changes [update-not-cached]
   71 |     - {changed: [slow, window], send: write_window}
      |                        ^^^^^^ it is in "initiate" only
flow.yaml:73:36: error: "restart" is not there in "update": it never changes [update-not-cached]
   73 |     - {changed: [interval], pulse: restart, send: begin_again, effect: rearm}
      |                                    ^^^^^^^ it is in "initiate" only; the same at flow.yaml:74:15
flow.yaml:75:15: error: "advertise" is not there in "update": it never changes [update-not-cached]
   75 |     - {pulse: advertise, send: begin_again, effect: open_window}
      |               ^^^^^^^^^ it is in "initiate" only
""",
        base=RICH,
    ),
    Case(
        "update-not-cached",
        [("target.yaml", "brings: [cached]\n", "brings: [const, cached]\n")],
        """
target.yaml:38:14: error: "modify" brings const variables of objects that are there [update-not-cached]
   38 |     brings: [const, cached]
      |              ^^^^^ the host changes cached variables only
""",
    ),
    Case(
        "cached-not-carried",
        [
            (
                "meter.yaml",
                "  cached:    {struct: LIMITER_METER_LIMITS, bytes: 12}",
                "  cached:    {struct: LIMITER_METER_LIMITS, bytes: 16}",
            ),
            (
                "meter.yaml",
                "  delegated:                               # the",
                "    mask:        {type: u32, host: Mask, at: 12, pulses: {anew: 1}, doc: How.}\n  delegated:                               # the",
            ),
            (
                "meter.yaml",
                "carries: [rate_kbps, burst_bytes]\n    undo: old",
                "carries: [rate_kbps, burst_bytes, anew]\n    undo: old",
            ),
            (
                "meter.yaml",
                "{changed: [rate_kbps, burst_bytes], send",
                "{changed: [rate_kbps, burst_bytes], pulse: anew, send",
            ),
            (
                "meter.yaml",
                "    - {changed: [owner], send: nothing}",
                "    - {changed: [burst_bytes], send: write_limits}\n    - {changed: [owner], send: nothing}",
            ),
        ],
        """
meter.yaml:18:5: error: no update rule of meter carries the variable "rate_kbps" where the pulse "anew" is not set [cached-not-carried]
   18 |     rate_kbps:   {type: u32, unit: kbps, host: RateKbps, at: 0, doc: What may pass in the long run.}
      |     ^^^^^^^^^ {changed: [rate_kbps], send: a command, or nothing if only software keeps it}
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
