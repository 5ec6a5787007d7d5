# SPDX-License-Identifier: BSD-2-Clause
"""Rules: conditions and effects that mean something."""

import pytest
from rule_case import Case

CASES = [
    Case(
        "wrong-type",
        [
            ("neighbor.yaml", "older: [host_reachability_delta, ", "older: [destination_mac, "),
        ],
        """
neighbor.yaml:56:13: error: "destination_mac" is of type u8[32], not an age [wrong-type]
   56 |     older: [destination_mac, nic_reachability_delta]
      |             ^^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-type",
        [
            ("target.yaml", "nce_stale_ticks: {type: ticks,", "nce_stale_ticks: {type: backlog,"),
        ],
        """
neighbor.yaml:57:11: error: "nce_stale_ticks" is of type backlog and cannot be compared with an age [wrong-type]
   57 |     than: nce_stale_ticks
      |           ^^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-type",
        [
            ("tcp.yaml", "{sets: total_rt, to: 0", "{sets: max_rt, to: 0"),
            (
                "tcp.yaml",
                "{sets: keepalive_probe_count, to: 0",
                "{sets: keepalive_probe_count, to: 256",
            ),
            ("tcp.yaml", "{sets: keepalive_timeout_delta, to: full", "{sets: srtt, to: full"),
        ],
        """
tcp.yaml:173:60: error: 256 does not fit "keepalive_probe_count" (u8) [wrong-type]
  173 |       clear_probe_count: {sets: keepalive_probe_count, to: 256, doc: Forget the keepalive probes sent so far.}
      |                                                            ^^^
tcp.yaml:174:41: error: "srtt" is no timer: "full" has no meaning for it [wrong-type]
  174 |       rearm_keepalive: {sets: srtt, to: full, doc: Start the keepalive timer over.}   # idle 0 ticks; a delta of 0 would fire
      |                                         ^^^^
tcp.yaml:175:30: error: "max_rt" is cached: a command can only change delegated variables [wrong-type]
  175 |       clear_total_rt: {sets: max_rt, to: 0, doc: Forget the time spent retransmitting.}
      |                              ^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-type",
        [
            ("tcp.yaml", "{sets: rcv_wnd, to: initial_rcv_wnd", "{sets: rcv_wnd, to: ka_timeout"),
        ],
        """
tcp.yaml:177:29: error: "ka_timeout" (ticks) does not fit "rcv_wnd" (u32 in bytes) [wrong-type]
  177 |         {sets: rcv_wnd, to: ka_timeout, unless_equal: true, doc: Tell the peer the new receive window.}
      |                             ^^^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-type",
        [
            (
                "target.yaml",
                "host_answers: host_reachability_delta",
                "host_answers: nic_reachability_delta",
            ),
        ],
        """
target.yaml:231:19: error: "nic_reachability_delta" is delegated: the host can only answer cached variables [wrong-type]
  231 |     host_answers: nic_reachability_delta  # in place
      |                   ^^^^^^^^^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-question",
        [
            (
                "meter.yaml",
                "modify:   {plan: update, to: modifying}",
                "modify:   [{if: asks_delegated, refuse: bad_value}, {plan: update, to: modifying}]",
            ),
        ],
        """
meter.yaml:70:23: error: "asks_delegated" cannot be asked on "modify": "modify" asks for no classes [wrong-question]
   70 |       modify:   [{if: asks_delegated, refuse: bad_value}, {plan: update, to: modifying}]
      |                       ^^^^^^^^^^^^^^
""",
    ),
    Case(
        "wrong-question",
        [
            (
                "tcp.yaml",
                "      terminate:  {send: remove_tcp, to: terminating}",
                "      terminate:\n"
                "        - {if: has_dependents, refuse: failure}\n"
                "        - {if: new_link_unusable, refuse: failure}\n"
                "        - {if: not_offloadable, refuse: failure}\n"
                "        - {send: remove_tcp, to: terminating}",
            ),
        ],
        """
tcp.yaml:249:16: error: "has_dependents" cannot be asked on "terminate": nothing links to a tcp [wrong-question]
  249 |         - {if: has_dependents, refuse: failure}
      |                ^^^^^^^^^^^^^^
tcp.yaml:250:16: error: "new_link_unusable" cannot be asked on "terminate": "terminate" brings no link [wrong-question]
  250 |         - {if: new_link_unusable, refuse: failure}
      |                ^^^^^^^^^^^^^^^^^
tcp.yaml:251:16: error: "not_offloadable" cannot be asked on "terminate": "terminate" does not bring delegated variables [wrong-question]
  251 |         - {if: not_offloadable, refuse: failure}
      |                ^^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
