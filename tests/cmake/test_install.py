# SPDX-License-Identifier: BSD-2-Clause
"""flue that is installed: found by CMake and by pkg-config, wherever it was put, and complete."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from project import GENERATORS, ROOT, Project

pytestmark = pytest.mark.skipif(not GENERATORS, reason="needs cmake and ninja or make")

FAST = "-DCMAKE_C_FLAGS=-O0"  # what is compiled here is found and run, not measured
CONSUMER = """
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
enable_testing()
find_package(flue 0.1 REQUIRED)
flue_add_target(limiter SPEC "the spec" SIMULATE CHECKS checks.c)
add_executable(user user.c)
target_link_libraries(user PRIVATE limiter)
"""
CHECKS = """
#include <stdlib.h>
#include "simulate_checks.h"
static void step(struct simulate_now *now)
{
    if (getenv("ASKED"))
        simulate_wrong(now, "its own checks are asked");
}
const struct simulate_checks simulate_checks = {.step = step};
"""
USER = """
#include <stdio.h>
#include "limiter.h"

int main(void)
{
    printf("%s %d\\n", limiter_status_name(LIMITER_STATUS_SUCCESS), FLUE_ABI);
    return flue_error_text(FLUE_BAD_SPEC)[0] == 0;
}
"""


def run(*command, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def filled(kind, folder):
    """A prefix that was filled by DESTDIR and moved afterwards."""
    options = [
        "-DFLUE_TESTS=OFF",
        "-DCMAKE_INSTALL_PREFIX=/opt/some where",
        "-DCMAKE_INSTALL_LIBDIR=lib",
    ]
    options += [f"-DFLUE_SHARED={'ON' if kind == 'shared' else 'OFF'}", FAST]
    options += [f"-DFLUE_PYTHON={sys.executable}"]
    run("cmake", "-G", GENERATORS[0], "-S", ROOT, "-B", folder / "build", *options)
    run("cmake", "--build", folder / "build")
    run("cmake", "--install", folder / "build", env={**os.environ, "DESTDIR": str(folder / "dest")})
    assert sorted(os.listdir(folder / "dest")) == ["opt"], "all is below the prefix"
    return (folder / "dest/opt/some where").rename(folder / "moved")


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    """Of what the sort of library is nothing to."""
    return filled("static", tmp_path_factory.mktemp("static"))


@pytest.fixture(scope="module", params=["static", "shared"])
def place(request, tmp_path_factory):
    if request.param == "static":
        return request.getfixturevalue("static")
    return filled("shared", tmp_path_factory.mktemp("shared"))


def consumer(tmp_path):
    made = Project(tmp_path, GENERATORS[0], CONSUMER)
    (made.source / "user.c").write_text(USER)
    (made.source / "checks.c").write_text(CHECKS)
    return made


def add_a_command(spec):
    """With the variable that it carries: what the driver has no function for."""
    text = spec.read_text(encoding="utf-8")
    text = text.replace("[number, setting]", "[number, setting, vlan]")
    for before, more in [
        ("  delegated:   ", "    vlan: {type: u16, host: Vlan, doc: Which VLAN.}\n"),
        ("  read_port: {", "  write_vlan: {carries: [vlan], undo: old_values, doc: Another.}\n"),
        ("    - {changed", "    - {changed: [vlan], send: write_vlan}\n"),
    ]:
        assert text.count(before) == 1
        text = text.replace(before, more + before)
    spec.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("made_by", ["installed", "checkout"])
def test_a_project_that_flue_new_made_finds_it(static, tmp_path, made_by):
    """By itself, where the installed command made it; else where it is said. Nothing is built along."""
    command = static / "bin/flue" if made_by == "installed" else ROOT / "flue"
    words = ["--object", "port", "--object", "qos:port", "--dir", tmp_path / "tun"]
    run(sys.executable, command, "new", "tun", *words)
    options = [f"-DFLUE_PYTHON={sys.executable}", "-DCMAKE_C_FLAGS=-Werror -O0"]
    options += [f"-DCMAKE_PREFIX_PATH={static}"] if made_by == "checkout" else []
    build = tmp_path / "build"
    run("cmake", "-G", GENERATORS[0], "-S", tmp_path / "tun", "-B", build, *options)
    assert not (build / "flue").exists()
    run("cmake", "--build", build, "--target", "tun_main")
    assert run(build / "tun_main").startswith("add port: success\n")
    run("ctest", "--test-dir", build, "-R", "check_tun")
    said = (tmp_path / "tun/README.md").read_text(encoding="utf-8")
    assert f"    {shlex.quote(str(command))} check spec " in said
    if made_by == "installed":
        add_a_command(tmp_path / "tun/spec/port.yaml")
        run("cmake", "--build", build, "--target", "tun_main")
        said = subprocess.run([build / "tun_main"], capture_output=True, text=True).stderr
        assert said == "tun cannot begin: no function was given for binding.write_vlan\n"


def test_a_flue_in_path_is_called_by_its_name(static, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(static / "bin"), prepend=os.pathsep)
    run(static / "bin/flue", "new", "tun", "--object", "port", "--dir", tmp_path / "tun")
    assert "    flue check spec " in (tmp_path / "tun/README.md").read_text(encoding="utf-8")


def test_a_project_that_finds_it(place, tmp_path):
    """Its own specs, a device and histories; nothing of the source tree."""
    project = consumer(tmp_path)
    project.configure(f"-DCMAKE_PREFIX_PATH={place}", FAST)
    project.build()
    status, said = project.run(project.build_dir / "user")
    assert (status, said.split()[0]) == (0, "success")
    program = project.build_dir / "simulate_limiter"
    assert project.run(program, "--seeds", "50")[0] == 0
    status, said = project.run("env", "ASKED=1", program, "--seeds", "50")
    assert status == 1 and "its own checks are asked" in said
    rules = (project.build_dir / "compile_commands.json", *project.build_dir.rglob("build.ninja"))
    assert not any(str(ROOT) in p.read_text() for p in rules if p.is_file())


def test_a_version_that_is_not_there(static, tmp_path):
    project = consumer(tmp_path)
    project.write(CONSUMER.replace("flue 0.1", "flue 7"))
    status, said = project.run("cmake", "-S", project.source, "-B", project.build_dir,
                               f"-DCMAKE_PREFIX_PATH={static}")  # fmt: skip
    assert status and 'requested version "7"' in said


def test_the_command_of_the_prefix(static, tmp_path):
    flue = static / "bin/flue"
    assert re.fullmatch(r"flue \d+\.\d+\.\d+\n", run(flue, "--version"))
    assert run(flue, "check", ROOT / "spec/chimney") == ""
    assert not (static / "share/flue/codegen/flue/syntax/flue.schema.json").is_symlink()
    run(flue, "simulate", ROOT / "spec/example", "--seeds", "50")


@pytest.mark.skipif(not shutil.which("pkg-config"), reason="needs pkg-config")
def test_a_makefile_that_asks_pkg_config(place, tmp_path):
    asked = ["pkg-config", f"--with-path={place}/lib/pkgconfig"]
    run(place / "bin/flue", "generate", ROOT / "spec/example", "--out", tmp_path)
    (tmp_path / "user.c").write_text(USER)
    words = run(*asked, "--cflags", "--libs", "flue").split()
    sources = sorted(tmp_path.glob("*.c"))
    rpath = f"-Wl,-rpath,{place}/lib"
    run("cc", *sources, f"-I{tmp_path}", *words, rpath, "-o", tmp_path / "user")
    assert run(tmp_path / "user").split() == [
        "success",
        run(*asked, "--variable=abi", "flue").strip(),
    ]
    assert os.path.samefile(run(*asked, "--variable=flue", "flue").strip(), place / "bin/flue")


def test_a_generator_of_another_runtime(static, tmp_path):
    """Generated code and headers that do not fit say so when they are compiled."""
    run(static / "bin/flue", "generate", ROOT / "spec/example", "--out", tmp_path)
    shutil.copytree(static / "include", tmp_path / "include")
    header = tmp_path / "include/flue/flue.h"
    header.write_text(re.sub(r"(#define FLUE_ABI) \d+", r"\1 1", header.read_text()))
    command = ["cc", "-c", f"-I{tmp_path}", f"-I{tmp_path}/include", tmp_path / "limiter.c"]
    done = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode and "generated for another version of the flue runtime" in done.stderr


@pytest.mark.skipif(not shutil.which("nm"), reason="needs nm")
def test_names_that_a_program_sees(place):
    library = next(p for p in (place / "lib").iterdir() if p.suffix in (".a", ".so"))
    options = ["-D"] if library.suffix == ".so" else []
    lines = run("nm", *options, "--defined-only", "--extern-only", library).splitlines()
    names = [line.split()[-1] for line in lines if len(line.split()) == 3]
    # sys/sdt.h makes it wherever there are probes: hidden, and the same one in every object.
    ours = [n for n in names if n != "_.stapsdt.base"]
    assert ours and [n for n in ours if not n.startswith("flue_")] == []
