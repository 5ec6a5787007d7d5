# SPDX-License-Identifier: BSD-2-Clause
"""Marks along links of some names: which questions see them, and what the outputs make of that."""

import os

import pytest
from helpers import ROOT, Report, diagnose, edited_spec, load
from rule_case import LINKS

from flue.backends.c.plans import along
from flue.backends.promela.catalogue import Bounds
from flue.backends.promela.lowering import ModelView
from flue.backends.promela.trees import World
from flue.model.along import apart, bits, met
from flue.model.questions import answers

VPN = load(os.path.join(ROOT, "tests", "links", "spec"), Report())
POLICY = VPN.object("policy")
OUT, IN = (("withdrawn",), ("out_sa", "port")), (("withdrawn", "dead"), ("in_sa",))


def test_a_name_is_followed_wherever_it_is_met():
    names = lambda along: sorted({x.name for x in met(VPN, POLICY, along)})
    assert names(("out_sa", "port")) == ["out_sa", "port"]
    assert names(("port", "key")) == names(()) == []
    assert names(None) == ["in_sa", "key", "out_sa", "port"]


def test_links_of_all_kinds_are_bits_of_one_number():
    """Kinds are port, key, sa, policy; an sa's port and key, a policy's in_sa and out_sa."""
    assert bits(VPN, ("out_sa", "port"), 4) == 1 << 13 | 1 << 8
    assert bits(VPN, None, 4) == 3 << 12 | 3 << 8
    assert [along(VPN, x) for x in ((), None, ("key",))] == [
        "0",
        "FLUE_ALONG_ALL",
        "UINT64_C(0x200)",
    ]


def test_marks_are_told_apart_as_far_as_somebody_asks():
    all_of_them = (("withdrawn",), None)
    assert set(apart(VPN, POLICY, [OUT, IN])) == {frozenset([OUT]), frozenset([IN])}
    assert apart(VPN, POLICY, [all_of_them]) == [frozenset([all_of_them])]
    assert set(apart(VPN, POLICY, [OUT, all_of_them])) == {
        frozenset([OUT, all_of_them]),
        frozenset([all_of_them]),
    }
    assert apart(VPN, VPN.object("key"), [OUT, all_of_them]) == []


@pytest.mark.parametrize(
    "where, together",
    [
        (("[out_sa, port]", "[in_sa]"), {"", "out", "in", "out in"}),
        (("[out_sa, port]", "[out_sa, port, in_sa]"), {"", "in", "out in"}),
        (("along_links", "[out_sa]"), {"", "out", "out in"}),
        (("here", "along_links"), {"", "in", "out in"}),
    ],
)
def test_every_answer_and_no_other(where, together):
    """What looks along more links sees whatever the other one sees."""
    edits = [("target.yaml", "where: [out_sa, port]", f"where: {where[0]}")]
    edits += [("target.yaml", "where: [in_sa]", f"where: {where[1]}")]
    edits += [("target.yaml", "marked: [withdrawn, dead], where", "marked: withdrawn, where")]
    target = load(edited_spec(edits, LINKS), Report())
    names = {"out": "nothing_goes_out", "in": "nothing_comes_in"}
    found = answers(target, target.object("policy"), names.values())
    assert {" ".join(n for n, c in names.items() if x[c]) for x in found} == together


def test_model_a_has_a_choice_for_each_sort_of_marks():
    kind = ModelView(VPN, VPN).kinds[3]
    choices = {c for c in kind.asks if c.startswith("x_below")}
    assert choices == {"x_below", "x_below1"}
    guards = [kind.view.guard(kind, n) for n in ("nothing_goes_out", "nothing_comes_in")]
    assert [g.count("x_below") for g in guards] == [1, 1] and guards[0] != guards[1]


def test_model_b_follows_the_links_that_are_named():
    view = ModelView(VPN, VPN, trees=True)
    world = World(view, Bounds())
    text = world.marks_along("o", ("out_sa", "port"))
    assert view.alongs == [("out_sa", "port"), ("in_sa",)]
    of = {n: [f"o == {x.number}" for x in world.objects if x.kind == n] for n in (2, 3)}
    assert f"({' || '.join(of[3])}) && link[(o) * 2 + 1] ->" in text
    assert f"({' || '.join(of[2])}) && link[(o) * 2 + 0] ->" in text
    assert f"({' || '.join(of[3])}) && link[(o) * 2 + 0]" not in text


@pytest.mark.parametrize(
    "edit, said",
    [
        (
            ("target.yaml", "where: along_links", "where: [out_sa, sa]"),
            """
target.yaml:99:19: error: unknown link "sa" [unknown-name]
   99 |   where: [out_sa, sa]
      |                   ^^ known: port, key, in_sa, out_sa
""",
        ),
        (
            ("target.yaml", "where: along_links", "where: along_link"),
            """
target.yaml:99:10: error: "where" must be here, along_links or a list of links, not "along_link" [wrong-type]
   99 |   where: along_link
      |          ^^^^^^^^^^ did you mean "along_links"?
""",
        ),
    ],
)
def test_what_is_no_link_is_told(edit, said):
    assert diagnose([edit], LINKS) == said.lstrip("\n")
