# SPDX-License-Identifier: BSD-2-Clause
"""A project that takes flue into its tree: nothing of its own is changed, and no name is taken."""

import json
import sys

import pytest
from project import GENERATORS, ROOT, Project

pytestmark = pytest.mark.skipif(not GENERATORS, reason="needs cmake and ninja or make")

# Both ways to take it; FetchContent without a network, from a folder.
WAYS = {
    "add_subdirectory": f"add_subdirectory({ROOT} third_party/flue)",
    "FetchContent": f"""
include(FetchContent)
FetchContent_Declare(flue SOURCE_DIR {ROOT})
FetchContent_MakeAvailable(flue)
""",
}
# Names that flue has in a tree of its own, policies and a standard of long ago, a Python of its own.
CONSUMER = """
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_STANDARD 99)
set(Python3_EXECUTABLE /opt/mine/python3 CACHE FILEPATH "")
foreach(name host sim demo world chimney suite check tests)
  add_library(${name} INTERFACE)
endforeach()
get_cmake_property(before CACHE_VARIABLES)
get_cmake_property(own VARIABLES)
foreach(name IN LISTS own)
  set("was_${name}" "${${name}}")
endforeach()

%(way)s

foreach(name IN LISTS own)
  if(NOT name MATCHES "^(before|own|name|was_.*|CMAKE_MATCH_.*|.*ARG[CNV]?[0-9]*)$"
     AND NOT "${${name}}" STREQUAL "${was_${name}}")
    message("changed: ${name}: ${was_${name}} -> ${${name}}")
  endif()
endforeach()
get_cmake_property(after CACHE_VARIABLES)
list(REMOVE_ITEM after ${before})
message("cached: ${after}")
foreach(what COMPILE_OPTIONS COMPILE_DEFINITIONS LINK_OPTIONS INCLUDE_DIRECTORIES)
  get_property(found DIRECTORY PROPERTY ${what})
  message("${what}: ${found}")
endforeach()
function(tell_targets folder)
  get_property(found DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  message("targets: ${found}")
  get_property(tests DIRECTORY ${folder} PROPERTY TESTS)
  message("tests: ${tests}")
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(folder IN LISTS folders)
    tell_targets(${folder})
  endforeach()
endfunction()
get_property(folders DIRECTORY PROPERTY SUBDIRECTORIES)
foreach(folder IN LISTS folders)
  tell_targets(${folder})
endforeach()

flue_add_target(limiter SPEC "the spec")
add_executable(user user.c)
target_link_libraries(user PRIVATE limiter)
"""
USER = """
#include <stdio.h>
#include "limiter.h"

int main(void)
{
    return puts(limiter_status_name(LIMITER_STATUS_SUCCESS)) < 0;
}
"""


@pytest.fixture(scope="module", params=WAYS)
def consumer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("consumer")
    made = Project(folder, GENERATORS[0], CONSUMER % {"way": WAYS[request.param]})
    (made.source / "user.c").write_text(USER)
    made.said = made.configure()
    return made


def told(project, what):
    lines = [line for line in project.said.splitlines() if line.startswith(f"{what}: ")]
    return [word for line in lines for word in line[len(what) + 2 :].split(";") if word]


def test_no_setting_of_the_project_is_changed(consumer):
    changed = [line for line in consumer.said.splitlines() if line.startswith("changed: ")]
    assert changed == []
    for what in ("COMPILE_OPTIONS", "COMPILE_DEFINITIONS", "LINK_OPTIONS", "INCLUDE_DIRECTORIES"):
        assert told(consumer, what) == []


def cached(project, name):
    text = (project.build_dir / "CMakeCache.txt").read_text()
    return [line.split("=", 1)[1] for line in text.splitlines() if line.startswith(f"{name}:")]


def test_no_build_type_and_no_python_but_the_projects(consumer):
    assert cached(consumer, "CMAKE_BUILD_TYPE") == [""]
    assert cached(consumer, "Python3_EXECUTABLE") == ["/opt/mine/python3"]
    assert cached(consumer, "FLUE_PYTHON") == [sys.executable]
    assert cached(consumer, "FLUE_WERROR") == cached(consumer, "FLUE_TESTS") == ["OFF"]


def test_every_name_begins_with_flue(consumer):
    names = told(consumer, "cached") + told(consumer, "targets")
    assert "flue" in names and "FLUE_TESTS" in names
    of_cmake = ("fetchcontent_", "cmake_project_version")  # that any project in a project brings
    assert [n for n in names if not n.lower().startswith(("flue", *of_cmake))] == []
    assert told(consumer, "tests") == []


def commands(project):
    path = project.build_dir / "compile_commands.json"
    return {entry["file"]: entry["command"] for entry in json.loads(path.read_text())}


UNWANTED = ("-Werror", "-Wall", "-Wconversion", "-fsanitize", "--coverage", " -O", " -g", "NDEBUG")


def test_everything_is_compiled_as_the_project_says(consumer):
    """Its own files, the generated ones and the runtime; the headers need C11, and no more is asked."""
    found = commands(consumer)
    assert any("/runtime/src/" in file for file in found), "the runtime is among them"
    for file, command in found.items():
        assert [x for x in UNWANTED if x in command] == [], file
    assert "-std=gnu11" in next(c for f, c in found.items() if f.endswith("/user.c"))


def test_it_builds_and_says_a_word(consumer):
    consumer.build()
    assert consumer.run(consumer.build_dir / "user") == (0, "success\n")
    assert consumer.build() == []


def test_a_release_of_the_project_is_one_of_flue(consumer):
    """No assertion comes back behind its back, and its flags are those of all."""
    consumer.configure("-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_C_FLAGS=-DMINE")
    for file, command in commands(consumer).items():
        assert "-DMINE" in command and "-O3 -DNDEBUG" in command, file


def test_flue_that_was_moved_is_found_where_it_is(tmp_path):
    """A build folder that is older than the move does not run the compiler of the old place."""
    places = [tmp_path / "old", tmp_path / "new"]
    for place in places:
        place.symlink_to(ROOT)
    project = Project(tmp_path, GENERATORS[0])
    for place in places:
        project.write(
            f"cmake_minimum_required(VERSION 3.22)\nproject(user LANGUAGES C)\n"
            f'add_subdirectory({place} flue)\nflue_add_target(limiter SPEC "the spec")\n'
        )
        project.configure()
    rules = "".join(p.read_text() for p in project.build_dir.rglob("build.ninja"))
    rules += "".join(p.read_text() for p in project.build_dir.rglob("build.make"))
    assert f"{places[1]}/flue generate" in rules
    assert f"{places[0]}/" not in rules
