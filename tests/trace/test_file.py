# SPDX-License-Identifier: BSD-2-Clause
"""Trace files: what the runtime's own text says of each step; and damaged ones, of which the rest is shown."""

import json
import random
import re
import struct
from pathlib import Path
from zlib import crc32

import pytest

from flue.cli import main
from flue.trace.command import FORMATS
from flue.trace.events import named
from flue.trace.file import HEAD, HEAD_BYTES, RECORD_BYTES, SUM_AT, TraceError, read
from flue.trace.timeline import build

SPECS = Path(__file__).resolve().parents[2] / "spec"
TARGETS = ("chimney", "limiter", "ipsec", "flow", "rdma", "tls")
TRACED = (12, 20, 1000)  # seeds of histories that print every step, too


def said(printed):
    """The lines of the runtime's hook; what host and device say stands beside, or further right."""
    lines = re.findall(r"^ *\d+      (\S.*)$", printed, re.M)
    own = r"#|phase |\w+ \d+ (?:command|answer to|not sent|\w+: )"
    return [line for line in lines if re.match(own, line)]


@pytest.mark.parametrize("target", TARGETS)
def test_every_step_reads_as_the_runtime_says_it(history, opened, target):
    for seed in TRACED:
        trace, events, line = opened(target, seed)
        lines = said(history(target, seed)[1])
        assert [e.text for e in events] == lines and len(lines) > 50
        assert not trace.problems and not line.gaps


def test_a_trace_of_another_spec_is_refused(history, capsys, tmp_path):
    path = str(history("limiter", 12)[0])
    assert main(["trace", path, "--spec", str(SPECS / "example")]) == 0
    assert "create begins" in capsys.readouterr().out
    assert main(["trace", path, "--spec", str(SPECS / "ipsec")]) == 2
    refused = 'not of this spec: it is of a target "limiter", this one is "ipsec"\n'
    assert capsys.readouterr() == ("", f"flue: {path}: {refused}")
    edits = (
        (("write_limits", "write_rates"), "the trace has a command write_limits of meter, which"),
        (("states:", "# a line\nstates:"), "the same names, but other transitions"),
    )
    for number, ((old, new), why) in enumerate(edits):
        folder = tmp_path / str(number)
        folder.mkdir()
        for file in (SPECS / "example").glob("*.yaml"):
            text = file.read_text(encoding="utf-8")
            (folder / file.name).write_text(text.replace(old, new), encoding="utf-8")
        assert main(["trace", path, "--spec", str(folder)]) == 2
        assert why in capsys.readouterr().err


