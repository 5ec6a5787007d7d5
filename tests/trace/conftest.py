# SPDX-License-Identifier: BSD-2-Clause
"""Traces of simulated histories. FLUE_SIMULATE names the limiter's program, beside which the others are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flue.trace.events import named
from flue.trace.file import read
from flue.trace.timeline import build

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/support"))
PROGRAMS = Path(os.environ.get("FLUE_SIMULATE", ROOT / "build/default/simulate_limiter")).parent


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    """The file of a seed's history of a target, and what the program printed."""
    folder = tmp_path_factory.mktemp("traces")
    if not (PROGRAMS / "simulate_limiter").exists():
        pytest.skip("FLUE_SIMULATE names no program")
    made = {}

    def play(target, seed):
        if (target, seed) not in made:
            path = folder / f"{target}-{seed}.trace"
            words = ["--seed", str(seed), "--trace", "--trace-file", str(path)]
            command = [str(PROGRAMS / f"simulate_{target}"), *words]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            made[target, seed] = path, done.stdout
        return made[target, seed]

    return play


@pytest.fixture
def opened(history):
    """A history's trace, its events and its timeline."""

    def read_one(target, seed):
        trace = read(history(target, seed)[0].read_bytes())
        events = named(trace)
        return trace, events, build(trace, events)

    return read_one
