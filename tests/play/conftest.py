# SPDX-License-Identifier: BSD-2-Clause
"""Sessions; their programs are those of a build (FLUE_PLAY, its folder), or are made."""

import os
from pathlib import Path

import pytest

from flue.compiler import analyse
from flue.diagnostics import Report
from flue.play import command
from flue.play.session import Session
from flue.simulate import build

ROOT = Path(__file__).resolve().parents[2]
OTHERS = {"uplinks": "tests/codegen/uplinks", "works": "tests/transfers/spec"}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The program of a target."""

    def one(target):
        if folder := os.environ.get("FLUE_PLAY"):
            return f"{folder}/play_{target.name}"
        return build(target, str(tmp_path_factory.mktemp("play")), command.PARTS, "play")

    return one


@pytest.fixture(scope="module")
def opened(programs):
    """A new session with a target."""
    sessions = []

    def open_one(spec):
        folder = OTHERS.get(spec, f"spec/{spec}")
        target, _ = analyse(str(ROOT / folder), Report())
        sessions.append(Session(programs(target), target))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.__exit__(None, None, None)
