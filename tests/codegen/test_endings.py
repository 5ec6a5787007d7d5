# SPDX-License-Identifier: BSD-2-Clause
"""Which operations take objects away is one question with one answer, whatever others do."""

import pytest
from helpers import diagnose
from rule_case import STEPS

TWO_REMOVALS = [
    (
        "meter.yaml",
        "status: from_command}\n  unsure:",
        """status: from_command}
  purging:
    doc: The hardware was asked to remove it, by another operation.
    busy: purge
    when:
      done:   {to: free, status: success}
      failed: {to: unsure, status: from_command}
  unsure:""",
    ),
    (
        "meter.yaml",
        "withdraw: {send: remove_meter, to: withdrawing}\n  modifying",
        "withdraw: {send: remove_meter, to: withdrawing}\n"
        "      purge: {send: remove_meter, to: purging}\n  modifying",
    ),
    (
        "meter.yaml",
        "withdraw: {send: remove_meter, to: withdrawing}\n  lost",
        "withdraw: {send: remove_meter, to: withdrawing}\n"
        "      purge: {send: remove_meter, to: purging}\n  lost",
    ),
    (
        "meter.yaml",
        "withdraw: {to: free, status: io_error}",
        "withdraw: {to: free, status: io_error}\n      purge: {to: free, status: io_error}",
    ),
    ("node.yaml", "  withdraw: delegated", "  withdraw: delegated\n  purge: delegated"),
    (
        "target.yaml",
        "roll_up:  ",
        """  purge:
    doc: Take a meter away, at once.
    completion: meter_purged
    reaches: reference
    order: ORDER
    returns: [delegated]
    results: {others: io_error}
    statuses: [success, io_error, timeout, bad_value]

roll_up:  """,
    ),
    (
        "target.yaml",
        "    withdraw: {defer: true}",
        "    withdraw: {defer: true}\n    purge: {defer: true}",
    ),
    (
        "target.yaml",
        "  busy.withdraw: ",
        """  busy.purge: {reset: {to: free, status: io_error}}
  busy.withdraw: """,
    ),
]


@pytest.mark.parametrize("order", ["any", "dependents_first"])
def test_one_operation_says_nothing_of_another(order):
    edits = [(file, old, new.replace("ORDER", order)) for file, old, new in TWO_REMOVALS]
    assert diagnose(edits) == ""


def test_an_object_may_be_taken_away_in_several_steps():
    assert diagnose([], STEPS) == ""
    new = "done:   {to: lit, status: done}"
    said = diagnose(
        [("lamp.yaml", "      done:   {to: free, status: done}", f"      {new}")], STEPS
    )
    assert '"lit" claims that the host has it, but after "done" in "going"' not in said
    assert '"lit" claims that the hardware has it, but after "done" in "going"' in said
