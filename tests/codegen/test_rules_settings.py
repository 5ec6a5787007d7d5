# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what arms set."""

import pytest
from rule_case import UPLINKS, Case

ERRORS = "{set: {seen: event.a_second, rate: event.a_second}}"
WENT_WELL = "set: {does: wish, wished: wish, failures: 0}}"


def case(rule, *edits, text="", shown=False):
    return Case(rule, [("uplink.yaml", *e) for e in edits], text, base=UPLINKS, shown=shown)


CASES = [
    case(
        "set-wrong",
        (ERRORS, "{set: {port: 1}}"),
        text="""
uplink.yaml:93:24: error: "port" is const: arms set variables of the classes machine and cached [set-wrong]
   93 |       errors:   {set: {port: 1}}
      |                        ^^^^
""",
    ),
    case(
        "set-wrong",
        (ERRORS, "{set: {wish: fast}}"),
        text="""
uplink.yaml:93:24: error: "wish" is request: arms set variables of the classes machine and cached [set-wrong]
   93 |       errors:   {set: {wish: fast}}
      |                        ^^^^
""",
    ),
    case(
        "set-wrong",
        (WENT_WELL, "set: {failures: 256}}"),
        text="""
uplink.yaml:77:54: error: 256 does not fit "failures" (u8) [set-wrong]
   77 |       done:   {to: up, status: done, set: {failures: 256}}
      |                                                      ^^^
""",
    ),
    case(
        "set-wrong",
        (WENT_WELL, "set: {failures: {add: 256}}}"),
        text="""
uplink.yaml:77:60: error: 256 is more than "failures" can have [set-wrong]
   77 |       done:   {to: up, status: done, set: {failures: {add: 256}}}
      |                                                            ^^^
""",
    ),
    case(
        "set-wrong",
        (WENT_WELL, "set: {failures: limit}}"),
        text="""
uplink.yaml:77:54: error: "limit" (u32) is no value of "failures" (u8): it can have values that do not fit [set-wrong]
   77 |       done:   {to: up, status: done, set: {failures: limit}}
      |                                                      ^^^^^
""",
    ),
    case(
        "set-wrong",
        (ERRORS, "{set: {failures: event.a_second}}"),
        text="""
uplink.yaml:93:34: error: "a_second" (u16) is no value of "failures" (u8): it can have values that do not fit [set-wrong]
   93 |       errors:   {set: {failures: event.a_second}}
      |                                  ^^^^^^^^^^^^^^
""",
    ),
    case(
        "set-wrong",
        (ERRORS, "{set: {wished: wish}}"),
        text="""
uplink.yaml:93:32: error: "wish" has no value on "errors" in "up" [set-wrong]
   93 |       errors:   {set: {wished: wish}}
      |                                ^^^^
""",
    ),
    case(
        "set-wrong",
        (WENT_WELL, "set: {wished: failures}}"),
        text="""
uplink.yaml:77:52: error: "failures" (u8) is no value of "wished" (mode): their values mean different things [set-wrong]
   77 |       done:   {to: up, status: done, set: {wished: failures}}
      |                                                    ^^^^^^^^
""",
    ),
    case(
        "set-too-early",
        (
            "        - {if: ill, refuse: worn_out}\n        - {send: train_uplink, to: training}",
            "        - {if: ill, refuse: worn_out}\n        - {send: train_uplink, to: training, set: {wished: wish}}",
        ),
        text="""
uplink.yaml:70:52: error: "wished" is set before "training", which may still fail [set-too-early]
   70 |         - {send: train_uplink, to: training, set: {wished: wish}}
      |                                                    ^^^^^^ set it on done
""",
    ),
    case(
        "set-in-failure",
        ("does: {type: mode, host: Does, in: [look], ", "does: {type: mode, host: Does, "),
        ("failures: {add: 1}, does: down, wished: down}", "failures: {add: 1}, wished: down}"),
        (
            "      failed: {to: in_error, status: from_command, set: {failures: 0xff}}",
            "      failed: {to: in_error, status: from_command, set: {does: down}}",
        ),
        ("does: down, rate: 0}", "rate: 0}"),
        (
            "events:\n",
            "update:\n  plan:\n    - {changed: [does], send: nothing}\n\nevents:\n",
        ),
        text="""
uplink.yaml:88:58: error: "does" is the host's, by "create", and "from_command" says that it is as before [set-in-failure]
   88 |       failed: {to: in_error, status: from_command, set: {does: down}}
      |                                                          ^^^^
""",
    ),
    case(
        "set-over",
        ("does: {type: mode, host: Does, in: [look], ", "does: {type: mode, host: Does, "),
        (
            "events:\n",
            "update:\n  plan:\n    - {changed: [does], send: nothing}\n\nevents:\n",
        ),
        text="""
uplink.yaml:60:68: error: "create" brings "does" itself, and that is kept instead [set-over]
   60 |         set: {failures: 0, wished: down, seen: 0, limit: patience, does: down, rate: 0}
      |                                                                    ^^^^
""",
    ),
    case(
        "set-untold",
        (
            "make_uplink:  {carries: [port], ",
            "make_uplink:  {carries: [port, rate], ",
        ),
        text="""
uplink.yaml:56:80: error: "make_uplink" tells the hardware "rate", which would not know [set-untold]
   56 |         set: {failures: 0, wished: down, seen: 0, limit: patience, does: down, rate: 0}
      |                                                                                ^^^^
""",
    ),
    case(
        "set-first",
        ("set: {failures: 0, wished: down,", "set: {wished: down,"),
        text="""
uplink.yaml:54:9: error: the host gets a uplink of which "failures" is not set [set-first]
   54 |         to: down
      |         ^ set: {failures: ...}
""",
    ),
    case(
        "set-first",
        ("set: {failures: 0, wished: down,", "set: {failures: {add: 1}, wished: down,"),
        text="""
uplink.yaml:56:15: error: "failures" is no number yet that could be more [set-first]
   56 |         set: {failures: {add: 1}, wished: down, seen: 0, limit: patience, does: down, rate: 0}
      |               ^^^^^^^^
""",
    ),
    case(
        "unused-variable",
        (
            "  unsteady: {compare: seen, is: above, with: limit,",
            "  unsteady: {compare: seen, is: above, with: 7,",
        ),
        text="""
uplink.yaml:26:5: warning: no condition asks for "limit" [unused-variable]
   26 |     limit:    {type: u32, doc: How many are too many for it.}
      |     ^^^^^
""",
    ),
    case(
        "set-first",
        ("    limit:    {type", "    spare: {type: u8, doc: Nothing.}\n    limit:    {type"),
        text="""
uplink.yaml:55:9: error: the host gets a uplink of which "spare" is not set [set-first]
   55 |         to: down
      |         ^ set: {spare: ...}
""",
    ),
    Case(
        "set-wrong",
        [
            (
                "hop.yaml",
                "doc: Where they go.}\n",
                "doc: Where they go.}\n    entry: {type: slot, host: entry, in: [query], doc: E.}\n",
            ),
            ("hop.yaml", "carries: [cached]", "carries: [port, vlan, source_mac, destination_mac]"),
            (
                "hop.yaml",
                "carries: [id, cached]",
                "carries: [id, port, vlan, source_mac, destination_mac]",
            ),
            (
                "hop.yaml",
                "busy: update\n    when:\n      done:   {to: offloaded, status: success}",
                "busy: update\n    when:\n      done:   {to: offloaded, status: success, set: {entry: id}}",
            ),
        ],
        """
hop.yaml:53:15: error: the host gets a hop of which "entry" is not set [set-first]
   53 |       done:   {to: offloaded, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ set: {entry: ...}
hop.yaml:77:61: error: "id" has no value on "done" in "updating" [set-wrong]
   77 |       done:   {to: offloaded, status: success, set: {entry: id}}
      |                                                             ^^
""",
        base="flow",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
