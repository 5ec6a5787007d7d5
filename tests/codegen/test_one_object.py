# SPDX-License-Identifier: BSD-2-Clause
"""Model A of specs with shapes that few specs have; the family of specs (tests/family) has found them."""

import os
import re

from helpers import ROOT, Report, edited_spec, load

from flue.backends.promela.catalogue import QUICK, objects
from flue.backends.promela.lowering import ModelView

CARRIES = os.path.join(ROOT, "tests", "codegen", "carries")


def test_where_two_operations_make_objects_the_host_asks_only_if_one_of_them_may_begin():
    """A host that asks where nothing may begin is stopped half way, and others go on from there."""
    target = load(CARRIES, Report())
    assert sum(o.reaches == "new" for o in target.operations) == 2
    for model in objects(target, target, QUICK):
        (asks,) = re.findall(r"#define MAY_ASK \((.*)\)", model.text)
        first, rest = asks.split(" || ", 1)
        assert first == "seen[0] != 0"
        assert rest == "(state[0] == 1 && outstanding[0] == 0 && ((true) || (true)))"


def stopping(edits, kind, base):
    target = load(edited_spec(edits, base), Report())
    view = next(k for k in ModelView(target, target).kinds if k.name == kind)
    return {c.name for c in view.commands if c.blocks}


def test_what_tells_nothing_stops_an_object_only_in_operations_that_mark_objects():
    """To be settled tells nothing either, and nobody has to remember it."""
    settled = [
        ("meter.yaml", "  remove_meter:\n", "  settle_it: {doc: Settle.}\n  remove_meter:\n"),
        (
            "meter.yaml",
            "done:   {to: limiting, status: success}\n      failed: {undo: add_meter, to: undoing}\n",
            "done:   {send: settle_it, to: settling}\n      failed: {undo: add_meter, to: undoing}\n"
            "  settling:\n    doc: It is settled.\n    busy: create\n    when:\n"
            "      done:   {to: limiting, status: success}\n"
            "      failed: {undo: add_meter, to: undoing}\n",
        ),
    ]
    assert stopping(settled, "meter", "example") == set()


def test_one_kind_that_forgets_the_mark_of_others_is_told():
    forgets = ("sa.yaml", "retire: {mark: retired, send: stop_sa", "retire: {send: stop_sa")
    assert stopping([], "sa", "ipsec") == stopping([forgets], "sa", "ipsec") == {"stop_sa"}
