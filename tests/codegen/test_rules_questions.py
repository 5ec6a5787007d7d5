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
neighbor.yaml:48:19: error: "destination_mac" is of type u8[32], not an age [wrong-type]
   48 |   stale: {older: [destination_mac, nic_reachability_delta], than: nce_stale_ticks,
      |                   ^^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "wrong-type",
        [
            ("target.yaml", "nce_stale_ticks: {type: ticks,", "nce_stale_ticks: {type: backlog,"),
        ],
        """
neighbor.yaml:48:75: error: "nce_stale_ticks" is of type backlog and cannot be compared with an age [wrong-type]
   48 |   stale: {older: [host_reachability_delta, nic_reachability_delta], than: nce_stale_ticks,
      |                                                                           ^^^^^^^^^^^^^^^
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
tcp.yaml:133:60: error: 256 does not fit "keepalive_probe_count" (u8) [wrong-type]
  133 |       clear_probe_count: {sets: keepalive_probe_count, to: 256, doc: Forget the keepalive probes sent so far.}
      |                                                            ^^^
tcp.yaml:135:41: error: "srtt" is no timer: "full" has no meaning for it [wrong-type]
  135 |       rearm_keepalive: {sets: srtt, to: full, doc: Start the keepalive timer over.}
      |                                         ^^^^
tcp.yaml:136:30: error: "max_rt" is cached: a command can only change delegated variables [wrong-type]
  136 |       clear_total_rt: {sets: max_rt, to: 0, doc: Forget the time spent retransmitting.}
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
tcp.yaml:137:45: error: "ka_timeout" (ticks) does not fit "rcv_wnd" (u32 in bytes) [wrong-type]
  137 |       advertise_window: {sets: rcv_wnd, to: ka_timeout, unless_equal: true,
      |                                             ^^^^^^^^^^
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
target.yaml:214:19: error: "nic_reachability_delta" is delegated: the host can only answer cached variables [wrong-type]
  214 |     host_answers: nic_reachability_delta  # in place
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
tcp.yaml:208:16: error: "has_dependents" cannot be asked on "terminate": nothing links to a tcp [wrong-question]
  208 |         - {if: has_dependents, refuse: failure}
      |                ^^^^^^^^^^^^^^
tcp.yaml:209:16: error: "new_link_unusable" cannot be asked on "terminate": "terminate" brings no link [wrong-question]
  209 |         - {if: new_link_unusable, refuse: failure}
      |                ^^^^^^^^^^^^^^^^^
tcp.yaml:210:16: error: "not_offloadable" cannot be asked on "terminate": "terminate" does not bring delegated variables [wrong-question]
  210 |         - {if: not_offloadable, refuse: failure}
      |                ^^^^^^^^^^^^^^^
""",
        base="chimney",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
