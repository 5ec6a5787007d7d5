# SPDX-License-Identifier: BSD-2-Clause
"""The Trace Event Format: its shape by a schema of ours, its content against the events themselves."""

import json
from collections import defaultdict

import jsonschema
import pytest
from test_file import again, records_of

from flue.trace import chrome
from flue.trace.events import named
from flue.trace.file import read
from flue.trace.timeline import build

TARGETS = ("chimney", "limiter", "ipsec", "flow")
NUMBER, PLACE = {"type": "number", "minimum": 0}, {"type": "integer", "minimum": 0}
COMMON = {"ph": {}, "name": {"type": "string"}, "pid": PLACE, "tid": PLACE, "ts": NUMBER}


def phase(ph, **more):
    """An event of this phase has all of these members and no others."""
    members = COMMON | {"ph": {"const": ph}} | more
    return {"properties": members, "required": list(members), "additionalProperties": False}


ARGS, WORD, ID = {"type": "object"}, {"type": "string"}, {"type": "integer", "minimum": 1}
SCHEMA = {
    "type": "object",
    "required": ["traceEvents"],
    "properties": {
        "displayTimeUnit": {"enum": ["ms", "ns"]},
        "otherData": {"type": "object"},
        "traceEvents": {
            "type": "array",
            "items": {
                "oneOf": [
                    phase("M", args=ARGS),
                    phase("X", cat=WORD, dur=NUMBER, args=ARGS),
                    phase("i", cat=WORD, s={"enum": ["t", "p", "g"]}, args=ARGS),
                    phase("s", cat=WORD, id=ID),
                    phase("t", cat=WORD, id=ID),
                    phase("f", cat=WORD, id=ID, bp={"const": "e"}),
                ]
            },
        },
    },
    "additionalProperties": False,
}


def rendered(data):
    trace = read(data)
    events = named(trace)
    line = build(trace, events)
    return events, line, json.loads(chrome.render(trace, line))


@pytest.fixture(params=TARGETS)
def made(request, history):
    return rendered(history(request.param, 20)[0].read_bytes())


def of(whole, *phases):
    return [e for e in whole["traceEvents"] if e["ph"] in phases]


def place(event):
    return event["pid"], event["tid"]


def test_it_has_the_shape_of_the_format(made):
    jsonschema.Draft7Validator(SCHEMA).validate(made[2])
    named_tracks = {place(e) for e in of(made[2], "M") if e["name"] == "thread_name"}
    groups = {e["pid"] for e in of(made[2], "M") if e["name"] == "process_name"}
    for event in of(made[2], "X", "i", "s", "t", "f"):
        assert place(event) in named_tracks and event["pid"] in groups


def test_times_do_not_go_back_and_slices_of_a_track_do_not_overlap(made):
    happened = [e["ts"] for e in of(made[2], "X", "i", "s", "t", "f")]
    assert happened == sorted(happened)
    last = defaultdict(float)
    for s in of(made[2], "X"):
        assert s["ts"] >= last[place(s)] - 1e-6, s
        last[place(s)] = s["ts"] + s["dur"]


def test_a_flow_leads_from_each_command_to_its_answer(made):
    """Which answer is whose: an object has no command twice under way, so that names decide, too."""
    events, _, whole = made
    expected, waiting = [], {}
    for e in events:
        key = (e.object, e.generation, e.command)
        if e.what == "command":
            assert key not in waiting
            waiting[key] = e.number
        elif e.what == "answer":
            expected.append((waiting.pop(key), e.number))
        elif e.what == "phase" and e.phase != "running":
            waiting.clear()
    flows = defaultdict(dict)
    for e in of(whole, "s", "t", "f"):
        flows[e["id"]][e["ph"]] = e
    assert len(flows) == len(expected) > 6
    commands = {(place(s), s["ts"]): s for s in of(whole, "X") if "cookie" in s["args"]}
    found = []
    for steps in flows.values():
        assert steps["s"]["ts"] == steps["t"]["ts"] <= steps["f"]["ts"]
        assert place(steps["s"]) == place(steps["f"]) != place(steps["t"])
        slot = commands[place(steps["t"]), steps["t"]["ts"]]
        assert slot["ts"] + slot["dur"] == pytest.approx(steps["f"]["ts"])
        found.append(slot["args"]["record"])
    assert sorted(found) == sorted(command for command, _ in expected)


def test_an_objects_slices_are_its_steps(made):
    events, line, _ = made
    tracks = defaultdict(list)
    for s in line.slices:
        tracks[s.track].append(s)
    for track in {t for t in tracks if t.group == t.name.split()[0]}:
        moved = [
            e for e in events if e.what == "step" and e.old != e.new and e.object == track.name
        ]
        entered = [e.state(e.new) for e in moved if e.kind.states[e.new - 1].sort != "unused"]
        assert [s.name for s in tracks[track]] == entered


def test_an_answer_that_names_anothers_command_is_noticed(history):
    """Two answers of which each has the other's cookie."""
    data = history("chimney", 20)[0].read_bytes()
    events = named(read(data))
    records = records_of(data)
    a = next(i for i, e in enumerate(events) if e.what == "answer")
    b = next(i for i, e in enumerate(events) if e.what == "answer" and e.object != events[a].object)
    swap = lambda one, other: records[one][:16] + records[other][16:24] + records[one][24:]
    records[a], records[b] = swap(a, b), swap(b, a)
    _, line, _ = rendered(again(data, records))
    assert any("records are missing" in gap or "had asked" in gap for gap in line.gaps)
    assert not rendered(data)[1].gaps
