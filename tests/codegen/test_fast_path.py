# SPDX-License-Identifier: BSD-2-Clause
"""Which operations have a fast path: only those that lead back to the state they came from."""

from helpers import Report, edited_spec, load
from rule_case import NUMBERS

from flue.backends.c.fast_path import fast_path
from flue.model.c_names import Names

BACK = "      done:   {to: limiting, status: success}\n      failed: {undo: update, to: reverting}"
TRIMMED = """  trimmed:
    doc: It has been changed.
    rest: {host: has, hardware: has}
    when:
      inspect:  {status: success}
      withdraw: {send: remove_meter, to: withdrawing}
"""


def has_one(edits):
    report = Report()
    target = load(edited_spec(edits), report)
    assert target and not report.text()
    return fast_path(target, Names(target), target.objects[0]) is not None


def test_what_the_hardware_calls_an_object_is_known_where_it_rests_but_not_what_it_links_to():
    """Rules see to the one; the other is asked when a command is sent, which the fast path does not."""
    report = Report()
    target = load(edited_spec([], NUMBERS), report)
    assert target and not report.text()
    found = {o.name: fast_path(target, Names(target), o) for o in target.objects}
    assert found["table"] and not found["entry"]


def test_there_and_back_is_fast():
    assert has_one([])


def test_an_update_that_leads_to_another_state_is_not():
    """Without a command to wait for, the fast path makes no step: the object stays where it is."""
    edits = [
        ("meter.yaml", BACK, BACK.replace("limiting", "trimmed")),
        ("meter.yaml", "  unsure:\n", TRIMMED + "  unsure:\n"),
    ]
    assert not has_one(edits)


def test_an_update_where_a_restore_comes_is_not():
    """There nodes wait for an object at rest, and the runtime counts who rests there."""
    modify = "      modify:   {plan: update, to: modifying}\n"
    restore = "      restore:  {send: read_count, to: counting}\n"
    counting = """  counting:
    doc: The hardware is back.
    busy: nobody
    when:
      done:   {to: limiting}
      failed: {to: limiting}
      reset:  {to: lost}
"""
    edits = [
        ("meter.yaml", modify, modify + restore),
        ("meter.yaml", "  unsure:\n", counting + "  unsure:\n"),
    ]
    assert not has_one(edits)
