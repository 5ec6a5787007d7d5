# SPDX-License-Identifier: BSD-2-Clause
"""A history that fails is recorded as far as it goes, and opens everywhere."""

import json
import re
import shutil

import pytest
from conftest import ROOT

from flue.cli import main
from flue.trace.events import named
from flue.trace.file import read

CHECKS = r"""
#include "simulate_checks.h"

#include "limiter.h"

static void completed(struct simulate_now *now, const struct simulate_request *request)
{
    if (request->operation == LIMITER_WITHDRAW)
        simulate_wrong(now, "nothing is to be withdrawn");
}

const struct simulate_checks simulate_checks = {.completed = completed};
"""


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """The trace of a seed that fails, and what was said of it."""
    if not shutil.which("cc"):
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("failing")
    (folder / "mine.c").write_text(CHECKS, encoding="utf-8")
    path = folder / "failing.trace"
    words = ["--seed", "20", "--checks", str(folder / "mine.c"), "--trace-file", str(path)]
    assert main(["simulate", str(ROOT / "spec/example"), *words]) == 1
    return path


def test_it_ends_where_it_fails_and_is_shorter_than_the_history(failed, opened):
    trace = read(failed.read_bytes())
    events = named(trace)
    assert not trace.problems and events[-1].what == "completes"
    assert events[-1].operation == "withdraw"
    assert len([e for e in events if e.operation == "withdraw" and e.what == "completes"]) == 1
    assert 3 <= len(events) < len(opened("limiter", 20)[1])


def test_it_opens_in_every_form(failed, tmp_path, capsys):
    spec = ["--spec", str(ROOT / "spec/example")]
    assert main(["trace", str(failed), *spec]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith("withdraw completes")
    for form in ("html", "chrome"):
        out = tmp_path / form
        assert main(["trace", str(failed), *spec, "--format", form, "--out", str(out)]) == 0
        text = out.read_text(encoding="utf-8")
        if form == "html":
            text = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]
        whole = json.loads(text)
        said = whole["said"] if form == "html" else [e["name"] for e in whole["traceEvents"]]
        assert any("withdraw" in word for word in said)
