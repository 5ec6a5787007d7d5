# SPDX-License-Identifier: BSD-2-Clause
"""Which files there are in a spec folder is noticed by the next build, with Ninja and with make."""

import os
import shutil

import pytest
from project import GENERATORS, Project

LONG_AGO = 1_000_000_000


@pytest.fixture(scope="module", params=GENERATORS)
def project(request, tmp_path_factory):
    made = Project(tmp_path_factory.mktemp("cmake"), request.param)
    made.configure()
    made.build()
    return made


def compiled(steps):
    return [step for step in steps if step.endswith(".o")]


def nothing_is_done(project):
    """What was repaired leaves outputs as old as they were: make runs the compiler of specs, no more."""
    steps = project.build()
    return steps == [] if project.generator == "Ninja" else compiled(steps) == []


def old_copy(path, to):
    """As `cp -p`, or a checkout of what was there before: nothing is younger than what was made."""
    shutil.copy(path, to)
    os.utime(to, (LONG_AGO, LONG_AGO))


def test_nothing_changed_nothing_done(project):
    assert project.build() == []


def test_a_file_that_is_added(project):
    second = project.spec / "second.yaml"
    old_copy(project.spec / "node.yaml", second)
    said = project.fails()
    assert "the spec/second.yaml:" in said and "a second node file" in said
    assert "a second node file" in project.fails(), "it stays so"
    second.unlink()
    assert compiled(project.build()) == [], "nothing that is compiled has changed"
    assert nothing_is_done(project)


def test_a_file_that_is_removed(project):
    node, away = project.spec / "node.yaml", project.source / "away.yaml"
    node.rename(away)
    assert "the spec: error: no node file" in project.fails()
    away.rename(node)
    assert compiled(project.build()) == []
    assert nothing_is_done(project)


def test_no_file_at_all(project):
    away = project.source / "away"
    project.spec.rename(away)
    said = " ".join(project.fails().split())
    assert f"flue_add_target(limiter): there is no folder {project.spec};" in said
    away.rename(project.spec)
    assert compiled(project.build()) == []


def test_a_file_that_is_renamed(project):
    """Comments name the files, so that there is something to see."""
    (project.spec / "meter.yaml").rename(project.spec / "limit.yaml")
    (project.spec / "target.yaml").rename(project.spec / "main.yaml")
    project.build()
    text = (project.out / "limiter_meter.rl").read_text()
    assert "the spec/limit.yaml" in text and "meter.yaml" not in text
    assert "the spec/main.yaml" in (project.out / "limiter.h").read_text()
    assert project.build() == []
    (project.spec / "limit.yaml").rename(project.spec / "meter.yaml")
    (project.spec / "main.yaml").rename(project.spec / "target.yaml")
    project.build()


def test_an_object_that_is_renamed_leaves_nothing(project):
    assert (project.out / "limiter_meter.c").exists()
    project.edit("target.yaml", "objects: [meter]", "objects: [gauge]")
    project.edit("meter.yaml", "object: meter", "object: gauge")
    assert "limiter_gauge.c.o" in project.build()
    names = {p.name for p in project.out.iterdir()}
    assert "limiter_gauge.c" in names and not any("meter" in name for name in names)
    listed = project.run("ar", "t", project.build_dir / "liblimiter.a")[1].split()
    assert sorted(listed) == ["limiter.c.o", "limiter_gauge.c.o"]
    assert project.build() == []
