# SPDX-License-Identifier: BSD-2-Clause
"""The layers of tests that a planted bug meets, cheapest first: how each is run and what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rebuild import ROOT, Copy, Tree

PATIENCE = 240  # seconds of one program
SHRINKING = 20  # seconds; where a history hangs, each trial takes its time
SEEDS_BESIDE = 2000  # histories where the simulation is not the layer that is meant


@dataclass(frozen=True)
class Said:
    found: bool
    says: str


def run(command: list[str], folder: Path, patience=PATIENCE, **environment: str) -> tuple[int, str]:
    """Exit status, and what was printed; a program that does not end is ended."""
    where = dict(os.environ, CK_DEFAULT_TIMEOUT="120", **environment)
    try:
        done = subprocess.run(
            command, cwd=folder, env=where, timeout=patience, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, "it does not end"
    text = (done.stdout + done.stderr).decode(errors="replace")
    return done.returncode, text.replace(f"{folder}/", "")


def first(pattern: str, text: str, default: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return " ".join(found[1].split()) if found else default


def checked(copy: Copy, names: list[str], ways=({},)) -> Said:
    """Check's programs, one after the other; the first test that fails."""
    for name in names:
        program = str(copy.program(name))
        for way in ways:
            status, text = run([program], copy.folder, **way)
            if status:
                what = first(r"^[^\s:]+:\d+:[FE]:[^:]*:([^:]+):\d+: ", text, text.strip()[:80])
                return Said(True, f"{Path(name).name}{'_slow' if way else ''}: {what}")
    return Said(False, "")


def runtime(tree: Tree, copy: Copy) -> Said:
    """All but the threads; once more without the fast path, where no test looks at it."""
    threads = ("_threads", "_names")
    names = [x for x in tree.programs("tests/runtime/runtime_") if not x.endswith(threads)]
    once = [x for x in names if x.endswith(("_target", "_paths"))]
    said = checked(copy, once)
    others = [x for x in names if x not in once]
    return said if said.found else checked(copy, others, ({}, {"FLUE_SLOW_PATH": "1"}))


def suite(copy: Copy) -> Said:
    status, text = run([str(copy.program("suite_chimney"))], copy.folder)
    return Said(status != 0, first(r"^wrong: (.*)", text, text[:80]) if status else "")


def oracle(copy: Copy) -> Said:
    program = str(copy.program("tests/oracle/test_oracle"))
    status, text = run([program], copy.folder)
    return Said(status != 0, first(r"^(seed \d+.*)", text, text.strip()[:80]) if status else "")


def simulation(copy: Copy, seeds: int) -> Said:
    """The seed that fails, and how much of its history is necessary if that is soon known."""
    program = str(copy.program("tests/simulation/simulate"))
    status, text = run([program, "--seeds", str(seeds), "--jobs", "1", "--no-shrink"], copy.folder)
    if not status:
        return Said(False, "")
    seed = first(r"^seed (\d+) fails: ", text, "")
    why = first(r" fails: (.*)$", text, text.strip()[:80])
    if not seed:
        return Said(True, why)
    command = [program, "--seed", seed, "--shrink", str(copy.folder / "cut")]
    cut = first(r"^(\d+ decisions of \d+) are ", run(command, copy.folder, SHRINKING)[1], "")
    return Said(True, f"seed {seed}, {cut or 'not cut'}: {why}")


def fuzz(copy: Copy) -> Said:
    """As CTest runs it: the corpus, then as many executions from the same seed."""
    program = copy.program("fuzz_host")
    found = copy.folder / "found"
    found.mkdir()
    arguments = ["-runs=3000", "-seed=1", "-timeout=60", "-max_len=600", "-len_control=0"]
    corpus = str(ROOT / "tests/fuzz/corpus/host")
    asan = "malloc_context_size=8:quarantine_size_mb=16"
    command = [str(program), *arguments, str(found), corpus]
    status, text = run(command, copy.folder, ASAN_OPTIONS=asan)
    if not status:
        return Said(False, "")
    return Said(True, first(r"^(?:SUMMARY: |\S+[.]c:\d+: )(.*)", text, text.strip()[-80:]))


def threads(copy: Copy) -> Said:
    return checked(copy, ["tests/runtime/runtime_threads", "tests/runtime/runtime_names"])


def differential(copy: Copy) -> Said:
    """As CTest runs it; the seed, and the line in which two paces part."""
    program = str(copy.program("tests/differential/differential"))
    status, text = run([program, "--seeds", "200"], copy.folder)
    if not status:
        return Said(False, "")
    seed = first(r"^(seed \d+): ", text, text.strip()[:80])
    parted = first(r"^(line .*\nshould be .*)$", text, "")
    return Said(True, f"{seed}: {parted}")


def carries(copy: Copy) -> Said:
    """The reference's table of what commands carry, with the copy's runtime: its first wrong cell."""
    test = str(ROOT / "tests/codegen/test_carries.py")
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-rf", test]
    status, text = run(command, ROOT, FLUE_RUNTIME=str(copy.place("runtime")))
    cell = first(r"^FAILED \S+::(\S+)", text, "")
    if status and not cell:  # it could not be compiled, or there is no pytest
        raise RuntimeError(text)
    return Said(status != 0, cell)


def asked(tree: Tree, copy: Copy, meant: str, seeds: int) -> dict[str, Said]:
    """What the layers say: the cheap ones always, the dear ones where they are meant."""
    out = {
        "suite": suite(copy),
        "runtime": runtime(tree, copy),
        "oracle": oracle(copy),
    }
    if meant in ("simulation", "nobody"):
        out["simulation"] = simulation(copy, seeds)
    else:
        out["simulation"] = simulation(copy, min(seeds, SEEDS_BESIDE))
    dear = {"differential": differential, "carries": carries, "fuzz": fuzz, "threads": threads}
    for layer in ["differential", "carries"] if meant == "nobody" else [meant]:
        if layer in dear:
            out[layer] = dear[layer](copy)
    return out
