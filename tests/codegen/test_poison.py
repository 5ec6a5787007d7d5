# SPDX-License-Identifier: BSD-2-Clause
"""Rules pass over objects with errors, and only over those; a rule with a bug is loud at all times."""

import pytest
from helpers import Report, diagnose, edited_spec
from rule_case import RICH

from flue import check
from flue.check.registry import Rule
from flue.compiler import analyse

GUARD = "        - {if: has_dependents, refuse: failure}\n"
GONE = "      failed: {to: corrupt, status: bad}\n  corrupt:"
TERMINATE = "        - {send: remove_path, to: terminating}\n  updating:"


def holes():
    return edited_spec([("meter.yaml", "to: creating}", "to: creatign}")])


def test_a_rule_with_a_bug_is_loud_where_names_are_unknown(monkeypatch):
    def wrong(target):
        """Looks for what is not there."""
        yield target.objects[0].nothing_of_that_name, "never said"

    monkeypatch.setitem(check.RULES, "wrong", Rule("wrong", wrong, warning=False, once=False))
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        analyse(holes(), Report())


def test_an_object_with_errors_has_its_place_and_nothing_to_look_at(monkeypatch):
    report = Report()
    seen = []
    rule = Rule("seen", lambda target: iter(seen.append(target) or ()), warning=False, once=False)
    monkeypatch.setitem(check.RULES, "seen", rule)
    analyse(holes(), report)
    (target,) = seen
    (meter,) = target.objects
    assert meter.poisoned and meter.name == "meter" and meter.where.line
    assert not (meter.states or meter.cells or meter.commands or meter.variables)
    assert target.sound_objects == ()


def test_the_ways_through_sound_objects_are_walked_beside_one_with_errors():
    """Which operations take objects away is asked of all objects; a hole in one must not silence it."""
    found = diagnose(
        [
            ("neighbor.yaml", "\n  remove_neighbor:", "\n  remove_neighbour:"),
            ("path.yaml", GUARD + TERMINATE, TERMINATE),
        ],
        "chimney",
    )
    assert "unknown-name" in found
    assert "path.yaml:76:11: error: " in found and "[guard-forgotten-dependents]" in found


def test_what_only_an_object_with_errors_could_tell_is_not_concluded():
    """That "terminate" takes objects away is seen in flow alone, once a line of gate is missing."""
    found = diagnose(
        [
            ("flow.yaml", "    busy: terminate\n    when:\n", "    busy: termniate\n    when:\n"),
            ("gate.yaml", "      done:   {to: free, status: good}\n" + GONE, GONE),
        ],
        RICH,
    )
    assert "unknown-name" in found and "[undecided]" in found
    assert "[false-claim]" not in found
