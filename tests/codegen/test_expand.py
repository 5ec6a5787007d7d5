# SPDX-License-Identifier: BSD-2-Clause
"""States that lead back to where an object came from: what is made of them, and what people see."""

import pytest
from helpers import edited_spec

from flue.backends.docs import graph, table
from flue.compiler import analyse
from flue.diagnostics import Report

PAIRS = "../tests/codegen/pairs"
LOOK = "      look:     {send: read_pair, to: looking}\n"


def loaded(edits, base=PAIRS):
    report = Report()
    target, _ = analyse(edited_spec(edits, base), report)
    assert target is not None, report.text()
    return target


def states(target):
    return [s.name for s in target.objects[0].states]


def outcomes(target, name, event):
    return [arm.to for arm in target.objects[0].cell(name, event).arms]


def test_one_for_each_state_that_leads_to_it():
    target = loaded([])
    made = ["looking (from init)", "looking (from sending)"]
    assert [s for s in states(target) if s.startswith("looking")] == made
    assert outcomes(target, "init", "look") == made[:1]
    assert outcomes(target, "sending", "look") == made[1:]
    assert outcomes(target, made[0], "done") == ["init", "init"]
    assert outcomes(target, made[1], "done") == ["init", "sending"]
    assert outcomes(target, made[1], "failed") == ["sending"]
    assert [s.index for s in target.objects[0].states] == list(range(len(states(target))))


def test_of_one_that_one_state_leads_to_the_name_stays():
    target = loaded([("pair.yaml", LOOK + "      modify", "      modify")])
    assert "looking" in states(target)
    assert outcomes(target, "looking", "failed") == ["sending"]


@pytest.mark.parametrize("sort", ["busy", "busy.look"])
def test_a_default_may_lead_back(sort):
    line = "      failed: {to: before, status: from_command}\n"
    failed = "failed: {to: before, status: from_command}"
    edits = [("pair.yaml", line, "")]
    if sort == "busy":
        edits.append(("target.yaml", "  busy:\n", f"  busy:\n    {failed}\n"))
    else:
        edits.append(
            ("target.yaml", "  busy.create:", f"  busy.look:     {{{failed}}}\n  busy.create:")
        )
    target = loaded(edits)
    assert outcomes(target, "looking (from init)", "failed") == ["init"]
    assert outcomes(target, "looking (from sending)", "failed") == ["sending"]


def test_the_way_back_may_be_longer():
    again = "      failed: {send: read_pair, to: looking_again}\n"
    more = "  looking_again:\n    doc: Once more.\n    busy: look\n    when:\n"
    more += "      done:   {to: before, status: broken}\n      failed: {to: before, status: from_command}\n"
    line = "      failed: {to: before, status: from_command}\n"
    edits = [
        ("pair.yaml", line, again + more),
        (
            "pair.yaml",
            "status: broken}\n      failed: {to: before",
            "status: from_command}\n      failed: {to: before",
        ),
    ]
    target = loaded(edits)
    made = [s for s in states(target) if s.startswith("looking_again")]
    assert made == ["looking_again (from init)", "looking_again (from sending)"]
    assert outcomes(target, "looking (from sending)", "failed") == made[1:]
    assert outcomes(target, made[1], "done") == ["sending"]


STEPS = "../tests/codegen/steps"


def arms(target, name, event):
    return [(a.verb, a.subject, a.to) for a in target.objects[0].cell(name, event).arms]


def test_a_list_of_commands_is_a_chain_of_states():
    target = loaded([], STEPS)
    first, second = "mounting (at mount)", "mounting (at light)"
    back, last = "unmounting (of light)", "unmounting (of mount)"
    assert arms(target, "free", "create") == [("send", "mount", first)]
    assert arms(target, first, "done") == [("send", "light", second)]
    assert arms(target, first, "failed") == [("undo", "mount", last)]
    assert arms(target, second, "done") == [(None, None, "lit")]
    assert arms(target, second, "failed") == [("undo", "light", back)]
    assert arms(target, back, "done") == [("undo", "mount", last)]
    assert arms(target, back, "failed") == [(None, None, "stranded")]
    assert arms(target, last, "done") == [(None, None, "free")]


def test_a_list_and_a_way_back_go_together():
    edits = [
        (
            "lamp.yaml",
            "modify:   {plan: update, to: regulating}",
            "modify:   {send: [light, dim], to: regulating}",
        ),
        (
            "lamp.yaml",
            "failed: {undo: update, to: reverting}",
            "failed: {undo: all, to: reverting}",
        ),
        (
            "lamp.yaml",
            "      done:   {to: lit, status: from_command}\n",
            "      done:   {to: before, status: from_command}\n",
        ),
        (
            "lamp.yaml",
            "  plan:\n    - {changed: [brightness], send: regulate}",
            "  plan:\n    - {changed: [brightness], send: nothing}",
        ),
    ]
    target = loaded(edits, STEPS)
    assert outcomes(target, "reverting (of light)", "done") == ["lit"]
    assert [s for s in states(target) if s.startswith("regul")] == [
        "regulating (at light)",
        "regulating (at dim)",
    ]


def test_what_is_tried_again_has_a_state_for_each_time():
    target = loaded([])
    again, last = "starting (again 1)", "starting (again 2)"
    assert arms(target, "starting", "failed")[0] == ("send", "start_pair", again)
    assert arms(target, again, "failed")[0] == ("send", "start_pair", last)
    assert arms(target, last, "failed") == [(None, None, "init"), (None, None, "in_error")]
    found = [a.again for s in ("starting", last) for a in target.objects[0].cell(s, "failed").arms]
    assert found == [True, False, False, False]


def test_tables_and_diagrams_name_them():
    target = loaded([])
    assert "\nlooking (from sending) (busy with look) " in table.render(target, width=100)
    drawn = graph.mermaid(target, target.objects[0])
    assert '    state "looking (from init)" as looking_from_init\n' in drawn
    assert "    sending --> looking_from_sending : look / send read_pair\n" in drawn


@pytest.mark.parametrize(
    "held, also, states",
    [
        ("looking", [], ("looking (from init)", "looking (from sending)", "sending")),
        ("looking (from init)", [], ("looking (from init)", "sending")),
        (
            "looking (from sending)",
            [("pair.yaml", LOOK + "      modify", "      modify")],
            ("looking", "sending"),
        ),
    ],
)
def test_groups_mean_all_of_them_or_one(held, also, states):
    edits = [
        *also,
        (
            "pair.yaml",
            "states:\n",
            f"raises: {{heard: {{in: [held, sending]}}}}\ngroups: {{held: [{held}]}}\nstates:\n",
        ),
        (
            "target.yaml",
            "\ndefaults:\n",
            "\ncalls: {pairs_event: {doc: Tells of one., passes: [object_handle, code]}}\nindications: {heard: {call: pairs_event, about: pair, code: 1, doc: It was heard.}}\n\ndefaults:\n",
        ),
        (
            "node.yaml",
            "  work: ",
            "  name: {type: void*, host: Name, role: host_handle, doc: The host's.}\n  work: ",
        ),
    ]
    report = Report()
    target, _ = analyse(edited_spec(edits, PAIRS), report)
    assert target is not None and not report.diagnostics, report.text()
    assert target.objects[0].raises[0].states == states
