# SPDX-License-Identifier: BSD-2-Clause
"""The format of Chrome, read by others: the trace engine of Chrome's DevTools finds what our timeline has.

By hand, where its package is: npm install --prefix build/npm @paulirish/trace_engine@0.0.65 (6 MB).
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from test_file import TARGETS

from flue.trace import chrome

MODULES = ROOT / "build/npm/node_modules"
pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (MODULES / "@paulirish/trace_engine").is_dir(),
    reason="no node, or no @paulirish/trace_engine in build/npm",
)


@pytest.mark.parametrize("target", TARGETS)
def test_another_reader_finds_the_same_tracks_and_slices(target, opened, tmp_path):
    trace, _, line = opened(target, 20)
    file = tmp_path / "t.json"
    file.write_text(chrome.render(trace, line), encoding="utf-8")
    program = Path(__file__).with_name("devtools.mjs")
    done = subprocess.run(["node", program, MODULES, file], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {track["name"]: track for track in json.loads(done.stdout)}
    ours: dict[str, list] = {}
    for s in line.slices:
        ours.setdefault(s.track.name, []).append((s.name, s.begin, s.end - s.begin))
    assert ours.keys() == found.keys() and len(ours) > 2
    for name, slices in ours.items():
        assert found[name]["depth"] == 1  # nothing overlaps
        theirs = [(word, at, lasts) for word, at, lasts in found[name]["slices"]]
        assert [word for word, *_ in theirs] == [word for word, *_ in slices]
        assert [t for _, *t in theirs] == [pytest.approx(t) for _, *t in slices]
