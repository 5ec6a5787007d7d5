# SPDX-License-Identifier: BSD-2-Clause
"""Rules: links by name. The bad specs are of a target whose objects stand on several others."""

import pytest
from rule_case import LINKS, Case

CASES = [
    Case(
        "relink-unsure",
        [
            (
                "policy.yaml",
                "      repair:\n        - {if: is_withdrawn",
                "      modify:\n        - {if: new_link_unusable, refuse: again}\n"
                "        - {status: success}\n      repair:\n        - {if: is_withdrawn",
            )
        ],
        """
policy.yaml:109:11: error: "modify" may move the links "in_sa", "out_sa" of a policy, of which nobody knows what the hardware has [relink-unsure]
  109 |         - {status: success}
      |           ^^^^^^^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [("sa.yaml", "key_handle: {type: handle", "key_handle: {type: u64")],
        """
sa.yaml:8:23: error: "key_handle" is of type u64, not a handle [link-by]
    8 |   key:  {to: key, by: key_handle, doc: What they are encrypted by.}
      |                       ^^^^^^^^^^ type: handle, at "key_handle"
""",
        base=LINKS,
        shown=True,
    ),
    Case(
        "link-by",
        [("sa.yaml", "by: key_handle", "by: id")],
        """
sa.yaml:8:23: error: "id" is of type u32, not a handle [link-by]
    8 |   key:  {to: key, by: id, doc: What they are encrypted by.}
      |                       ^^ by: key_handle
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [("policy.yaml", "by: in_sa_handle", "by: out_sa_handle")],
        """
policy.yaml:8:24: error: "in_sa" is told by the handle "out_sa_handle" already [link-by]
    8 |   out_sa: {to: sa, by: out_sa_handle, doc: For what goes out.}
      |                        ^^^^^^^^^^^^^ each link is by a handle of its own
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [("sa.yaml", "by: key_handle", "by: parent, relinked_by: nothing")],
        """
sa.yaml:8:23: error: "port" is told by the node above already [link-by]
    8 |   key:  {to: key, by: parent, relinked_by: nothing, doc: What they are encrypted by.}
      |                       ^^^^^^ each link is by a handle of its own
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [
            (
                "key.yaml",
                "    use: {type",
                "    maker: {type: handle, host: maker, doc: Who made it.}\n    use: {type",
            )
        ],
        """
key.yaml:17:5: error: no link is told by the handle "maker" [link-by]
   17 |     maker: {type: handle, host: maker, doc: Who made it.}
      |     ^^^^^ links: {...: {to: ..., by: maker}}
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [
            (
                "policy.yaml",
                "  cached: {struct: VPN_POLICY_VALUES}\n",
                "  cached: {struct: VPN_POLICY_VALUES}\n  delegated: {struct: VPN_D}\n",
            ),
            ("policy.yaml", "cached: 65, all: 66", "cached: 65, delegated: 66, all: 67"),
            (
                "policy.yaml",
                "commands:\n",
                "  delegated:\n    d_handle: {type: handle, host: d, doc: X.}\n\ncommands:\n",
            ),
            ("policy.yaml", "by: in_sa_handle", "by: d_handle"),
            (
                "policy.yaml",
                "    in_sa_handle:  {type: handle, host: in_sa_handle, doc: Of the one for what comes in; 0 for none.}\n",
                "",
            ),
        ],
        """
policy.yaml:7:24: error: "d_handle" is delegated: the host tells what is linked to [link-by]
    7 |   in_sa:  {to: sa, by: d_handle, optional: true, doc: For what comes in.}
      |                        ^^^^^^^^ move "d_handle" to const or cached
policy.yaml:80:107: error: "inspect" is answered with "success", but no command read the delegated variables [not-returned]
   80 |       inspect: [{if: nothing_goes_out, refuse: again}, {if: nothing_comes_in, refuse: io_error}, {status: success}]
      |                                                                                                           ^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [("sa.yaml", "relinked_by: nothing", "relinked_by: modify")],
        """
sa.yaml:7:45: error: "modify" cannot move the link: it does not bring it [link-by]
    7 |   port: {to: port, by: parent, relinked_by: modify, doc: Where its packets go.}
      |                                             ^^^^^^ brings: [..., link] of "modify"
""",
        base=LINKS,
    ),
    Case(
        "link-by",
        [("sa.yaml", "relinked_by: nothing", "relinked_by: create")],
        """
sa.yaml:7:45: error: "create" cannot move the link: it makes new objects [link-by]
    7 |   port: {to: port, by: parent, relinked_by: create, doc: Where its packets go.}
      |                                             ^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "link-not-brought",
        [("target.yaml", "brings: [const, cached, link]", "brings: [const, cached]")],
        """
sa.yaml:50:11: error: "create" makes a sa and brings no link "port" [link-not-brought]
   50 |         - {send: add_sa, to: creating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ brings: [..., link] of "create"
""",
        base=LINKS,
    ),
    Case(
        "link-not-brought",
        [("target.yaml", "brings: [const, cached, link]", "brings: [cached, link]")],
        """
sa.yaml:50:11: error: "create" makes a sa and brings no link "key" [link-not-brought]
   50 |         - {send: add_sa, to: creating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ brings: [..., const] of "create"
""",
        base=LINKS,
    ),
    Case(
        "handle-as-value",
        [("policy.yaml", "move_in: {carries: [in_sa]", "move_in: {carries: [in_sa, in_sa_handle]")],
        """
policy.yaml:32:30: error: "in_sa_handle" is a handle, and no value that hardware is told [handle-as-value]
   32 |   move_in: {carries: [in_sa, in_sa_handle], undo: old_values, on_failure: unchanged, answers: [io_error], doc: Another coming in.}
      |                              ^^^^^^^^^^^^ the link is called in_sa
""",
        base=LINKS,
        shown=True,
    ),
    Case(
        "handle-as-value",
        [("policy.yaml", "changed: [in_sa]", "changed: [in_sa_handle]")],
        """
policy.yaml:40:18: error: "in_sa_handle" is a handle, and no value that hardware is told [handle-as-value]
   40 |     - {changed: [in_sa_handle], send: move_in}
      |                  ^^^^^^^^^^^^ the link is called in_sa
""",
        base=LINKS,
    ),
    Case(
        "handle-as-value",
        [
            (
                "target.yaml",
                "timeout_ms: 50",
                "timeout_ms: 50\nparameters: {h: {type: handle, doc: X.}}",
            )
        ],
        """
target.yaml:9:24: error: "h" cannot be a handle: no object has it [handle-as-value]
    9 | parameters: {h: {type: handle, doc: X.}}
      |                        ^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "variant-of-none",
        [
            (
                "tcp.yaml",
                "links_to: {object: path, relinked_by: nothing}",
                "links: {path: {to: path, by: parent, relinked_by: nothing, optional: true}}",
            )
        ],
        """
tcp.yaml:7:13: error: a tcp without a path would have no variant [variant-of-none]
    7 | variant_of: path                           # ipv4 or ipv6, as the path it links to
      |             ^^^^
""",
        base="chimney",
    ),
    Case(
        "update-not-cached",
        [
            (
                "sa.yaml",
                "    - {changed: [window], send",
                "    - {changed: [key], send: nothing}\n    - {changed: [window], send",
            )
        ],
        """
sa.yaml:37:18: error: the link "key" of a sa never changes [update-not-cached]
   37 |     - {changed: [key], send: nothing}
      |                  ^^^ its handle "key_handle" is const, and no operation brings it
""",
        base=LINKS,
    ),
    Case(
        "cached-not-carried",
        [
            ("policy.yaml", "    - {changed: [in_sa], send: move_in}\n", ""),
            (
                "policy.yaml",
                "  move_in: {carries: [in_sa], undo: old_values, on_failure: unchanged, answers: [io_error], doc: Another coming in.}\n",
                "",
            ),
        ],
        """
policy.yaml:7:24: error: "modify" relinks a policy, but no update rule carries the link "in_sa" [cached-not-carried]
    7 |   in_sa:  {to: sa, by: in_sa_handle, optional: true, doc: For what comes in.}
      |                        ^^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "not-carried",
        [
            (
                "policy.yaml",
                "{changed: [in_sa], send: move_in}",
                "{changed: [in_sa], send: move_out}",
            )
        ],
        """
policy.yaml:40:18: error: "move_out" does not carry "in_sa" [not-carried]
   40 |     - {changed: [in_sa], send: move_out}
      |                  ^^^^^ add it to carries of "move_out"
""",
        base=LINKS,
    ),
    Case(
        "add-incomplete",
        [("policy.yaml", "[const, cached, in_sa, out_sa]", "[const, cached, out_sa]")],
        """
policy.yaml:27:14: error: "add_policy" does not carry "in_sa", which updates change [add-incomplete]
   27 |     carries: [const, cached, out_sa]
      |              ^^^^^^^^^^^^^^^^^^^^^^^ a new policy would begin without
""",
        base=LINKS,
    ),
    Case(
        "cached-not-carried",
        [
            ("sa.yaml", "relinked_by: nothing", "relinked_by: modify"),
            ("target.yaml", "brings: [cached]", "brings: [cached, link]"),
        ],
        """
sa.yaml:7:45: error: "modify" relinks a sa, but no update rule carries the link "port" [cached-not-carried]
    7 |   port: {to: port, by: parent, relinked_by: modify, doc: Where its packets go.}
      |                                             ^^^^^^
sa.yaml:69:11: error: "modify" links to a port ("port") without asking whether it is usable [guard-forgotten-link]
   69 |         - {plan: update, to: changing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
