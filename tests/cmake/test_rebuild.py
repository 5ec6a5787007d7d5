# SPDX-License-Identifier: BSD-2-Clause
"""flue_add_target(): what is rebuilt when a spec changes, in a project of its own."""

import pytest
from project import GENERATORS, Project

pytestmark = pytest.mark.skipif("Ninja" not in GENERATORS, reason="needs cmake and ninja")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = Project(tmp_path_factory.mktemp("cmake"), "Ninja")
    made.configure()
    made.build()
    return made


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
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in project.out.iterdir()}


def test_an_error_stops_the_build_at_its_line(project):
    good = "done:   {to: limiting, status: success}\n      failed: {undo: add"
    bad = good.replace(", status: success", "")
    before = outputs(project)
    project.edit("meter.yaml", good, bad)
    lines = (project.spec / "meter.yaml").read_text().splitlines()
    line = next(i for i, text in enumerate(lines, 1) if text.endswith("done:   {to: limiting}"))
    assert f"\nthe spec/meter.yaml:{line}:15: error: " in project.fails()
    assert "\nthe spec/meter.yaml" in project.fails(), "it stays broken until it is repaired"
    assert outputs(project) == before
    project.edit("meter.yaml", bad, good)
    assert [s for s in project.build() if s.endswith(".o")] == []


def test_an_error_in_the_targets_file_stops_the_build_too(project):
    good = "objects: [meter]"
    before = outputs(project)
    project.edit("target.yaml", good, "objects: [meter")
    said = project.fails()
    text = 'the spec/target.yaml:6:10: error: this "[" is never closed [yaml-syntax]\n'
    assert f"\n{text}    6 | objects: [meter\n      |          ^\n" in said
    assert outputs(project) == before
    project.edit("target.yaml", "objects: [meter", good)
    assert [s for s in project.build() if s.endswith(".o")] == []
