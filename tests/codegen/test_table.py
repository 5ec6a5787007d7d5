# SPDX-License-Identifier: BSD-2-Clause
"""`flue table`: complete, true to the lines of the spec, readable in a narrow terminal."""

import re
from pathlib import Path

import pytest
from helpers import ROOT, spec

from flue.compiler import load
from flue.diagnostics import Report
from flue.backends.docs.table import UnknownObject, render
from flue.backends.docs.table_records import records

KEYS = f"{ROOT}/tests/codegen/keys"
WORKS = "../tests/transfers/spec"
LIMITING = """\
limiting (at rest: host has it, hardware has it)         meter.yaml:66
  It does its work.
  modify    plan update, go to modifying                 meter.yaml:70
  inspect   if asks_delegated: send read_count, go to    meter.yaml:72
              inspecting
            else: answer success                         meter.yaml:73
  withdraw  send remove_meter, go to withdrawing         meter.yaml:74
  reset     go to lost                   target.yaml:71 (default idle)
  restore   stay                         target.yaml:72 (default idle)
  impossible: create, done, failed"""


def target(name="example"):
    return load(spec(name), Report())


def test_a_state_in_full():
    assert LIMITING in render(target(), "meter", width=70).split("\n\n")


def test_head_counts_the_pairs():
    lines = render(target(), width=100).splitlines()
    assert lines[0] == "meter: A rate limiter on one port."
    assert re.fullmatch(
        r"11 states x 8 events = 88 pairs, \d+ written, \d+ by default, \d+ impossible", lines[1]
    )


def test_head_names_the_links():
    lines = render(target("../tests/links/spec"), "policy", width=100).splitlines()
    assert [line for line in lines if line.startswith("link ")] == [
        "link in_sa: to a sa or to nothing, by the handle in_sa_handle, moved by modify",
        "link out_sa: to a sa, by the handle out_sa_handle, moved by modify",
    ]
    assert "link neighbor: to a neighbor, by the node above, moved by update" in render(
        target("chimney"), "path", width=100
    )
    assert "link " not in render(target(), width=100)


@pytest.mark.parametrize("base", ["example", "chimney", "../tests/links/spec"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_pair_is_there_and_fits(base, width):
    found = target(base)
    for obj in found.objects:
        text = render(found, obj.name, width)
        assert max(map(len, text.splitlines())) <= width
        others = {o.name for o in found.operations if not o.is_about(obj.name)}
        for block, state in zip(text.split("\n\n")[1:], obj.states, strict=True):
            assert block.startswith(state.name)
            decided = [e for e in found.events if e not in others]
            assert all(re.search(rf"\b{event}\b", block) for event in decided)


def test_places_are_true():
    """The line a row names holds what the row says."""
    for row in re.finditer(r"go to (\w+).*? ([\w.]+):(\d+)", render(target("chimney"), width=120)):
        to, file, line = row.groups()
        text = Path(spec("chimney"), file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert f"to: {to}" in text


def test_unknown_object():
    with pytest.raises(UnknownObject, match='did you mean "path"'):
        render(target("chimney"), "pth")


def test_what_is_about_others_is_not_in_the_table():
    """It is refused before a machine is asked."""
    target = load(KEYS, Report())
    port, sa = (render(target, name, width=110) for name in ("port", "sa"))
    assert "refused, since about others: rekey, unlock\n" in port
    assert port.count("rekey") == 1 and "63 pairs" in port
    assert "refused" not in sa.split("\n\n")[0] and "rekey" in sa


def test_head_names_the_transfers_and_their_orders():
    lines = render(target(WORKS), "lane", width=120).splitlines()
    assert [line for line in lines if line.startswith("transfer ")] == [
        "transfer write: an order of its own; the hardware may say failed; undone: refused invalid, "
        "ending leaving, returned",
        "transfer barrier: in the order of write; undone: refused invalid, ending invalid, "
        "returned given, reset given",
        "transfer loan: the driver's own, which comes back from the host; taken at once",
        "transfer read: an order of its own; the hardware may say failed or full; undone: "
        "refused invalid, ending invalid,",
    ]
    assert "transfer" not in render(target(), width=100)


@pytest.mark.parametrize(
    "state, said",
    [
        ("free", None),  # the host has no handle to hand anything over with
        ("opening", None),
        ("ready", "write is taken, barrier is taken, read is taken"),
        ("tuning", "write is taken, barrier waits, read waits"),
        ("closing", "write gets leaving, barrier gets invalid, read gets invalid"),
        ("unsure", "write gets invalid, barrier gets invalid, read gets invalid"),
        ("restoring", "write waits, barrier waits, read waits"),
        ("gone", "write gets lost, barrier gets given, read gets lost"),
        ("stranded", None),
    ],
)
def test_a_state_says_what_becomes_of_what_is_handed_over(state, said):
    (block,) = [b for b in render(target(WORKS), "lane", 120).split("\n\n")
                if b.startswith(f"{state} (")]  # fmt: skip
    assert re.findall(r"^  handed over: (.*)$", block, re.MULTILINE) == [said] * (said is not None)


def test_tools_get_what_becomes_of_what_is_handed_over():
    found = [r for r in records(target(WORKS), "lane") if "transfer" in r]
    assert {r["state"] for r in found}.isdisjoint({"free", "opening", "stranded"})
    assert [(r["transfer"], r["fate"], r["status"]) for r in found if r["state"] == "closing"] == [
        ("write", "ending", "leaving"),
        ("barrier", "ending", "invalid"),
        ("read", "ending", "invalid"),
    ]
    assert [(r["transfer"], r["fate"], r["status"]) for r in found if r["state"] == "tuning"] == [
        ("write", "taken", None),
        ("barrier", "waits", None),
        ("read", "waits", None),
    ]
    (gone,) = [r for r in found if r["state"] == "gone" and r["transfer"] == "barrier"]
    assert (gone["fate"], gone["status"]) == ("reset", "given")
    assert gone["file"].endswith("lane.yaml")
    assert not [r for r in records(target(), None) if "transfer" in r]
