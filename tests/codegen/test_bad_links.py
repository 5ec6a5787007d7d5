# SPDX-License-Identifier: BSD-2-Clause
"""Links that are told wrongly, or name what is not there. Exact text."""

import pytest
from rule_case import LINKS, Case

CASES = [
    Case(
        "conflicting-keys",
        [("sa.yaml", "links:\n", "links_to: {object: port, relinked_by: nothing}\nlinks:\n")],
        """
sa.yaml:6:1: error: "links_to" beside "links": it is short for one of them [conflicting-keys]
    6 | links_to: {object: port, relinked_by: nothing}
      | ^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "missing-key",
        [("sa.yaml", ", relinked_by: nothing", "")],
        """
sa.yaml:7:3: error: "port" lacks the key "relinked_by" [missing-key]
    7 |   port: {to: port, by: parent, doc: Where its packets go.}
      |   ^^^^
""",
        base=LINKS,
    ),
    Case(
        "conflicting-keys",
        [("sa.yaml", "by: key_handle", "by: key_handle, relinked_by: nothing")],
        """
sa.yaml:8:35: error: "relinked_by" beside a handle: "key" moves wherever "key_handle" is brought [conflicting-keys]
    8 |   key:  {to: key, by: key_handle, relinked_by: nothing, doc: What they are encrypted by.}
      |                                   ^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "missing-key",
        [("sa.yaml", "by: key_handle, ", "")],
        """
sa.yaml:8:3: error: "key" lacks the key "by" [missing-key]
    8 |   key:  {to: key, doc: What they are encrypted by.}
      |   ^^^ by: What tells where it leads: `parent`, the node above, or a variable of type `handle`
""",
        base=LINKS,
    ),
    Case(
        "missing-key",
        [("sa.yaml", "to: key, ", "")],
        """
sa.yaml:8:3: error: "key" lacks the key "to" [missing-key]
    8 |   key:  {by: key_handle, doc: What they are encrypted by.}
      |   ^^^ to: The object it leads to
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("sa.yaml", "to: key,", "to: kye,")],
        """
sa.yaml:8:14: error: unknown object "kye" [unknown-name]
    8 |   key:  {to: kye, by: key_handle, doc: What they are encrypted by.}
      |              ^^^ did you mean "key"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("sa.yaml", "by: key_handle", "by: key_hndle")],
        """
sa.yaml:8:23: error: unknown variable "key_hndle" [unknown-name]
    8 |   key:  {to: key, by: key_hndle, doc: What they are encrypted by.}
      |                       ^^^^^^^^^ did you mean "key_handle"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("sa.yaml", "by: parent", "by: parnt")],
        """
sa.yaml:7:24: error: unknown variable "parnt" [unknown-name]
    7 |   port: {to: port, by: parnt, relinked_by: nothing, doc: Where its packets go.}
      |                        ^^^^^ did you mean "parent"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("sa.yaml", "relinked_by: nothing", "relinked_by: modfy")],
        """
sa.yaml:7:45: error: unknown operation "modfy" [unknown-name]
    7 |   port: {to: port, by: parent, relinked_by: modfy, doc: Where its packets go.}
      |                                             ^^^^^ did you mean "modify"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("sa.yaml", "key_handle: {type: handle", "key_handle: {type: handl")],
        """
sa.yaml:19:24: error: unknown type "handl" [unknown-name]
   19 |     key_handle: {type: handl, host: key_handle, doc: Of its key.}
      |                        ^^^^^ did you mean "handle"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("policy.yaml", "move_out: {carries: [out_sa]", "move_out: {carries: [out_a]")],
        """
policy.yaml:33:24: error: unknown variable, flag, link or class "out_a" [unknown-name]
   33 |   move_out: {carries: [out_a], undo: old_values, on_failure: unchanged, answers: [io_error], doc: Another going out.}
      |                        ^^^^^ did you mean "out_sa"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [
            (
                "policy.yaml",
                "states:\n",
                "conditions:\n  new_in_unusable: {link: new, of: ni_sa, is: unusable, doc: That of what comes in cannot be used.}\n\nstates:\n",
            ),
            (
                "policy.yaml",
                "      create:\n        - {if: new_link_unusable, refuse: again}\n",
                "      create:\n        - {if: new_in_unusable, refuse: again}\n        - {if: new_link_unusable, refuse: again}\n",
            ),
        ],
        """
