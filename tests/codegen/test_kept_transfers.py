# SPDX-License-Identifier: BSD-2-Clause
"""What is handed over for an object that an operation keeps waits until that is through: the object does not end."""

import re

import pytest
from helpers import Report, diagnose, edited_spec, load

from flue.backends.c.generate import generate
from flue.model.handing import fate

FLUSH = "../tests/flush/spec"
DRAINING = """  draining:
    doc: The hardware was told to forget what it learned; the table stays.
    busy: drain
    when:
      done:   {to: ready, status: success}
      failed: {to: unsure, status: from_command}
"""
TRANSFERS = """transfers:
  learn:
    doc: A packet to learn from.
    completion: fwd_learned
    in: [STATES]
    accepted: success
    refused: bad_value
    ending: canceled
    returned: io_error
    reset: timeout

update:
"""
CHAIN = """chain:
  struct: fwd_packet
  doc: A packet.
  next: 32
  status: 40
  link: 24
  handle: 8
  mark: 16

roles:
"""


def edits(states: str) -> list[tuple[str, str, str]]:
    return [
        (
            "table.yaml",
            "      unblock: {send: unblock_table, to: unblocking}\n      drain: {status: success}\n",
            "      unblock: {send: unblock_table, to: unblocking}\n      drain: {send: flush_table, to: draining}\n",
        ),
        ("table.yaml", "  changing:\n", DRAINING + "  changing:\n"),
        ("table.yaml", "update:\n", TRANSFERS.replace("STATES", states)),
        ("node.yaml", "roles:\n", CHAIN),
    ]


@pytest.mark.parametrize("states", ["ready", "ready, draining"])
def test_it_may_be_taken_there(states):
    assert diagnose(edits(states), FLUSH) == ""


def test_it_waits_there_and_where_the_object_ends_it_goes_back(tmp_path):
    target = load(edited_spec(edits("ready"), FLUSH), Report())
    table = target.object("table")
    learn = table.transfers[0]
    fates = {s.name: fate(target, table, learn, s) for s in table.states}
    assert [n for n, found in fates.items() if found == "ending"] == ["purging", "removing"]
    assert fates["draining"] == "waits"
    generate(target, str(tmp_path))
    text = (tmp_path / f"{target.name}.c").read_text(encoding="utf-8")
    marked = re.findall(r"\[FWD_TABLE_(\w+)\] = FLUE_TRANSFERS_ENDING,", text)
    assert marked == ["PURGING", "REMOVING"]
