# SPDX-License-Identifier: BSD-2-Clause
"""`flue diff`: nothing of a model is forgotten, each change is told once, and the verdict is right."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
from helpers import SHIPPED, ROOT, edited_spec, spec
from test_cli import flue

import flue.model as model
from flue.compiler import load
from flue.diagnostics import Report
from flue.diff.audiences import NOBODYS, ROWS
from flue.diff.command import diff
from flue.diff.facts import facts

METER, TARGET = "meter.yaml", "target.yaml"


def loaded(directory):
    target = load(directory, Report())
    assert target is not None
    return target


def told(*edits, base="example"):
    """What is said of a spec and an edited copy, without places; and the exit status."""
    said, status = diff(loaded(spec(base)), loaded(edited_spec(list(edits), base)), False)
    return [line.rpartition(" (")[0] or line for line in said.splitlines()], status


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
def test_every_member_is_somebodys_or_nobodys(kind):
    members = {f.name for f in dataclasses.fields(kind)}
    assert members - NOBODYS <= set(ROWS[kind]) <= members


def test_every_class_of_the_model_is_looked_at():
    """By its members, or where another one holds it, as one text."""
    texts = {
        "Arm",
        "Cell",
        "Condition",
        "Default",
        "Flags",
        "Operand",
        "Placed",
        "PlanRule",
        "Raise",
    }
    texts |= {"RoleRule", "RollUp", "Sees", "Setting", "TypeCode", "Unusable", "Where"}
    classes = {n for n in model.__all__ if dataclasses.is_dataclass(getattr(model, n))}
    assert classes - texts == {kind.__name__ for kind in ROWS}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_spec_is_no_other_than_itself(name):
    target = loaded(spec(name))
    assert len(facts(target)) > 200
    assert diff(target, loaded(edited_spec([], name)), False) == ("no difference\n", 0)


@pytest.mark.parametrize("pair", [("example", "ipsec"), ("tls", "rdma")])
def test_one_way_is_the_other_way_back(pair):
    """What is added in one direction is removed in the other, and what changes, changes in both."""
    there, back = (
        json.loads(diff(loaded(spec(a)), loaded(spec(b)), True)[0])["changes"]
        for a, b in (pair, pair[::-1])
    )
    changed = lambda found: {
        (*c["path"], c["old"], c["new"]) for c in found if c["change"] == "changed"
    }
    turned = lambda found: {(*path, new, old) for *path, old, new in found}
    assert changed(there) == turned(changed(back))


@pytest.mark.parametrize(
    "edits, lines, status",
    [
        (
            [(METER, "host: Owner, at: 8", "host: Tenant, at: 8")],
            ["The host must change:", "  object meter, variable owner, host: Owner -> Tenant"]
            + ["the host must change"],
            4,
        ),
        (
            [(METER, "carries: [rate_kbps, burst_bytes]\n    undo", "carries: [rate_kbps]\n    undo")],
            ["The driver must change:"]
            + ["  object meter, command write_limits, carries: rate_kbps, burst_bytes -> rate_kbps"]
            + ["the driver must change"],
            3,
        ),
        (
            [(METER, "answers: [busy_port, no_space]", "answers: [busy_port, no_space, io_error]")],
            ["New for the driver, which may ignore it:"]
            + ["  object meter, command add_meter, answer io_error added", "compatible"],
            0,
        ),
        (
            [(METER, "failed: {to: unsure, status: from_command}\n  inspecting:",
              "failed: {to: unsure, status: io_error}\n  inspecting:")],
            ["Behaviour:", "  object meter, on failed in reverting: go to unsure, answer the command's"
             " result -> go to unsure, answer io_error", "compatible, behaviour changed"],
            0,
        ),
        (
            [(TARGET, "value: -22,", "value: -2,"), (METER, "{returns: [delegated], doc: Read what",
              "{carries: [port], returns: [delegated], doc: Read what")],
            ["The host must change:", "  status bad_value, value: -22 -> -2"]
            + ["The driver must change:"]
            + ["  object meter, command read_count, carries: none -> port"]
            + ["the host and the driver must change"],
            5,
        ),
        ([(METER, "doc: The port it limits.", "doc: Its port.")], ["no difference"], 0),
    ],
    ids=["host", "driver", "new", "behaviour", "both", "doc"],
)  # fmt: skip
def test_whom_a_change_concerns(edits, lines, status):
    assert told(*edits) == (lines, status)


def test_a_host_must_know_a_new_status_of_an_operation():
    wider = (TARGET, "statuses: [success, io_error, timeout, bad_value]\n  withdraw",
             "statuses: [success, io_error, timeout, bad_value, busy_port]\n  withdraw")  # fmt: skip
    lines, status = told(wider)
    assert (lines[1], status) == ("  operation inspect, status busy_port added", 4)


LANE, NODE = "lane.yaml", "node.yaml"
LOAN = "  loan:\n    doc: The driver's own comes back.\n    lent: true\n"
SCRAP = "  scrap: {doc: Of no use., completion: scrapped, in: ready, refused: invalid}\n"
HOST_MUST, DRIVER_MUST = "the host must change", "the driver must change"
BOTH_MUST = "the host and the driver must change"
IGNORED = "New or gone for the host, which may ignore it:"


@pytest.mark.parametrize(
    "edit, lines",
    [
        ((LANE, "    after: write\n", ""),
         ["The driver must change:", "  object lane, transfer barrier, after: write -> none",
          DRIVER_MUST]),
        ((LANE, "statuses: [failed]\n", "statuses: [failed, full]\n"),
         ["The host must change:", "  object lane, transfer write, status full added",
          "New for the driver, which may ignore it:",
          "  object lane, transfer write, status full added", HOST_MUST]),
        ((LANE, "statuses: [failed, full]", "statuses: [failed]"),
         [IGNORED, "  object lane, transfer read, status full removed",
          "The driver must change:", "  object lane, transfer read, status full removed",
          DRIVER_MUST]),
        ((LANE, "completion: got\n    in: ready", "completion: got\n    in: works"),
         ["Behaviour:", "  object lane, transfer read, states: ready -> ready, tuning",
          "compatible, behaviour changed"]),
        ((LANE, "    ending: leaving\n    returned: given\n    reset: lost\n",
          "    ending: leaving\n    returned: given\n"),
         ["The host must change:", "  object lane, transfer write, reset: lost -> given",
          HOST_MUST]),
        ((LANE, "passes: depth_wanted\n    refused", "refused"),
         ["The host must change:", "  object lane, transfer barrier, passes: depth_wanted -> none",
          "The driver must change:",
          "  object lane, transfer barrier, passes: depth_wanted -> none", BOTH_MUST]),
        ((LANE, LOAN, ""),
         ["The host must change:", "  object lane, transfer loan removed",
          "The driver must change:", "  object lane, transfer loan removed", BOTH_MUST]),
        ((LANE, "\nstates:\n", SCRAP + "\nstates:\n"),
         [IGNORED, "  object lane, transfer scrap added",
          "The driver must change:", "  object lane, transfer scrap added", DRIVER_MUST]),
        ((NODE, "mark: 16", "mark: 48"),
         ["The host must change:", "  node order, chain, words: 24, 8, 16 -> 24, 8, 48", HOST_MUST]),
        ((NODE, "  status: 40", "  status: 44"),
         ["The host must change:", "  node order, chain, status: 40 -> 44",
          "The driver must change:", "  node order, chain, status: 40 -> 44", BOTH_MUST]),
    ],
    ids=["order", "more", "less", "in", "reset", "passes", "removed", "added", "words", "status"],
)  # fmt: skip
def test_whom_a_change_of_transfers_concerns(edit, lines):
    """A driver counts positions in an order, fills in a function of each and says what it may."""
    said, status = told(edit, base="../tests/transfers/spec")
    must = {HOST_MUST: 4, DRIVER_MUST: 3, BOTH_MUST: 5}
    assert (said, status) == (lines, must.get(lines[-1], 0))


def test_one_finds_transfers_where_there_were_none():
    """And their chain, which asks nothing of those who know of no transfers."""
    base = "../tests/transfers/spec"
    folder = Path(edited_spec([], base))
    for file in ("lane.yaml", "tap.yaml", NODE):
        text = (folder / file).read_text(encoding="utf-8")
        text = re.sub(r"^(transfers|groups|chain):\n(  .*\n)*\n?", "", text, flags=re.MULTILINE)
        (folder / file).write_text(text, encoding="utf-8")
    said = diff(loaded(str(folder)), loaded(spec(base)), False)[0]
    driver = said[said.index("The driver must change:") : said.index("New for the driver")]
    assert re.findall(r"(\w+), transfer (\w+) added", driver) == [
        ("tap", "watch"), *(("lane", x) for x in ("write", "barrier", "loan", "read"))
    ]  # fmt: skip
    assert said.count("  node order, chain added") == 2 and said.splitlines()[-1] == DRIVER_MUST


def test_of_what_is_new_only_the_whole_is_told():
    """And what it asks of another: the variables of a new object ask nothing of an old host."""
    extra = edited_spec([], "tls")
    lines = diff(loaded(spec("example")), loaded(extra), False)[0].splitlines()
    of_new = [x.rpartition(" (")[0] for x in lines if x.startswith("  object connection")]
    assert "  object connection added" in of_new
    commands = [c.name for c in loaded(extra).object("connection").commands]
    assert of_new[1:] == [f"  object connection, command {name} added" for name in commands]


def test_the_command_line():
    other = edited_spec([(METER, "host: Owner, at: 8", "host: Tenant, at: 8")])
    done = flue("diff", "spec/example", other)
    assert (done.returncode, done.stderr) == (4, "")
    assert f"{METER}:20" in done.stdout
    done = flue("diff", "spec/example", other, "--json")
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["party"], change["change"], change["line"]) == ("host", "changed", 20)
    assert flue("diff", "spec/example", "spec/example").returncode == 0
    wrong = flue("diff", "spec/example", "spec/nowhere")
    assert wrong.returncode == 2 and "spec/nowhere: not a folder" in wrong.stderr


def test_a_spec_with_errors_is_not_compared():
    wrong = edited_spec([(METER, "create: {send: add_meter,", "create: {send: add_metre,")])
    done = flue("diff", f"{ROOT}/spec/example", wrong)
    assert (done.returncode, done.stdout) == (1, "") and "unknown" in done.stderr
    done = flue("diff", f"{ROOT}/spec/example", wrong, "--json")
    assert json.loads(done.stdout)[0]["severity"] == "error"
