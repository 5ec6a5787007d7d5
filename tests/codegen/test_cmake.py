# SPDX-License-Identifier: BSD-2-Clause
"""flue_add_target(): what is rebuilt when a spec changes, in a project of its own."""

import os
import shutil
import subprocess
import sys

import pytest
from helpers import ROOT, edited_spec

pytestmark = pytest.mark.skipif(
    not (shutil.which("cmake") and shutil.which("ninja")), reason="needs cmake and ninja"
)

PROJECT = f"""
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
include({ROOT}/codegen/cmake/flue.cmake)
add_library(flue INTERFACE)
target_include_directories(flue INTERFACE {ROOT}/runtime/include)
flue_add_target(limiter SPEC "the spec")
"""


class Project:
    """A user's project in a folder with a space in its name."""

    def __init__(self, folder):
        self.source = folder / "a project"
        self.spec = self.source / "the spec"
        self.build_dir = folder / "build"
        shutil.copytree(edited_spec([]), self.spec)
        (self.source / "CMakeLists.txt").write_text(PROJECT)
        self.run("cmake", "-G", "Ninja", "-S", self.source, "-B", self.build_dir,
                 f"-DFLUE_PYTHON={sys.executable}")  # fmt: skip
        self.build()

    def run(self, *command):
        done = subprocess.run([*map(str, command)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build(self):
        """What Ninja did, as the last word of each step's description."""
        lines = self.run("ninja", "-C", self.build_dir).splitlines()
        steps = [line.split("] ", 1)[1] for line in lines if line.startswith("[")]
        return sorted(os.path.basename(step) for step in steps if "CMake" not in step.split()[:2])

    def fail(self):
        """What is printed by a build that fails."""
        done = subprocess.run(["ninja", "-C", self.build_dir], capture_output=True, text=True)
        assert done.returncode != 0
        return done.stdout + done.stderr

    def edit(self, file, old, new):
        path = self.spec / file
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("cmake"))


def test_nothing_changed_nothing_done(project):
    assert project.build() == []


def test_a_doc_string_compiles_no_c(project):
    project.edit("meter.yaml", "doc: The port it limits.", "doc: The port that is limited.")
    assert project.build() == ["Compiling the specs in the spec"]
    assert project.build() == []


def test_a_number_in_a_table_compiles_one_file(project):
    project.edit("target.yaml", "timeout_ms: 50 ", "timeout_ms: 51 ")
    steps = project.build()
    assert [s for s in steps if s.endswith(".o")] == ["limiter.c.o"]
    assert project.build() == []


def outputs(project):
    """Text and time of every generated file."""
    folder = project.build_dir / "generated" / "limiter"
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()}


def test_an_error_stops_the_build_at_its_line(project):
    good = "done:   {to: limiting, status: success}\n      failed: {undo: add"
    bad = good.replace(", status: success", "")
    before = outputs(project)
    project.edit("meter.yaml", good, bad)
    lines = (project.spec / "meter.yaml").read_text().splitlines()
    line = next(i for i, text in enumerate(lines, 1) if text.endswith("done:   {to: limiting}"))
    assert f"\nthe spec/meter.yaml:{line}:15: error: " in project.fail()
    assert "\nthe spec/meter.yaml" in project.fail(), "it stays broken until it is repaired"
    assert outputs(project) == before
    project.edit("meter.yaml", bad, good)
    assert [s for s in project.build() if s.endswith(".o")] == []


def test_an_error_in_the_targets_file_stops_the_build_too(project):
    good = "objects: [meter]"
    before = outputs(project)
    project.edit("target.yaml", good, "objects: [meter")
    said = project.fail()
    text = 'the spec/target.yaml:6:10: error: this "[" is never closed [yaml-syntax]\n'
    assert f"\n{text}    6 | objects: [meter\n      |          ^\n" in said
    assert outputs(project) == before
    project.edit("target.yaml", "objects: [meter", good)
    assert [s for s in project.build() if s.endswith(".o")] == []
