# SPDX-License-Identifier: BSD-2-Clause
"""Invariants of a target's author in its histories: called, found, cut, shown."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from helpers import ROOT, Report, load

from flue import simulate
from flue.cli import main

EXAMPLE = str(Path(ROOT, "spec/example"))
PAGE = Path(ROOT, "docs/testing.md")

# Every function of the header, and each moment in which it may be called.
LOOKS = r"""
#include <signal.h>
#include <string.h>

#include "simulate_checks.h"

#include "limiter.h"

struct mine {
    unsigned steps, completions, rests, values;
};

static void look(struct simulate_now *now, uint32_t i)
{
    struct simulate_object meter;
    uint64_t asked, is;
    struct mine *mine = simulate_memory(now);
    if (!simulate_host_has(now, LIMITER_METER, i, &meter) || !meter.at_rest || !meter.in_hardware)
        return;
    if (!simulate_host_value(now, LIMITER_METER, i, "rate_kbps", &asked))
        return;
    if (simulate_host_value(now, LIMITER_METER, i, "no_such_variable", &is))
        simulate_wrong(now, "what is not there has a value");
    if (!flue_device_get(simulate_device(now), LIMITER_METER, i, "rate_kbps", &is) || is != asked)
        simulate_wrong(now, "asked for %u", (unsigned)asked);
    if (strcmp(simulate_state_name(now, LIMITER_METER, i), "limiting") != 0)
        simulate_wrong(now, "it is %s", simulate_state_name(now, LIMITER_METER, i));
    mine->values += simulate_marks(now, LIMITER_METER, i, true) == 0;
}

static void step(struct simulate_now *now)
{
    struct mine *mine = simulate_memory(now);
    mine->steps++;
    for (uint32_t i = 0; i < simulate_capacity(now, LIMITER_METER); i++)
        look(now, i);
}

static void completed(struct simulate_now *now, const struct simulate_request *request)
{
    ((struct mine *)simulate_memory(now))->completions++;
    simulate_note(now, "mine: %u nodes, the first %d", request->count, request->nodes[0].status);
}

static void at_rest(struct simulate_now *now)
{
    struct mine *mine = simulate_memory(now);
    if (++mine->rests == REST)
        simulate_wrong(now, "rest: %d %d %d %d", mine->steps > 20, mine->completions > 2,
                       mine->values > 2, flue_target_phase(simulate_target_of(now)));
}

const struct simulate_checks simulate_checks = {
    .bytes = sizeof(struct mine), .step = step, .completed = completed, .at_rest = at_rest};
"""


@pytest.fixture(scope="module", autouse=True)
def compiler():
    if not shutil.which("cc"):
        pytest.skip("no C compiler")


def build(folder, text):
    file = folder / "mine.c"
    file.write_text(text, encoding="utf-8")
    return simulate.build(load(EXAMPLE, Report()), str(folder), checks=str(file))


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_the_page_s_example_is_found_and_cut(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    program = build(tmp_path, re.search(r"^```c\n(/\* No two meters.*?)^```", text, re.M | re.S)[1])
    status, out, err = run(program, "--seeds", "50")
    said = r"meters \d and \d are on port \d"
    assert status == 1 and re.search(said, err), out + err
    status, out, err = run(program, "--seed", re.search(r"seed (\d+) fails", out)[1])
    left, of = map(int, re.search(r"^(\d+) of its (\d+) decisions", out).groups())
    assert status == 1 and re.search(said, err.splitlines()[-1]), out + err
    # Two creates, in one request or two, and what carries them out.
    assert 60 <= of and left <= 8 and 1 <= out.count(" host: create, ") <= 2, out


def test_all_that_they_may_see(tmp_path):
    program = build(tmp_path, LOOKS.replace("REST", "1000"))
    status, _, err = run(program, "--seeds", "300")  # on a slow machine it says how far it is
    assert (status, re.sub(r"limiter: \d+ of 300 histories, \d+ s\n", "", err)) == (0, "")
    assert " mine: " in run(program, "--seed", "4", "--trace")[1]
    program = build(tmp_path, LOOKS.replace("REST", "3"))
    status, _, err = run(program, "--seed", "4", "--trace")
    assert status == 1 and "rest: 1 1 1 0" in err, err


def test_a_signal_in_them_is_a_failure(tmp_path):
    there = "++mine->rests == REST"
    program = build(tmp_path, LOOKS.replace(there, "++mine->rests == 2 && raise(SIGSEGV) == 0"))
    status, out, _ = run(program, "--seed", "4", "--trace")
    assert status == 1 and "seed 4: ended by signal 11" in out, out


def test_the_command_takes_them(tmp_path, capfd):
    file = tmp_path / "mine.c"
    file.write_text(LOOKS.replace("REST", "2"), encoding="utf-8")
    words = ["simulate", EXAMPLE, "--seeds", "20", "--checks"]
    assert main([*words, str(file)]) == 1
    assert "rest: " in capfd.readouterr().err
    assert main([*words, str(tmp_path / "missing.c")]) == 2
    assert "missing.c: there is no such file" in capfd.readouterr().err


def test_a_history_in_a_file(tmp_path):
    """Each of its decisions is needed; a file of something else is refused, with the line."""
    text = PAGE.read_text(encoding="utf-8")
    program = build(tmp_path, re.search(r"^```c\n(/\* No two meters.*?)^```", text, re.M | re.S)[1])
    status, out, _ = run(program, "--seeds", "50", "--json")
    found = json.loads(out)
    assert status == 1 and not found["good"] and " are on port " in found["why"], out
    file = tmp_path / "cut"
    words = ("--seed", str(found["seed"]), "--shrink", str(file), "--json")
    status, out, _ = run(program, *words)
    lines = file.read_text(encoding="utf-8").splitlines()
    decisions = [n for n, line in enumerate(lines) if line.startswith("decision ")]
    assert status == 1 and json.loads(out)["needed"] == len(decisions) > 0, out

    def replayed(edited, *more):
        file.write_text("\n".join(edited) + "\n", encoding="utf-8")
        return run(program, "--history", str(file), "--trace", *more)

    status, out, err = replayed(["# as it was cut", "", *lines])
    assert status == 1 and found["why"].split()[2:] and " are on port " in err, out + err
    for n in decisions:
        assert replayed(lines[:n] + lines[n + 1 :])[0] == 0, lines[n]
    for n, bad in enumerate(
        (
            "target other",
            "seed",
            "decision 360 nodes 1",
            "decision 0 nodes 99",
            "decision 0 nodes 1 x",
        )
    ):
        status, _, err = replayed([*lines, bad])
        assert status == 2 and f"cut:{len(lines) + 1}: not a line" in err, (n, err)
    assert replayed(["# nothing"])[0] == 2
    assert run(program, "--history", str(tmp_path / "missing"))[0] == 2


def test_results_are_json_for_tools(tmp_path, capfd):
    words = ["simulate", EXAMPLE, "--out", str(tmp_path), "--json"]
    assert main([*words, "--seeds", "20"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["target"] == "limiter" and found["good"] and found["histories"] == 20
    assert 0 < found["arms_tried"] <= found["arms"] and found["places_compared"] > 0
    assert main([*words, "--seed", "3"]) == 0
    assert json.loads(capfd.readouterr().out)["seed"] == 3
    if shutil.which("spin"):
        assert main(["verify", EXAMPLE, "--quick", "--model", "C", "--json"]) == 0
        found = json.loads(capfd.readouterr().out)
        assert found["good"] and found["searches"] and found["searches"][0]["states"] > 0
