# SPDX-License-Identifier: BSD-2-Clause
"""Rules: the update section carries all the host may change."""

import pytest
from rule_case import Case

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
            (
                "tcp.yaml",
                "{changed: [nagle_on, initial_rcv_wnd",
                "{changed: [link, nagle_on, initial_rcv_wnd",
            ),
            ("tcp.yaml", "carries: [nagle_on, ", "carries: [link, nagle_on, "),
        ],
        """
tcp.yaml:149:18: error: the link of a tcp never changes [update-not-cached]
  149 |     - {changed: [link, nagle_on, initial_rcv_wnd, rcv_indication_size], send: write_buffers}
      |                  ^^^^ links_to: relinked_by says so
""",
        base="chimney",
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
      |     ^^^^^ {changed: [owner], send: nothing} if software keeps it
""",
    ),
    Case(
        "cached-not-carried",
        [
            (
                "path.yaml",
                "    - {changed: [link],     send: write_route}\n",
                "",
            ),
            ("tcp.yaml", "{changed: [nagle_on, ", "{changed: ["),
            (
                "tcp.yaml",
                "    - {pulse: update_receive_window, send: restart, effect: advertise_window}\n",
                "",
            ),
        ],
        """
path.yaml:6:43: error: "update" relinks a path, but no update rule carries the link [cached-not-carried]
    6 | links_to: {object: neighbor, relinked_by: update}
      |                                           ^^^^^^
path.yaml:34:3: warning: nothing sends the command "write_route" [unused-command]
   34 |   write_route: {carries: [link],     undo: old_values, doc: Send its packets by another neighbor.}
      |   ^^^^^^^^^^^
tcp.yaml:41:9: error: no update rule of tcp carries the flag "nagle_on" [cached-not-carried]
   41 |         nagle_on:     {mask: 2, doc: Hold small segments back while data is unacknowledged.}
      |         ^^^^^^^^ {changed: [nagle_on], send: nothing} if software keeps it
tcp.yaml:45:9: error: no update rule of tcp carries the pulse "update_receive_window" [cached-not-carried]
   45 |         update_receive_window: {mask: 0x10, doc: Advertise the receive window if it changed.}
      |         ^^^^^^^^^^^^^^^^^^^^^ {changed: [update_receive_window], send: nothing} if software keeps it
""",
        base="chimney",
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
                "tcp.yaml",
                "{pulse: restart_max_rt, send: restart, effect: clear_total_rt}",
                "{pulse: restart_max_rt, send: restart}",
            ),
        ],
        """
tcp.yaml:155:15: error: "restart" does not carry "restart_max_rt" [not-carried]
  155 |     - {pulse: restart_max_rt, send: restart}
      |               ^^^^^^^^^^^^^^ add it to carries of "restart"
""",
        base="chimney",
    ),
    Case(
        "pulse-as-value",
        [
            (
                "tcp.yaml",
                "{changed: [ka_probe_count], pulse",
                "{changed: [ka_probe_count, restart_keepalive], pulse",
            ),
        ],
        """
tcp.yaml:152:34: error: "restart_keepalive" is a pulse and cannot be compared [pulse-as-value]
  152 |     - {changed: [ka_probe_count, restart_keepalive], pulse: restart_max_rt, send: restart, effect: clear_probe_count}
      |                                  ^^^^^^^^^^^^^^^^^ pulse: restart_keepalive
""",
        base="chimney",
    ),
    Case(
        "plan-without-update",
        [
            (
                "neighbor.yaml",
                "{mark: invalid, send: block_neighbor, to",
                "{mark: invalid, plan: update, to",
            ),
        ],
        """
neighbor.yaml:38:3: warning: nothing sends the command "block_neighbor" [unused-command]
   38 |   block_neighbor: {doc: Send nothing by it until it is removed.}
      |   ^^^^^^^^^^^^^^
neighbor.yaml:85:41: error: "invalidate" brings nothing that could have changed [plan-without-update]
   85 |       invalidate: {mark: invalid, plan: update, to: invalidating}
      |                                         ^^^^^^
""",
        base="chimney",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
