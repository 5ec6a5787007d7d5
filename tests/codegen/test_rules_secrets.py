# SPDX-License-Identifier: BSD-2-Clause
"""Rules: a secret goes from the node to a command, and nowhere else."""

import pytest
from rule_case import KEYS, Case

SA, TARGET = "sa.yaml", "target.yaml"
LABEL = "label: {type: u32, host: Label, doc: What the host calls it.}"
SECRET_LABEL = "label: {type: u32, host: Label, in: [create, rekey], secret: true, keep: while_offloaded, doc: L.}"
CASES = [
    Case(
        "secret-kind",
        [(SA, "{type: u64, host: Packets,", "{type: u64, host: Packets, secret: true,")],
        """
sa.yaml:30:49: error: "packets" is delegated: a secret is const, cached or an argument of a request [secret-kind]
   30 |     packets: {type: u64, host: Packets, secret: true, doc: What was sent.}
      |                                                 ^^^^
""",
        base=KEYS,
    ),
    Case(
        "secret-kind",
        [
            (
                SA,
                LABEL,
                "label: {type: u32, bits: 0..7, host: Label, secret: true, doc: What the host calls it.}",
            ),
            (
                SA,
                "    spi:  {type: u32, host: Spi,",
                "    spi:  {type: u32, host: Spi, keep: while_offloaded,",
            ),
        ],
        """
sa.yaml:18:40: error: "keep" has no effect: "spi" is no secret [secret-kind]
   18 |     spi:  {type: u32, host: Spi, keep: while_offloaded, doc: "Its number on the wire."}
      |                                        ^^^^^^^^^^^^^^^
sa.yaml:21:57: error: "label" cannot be a secret: it is no number or array of its own [secret-kind]
   21 |     label: {type: u32, bits: 0..7, host: Label, secret: true, doc: What the host calls it.}
      |                                                         ^^^^
""",
        base=KEYS,
    ),
    Case(
        "secret-kind",
        [
            (SA, "      host: Key\n", "      host: Key\n      at: 4\n"),
            (
                SA,
                "  delegated:\n    packets",
                "    age: {type: u32, host: Age, at: 4, in: [query], doc: A.}\n  delegated:\n    packets",
            ),
        ],
        """
sa.yaml:27:15: error: "key" cannot be a secret: another variable lies at its place [secret-kind]
   27 |       secret: true
      |               ^^^^
""",
        base=KEYS,
    ),
    Case(
        "secret-told",
        [(SA, "in: [create], secret: true", "secret: true")],
        """
sa.yaml:19:48: error: "seed" is a secret, and "query" would give it back [secret-told]
   19 |     seed: {type: "u8[16]", host: Seed, secret: true, doc: What its first packets are made of.}
      |                                                ^^^^ in: [...] says where it is there
""",
        base=KEYS,
    ),
    Case(
        "secret-told",
        [
            (SA, "in: [create], secret: true", "secret: true"),
            (TARGET, "returns: asked", "returns: [delegated]"),
            (TARGET, "carries: all, doc", "carries: all, host_answers: key, doc"),
            ("node.yaml", "query: any", "query: delegated"),
        ],
        """
sa.yaml:19:48: error: "seed" is a secret, and "worn_out" would tell it [secret-told]
   19 |     seed: {type: "u8[16]", host: Seed, secret: true, doc: What its first packets are made of.}
      |                                                ^^^^ in: [...] says where it is there
sa.yaml:81:16: error: "asks_delegated" cannot be asked on "query": "query" asks for no classes [wrong-question]
   81 |         - {if: asks_delegated, send: read_sa, to: querying}
      |                ^^^^^^^^^^^^^^
sa.yaml:82:20: error: "query" is answered with "success", but no command read the delegated variables [not-returned]
   82 |         - {status: success}
      |                    ^^^^^^^
target.yaml:108:79: error: "key" is a secret: no indication has it [secret-told]
  108 |   worn_out: {call: key_event, about: sa, code: 1, carries: all, host_answers: key, doc: The key has been used often.}
      |                                                                               ^^^
target.yaml:108:79: error: "key" is in "create", "rekey" only, not in an indication [wrong-type]
  108 |   worn_out: {call: key_event, about: sa, code: 1, carries: all, host_answers: key, doc: The key has been used often.}
      |                                                                               ^^^
""",
        base=KEYS,
    ),
    Case(
        "secret-compared",
        [(SA, "{brought: [key], send", "{changed: [key], send")],
        """
sa.yaml:50:18: error: "key" is a secret and is not compared [secret-compared]
   50 |     - {changed: [key], send: write_key}
      |                  ^^^ brought: [key]
""",
        base=KEYS,
    ),
    Case(
        "secret-compared",
        [
            (SA, LABEL, SECRET_LABEL),
            (SA, "{changed: [label], send: nothing}", "{brought: [label], send: nothing}"),
            (
                SA,
                "raises:\n",
                "conditions: {is_high: {compare: label, is: above, with: 7}}\n\nraises:\n",
            ),
            (
                SA,
                "rekey: {plan: update, to: rekeying}",
                "rekey: [{if: is_high, refuse: bad}, {plan: update, to: rekeying}]",
            ),
            (SA, "{type: u64, host: Packets,", "{type: u32, host: Packets,"),
            (
                SA,
                "  read_sa:",
                "  begin: {undo: none, effects: {start: {sets: packets, to: label}}, doc: B.}\n  read_sa:",
            ),
            (
                SA,
                "    - {brought: [key], send: write_key}\n",
                "    - {brought: [key], send: write_key}\n  then: [{brought: [key], send: begin, effect: start}]\n",
            ),
        ],
        """
sa.yaml:43:60: error: "label" is a secret: no effect depends on it [secret-compared]
   43 |   begin: {undo: none, effects: {start: {sets: packets, to: label}}, doc: B.}
      |                                                            ^^^^^
sa.yaml:54:33: error: "label" is a secret: no condition asks for it [secret-compared]
   54 | conditions: {is_high: {compare: label, is: above, with: 7}}
      |                                 ^^^^^
""",
        base=KEYS,
    ),
    Case(
        "secret-not-kept",
        [(SA, "put_back:   {carries: [spi, cached", "put_back:   {carries: [const, cached")],
        """
sa.yaml:126:18: error: "put_back" carries the secret "seed", which is not kept: no request brings it again [secret-not-kept]
  126 |         - {send: put_back, to: restoring}
      |                  ^^^^^^^^ keep: while_offloaded, at "seed"
""",
        base=KEYS,
    ),
    Case(
        "secret-not-kept",
        [(SA, "      keep: while_offloaded\n", "")],
        """
sa.yaml:95:22: error: "write_key" carries the secret "key", which is not kept: there is no old value [secret-not-kept]
   95 |       failed: {undo: update, to: reverting}
      |                      ^^^^^^ keep: while_offloaded, at "key"
sa.yaml:125:18: error: "put_back" carries the secret "key", which is not kept: no request brings it again [secret-not-kept]
  125 |         - {send: put_back, to: restoring}
      |                  ^^^^^^^^ keep: while_offloaded, at "key"
""",
        base=KEYS,
    ),
    Case(
        "secret-not-kept",
        [(SA, "remove_sa:  {carries: [spi]", "remove_sa:  {carries: [spi, seed]")],
        """
sa.yaml:84:20: error: "remove_sa" carries the secret "seed", which is not kept: "drop" does not bring it [secret-not-kept]
   84 |       drop: {send: remove_sa, to: removing}
      |                    ^^^^^^^^^ keep: while_offloaded, at "seed"
""",
        base=KEYS,
    ),
    Case(
        "secret-not-kept",
        [
            (SA, "      keep: while_offloaded\n", ""),
            (SA, "put_back:   {carries: [spi, cached", "put_back:   {carries: [spi, label"),
            (SA, "undo: old_values, doc: Another key", "undo: write_key, doc: Another key"),
            (SA, "rekey: {plan: update, to: rekeying}", "rekey: {send: write_key, to: rekeying}"),
            (SA, "{undo: update, to: reverting}", "{undo: write_key, to: reverting}"),
        ],
        """
sa.yaml:40:25: error: "put_back" does not carry "key", which updates change [add-incomplete]
   40 |   put_back:   {carries: [spi, label, link], hardware: has, undo: remove_sa, doc: Make it again.}
      |                         ^^^^^^^^^^^^^^^^^^ a new sa would begin without
sa.yaml:41:38: error: "write_key" is sent by the plan of sa, and "write_key" does not bring the old values back [undo-missing]
   41 |   write_key:  {carries: [key], undo: write_key, doc: Another key.}
      |                                      ^^^^^^^^^ undo: old_values, or send it under then:
sa.yaml:78:21: error: "write_key" carries the secret "key", which is not kept: a node of "rekey" may come without it [secret-not-kept]
   78 |       rekey: {send: write_key, to: rekeying}
      |                     ^^^^^^^^^ keep: while_offloaded, at "key"
sa.yaml:94:35: error: "rekey" is answered with "success", but the hardware was not told what changed [not-told]
   94 |       done:   {to: there, status: success}
      |                                   ^^^^^^^ plan: update
""",
        base=KEYS,
    ),
    Case(
        "secret-kind",
        [
            (
                "sa.yaml",
                "host: Pin, secret: true,",
                "host: Pin, secret: true, keep: while_offloaded,",
            )
        ],
        """
sa.yaml:33:58: error: "keep" beside "secret": "pin" is an argument of a request, and nobody keeps it [secret-kind]
   33 |     pin: {type: "u8[16]", host: Pin, secret: true, keep: while_offloaded, doc: What only its owner knows.}
      |                                                          ^^^^^^^^^^^^^^^
""",
        base=KEYS,
    ),
    Case(
        "secret-compared",
        [
            ("sa.yaml", 'pin: {type: "u8[16]",', "pin: {type: u32,"),
            (
                "sa.yaml",
                "\nstates:",
                "\nconditions: {is_right: {compare: pin, is: equal, with: 7}}\n\nstates:",
            ),
            (
                "sa.yaml",
                "      unlock: {send: unlock_sa, to: unlocking}",
                "      unlock: [{if: is_right, send: unlock_sa, to: unlocking}, {refuse: bad}]",
            ),
        ],
        """
sa.yaml:55:34: error: "pin" is a secret: no condition asks for it [secret-compared]
   55 | conditions: {is_right: {compare: pin, is: equal, with: 7}}
      |                                  ^^^
""",
        base=KEYS,
    ),
    Case(
        "request-not-kept",
        [
            (
                "sa.yaml",
                "put_back:   {carries: [spi, cached",
                "put_back:   {carries: [spi, pin, cached",
            )
        ],
        """
sa.yaml:126:18: error: "put_back" carries "pin", and on "restore" there is no node [request-not-kept]
  126 |         - {send: put_back, to: restoring}
      |                  ^^^^^^^^
""",
        base=KEYS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
