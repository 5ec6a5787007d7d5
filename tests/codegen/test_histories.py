# SPDX-License-Identifier: BSD-2-Clause
"""Histories of specs: faults that are planted in runtime and generated code are found by them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from helpers import ROOT, Report, edited_spec, load

from flue import simulate
from flue.backends.c.simulate_tables import SimulateView
from flue.cli import main
from flue.model.c_names import Names
from flue.usage import SIMULATE_NUMBERS

HERE = Path(__file__).parent
LINKS = ROOT + "/tests/links/spec"
TOGETHER = ROOT + "/tests/together/spec"
CARRIES = ROOT + "/tests/codegen/carries"
# The hardware may take an entry out by itself, whatever is known of it.
EVICTED = [
    (
        "entry.yaml",
        "\nstates:\n",
        "\nevents: {evicted: {doc: It made room., hardware: has_not}}\n\nstates:\n",
    ),
    (
        "entry.yaml",
        "      stop: {send: count_drops, to: asking}\n",
        "      stop: {send: count_drops, to: asking}\n      evicted: {to: lost}\n",
    ),
    ("entry.yaml", "  lost:\n", "      evicted: {to: lost}\n  lost:\n"),
    (
        "entry.yaml",
        "to: stranded, status: failure}\n  stranded:",
        "to: stranded, status: failure}\n      evicted: {to: lost}\n  stranded:",
    ),
    (
        "entry.yaml",
        "      reset: {to: free}\n",
        "      reset: {to: free}\n      evicted: {to: free}\n",
    ),
    (
        "target.yaml",
        "    restore: {stay: true}\n",
        "    restore: {stay: true}\n    evicted: {stay: true}\n",
    ),
    (
        "target.yaml",
        "    reset:   {to: lost, status: failure}\n",
        "    reset:   {to: lost, status: failure}\n    evicted: {defer: true}\n",
    ),
]
NUMBERS = edited_spec(EVICTED, ROOT + "/tests/codegen/numbers")
ENOUGH = ["--seeds", "20000", "--seconds", "60", "--jobs", "2"]

# Where, what stands there, what is planted, and a word of what is said about it.
PLANTED = {
    "another value is carried": (
        "example",
        "limiter_meter.c",
        ".rate_kbps = cached->RateKbps",
        ".rate_kbps = cached->BurstBytes",
        "another rate_kbps than the host brought",
    ),
    "an undo writes the new values": (
        "example",
        "runtime/src/command.c",
        "bool old = writes_old(t, o, command);",
        "bool old = false;",
        "another",
    ),
    "two links of an object are taken for each other": (
        LINKS,
        "vpn_policy.c",
        ".out_sa = flue_issue_link(i, 1)",
        ".out_sa = flue_issue_link(i, 0)",
        "on another out_sa than the host",
    ),
    "a status of another operation": (
        "example",
        "limiter.c",
        "[LIMITER_RESULT_TIMEOUT] = LIMITER_STATUS_INDEX_TIMEOUT",
        "[LIMITER_RESULT_TIMEOUT] = LIMITER_STATUS_INDEX_NO_SPACE",
        "which it may not",
    ),
    "what is read is not given back": (
        "example",
        "limiter_meter.c",
        "delegated->DroppedPackets = data->dropped_packets;",
        "delegated->DroppedPackets = data->dropped_packets + 1;",
        "gave back another dropped_packets",
    ),
    "one that fails ends nothing for the others": (
        TOGETHER,
        "runtime/src/prepared.c",
        "if (!good)",
        "if (false && !good)",
        "is done for some of its nodes",
    ),
    "a new link is kept after the entry is gone": (
        NUMBERS,
        "runtime/src/machine.c",
        "(event == FLUE_EVENT_RESET || event >= FLUE_EVENT_DEVICE) && flue_rests",
        "event == FLUE_EVENT_RESET && flue_rests",
        "still counts on a new link",
    ),
}


@pytest.fixture(scope="module")
def compiler():
    if not shutil.which("cc"):
        pytest.skip("no C compiler")


def folder_of(spec):
    return spec if "/" in spec else str(Path(ROOT, "spec", spec))


@pytest.fixture(scope="module")
def programs(tmp_path_factory, compiler):
    """Objects of each spec, compiled once; a planted fault compiles one file anew."""
    built = {}

    def of(spec):
        if spec not in built:
            out = tmp_path_factory.mktemp("histories")
            target = load(folder_of(spec), Report())
            built[spec] = out, target, simulate.build(target, str(out))
        return built[spec]

    return of


def play(program):
    done = subprocess.run([program, *ENOUGH], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("spec", ["example", LINKS, CARRIES])
def test_without_a_fault_nothing_is_said(spec, programs):
    out, target, program = programs(spec)
    done = subprocess.run([program, "--seeds", "60", "--jobs", "2"], capture_output=True, text=True)
    said = re.sub(r"\w+: \d+ of \d+ histories, \d+ s\n", "", done.stderr)  # of a slow machine
    assert done.returncode == 0 and said == "", done.stderr
    assert f"{target.name}: 60 histories" in done.stdout


def planted(name, programs, tmp_path):
    """The program with a fault, and what is said of it."""
    spec, file, there, planted, said = PLANTED[name]
    out, target, _ = programs(spec)
    source = Path(ROOT, file) if file.startswith("runtime") else out / file
    text = source.read_text(encoding="utf-8")
    assert there in text
    bad = tmp_path / source.name
    bad.write_text(text.replace(there, planted), encoding="utf-8")
    to = f"{source.parent.name}_{source.stem}.o"
    objects = [str(p) for p in out.glob("*.o") if p.name != to]
    folders = [f"-I{Path(ROOT, x)}" for x in (*simulate.INCLUDES, "runtime/src")]
    program = str(tmp_path / "program")
    flags = [*simulate.FLAGS, *folders, f"-I{out}"]
    subprocess.run(["cc", *flags, str(bad), *objects, "-o", program], check=True)
    return program, said


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name, programs, tmp_path):
    program, said = planted(name, programs, tmp_path)
    status, words = play(program)
    assert status == 1 and said in words and "fails; --seed" in words, words


def test_what_only_goes_along_with_another_change_may_be_old():
    """Nothing is sent when the owner changes, so the hardware has one that it was told of once."""
    along = (
        "meter.yaml",
        "    carries: [rate_kbps, burst_bytes]\n",
        "    carries: [rate_kbps, burst_bytes, owner]\n",
    )
    added = (
        "meter.yaml",
        "carries: [port, rate_kbps, burst_bytes]",
        "carries: [port, rate_kbps, burst_bytes, owner]",
    )
    told = (
        "meter.yaml",
        "{changed: [owner], send: nothing}",
        "{changed: [owner], send: write_limits}",
    )
    assert known([added, along]) == {"port", "rate_kbps", "burst_bytes"}
    assert known([added, along, told]) == {"port", "rate_kbps", "burst_bytes", "owner"}
    assert known([added, *NOTED]) == {"port", "rate_kbps", "burst_bytes"}


# After an update a note is made; what takes it back carries the owner.
NOTED = [
    (
        "meter.yaml",
        "  remove_meter:\n",
        "  note_it: {undo: forget_it, doc: Note it.}\n"
        "  forget_it: {carries: [owner], doc: Forget it.}\n  remove_meter:\n",
    ),
    (
        "meter.yaml",
        "done:   {to: limiting, status: success}\n      failed: {undo: update, to: reverting}",
        "done:   {send: note_it, to: noting}\n      failed: {undo: update, to: reverting}\n"
        "  noting:\n    doc: Noted.\n    busy: modify\n    when:\n"
        "      done:   {to: limiting, status: success}\n      failed: {undo: note_it, to: forgetting}\n"
        "  forgetting:\n    doc: Forgotten.\n    busy: modify\n    when:\n"
        "      done:   {undo: update, to: reverting}\n      failed: {to: unsure, status: from_command}",
    ),
]


def known(edits):
    target = load(edited_spec(edits), Report())
    view = SimulateView(target, Names(target))
    return {v.variable.name for v in view.objects[0].values if v.known}


def test_the_command_plays_a_spec(compiler, capfd):
    folder = folder_of("example")
    assert main(["simulate", folder, "--seeds", "20", "--jobs", "2"]) == 0
    assert "limiter: 20 histories" in capfd.readouterr().out
    assert main(["simulate", folder, "--seed", "4", "--trace"]) == 0
    assert "host: create" in capfd.readouterr().out


def test_what_fails_is_cut_to_the_decisions_that_are_needed(programs, tmp_path):
    program, said = planted("an undo writes the new values", programs, tmp_path)
    seed = re.search(r"seed (\d+) fails", play(program)[1])[1]
    done = subprocess.run([program, "--seed", seed], capture_output=True, text=True)
    left, of = map(int, re.search(r"^(\d+) of its (\d+) decisions", done.stdout).groups())
    assert done.returncode == 1 and said in done.stderr
    # A create, a change of it that fails, and what carries these out: few of a hundred and more.
    assert 60 <= of and left <= 20, done.stdout
    asked = [x for x in done.stdout.splitlines() if " host: " in x]
    assert " host: create, " in asked[0] and len(asked) <= left + 2, done.stdout


def test_the_program_says_what_it_takes(programs):
    program = programs("example")[2]
    done = subprocess.run([program, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "--seconds S  no more are begun after so long" in done.stdout
    done = subprocess.run([program, "--trace"], capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith(f"usage: {program} ")


@pytest.mark.parametrize("name", SIMULATE_NUMBERS)
def test_what_is_no_number_plays_nothing(programs, name):
    """The program has the same bounds as `flue simulate`, which has asked before."""
    program, bounds = programs("example")[2], SIMULATE_NUMBERS[name][1]
    for word in ("-1", "0", "abc", "10O", "", " 1", "+1", "9" * 40, str(bounds.most + 1)):
        if word == "0" and bounds.least == 0:
            continue
        done = subprocess.run([program, f"--{name}", word], capture_output=True, text=True)
        said = f"{word} is not a whole number from {bounds.least} to {bounds.most}\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"--{name}: {said}")


def test_what_is_said_and_the_exit_status_agree(programs):
    program = programs("example")[2]
    done = subprocess.run([program, "--seeds", "1", "--json"], capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert found["good"] == (found["good_operations"] > 0) == (done.returncode == 0)


def test_it_says_how_far_it_is(programs):
    program = programs("example")[2]
    words = ["--seeds", "1000000000", "--seconds", "4"]
    done = subprocess.run([program, *words], capture_output=True, text=True)
    assert re.search(r"^limiter: \d+ of 1000000000 histories, \d+ s$", done.stderr, re.M)


def test_a_trace_is_of_one_history(capsys):
    assert main(["simulate", folder_of("example"), "--trace"]) == 2
    assert "a trace is of one history" in capsys.readouterr().err


def test_a_temporary_program_is_not_named(programs, monkeypatch, capfd):
    """What the words of the command line cannot say of each other, its program says: as `flue simulate`."""
    program = programs("example")[2]
    monkeypatch.setattr(simulate, "build", lambda *_, **__: str(program))
    assert main(["simulate", folder_of("example"), "--shrink", "file"]) == 2
    assert capfd.readouterr().err.startswith(
        f"usage: flue simulate {folder_of('example')} [--seeds"
    )


@pytest.mark.parametrize("cc, said", [("nowhere", "there is no nowhere"), (" ", "CC is empty")])
def test_without_a_compiler_it_says_so(monkeypatch, capsys, cc, said):
    monkeypatch.setenv("CC", cc)
    assert main(["simulate", folder_of("example"), "--seeds", "1"]) == 2
    assert f"no C compiler: {said}" in capsys.readouterr().err
