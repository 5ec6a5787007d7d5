# SPDX-License-Identifier: BSD-2-Clause
"""Folders with odd names, folders that are not there, and where the files go."""

import shutil
import subprocess
import sys

import pytest
from project import BEGINS, GENERATORS, ROOT, Project

REFUSED = list("[]\"'$#;&*?<>|:\\^`")
ODD = "größe 規格 (1) 100%!~@=,+{}"
# Paths are looked at before anything else: no compiler is tried, which makes this quick.
NO_C = BEGINS.replace("LANGUAGES C", "LANGUAGES NONE")

pytestmark = pytest.mark.skipif(not GENERATORS, reason="needs cmake and ninja or make")


def quoted(path):
    """As CMake takes it to the letter."""
    return f"[==[{path}]==]"


@pytest.mark.parametrize("generator", GENERATORS)
def test_odd_names_work(tmp_path, generator):
    """Of the project, the specs and the build folder: it builds, once, and sees changes."""
    project = Project(tmp_path / ODD, generator, spec=f"spec {ODD}")
    (project.spec / "meter.yaml").rename(project.spec / f"{ODD}.yaml")
    project.configure()
    project.build()
    assert project.build() == []
    project.edit("target.yaml", "timeout_ms: 50 ", "timeout_ms: 51 ")
    assert "limiter.c.o" in project.build()
    assert project.build() == []
    shutil.copy(project.spec / "node.yaml", project.spec / "second.yaml")
    assert "a second node file" in project.fails()


@pytest.mark.parametrize("character", REFUSED)
def test_names_are_judged_by_each_character(tmp_path, character):
    script = tmp_path / "script.cmake"
    begins = f"include({ROOT}/codegen/cmake/flue_path.cmake)\n"
    script.write_text(f"{begins}flue_check_path(me {quoted(f'/a folder/we{character}ird')})\n")
    done = subprocess.run(["cmake", "-P", script], capture_output=True, text=True)
    assert f"me: the name of a folder has {character} in it" in " ".join(done.stderr.split())
    script.write_text(f"{begins}flue_check_path(me {quoted(f'C:/a folder/{ODD}')})\n")
    assert subprocess.run(["cmake", "-P", script]).returncode == 0


@pytest.mark.parametrize(
    ("option", "character"),
    [("SPEC", "["), ("SPEC", "#"), ("SPEC", ";"), ("SPEC", "\\"), ("OUT", "$"), ("OUT", ";")],
)
def test_names_that_builds_cannot_live_with_are_refused_in_words(tmp_path, character, option):
    name = f"we{character}ird"
    folders = {"SPEC": "the spec", "OUT": "out"} | {option: name}
    command = " ".join(f"{key} {quoted(value)}" for key, value in folders.items())
    project = Project(tmp_path, GENERATORS[0], f"{NO_C}\nflue_add_target(limiter {command})\n")
    said = project.refused()
    assert f"flue_add_target(limiter): the name of a folder has {character} in it" in said
    assert name in said


@pytest.mark.parametrize("character", list('["#;$'))
def test_flue_itself_in_such_a_folder(tmp_path, character):
    """Said before a compiler is tried, which would say something else."""
    source = tmp_path / f"we{character}ird"
    (source / "codegen" / "cmake").mkdir(parents=True)
    shutil.copy(ROOT / "CMakeLists.txt", source)
    shutil.copy(ROOT / "codegen" / "cmake" / "flue_path.cmake", source / "codegen" / "cmake")
    done = subprocess.run(["cmake", "-G", GENERATORS[0], "-B", "build"], cwd=source,
                          capture_output=True, text=True)  # fmt: skip
    said = " ".join(done.stderr.split())
    assert done.returncode != 0
    assert f"flue: the name of a folder has {character} in it" in said


