# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what is done together can be taken back until all is done, and cannot fail then."""

import pytest
from rule_case import TOGETHER, Case

CASES = [
    Case(
        "wrong-together",
        [
            ("target.yaml", "    aborted: canceled\n    brings: [cached]", "    brings: [cached]"),
        ],
        """
target.yaml:38:5: error: "rekey" lacks the key "aborted" [wrong-together]
   38 |     together: true
      |     ^^^^^^^^ the status of nodes that are taken back since others failed
""",
        base=TOGETHER,
    ),
    Case(
        "wrong-together",
        [
            (
                "target.yaml",
                "    order: parents_first\n    parent_failed: canceled\n    together: true\n    aborted: canceled\n    brings: [cached]",
                "    order: dependents_first\n    together: true\n    aborted: canceled\n    brings: [cached]",
            ),
        ],
        """
target.yaml:36:12: error: "rekey" goes dependents_first: what it does together goes parents_first, or in any order [wrong-together]
   36 |     order: dependents_first
      |            ^^^^^^^^^^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "wrong-together",
        [
            (
                "target.yaml",
                "    order: dependents_first\n    results: {others: io_error}\n    statuses: [success, io_error, in_use",
                "    order: any\n    together: true\n    aborted: io_error\n    results: {others: io_error}\n    statuses: [success, io_error, in_use",
            ),
        ],
        """
policy.yaml:112:34: error: "destroy" is answered with "success" in "removing" before all others are done [good-too-soon]
  112 |       done:   {to: free, status: success}
      |                                  ^^^^^^^ lead to a state that waits, and give it there on commit; the same at port.yaml:105:34, sa.yaml:111:34
policy.yaml:126:35: error: "destroy" is answered with "success" in "lost" before all others are done [good-too-soon]
  126 |       destroy: {to: free, status: success}
      |                                   ^^^^^^^ lead to a state that waits, and give it there on commit; the same at port.yaml:121:30, sa.yaml:130:30
target.yaml:56:5: error: "destroy" takes objects away, and nothing brings them back [wrong-together]
   56 |     together: true
      |     ^^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "wrong-wait",
        [
            (
                "port.yaml",
                "      rekey:   {plan: update, to: rekeying}",
                "      rekey:   {plan: update, to: rekeyed}",
            ),
        ],
        """
port.yaml:65:16: error: "update" is started, but "rekeyed" waits for no answer [wrong-wait]
   65 |       rekey:   {plan: update, to: rekeyed}
      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ lead to a busy state, and from there on "done"
port.yaml:93:35: error: "rekey" is answered with "success", but the hardware was not told what changed [not-told]
   93 |       commit: {to: ready, status: success}
      |                                   ^^^^^^^ plan: update
port.yaml:99:35: error: "rekey" ends with "from_command" in "reverting", and nobody took "update" back [abort-in-part]
   99 |       done:   {to: ready, status: from_command}
      |                                   ^^^^^^^^^^^^ undo: update
""",
        base=TOGETHER,
    ),
    Case(
        "wrong-wait",
        [
            (
                "sa.yaml",
                "    busy: rekey\n    when:\n      done:   {to: rekeyed}",
                "    busy: rekey\n    when:\n      reset:  {to: kept}\n      done:   {to: rekeyed}",
            ),
        ],
        """
sa.yaml:92:15: error: "reset" leads from "rekeying" to "kept": that waits for others [wrong-wait]
   92 |       reset:  {to: kept}
      |               ^^^^^^^^^^ come to rest, with a status
sa.yaml:137:34: error: "rekey" is answered with "success" though it failed [false-success]
  137 |       commit: {to: lost, status: success}
      |                                  ^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "wrong-wait",
        [
            (
                "port.yaml",
                "    rest: {host: has, hardware: unsure}\n",
                "    rest: {host: has, hardware: unsure}\n    waits: true\n",
            ),
        ],
        """
port.yaml:107:3: error: "unsure" of port does not decide "commit", "abort" [undecided]
  107 |   unsure:
      |   ^^^^^^ say it in its when, or once for all: "idle" of the defaults
port.yaml:110:12: error: "unsure" waits for the others of a request, and is busy with none [wrong-wait]
  110 |     waits: true
      |            ^^^^ together: true of an operation
""",
        base=TOGETHER,
    ),
    Case(
        "good-too-soon",
        [
            (
                "port.yaml",
                "      done:   {to: rekeyed}",
                "      done:   {to: ready, status: success}",
            ),
        ],
        """
port.yaml:86:35: error: "rekey" is answered with "success" in "rekeying" before all others are done [good-too-soon]
   86 |       done:   {to: ready, status: success}
      |                                   ^^^^^^^ lead to a state that waits, and give it there on commit
""",
        base=TOGETHER,
    ),
    Case(
        "good-too-soon",
        [
            ("sa.yaml", "      rekey: {to: kept}", "      rekey: {status: success}"),
        ],
        """
sa.yaml:127:23: error: "rekey" is answered with "success" in "lost" before all others are done [good-too-soon]
  127 |       rekey: {status: success}
      |                       ^^^^^^^ lead to a state that waits, and give it there on commit
""",
        base=TOGETHER,
    ),
    Case(
        "commit-may-fail",
        [
            (
                "sa.yaml",
                "      commit: {to: lost, status: success}",
                "      commit: {to: lost, status: io_error}",
            ),
        ],
        """
sa.yaml:136:34: error: "commit" in "kept" ends with "io_error" [commit-may-fail]
  136 |       commit: {to: lost, status: io_error}
      |                                  ^^^^^^^^ a good status: for others it is done
""",
        base=TOGETHER,
    ),
    Case(
        "commit-may-fail",
        [
            (
                "port.yaml",
                "      commit: {to: ready, status: success}\n      abort:  {undo: update, to: reverting}",
                "      commit: {send: write_mtu, to: reverting}\n      abort:  {undo: update, to: reverting}",
            ),
        ],
        """
port.yaml:93:22: error: "commit" in "rekeyed" sends "write_mtu", which may fail [commit-may-fail]
   93 |       commit: {send: write_mtu, to: reverting}
      |                      ^^^^^^^^^ do it before, in a state that leads here
port.yaml:99:35: error: "rekey" ends with "from_command" in "reverting", and nobody took "write_mtu" back [abort-in-part]
   99 |       done:   {to: ready, status: from_command}
      |                                   ^^^^^^^^^^^^ undo: write_mtu
port.yaml:99:35: error: no command failed before "done" in "reverting": "from_command" has nothing to tell [no-bad-result]
   99 |       done:   {to: ready, status: from_command}
      |                                   ^^^^^^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "commit-may-fail",
        [
            (
                "port.yaml",
                "      commit: {to: ready, status: success}\n      abort:  {undo: update, to: reverting}",
                "      commit: {to: rekeying}\n      abort:  {undo: update, to: reverting}",
            ),
        ],
        """
port.yaml:82:3: error: busy states lead round in a cycle: "rekeying" -> "rekeyed" -> "rekeying" [busy-cycle]
   82 |   rekeying:
      |   ^^^^^^^^
port.yaml:93:15: error: "commit" leads from "rekeyed" to "rekeying", which does not rest [commit-may-fail]
   93 |       commit: {to: rekeying}
      |               ^^^^^^^^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "abort-in-part",
        [
            (
                "port.yaml",
                "      abort:  {undo: update, to: reverting}",
                "      abort:  {to: ready, status: from_command}",
            ),
        ],
        """
port.yaml:94:35: error: "rekey" ends with "from_command" in "rekeyed", and nobody took "update" back [abort-in-part]
   94 |       abort:  {to: ready, status: from_command}
      |                                   ^^^^^^^^^^^^ undo: update
""",
        base=TOGETHER,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
