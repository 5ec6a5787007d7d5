# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what the runtime needs of a node."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "node-roles",
        [
            ("node.yaml", "role: status, ", "role: host, "),
            ("node.yaml", "role: host_handle,", "role: next,"),
        ],
        """
node.yaml:22:47: error: "next" already has the role "next" [node-roles]
   22 |     {type: void*, host: Cookie, at: 32, role: next, doc: By this the host knows the meter.}
      |                                               ^^^^
""",
    ),
    Case(
        "node-scratch",
        [
            ("node.yaml", '"void*[4]"', '"void*[3]"'),
        ],
        """
node.yaml:23:3: error: the node has 3 scratch words, the runtime needs 4 [node-scratch]
   23 |   work:
      |   ^^^^
""",
    ),
    Case(
        "node-scratch",
        [
            ("node.yaml", '"void*[4]"', '"u32[4]"'),
        ],
        """
node.yaml:24:12: error: "work" (u32[4]) cannot hold a pointer [node-scratch]
   24 |     {type: "u32[4]", host: Work, at: 40, role: scratch, doc: The target's while it owns the list.}
      |            ^^^^^^^^ scratch words are as wide as a pointer
""",
    ),
    Case(
        "node-member-size",
        [
            ("node.yaml", "type: i32, ", "type: u16, "),
        ],
        """
node.yaml:14:12: error: "status" (u16) cannot be the status [node-member-size]
   14 |     {type: u16, host: Status, at: 4, role: status, doc: What became of it.}
      |            ^^^ it must be i32 or u32
""",
    ),
    Case(
        "node-header",
        [
            ("node.yaml", "{type: u32, host: Length,", "{type: u16, host: Length,"),
        ],
        """
node.yaml:29:22: error: "length" (u16) cannot be the length: it needs 4 bytes [node-header]
   29 |       length: {type: u16, host: Length, at: 0, role: length, doc: Bytes of the structure.}
      |                      ^^^
""",
        base=RICH,
    ),
    Case(
        "node-role-rules",
        [
            ("node.yaml", "{role: new, value", "{role: placeholder, value"),
        ],
        """
node.yaml:29:3: error: "create" reaches new nodes, but no line tells which [node-role-rules]
   29 |   - {role: placeholder, value: empty, state_follows: all, doc: Asks for a meter.}
      |   ^
""",
    ),
    Case(
        "node-role-rules",
        [
            (
                "node.yaml",
                "  - {role: reference, value: set,",
                "  - {role: reference, value: empty,",
            ),
        ],
        """
node.yaml:30:5: error: no node is left for this line of "reference" [node-role-rules]
   30 |   - {role: reference, value: empty, state_follows: by_type, doc: Names a meter.}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "node-member-size",
        [("node.yaml", "type: node*, host: Dependents", "type: void**, host: Dependents")],
        """
node.yaml:18:12: error: "dependents" (void**) cannot be the dependents [node-member-size]
   18 |     {type: void**, host: Dependents, at: 16, role: dependents, doc: "Always NULL; meters have no tree."}
      |            ^^^^^^ it must be node*
""",
    ),
    Case(
        "node-role-rules",
        [
            (
                "node.yaml",
                "{role: placeholder, pointer: empty,",
                "{role: placeholder, pointer: empty, value: empty,",
            )
        ],
        """
node.yaml:33:48: error: an empty pointer names no value [node-role-rules]
   33 |   - {role: placeholder, pointer: empty, value: empty, state_follows: never, doc: Only carries dependents.}
      |                                                ^^^^^
""",
        base=RICH,
    ),
    Case(
        "node-role-rules",
        [("node.yaml", "{role: reference, value: set,", "{role: reference, pointer: set,")],
        """
node.yaml:30:32: error: the context member is the value itself: there is no pointer to ask for [node-role-rules]
   30 |   - {role: reference, pointer: set, state_follows: by_type, doc: Names a meter.}
      |                                ^^^ value: set
""",
    ),
    Case(
        "node-role-rules",
        [
            (
                "node.yaml",
                "{role: new, value: empty, state_follows: all,",
                "{role: new, value: empty, state_follows: by_type,",
            )
        ],
        """
node.yaml:29:46: error: what follows a new node is read as all [node-role-rules]
   29 |   - {role: new, value: empty, state_follows: by_type, doc: Asks for a meter.}
      |                                              ^^^^^^^ state_follows: all
""",
    ),
    Case(
        "state-used",
        [("node.yaml", "modify: cached", "modify: const")],
        """
node.yaml:34:11: error: "modify" brings or returns cached, but uses const of what follows a node [state-used]
   34 |   modify: const
      |           ^^^^^ modify: cached
""",
    ),
    Case(
        "state-used",
        [("node.yaml", "modify: cached", "modify: all")],
        """
node.yaml:34:11: error: "modify" brings and returns only cached, but uses all of what follows a node [state-used]
   34 |   modify: all
      |           ^^^ modify: cached
""",
    ),
    Case(
        "state-used",
        [("node.yaml", "inspect: any", "inspect: none")],
        """
node.yaml:35:12: error: "inspect" brings or returns what is asked, but uses none of what follows a node [state-used]
   35 |   inspect: none
      |            ^^^^ inspect: any
""",
    ),
    Case(
        "state-used",
        [("node.yaml", "create: all", "create: cached")],
        """
node.yaml:33:11: error: "create" reaches new nodes, and all their state is used [state-used]
   33 |   create: cached
      |           ^^^^^^ create: all
""",
    ),
    Case(
        "state-used",
        [("node.yaml", "invalidate: none", "invalidate: cached")],
        """
node.yaml:41:15: error: "invalidate" neither brings nor returns what follows a node [state-used]
   41 |   invalidate: cached
      |               ^^^^^^ invalidate: none
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
