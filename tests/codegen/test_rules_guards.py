# SPDX-License-Identifier: BSD-2-Clause
"""Rules: guards that nobody may forget."""

import pytest
from rule_case import GRID, LINKS, NUMBERS, RICH, Case

# An association that was lost is added again by an operation that moves no link of it.
ADDED_AGAIN = [
    (
        "sa.yaml",
        "        - {send: add_sa, to: restoring}\n",
        """        - {send: add_sa, to: restoring}
      modify:
        - {if: is_withdrawn, refuse: bad_value}
        - {send: add_sa, to: adding_again}
""",
    ),
    (
        "sa.yaml",
        "  stranded:\n",
        """  adding_again:
    doc: Added again, with new values.
    busy: modify
    when:
      done:   {to: ready, status: success}
      failed: {undo: add_sa, to: taking_back}
  taking_back:
    doc: That failed, and it is removed.
    busy: modify
    when:
      done:   {to: lost, mark: dead, status: from_command}
      failed: {to: unsure, status: from_command}
  stranded:
""",
    ),
]

CLEARING = "        - {send: remove_port, to: clearing}\n"

CASES = [
    Case(
        "guard-forgotten-dependents",
        [("port.yaml", f"        - {{if: has_dependents, refuse: in_use}}\n{CLEARING}", CLEARING)],
        """
port.yaml:98:11: error: "repair" takes the port away without asking for dependents [guard-forgotten-dependents]
   98 |         - {send: remove_port, to: clearing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a route may link to it; before this arm: {if: has_dependents, refuse: ...}
""",
        base=GRID,
    ),
    Case(
        "guard-forgotten-dependents",
        [
            (
                "gate.yaml",
                "tell: is_spent}]\n      terminate:\n        - {if: has_dependents, refuse: bad}\n",
                "tell: is_spent}]\n      terminate:\n",
            ),
        ],
        """
gate.yaml:77:11: error: "terminate" takes the gate away without asking for dependents [guard-forgotten-dependents]
   77 |         - {send: remove_gate, to: removing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a flow may link to it; before this arm: {if: has_dependents, refuse: ...}
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "flow.yaml",
                "      initiate:\n        - {if: new_link_unusable, refuse: bad}\n",
                "      initiate:\n",
            ),
        ],
        """
flow.yaml:92:11: error: "initiate" links to a gate without asking whether it is usable [guard-forgotten-link]
   92 |         - {send: add_flow, to: adding}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "flow.yaml",
                "        - {if: link_unusable, stay: true}\n",
                "",
            ),
        ],
        """
flow.yaml:160:11: error: "restore" links to a gate without asking whether it is usable [guard-forgotten-link]
  160 |         - {send: add_flow, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: link_unusable, stay: true}
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            ("flow.yaml", "        - {if: link_unusable, stay: true}\n", ""),
            ("target.yaml", "not: link_unusable}", "marked: invalid, where: along_links}"),
            (
                "target.yaml",
                "  link_unusable:     {doc: Its gate is of no use., link: present, is: unusable}\n",
                "",
            ),
        ],
        """
flow.yaml:160:11: error: "restore" links to a gate without asking whether it is usable [guard-forgotten-link]
  160 |         - {send: add_flow, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: stay, if a condition {link: present, is: unusable} holds
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            ("entry.yaml", "delegated, link, table.id]", "delegated, table.id]"),
            ("entry.yaml", "        - {if: link_unusable, stay: true}\n", ""),
        ],
        """
entry.yaml:30:14: error: "add_entry" does not carry "link", which updates change [add-incomplete]
   30 |     carries: [const, cached, delegated, table.id]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a new entry would begin without
entry.yaml:147:11: error: "restore" links to a table without asking whether it is usable [guard-forgotten-link]
  147 |         - {send: add_entry, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: link_unusable, stay: true}
""",
        base=NUMBERS,
    ),
    Case(
        "guard-forgotten-link",
        [("policy.yaml", "next_link_unusable, refuse", "new_link_unusable, refuse")],
        """
policy.yaml:136:11: error: "modify" links to a sa ("in_sa", "out_sa") without asking whether it is usable [guard-forgotten-link]
  136 |         - {send: add_policy, to: adding_again}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: next_link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "policy.yaml",
                "      create:\n        - {if: new_link_unusable, refuse: again}\n",
                "      create:\n",
            )
        ],
        """
policy.yaml:54:11: error: "create" links to a sa ("in_sa", "out_sa") without asking whether it is usable [guard-forgotten-link]
   54 |         - {send: add_policy, to: creating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "policy.yaml",
                "        - {if: new_link_unusable, refuse: again}\n        - {plan",
                "        - {plan",
            )
        ],
        """
policy.yaml:74:11: error: "modify" links to a sa ("in_sa", "out_sa") without asking whether it is usable [guard-forgotten-link]
   74 |         - {plan: update, to: changing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "sa.yaml",
                "      create:\n        - {if: new_link_unusable, refuse: again}\n",
                "      create:\n",
            )
        ],
        """
sa.yaml:49:11: error: "create" links to others ("port", "key") without asking whether they are usable [guard-forgotten-link]
   49 |         - {send: add_sa, to: creating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "policy.yaml",
                "      create:\n        - {if: new_link_unusable, refuse: again}\n",
                "      create:\n        - {if: new_in_unusable, refuse: again}\n",
            ),
            (
                "policy.yaml",
                "states:\n",
                "conditions:\n  new_in_unusable: {link: new, of: in_sa, is: unusable, doc: That of what comes in cannot be used.}\n\nstates:\n",
            ),
        ],
        """
policy.yaml:58:11: error: "create" links to a sa ("out_sa") without asking whether it is usable [guard-forgotten-link]
   58 |         - {send: add_policy, to: creating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: refuse, if a condition {link: new, of: out_sa, is: unusable} holds
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "policy.yaml",
                "      restore:\n        - {if: is_withdrawn, stay: true}\n        - {if: link_unusable, stay: true}",
                "      restore:\n        - {if: is_withdrawn, stay: true}\n        - {if: in_unusable, stay: true}",
            ),
            (
                "policy.yaml",
                "states:\n",
                "conditions:\n  in_unusable: {link: present, of: in_sa, is: unusable}\n  out_unusable: {link: present, of: out_sa, is: unusable}\n\nstates:\n",
            ),
        ],
        """
policy.yaml:136:11: error: "restore" links to a sa ("out_sa") without asking whether it is usable [guard-forgotten-link]
  136 |         - {send: add_policy, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: out_unusable, stay: true}
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        ADDED_AGAIN,
        """
sa.yaml:115:11: error: "modify" links to others ("port", "key") without asking whether they are usable [guard-forgotten-link]
  115 |         - {send: add_sa, to: adding_again}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "policy.yaml",
                "        - {if: new_link_unusable, refuse: again}\n        - {plan",
                "        - {plan",
            ),
            (
                "policy.yaml",
                "{changed: [in_sa], send: move_in}",
                "{changed: [in_sa], send: nothing}",
            ),
            (
                "policy.yaml",
                "{changed: [out_sa], send: move_out}",
                "{changed: [out_sa], send: nothing}",
            ),
            (
                "policy.yaml",
                "{changed: [priority], send: write_priority}",
                "{changed: [priority], send: nothing}",
            ),
        ],
        """
policy.yaml:74:11: error: "modify" links to a sa ("in_sa", "out_sa") without asking whether it is usable [guard-forgotten-link]
   74 |         - {plan: update, to: changing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