def test_json_has_what_the_text_has(history, opened, capsys):
    path, _ = history("ipsec", 12)
    assert main(["trace", str(path), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    _, events, _ = opened("ipsec", 12)
    assert [e["text"] for e in whole["events"]] == [e.text for e in events]
    assert whole["target"] == "ipsec" and whole["written_over"] == 0 and whole["problems"] == []
    step = next(e for e in whole["events"] if e["what"] == "step" and e["old_state"] != e["state"])
    assert {"kind", "index", "generation", "event", "line", "in_file"} <= step.keys()


# ---- Damage ------------------------


def again(data, records, first=0):
    """A file with the head and names of another, and these records."""
    end = HEAD_BYTES + struct.unpack_from("<I", data, 20)[0]
    head = bytearray(data[:HEAD_BYTES])
    struct.pack_into("<QQ", head, 40, first, len(records))
    struct.pack_into("<Q", head, SUM_AT, crc32(head[:SUM_AT] + data[HEAD_BYTES:end]))
    made = bytes(head) + data[HEAD_BYTES:end] + b"".join(records)
    return made + struct.pack("<Q", crc32(made))


def records_of(data):
    at = HEAD_BYTES + struct.unpack_from("<I", data, 20)[0]
    return [data[i : i + RECORD_BYTES] for i in range(at, len(data) - 8, RECORD_BYTES)]


@pytest.fixture
def whole(history):
    return history("limiter", 20)[0].read_bytes()


def test_a_file_that_ends_early_is_shown_as_far_as_it_goes(whole, tmp_path, capsys):
    start = HEAD_BYTES + struct.unpack_from("<I", whole, 20)[0]
    for cut in (start, start + 1, start + 5 * RECORD_BYTES + 7, len(whole) - 8, len(whole) - 1):
        path = tmp_path / "cut"
        path.write_bytes(whole[:cut])
        assert main(["trace", str(path)]) == 1
        there = min((cut - start) // RECORD_BYTES, len(records_of(whole)))
        out, err = capsys.readouterr()
        assert len(out.splitlines()) == there
        assert f"offset {cut}: it ends after {there} of {len(records_of(whole))} records" in err
    for cut in (0, 7, 8, HEAD_BYTES - 1, HEAD_BYTES, start - 1):
        with pytest.raises(TraceError):
            read(whole[:cut])


def test_what_is_changed_afterwards_is_found_wherever_it_is(whole):
    chance = random.Random(17)
    places = [*range(HEAD_BYTES), *(chance.randrange(len(whole)) for _ in range(400))]
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        try:
            trace = read(bytes(changed))
        except TraceError:
            continue
        assert trace.problems, f"a change at {at} is not found"


def test_records_that_make_no_sense_are_left_out_and_told_with_their_place(whole):
    good = records_of(whole)
    wrong = [struct.pack("<QQQQ", 1, 0, 0, 77 << 32), struct.pack("<QQQQ", 1, 15 << 32, 0, 3 << 32)]
    for bad in wrong:
        trace = read(again(whole, good[:5] + [bad] + good[5:]))
        offset = len(whole) - 8 - len(good) * RECORD_BYTES + 5 * RECORD_BYTES
        assert len(named(trace)) == len(good)
        assert trace.problems == [f"offset {offset}: record 5 makes no sense; it is left out"]


def test_other_byte_orders_are_read(whole):
    names = struct.unpack_from("<I", whole, 20)[0]
    body = HEAD_BYTES + names
    head = struct.pack(">" + HEAD, *struct.unpack("<" + HEAD, whole[:HEAD_BYTES]))
    sum_of_head = crc32(head[:SUM_AT] + whole[HEAD_BYTES:body])
    made = head[:SUM_AT] + struct.pack(">Q", sum_of_head) + whole[HEAD_BYTES:body]
    words = struct.unpack(f"<{(len(whole) - 8 - body) // 8}Q", whole[body:-8])
    made += struct.pack(f">{len(words)}Q", *words)
    big = read(made + struct.pack(">Q", crc32(made)))
    assert not big.problems and named(big) == named(read(whole))


def test_a_missing_record_is_noticed(whole, tmp_path, capsys):
    """Without what explains it: the first record is there, and nothing was written over."""
    events = named(read(whole))
    good = records_of(whole)
    moved = [i for i, e in enumerate(events) if e.what == "step" and e.old != e.new]
    sent = [i for i, e in enumerate(events) if e.what == "command"]
    path = tmp_path / "lost"
    for lost in (moved[3], sent[2]):
        path.write_bytes(again(whole, good[:lost] + good[lost + 1 :]))
        assert main(["trace", str(path)]) == 1
        assert "records are missing" in capsys.readouterr().err
    path.write_bytes(again(whole, good[60:], first=60))
    assert main(["trace", str(path)]) == 0
    assert "60 older records were written over" in capsys.readouterr().err


def test_no_file_of_any_contents_ends_the_command(whole):
    """Damaged at random, with sums that are right again: it is shown, or refused; nothing else."""
    chance = random.Random(1)
    shown = 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(1 << chance.randrange(8)):
            data[chance.randrange(len(data))] = chance.choice((0, 255, chance.randrange(256)))
        if chance.randrange(2):
            del data[chance.randrange(len(data)) :]
        try:
            trace = read(bytes(data))
        except TraceError:
            continue
        events = named(trace)
        line = build(trace, events)
        shown += bool(events)
        for render in FORMATS.values():
            assert not events or render(trace, events, line)
    assert shown > 50
