# SPDX-License-Identifier: BSD-2-Clause
"""Rules: operations whose nodes all get a status, modes whose keys have an effect."""

import pytest
from rule_case import KEYS, RICH, Case

CASES = [
    Case(
        "no-effect",
        [
            ("target.yaml", "about: [sa]", "about: [port, sa]"),
        ],
        """
target.yaml:39:5: error: "about" has no effect: "rekey" is about all kinds of objects [no-effect]
   39 |     about: [port, sa]
      |     ^^^^^
""",
        base=KEYS,
    ),
    Case(
        "no-effect",
        [("target.yaml", "    about: [sa]\n", "")],
        """
target.yaml:39:5: error: "others" has no effect without "about" [no-effect]
   39 |     others: wrong
      |     ^^^^^^
""",
        base=KEYS,
    ),
    Case(
        "no-effect",
        [
            ("sa.yaml", "relinked_by: nothing", "relinked_by: touch"),
            (
                "sa.yaml",
                "    - {changed: [label], send: nothing}\n",
                "    - {changed: [label], send: nothing}\n    - {changed: [link], send: write_key}\n",
            ),
            ("sa.yaml", "carries: [key],", "carries: [key, link],"),
            (
                "target.yaml",
                "  query:\n    doc",
                "  touch: {doc: T., completion: touched, about: [port], reaches: reference, order: any, statuses: [success, bad]}\n  query:\n    doc",
            ),
            (
                "target.yaml",
                "    rekey:   {refuse: bad}\n",
                "    rekey:   {refuse: bad}\n    touch: {refuse: bad}\n",
            ),
            (
                "target.yaml",
                "    rekey: {defer: true}\n",
                "    rekey: {defer: true}\n    touch: {defer: true}\n",
            ),
            ("node.yaml", "rekey: cached", "rekey: cached, touch: none"),
        ],
        """
sa.yaml:6:39: error: "touch" is not about sa, and moves no link of it [no-effect]
    6 | links_to: {object: port, relinked_by: touch}
      |                                       ^^^^^
""",
        base=KEYS,
    ),
    Case(
        "no-effect",
        [("port.yaml", "host: Place,", "host: Place, in: [create, rekey],")],
        """
port.yaml:14:50: error: "place" is never there: "rekey" is not about port [no-effect]
   14 |     place: {type: u32, host: Place, in: [create, rekey], doc: Where it is.}
      |                                                  ^^^^^
""",
        base=KEYS,
    ),
    Case(
        "parent-failed",
        [("target.yaml", "    parent_failed: bad\n", "")],
        """
target.yaml:38:12: error: "initiate" lacks the key "parent_failed" [parent-failed]
   38 |     order: parents_first
      |            ^^^^^^^^^^^^^ the status of nodes whose parent failed
""",
        base=RICH,
    ),
    Case(
        "roll-up-incomplete",
        [
            (
                "target.yaml",
                "- {role: new, status: own}\n      - {role: ref",
                "- {role: new, dependents: all_good, status: own}\n      - {role: ref",
            )
        ],
        """
target.yaml:43:5: error: no line of the roll-up of "initiate" fits a new node that is itself bad, with good and bad dependents [roll-up-incomplete]
   43 |     roll_up:
      |     ^^^^^^^ {role: new, status: own} as a last line, say
""",
        base=RICH,
    ),
    Case(
        "roll-up-incomplete",
        [("target.yaml", "  - {role: reference, status: own}\n", "")],
        """
target.yaml:58:1: error: no line of the roll-up fits a reference node that is itself good, with no bad dependent [roll-up-incomplete]
   58 | roll_up:                                   # no trees here: each node stands for itself
      | ^^^^^^^ {role: reference, status: own} as a last line, say
""",
    ),
    Case(
        "roll-up-incomplete",
        [
            (
                "target.yaml",
                "  - {role: reference, status: own}\n  - {role: new, status: bad}",
                "  - {role: reference, dependents: all_good, status: own}\n"
                "  - {role: reference, dependents: all_bad, status: own}\n"
                "  - {role: new, status: bad}",
            )
        ],
        """
target.yaml:82:1: error: no line of the roll-up fits a reference node that is itself good, with good and bad dependents [roll-up-incomplete]
   82 | roll_up:
      | ^^^^^^^ {role: reference, status: own} as a last line, say
""",
        base=RICH,
    ),
    Case(
        "roll-up-never-fits",
        [
            (
                "target.yaml",
                "  - {role: new, status: own}\n",
                "  - {role: new, status: own}\n"
                "  - {role: new, own: bad, dependents: some_bad, status: io_error}\n"
                "  - {role: placeholder, status: success}\n",
            )
        ],
        """
target.yaml:61:5: error: this line of the roll-up never fits: the ones before it do, always [roll-up-never-fits]
   61 |   - {role: new, own: bad, dependents: some_bad, status: io_error}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
target.yaml:62:5: error: this line of the roll-up never fits: the node has no role "placeholder" [roll-up-never-fits]
   62 |   - {role: placeholder, status: success}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "no-effect",
        [
            (
                "target.yaml",
                "    order: dependents_first\n",
                "    order: any\n    parent_failed: bad\n",
            ),
            (
                "target.yaml",
                "Everything is served.}",
                "Everything is served., refuse: {initiate: bad}, leave: stall}",
            ),
            (
                "target.yaml",
                "  removed: {doc",
                "  gone: {doc: Taken away., resets: all}\n  removed: {doc",
            ),
        ],
        """
target.yaml:78:5: error: "parent_failed" has no effect: "terminate" tries nodes under failed ones [no-effect]
   78 |     parent_failed: bad
      |     ^^^^^^^^^^^^^
target.yaml:121:41: error: "refuse" has no effect in a mode without "resets" [no-effect]
  121 |   running: {doc: Everything is served., refuse: {initiate: bad}, leave: stall}
      |                                         ^^^^^^ resets: all
target.yaml:121:66: error: "leave" has no effect in a mode without "hold" [no-effect]
  121 |   running: {doc: Everything is served., refuse: {initiate: bad}, leave: stall}
      |                                                                  ^^^^^ hold: <operations>
target.yaml:123:41: error: "removed" and "gone" both have "resets": flue_remove() enters one mode [no-effect]
  123 |   removed: {doc: The hardware is gone., resets: all, refuse: {initiate: bad}}
      |                                         ^^^^^^
""",
        base=RICH,
    ),
    Case(
        "node-null-after",
        [
            (
                "node.yaml",
                "role: host_handle, doc",
                "role: host, null_after: [terminate, query], doc",
            ),
            (
                "node.yaml",
                "role: host,        doc: Nothing.",
                "role: host, null_after: update, doc: Nothing.",
            ),
        ],
        """
node.yaml:20:81: error: "terminate" already sets "handle" to NULL [node-null-after]
   20 |   data:       {type: void*,   host: Data,       at: 72, role: data, null_after: terminate, doc: Goes along.}
      |                                                                                 ^^^^^^^^^ one member for each operation
node.yaml:21:81: error: "last" (u32, host) cannot be set to NULL [node-null-after]
   21 |   last:       {type: u32,     host: Last,       at: 80, role: host, null_after: update, doc: Nothing.}
      |                                                                                 ^^^^^^ a pointer of the role data or host can
""",
        base=RICH,
    ),
    Case(
        "node-null-after",
        [("node.yaml", "    in: protocol\n", "    in: protocol\n    null_after: query\n")],
        """
node.yaml:52:17: error: "offload_handle" is not in "miniport", which the target gets [node-null-after]
   52 |     null_after: query
      |                 ^^^^^
""",
        base="chimney",
    ),
    Case(
        "no-effect",
        [
            (
                "target.yaml",
                "passes: [object_handle, code, detail]",
                "passes: [object_handle, code]",
            ),
            (
                "target.yaml",
                "stall: {call: rich_event, about: flow, code: 1, doc",
                "stall: {call: rich_event, about: flow, code: 1, argument: bytes, doc",
            ),
        ],
        """
target.yaml:128:51: error: "argument" has no effect: rich_event passes no detail [no-effect]
  128 |   stall: {call: rich_event, about: flow, code: 1, argument: bytes, doc: Nothing goes through.}
      |                                                   ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "no-effect",
        [
            (
                "target.yaml",
                "stall: {call: rich_event, about: flow, code: 1, doc",
                "stall: {call: rich_event, about: flow, code: 1, argument: bytes, reasons: {slow: 1}, doc",
            )
        ],
        """
target.yaml:128:51: error: "argument" has no effect beside "reasons": they are the detail [no-effect]
  128 |   stall: {call: rich_event, about: flow, code: 1, argument: bytes, reasons: {slow: 1}, doc: Nothing goes through.}
      |                                                   ^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "no-effect",
        [("target.yaml", "carries: all, host_answers", "host_answers")],
        """
target.yaml:129:60: error: "host_answers" has no effect without "carries": there is no node to answer in [no-effect]
  129 |   is_it_there: {call: rich_question, about: gate, code: 2, host_answers: confirmed,
      |                                                            ^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "no-effect",
        [("target.yaml", "passes: [target_handle, node, code]", "passes: [target_handle, code]")],
        """
target.yaml:129:60: error: "carries" has no effect: rich_question passes no node [no-effect]
  129 |   is_it_there: {call: rich_question, about: gate, code: 2, carries: all, host_answers: confirmed,
      |                                                            ^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "no-effect",
        [("target.yaml", "unusable: {marked: [invalid], where", "unusable: {where")],
        """
target.yaml:99:12: error: "where" has no effect without "marked" [no-effect]
   99 | unusable: {where: along_links, hardware: [has_not, unsure], busy: [initiate, terminate]}
      |            ^^^^^
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
