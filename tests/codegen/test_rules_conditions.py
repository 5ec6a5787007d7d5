# SPDX-License-Identifier: BSD-2-Clause
"""Rules: conditions and effects that mean something."""

import pytest
from helpers import diagnose
from rule_case import LINKS, RICH, Case

CASES = [
    Case(
        "wrong-type",
        [
            ("gate.yaml", "older: [confirmed, ", "older: [address, "),
        ],
        """
gate.yaml:42:19: error: "address" is of type u8[8], not an age [wrong-type]
   42 |   stale: {older: [address, seen], than: patience, doc: Nobody saw it for long.}
      |                   ^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            ("target.yaml", "patience: {type: span,", "patience: {type: phase,"),
        ],
        """
gate.yaml:42:43: error: "patience" is of type phase and cannot be compared with an age [wrong-type]
   42 |   stale: {older: [confirmed, seen], than: patience, doc: Nobody saw it for long.}
      |                                           ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            ("flow.yaml", "{sets: count, to: 0", "{sets: count, to: 256"),
            ("flow.yaml", "{sets: left, to: full", "{sets: newest, to: full"),
            ("flow.yaml", "{sets: wnd, to: window", "{sets: interval, to: window"),
        ],
        """
flow.yaml:57:38: error: 256 does not fit "count" (u8) [wrong-type]
   57 |       clear_count: {sets: count, to: 256, doc: No probes so far.}
      |                                      ^^^
flow.yaml:58:39: error: "newest" is no timer: "full" has no meaning for it [wrong-type]
   58 |       rearm:       {sets: newest, to: full, doc: Start the timer over.}
      |                                       ^^^^
flow.yaml:59:27: error: "interval" is cached: a command can only change delegated variables [wrong-type]
   59 |       open_window: {sets: interval, to: window, unless_equal: true, doc: Tell the window.}
      |                           ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            ("flow.yaml", "{sets: wnd, to: window", "{sets: wnd, to: interval"),
        ],
        """
flow.yaml:59:36: error: "interval" (span in ticks) does not fit "wnd" (u32 in bytes) [wrong-type]
   59 |       open_window: {sets: wnd, to: interval, unless_equal: true, doc: Tell the window.}
      |                                    ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            ("target.yaml", "host_answers: confirmed", "host_answers: seen"),
        ],
        """
target.yaml:129:88: error: "seen" is delegated: the host can only answer cached variables [wrong-type]
  129 |   is_it_there: {call: rich_question, about: gate, code: 2, carries: all, host_answers: seen,
      |                                                                                        ^^^^
""",
        base=RICH,
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
                "flow.yaml",
                "      terminate:  {send: remove_flow, to: removing}",
                "      terminate:\n"
                "        - {if: has_dependents, refuse: bad}\n"
                "        - {if: new_link_unusable, refuse: bad}\n"
                "        - {if: not_open, refuse: bad}\n"
                "        - {send: remove_flow, to: removing}",
            ),
        ],
        """
flow.yaml:119:16: error: "has_dependents" cannot be asked on "terminate": nothing links to a flow [wrong-question]
  119 |         - {if: has_dependents, refuse: bad}
      |                ^^^^^^^^^^^^^^
flow.yaml:120:16: error: "new_link_unusable" cannot be asked on "terminate": "terminate" brings no link [wrong-question]
  120 |         - {if: new_link_unusable, refuse: bad}
      |                ^^^^^^^^^^^^^^^^^
flow.yaml:121:16: error: "not_open" cannot be asked on "terminate": "terminate" does not bring delegated variables [wrong-question]
  121 |         - {if: not_open, refuse: bad}
      |                ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-question",
        [
            (
                "flow.yaml",
                "{type: phase, host: Phase, at: 8,",
                "{type: phase, host: Phase, at: 8, in: [query, terminate],",
            ),
        ],
        """
