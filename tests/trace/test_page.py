# SPDX-License-Identifier: BSD-2-Clause
"""The page of a timeline: all that was recorded is in it, as data; what a file says is no markup."""

import json
import re
import struct
from zlib import crc32

from test_file import TARGETS

from flue.cli import main
from flue.trace.events import named
from flue.trace.file import HEAD_BYTES, SUM_AT, read
from flue.trace.page import render
from flue.trace.timeline import build

HOSTILE = b"</script><script>document.title='ran'</script><!--"


def rendered(data):
    trace = read(data)
    events = named(trace)
    line = build(trace, events)
    page = render(trace, events, line)
    inside = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return events, line, page, json.loads(inside[1])


def test_every_event_is_there_once_at_its_time_and_on_its_track(history):
    for target in TARGETS:
        events, line, _, data = rendered(history(target, 20)[0].read_bytes())
        assert data["said"] == [e.text for e in events] and len(events) > 50
        assert data["at"] == sorted(data["at"]) and len(data["at"]) == len(events)
        assert data["tracks"] == [[t.group, t.name] for t in line.tracks]
        for e, track in zip(events, data["track"]):
            group, name = data["tracks"][track]
            if e.what in ("step", "unsent"):
                assert name == e.object
            elif e.what in ("command", "answer"):
                assert group == "commands under way" or name == e.object
            else:
                assert group == ("target" if e.what == "phase" else "requests")
        failed = [i for i, e in enumerate(events) if not e.good or e.result not in ("", "ok")]
        assert data["bad"] == failed and failed


def test_what_lasts_begins_and_ends_with_its_events(history):
    for target in TARGETS:
        events, line, _, data = rendered(history(target, 20)[0].read_bytes())
        assert len(data["slices"]) == len(line.slices) > 10
        for (track, begin, end, name, tone, began, ended), s in zip(data["slices"], line.slices):
            assert data["tracks"][track] == [s.track.group, s.track.name]
            assert (name, tone) == (s.name, s.tone) and begin <= end
            assert began == (s.first is not None) and ended == (s.last is not None)
            assert not began or events[begin] == s.first
            assert events[end] == s.last if ended else end == len(events) - 1
        lanes = {}
        for track, begin, end, *_ in data["slices"]:  # the page looks for what is visible by halves
            assert lanes.get(track, 0) <= begin
            lanes[track] = end
        assert len(data["flows"]) == len(line.flows)


def test_what_a_file_says_is_data(history):
    """A state whose name is markup, with sums that are right again."""
    data = history("limiter", 20)[0].read_bytes()
    end = HEAD_BYTES + struct.unpack_from("<I", data, 20)[0]
    names = data[HEAD_BYTES:end].replace(b"state unused free", b"state unused " + HOSTILE)
    names = names.replace(b"target limiter", b"target <img/src=x/onerror=alert(1)>").rstrip(b"\n")
    names += b"\n" * (8 - len(names) % 8)
    head = bytearray(data[:HEAD_BYTES])
    struct.pack_into("<I", head, 20, len(names))
    struct.pack_into("<Q", head, SUM_AT, crc32(head[:SUM_AT] + names))
    made = bytes(head) + names + data[end:-8]
    events, _, page, inside = rendered(made + struct.pack("<Q", crc32(made)))
    assert any(HOSTILE.decode() in said for said in inside["said"])
    assert page.count("<script") == 2 and "<img" not in page and "<!--" not in page
    assert "default-src 'none'" in page and "script-src 'sha256-" in page


def test_a_trace_without_events_is_a_page_too(history):
    data = history("limiter", 20)[0].read_bytes()
    start = HEAD_BYTES + struct.unpack_from("<I", data, 20)[0]
    trace = read(data[:start])
    assert trace.problems and trace.problems[0] in render(trace, [], build(trace, []))


def test_the_command_writes_it(history, tmp_path):
    out = tmp_path / "t.html"
    path = str(history("ipsec", 20)[0])
    assert main(["trace", path, "--format", "html", "--out", str(out)]) == 0
    written = out.read_bytes()
    assert main(["trace", path, "--format", "html", "--out", str(out)]) == 0
    assert out.read_bytes() == written and b"<title>ipsec: timeline</title>" in written