policy.yaml:49:36: error: unknown link "ni_sa" [unknown-name]
   49 |   new_in_unusable: {link: new, of: ni_sa, is: unusable, doc: That of what comes in cannot be used.}
      |                                    ^^^^^ did you mean "in_sa"?
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("target.yaml", "{link: new, is: unusable", "{link: new, of: key, is: unusable")],
        """
target.yaml:88:38: error: unknown link "key" [unknown-name]
   88 |   new_link_unusable: {link: new, of: key, is: unusable, doc: One of those it is to stand on cannot be used.}
      |                                      ^^^ none is declared here: an object's own conditions name its links
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [
            (
                "port.yaml",
                "states:\n",
                "conditions:\n  unusable: {link: present, of: sa, is: unusable}\n\nstates:\n",
            ),
            (
                "port.yaml",
                "      restore:\n        - {if: is_withdrawn, stay: true}",
                "      restore:\n        - {if: unusable, stay: true}",
            ),
        ],
        """
port.yaml:36:33: error: unknown link "sa" [unknown-name]
   36 |   unusable: {link: present, of: sa, is: unusable}
      |                                 ^^ none is declared under "links" of port
""",
        base=LINKS,
    ),
    Case(
        "unknown-key",
        [("target.yaml", "dependents: some,", "dependents: some, of: key,")],
        """
target.yaml:86:41: error: unknown key "of" [unknown-key]
   86 |   has_dependents:    {dependents: some, of: key, doc: Something stands on it.}
      |                                         ^^ known here: doc, dependents
""",
        base=LINKS,
    ),
    Case(
        "wrong-type",
        [("policy.yaml", ", optional: true", ", optional: false")],
        """
policy.yaml:7:48: error: "optional" must be true, not "false" [wrong-type]
    7 |   in_sa:  {to: sa, by: in_sa_handle, optional: false, doc: For what comes in.}
      |                                                ^^^^^
""",
        base=LINKS,
    ),
    Case(
        "reserved-name",
        [("sa.yaml", "  key:  {", "  link: {")],
        """
sa.yaml:8:3: error: "link" cannot name a link: the word is reserved by flue [reserved-name]
    8 |   link: {to: key, by: key_handle, doc: What they are encrypted by.}
      |   ^^^^ say "link_link"
""",
        base=LINKS,
    ),
    Case(
        "reserved-name",
        [("sa.yaml", "  key:  {", "  cached: {")],
        """
sa.yaml:8:3: error: "cached" cannot name a link: the word is reserved by flue [reserved-name]
    8 |   cached: {to: key, by: key_handle, doc: What they are encrypted by.}
      |   ^^^^^^ say "cached_link"
""",
        base=LINKS,
    ),
    Case(
        "reserved-name",
        [("sa.yaml", "  key:  {", "  int: {")],
        """
sa.yaml:8:3: error: "int" cannot name a link: the word is reserved by C [reserved-name]
    8 |   int: {to: key, by: key_handle, doc: What they are encrypted by.}
      |   ^^^ say "int_link"
""",
        base=LINKS,
    ),
    Case(
        "reserved-name",
        [("target.yaml", "calls:", "types: {handle: {is: u32, doc: Mine.}}\n\ncalls:")],
        """
target.yaml:122:9: error: "handle" cannot name a type: the word is reserved by flue [reserved-name]
  122 | types: {handle: {is: u32, doc: Mine.}}
      |         ^^^^^^ say "handle_type"
""",
        base=LINKS,
    ),
    Case(
        "clashing-name",
        [("sa.yaml", "  key:  {", "  id: {")],
        """
sa.yaml:18:5: error: variable "id" is already declared on line 8 [clashing-name]
   18 |     id: {type: u32, host: id, doc: Its name for as long as a history lasts.}
      |     ^^
""",
        base=LINKS,
    ),
    Case(
        "clashing-name",
        [
            (
                "policy.yaml",
                "move_in: {carries: [in_sa]",
                "move_in: {effects: {in_sa: {sets: priority, to: 0}}, carries: [in_sa]",
            )
        ],
        """
policy.yaml:32:23: error: effect "in_sa" has the name of a variable, flag or link: both may be arguments [clashing-name]
   32 |   move_in: {effects: {in_sa: {sets: priority, to: 0}}, carries: [in_sa], undo: old_values, on_failure: unchanged, answers: [io_error], doc: Another coming in.}
      |                       ^^^^^
""",
        base=LINKS,
    ),
    Case(
        "unknown-name",
        [("policy.yaml", "pool: {full", "variant_of: sa\npool: {full")],
        """
policy.yaml:9:13: error: "sa" is not what it links to by the node above [unknown-name]
    9 | variant_of: sa
      |             ^^
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case):
    case.run()