flow.yaml:92:16: error: "not_open" cannot be asked on "initiate": "phase" is not there in "initiate" [wrong-question]
   92 |         - {if: not_open, refuse: bad}
      |                ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            (
                "gate.yaml",
                "{type: age, host: Confirmed, at: 16,",
                "{type: age, host: Confirmed, at: 16, in: [initiate, update],",
            ),
        ],
        """
target.yaml:129:88: error: "confirmed" is in "initiate", "update" only, not in an indication [wrong-type]
  129 |   is_it_there: {call: rich_question, about: gate, code: 2, carries: all, host_answers: confirmed,
      |                                                                                        ^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "unknown-to-host",
        [("flow.yaml", "held: [there, updating]", "held: [there, withdrawing]")],
        """
flow.yaml:80:17: error: "stall" may be made in "withdrawing", where the host has no handle of the flow [unknown-to-host]
   80 |   held: [there, withdrawing]
      |                 ^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "unknown-to-host",
        [("gate.yaml", "{in: [there, corrupt], if", "{in: [there, stranded], if")],
        """
gate.yaml:45:29: error: "is_it_there" may be made in "stranded", where the host has no handle of the gate [unknown-to-host]
   45 |   is_it_there: {in: [there, stranded], if: stale}
      |                             ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-question",
        [("flow.yaml", "stall: {in: held}", "stall: {in: held, if: asks_delegated}")],
        """
flow.yaml:83:25: error: "asks_delegated" cannot be asked of an indication: there is no node [wrong-question]
   83 |   stall: {in: held, if: asks_delegated}
      |                         ^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            (
                "gate.yaml",
                "{type: age, host: Seen, at: 8,",
                "{type: age, unit: ticks/8, host: Seen, at: 8,",
            )
        ],
        """
gate.yaml:42:43: error: "patience" is of type span and cannot be compared with an age [wrong-type]
   42 |   stale: {older: [confirmed, seen], than: patience, doc: Nobody saw it for long.}
      |                                           ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-question",
        [
            (
                "port.yaml",
                "      create:\n        - {send",
                "      create:\n        - {if: new_link_unusable, refuse: again}\n        - {send",
            )
        ],
        """
port.yaml:41:16: error: "new_link_unusable" cannot be asked on "create": a port links to nothing [wrong-question]
   41 |         - {if: new_link_unusable, refuse: again}
      |                ^^^^^^^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "wrong-question",
        [
            (
                "sa.yaml",
                "        - {if: is_withdrawn, refuse: bad_value}\n",
                "        - {if: is_withdrawn, refuse: bad_value}\n        - {if: new_key_unusable, refuse: bad_value}\n",
            ),
            (
                "sa.yaml",
                "states:\n",
                "conditions:\n  new_key_unusable: {link: new, of: key, is: unusable}\n\nstates:\n",
            ),
        ],
        """
sa.yaml:72:16: error: "new_key_unusable" cannot be asked on "modify": "modify" brings no link "key" [wrong-question]
   72 |         - {if: new_key_unusable, refuse: bad_value}
      |                ^^^^^^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "wrong-question",
        [
            (
                "sa.yaml",
                "      restore:\n        - {if: is_withdrawn, stay: true}\n        - {if: link_unusable",
                "      restore:\n        - {if: is_withdrawn, stay: true}\n        - {if: next_link_unusable",
            )
        ],
        """
sa.yaml:111:16: error: "next_link_unusable" cannot be asked on "restore": there is no node [wrong-question]
  111 |         - {if: next_link_unusable, stay: true}
      |                ^^^^^^^^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "wrong-question",
        [("target.yaml", "{link: new, is: unusable, doc", "{link: present, is: unusable, doc")],
        """
target.yaml:94:3: error: "new_link_unusable" cannot be asked on "create": a srq that is new has no link yet [wrong-question]
   94 |   new_link_unusable: {link: present, is: unusable, doc: What it is to stand on is not there for good.}
      |   ^^^^^^^^^^^^^^^^^ of what it is to link to ask {link: new, is: unusable}
""",
        base="rdma",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()


def test_units_that_are_alike_on_both_sides_are_compared():
    alike = [
        ("gate.yaml", "{type: age, host: Seen", "{type: age, unit: ticks/8, host: Seen"),
        ("gate.yaml", "{type: age, host: Confirmed", "{type: age, unit: ticks/8, host: Confirmed"),
        ("target.yaml", "span:  {is: u32, unit: ticks,", "span:  {is: u32, unit: ticks/8,"),
    ]
    assert diagnose(alike, RICH) == ""