USAGE = "usage: flue_add_target(NAME SPEC DIR [OUT DIR] [SUITE] [DEVICE] [SIMULATE [CHECKS FILE]])"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("SPEC specs/mine", "there is no folder {source}/specs/mine; SPEC is relative to {source}"),
        ('SPEC "the spec/meter.yaml"', "there is no folder {source}/the spec/meter.yaml;"),
        ("SPEC", USAGE),
        (
            'SPEC "the spec" OUT',
            USAGE,
        ),
        (
            'SPEC "the spec" SUIT',
            USAGE,
        ),
        ('SPEC "the spec" CHECKS mine.c', USAGE),
        ("SPEC empty", "empty: error: no target file"),
    ],
)
def test_a_mistake_is_said_in_words(tmp_path, command, said):
    project = Project(tmp_path, GENERATORS[0], f"{BEGINS}\nflue_add_target(limiter {command})\n")
    (project.source / "empty").mkdir()
    assert said.format(source=project.source) in project.refused()


def test_what_is_needed_is_asked_for(tmp_path):
    call = '\nflue_add_target(limiter SPEC "the spec")\n'
    project = Project(tmp_path, GENERATORS[0], NO_C + call)
    assert "this project has no C: project(... LANGUAGES C)" in project.refused()
    project.write("".join(x for x in BEGINS.splitlines(True) if "(flue INTERFACE" not in x) + call)
    assert (
        "find_package(flue) or add_subdirectory(flue) before, for its runtime" in project.refused()
    )


@pytest.mark.parametrize("generator", GENERATORS)
def test_out_is_relative_to_the_build_folder(tmp_path, generator):
    call = '\nflue_add_target(limiter SPEC "the spec" OUT "some where/gen")\n'
    project = Project(tmp_path, generator, BEGINS + call)
    project.configure()
    project.build()
    assert project.build() == []
    assert (project.build_dir / "some where" / "gen" / "limiter.h").exists()
    assert sorted(p.name for p in project.source.iterdir()) == ["CMakeLists.txt", "the spec"]
    project.edit("target.yaml", "timeout_ms: 50 ", "timeout_ms: 51 ")
    assert "limiter.c.o" in project.build()


def everything_in(*folders):
    """Each file below some folders with its time, but for what Python keeps, where it can."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {x: x.stat().st_mtime_ns for x in files if x.parent.name != "__pycache__"}


def test_two_builds_at_once_of_sources_that_nobody_writes(tmp_path):
    """Specs, project and compiler may lie on what is read only: a build changes nothing there."""
    project = Project(tmp_path, GENERATORS[0])
    builds = [tmp_path / name for name in ("debug", "release")]
    before = everything_in(project.source, ROOT / "codegen/flue", ROOT / "runtime")
    for project.build_dir in builds:
        project.configure()
    running = [
        subprocess.Popen(["cmake", "--build", build], stdout=subprocess.DEVNULL) for build in builds
    ]
    assert [one.wait() for one in running] == [0, 0]
    assert everything_in(project.source, ROOT / "codegen/flue", ROOT / "runtime") == before
    for project.build_dir in builds:
        assert project.build() == []


def test_two_targets_do_not_share_a_folder(tmp_path):
    calls = [f'flue_add_target({name} SPEC "the spec" OUT gen)\n' for name in ("one", "two")]
    project = Project(tmp_path, GENERATORS[0], BEGINS + "".join(calls))
    assert "flue_add_target(two): another target has its files in OUT:" in project.refused()


def test_a_python_that_is_named_is_taken_or_refused(tmp_path):
    project = Project(tmp_path, GENERATORS[0])
    options = ["-G", project.generator, "-S", project.source, "-B", project.build_dir]
    status, text = project.run("cmake", *options, "-DFLUE_PYTHON=/nowhere/python3")
    assert status != 0 and "FLUE_PYTHON is /nowhere/python3, which will not do:" in text
    poor = tmp_path / "poor"
    poor.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E "$@"\n')
    poor.chmod(0o755)
    status, text = project.run("cmake", *options, f"-DFLUE_PYTHON={poor}")
    assert status != 0 and "No module named 'jinja2'" in text
    project.configure()
