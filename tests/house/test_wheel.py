# SPDX-License-Identifier: BSD-2-Clause
"""A wheel brings the command, templates and schema; and says what it does not bring."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not all(map(find_spec, ("pip", "setuptools", "wheel"))),
    reason="needs pip, setuptools and wheel",
)
SOURCES = ["pyproject.toml", "README.md", "LICENSE", "codegen", "spec"]
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder as site-packages is one; built from a copy, since setuptools writes where it reads."""
    folder = tmp_path_factory.mktemp("wheel")
    archive = ["tar", "-C", str(ROOT), "--exclude=__pycache__", "-cf", "-", *SOURCES]
    (folder / "source").mkdir()
    with subprocess.Popen(archive, stdout=subprocess.PIPE) as tar:
        subprocess.run(["tar", "-xf", "-"], cwd=folder / "source", stdin=tar.stdout, check=True)
    made = [
        *PIP,
        "wheel",
        "--no-build-isolation",
        "--no-deps",
        "-q",
        "-w",
        folder,
        folder / "source",
    ]
    run(*made)
    (wheel,) = folder.glob("flue-*.whl")
    run(*PIP, "install", "--no-deps", "--no-index", "-q", "--target", folder / "site", wheel)
    return folder / "site"


def run(*words, good=True, **environment):
    command = [sys.executable, *map(str, words)]
    where = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", **environment}
    done = subprocess.run(command, cwd="/", env=where, capture_output=True, text=True)
    assert (done.returncode == 0) == good, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_every_file_of_the_compiler_is_in_it(place):
    there = {p.relative_to(place / "flue") for p in (place / "flue").rglob("*")}
    wanted = [p for p in (ROOT / "codegen/flue").rglob("*") if "__pycache__" not in p.parts]
    assert [str(p) for p in wanted if p.relative_to(ROOT / "codegen/flue") not in there] == []


def test_its_command_works_without_the_tree(place, tmp_path):
    flue = place / "bin/flue"
    assert run(flue, "--version", PYTHONPATH=str(place)).startswith("flue ")
    assert run(flue, "check", ROOT / "spec/chimney", PYTHONPATH=str(place)) == ""
    more = ("--out", tmp_path, "--suite", "--simulate")
    run(flue, "generate", ROOT / "spec/example", *more, PYTHONPATH=str(place))
    assert {p.suffix for p in tmp_path.iterdir()} == {".c", ".h", ".rl"}


def test_a_new_target_says_what_a_wheel_does_not_have(place, tmp_path):
    words = ["new", "alone", "--object", "port", "--dir", tmp_path / "alone"]
    said = run(place / "bin/flue", *words, PYTHONPATH=str(place))
    assert "This flue came by pip, without C to build with: add -DFLUE=DIR" in said
    text = (tmp_path / "alone/README.md").read_text(encoding="utf-8")
    assert "came by pip, and without C" in text


def test_histories_need_what_a_wheel_does_not_have(place):
    said = run(
        place / "bin/flue", "simulate", ROOT / "spec/example", good=False, PYTHONPATH=str(place)
    )
    assert "flue: the sources of runtime and drivers are not here" in said
