# SPDX-License-Identifier: BSD-2-Clause
"""`flue new`: what it writes is checked, built and run, for several shapes; what cannot be leaves nothing."""

import os
import pty
import shlex
import shutil
import subprocess
import sys

import pytest
from project import GENERATORS, ROOT

from flue.cli import main

FLUE = [sys.executable, str(ROOT / "flue")]
SHAPES = {  # by target: its objects; one alone, a graph with optional links, a deep one, odd orders and names
    "alone": ["port"],
    "tunnel": ["port", "sa:port", "policy:port,in_sa=sa,out_sa=sa?"],
    "deep": ["la", "lb:la", "lc:lb", "ld:lc", "le:ld", "lf:le", "lg:lf?", "lh:lg,la,lb?,other=lc"],
    "xy": ["on_both:driver?,the_host=host", "host:driver", "driver"],
}
ODD = {
    "int": (["port"], ['"int" cannot name a target: the word is reserved by C']),
    "test": (["port"], ['"test" cannot name a target: the word is reserved by CMake']),
    "Tun": (["port"], ['"Tun" must be a name (lower-case words joined by underscores)']),
    "ta": (["struct"], ['"struct" cannot name an object: the word is reserved by C']),
    "tb": (["../up"], ['"../up" must be a name']),
    "tc": (["port", "sa:while=port"], ['"while" cannot name a link: the word is reserved by C']),
    "td": (["port", "port"], ['two objects are called "port"']),
    "te": (["port", "sa:prt"], ['sa links to "prt", which is no object; did you mean "port"?']),
    "tf": (["one:two", "two:one"], ["links in a ring: each of one, two"]),
    "tg": (["one:one"], ["one links to itself"]),
    "th": (
        ["port", "sa:port,port?"],
        ['sa has two links called "port": name them apart, as in a=port,b=port'],
    ),
    "tp": (["p", "q", "sa:x=p,x=q?"], ['two links called "x": name them apart, as in a=p,b=q']),
    "ti": (["port", "sa:a=port,b=port,c=port,d=port,e=port"], ["sa has 5 links"]),
    "tj": (["port:"], ['"port:" is no object']),
    "tk": (["port", "sa:port??"], ['"port??" is no link']),
    "tl": (["port", "sa:number=port"], ['"number"']),
    "tun": (["h"], ['TUN_H in C would be both object "h"']),
    "tn": ([f"o{i}" for i in range(16)], ["16 objects"]),
}


def run(folder, *words, **more):
    done = subprocess.run([*map(str, words)], cwd=folder, capture_output=True, text=True, **more)
    return done.returncode, done.stdout + done.stderr


def new(folder, name, objects, *words):
    flags = [word for x in objects for word in ("--object", x)]
    return run(folder, *FLUE, "new", name, *flags, *words, stdin=subprocess.DEVNULL)


@pytest.mark.skipif(not GENERATORS, reason="needs cmake and ninja or make")
def test_every_shape_is_checked_built_and_run(tmp_path):
    """One project around all of them: the runtime is built once."""
    text = f"cmake_minimum_required(VERSION 3.22)\nproject(all_shapes LANGUAGES C)\nenable_testing()\nadd_subdirectory({ROOT} flue)\n"
    for name, objects in SHAPES.items():
        status, said = new(tmp_path, name, objects)
        assert status == 0, said
        assert run(tmp_path, *FLUE, "check", f"{name}/spec") == (0, "")
        text += f"add_subdirectory({name})\n"
    (tmp_path / "CMakeLists.txt").write_text(text, encoding="utf-8")
    status, said = run(tmp_path, "cmake", "-G", GENERATORS[0], "-S", ".", "-B", "build",
                       f"-DFLUE_PYTHON={sys.executable}", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-Werror -O0")  # fmt: skip
    assert status == 0, said
    status, said = run(tmp_path, "cmake", "--build", "build", "-j2")
    assert status == 0 and "warning" not in said, said
    status, said = run(
        tmp_path, "ctest", "--test-dir", "build", "-E", "simulate", "--output-on-failure"
    )
    assert status == 0 and f"out of {3 * len(SHAPES)}" in said, said
    said = run(tmp_path, "ctest", "--test-dir", "build", "-N", "-R", "simulate")[1]
    assert [name for name in SHAPES if f"simulate_{name}\n" not in said] == []
    for name in SHAPES:  # as many as those tests play on the slowest machine
        status, said = run(tmp_path, f"build/{name}/simulate_{name}", "--seeds", "50")
        assert status == 0 and "50 histories" in said, said
    status, said = run(tmp_path, "build/tunnel/tunnel_main")
    lines = said.splitlines()
    assert status == 0 and lines[0] == "add port: success" and "remove sa: success" in lines
    assert [x for x in lines if "success" not in x and not x.startswith("    ")] == []


@pytest.mark.skipif(not GENERATORS, reason="needs cmake and ninja or make")
def test_without_one_that_is_installed_it_builds_the_checkout(tmp_path):
    assert new(tmp_path, "alone", ["port"])[0] == 0
    words = ["-DCMAKE_DISABLE_FIND_PACKAGE_flue=ON", f"-DFLUE_PYTHON={sys.executable}"]
    made = [*words, "-G", GENERATORS[0], "-S", "alone", "-B"]
    assert run(tmp_path, "cmake", *made, "by_itself")[0] == 0
    assert (tmp_path / "by_itself" / "flue").is_dir()
    text = (tmp_path / "alone" / "CMakeLists.txt").read_text(encoding="utf-8")
    assert text.count(str(ROOT)) == 1
    (tmp_path / "alone" / "CMakeLists.txt").write_text(
        text.replace(f'set(FLUE "{ROOT}")', ""), encoding="utf-8"
    )
    status, said = run(tmp_path, "cmake", *made, "without")
    assert status != 0 and "alone: no flue is installed: -DCMAKE_PREFIX_PATH=PREFIX" in said
    assert run(tmp_path, "cmake", *made, "named", f"-DFLUE={ROOT}")[0] == 0
    assert (tmp_path / "named" / "flue").is_dir()


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_is_said_and_leaves_nothing(tmp_path, name, monkeypatch, capsys):
    objects, texts = ODD[name]
    monkeypatch.chdir(tmp_path)
    status = main(["new", name, *(word for x in objects for word in ("--object", x))])
    said = capsys.readouterr().err
    assert status == 2 and said.startswith("flue: ") and said.endswith("nothing was written\n")
    assert [x for x in texts if x not in said] == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    assert new(tmp_path, "mine", ["port"])[0] == 0  # nothing was in it
    before = sorted(tmp_path.rglob("*"))
    (tmp_path / "mine" / "main.c").write_text("changed", encoding="utf-8")
    status, said = new(tmp_path, "mine", ["sa"])
    assert status == 2 and "mine is there already" in said
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "mine" / "main.c").read_text(encoding="utf-8") == "changed"
    assert new(tmp_path, "mine", ["sa"], "--dir", "other")[0] == 0
    assert (tmp_path / "other" / "spec" / "sa.yaml").exists()
    status, said = new(tmp_path, "mine", ["sa"], "--dir", "no/such")
    assert status == 2 and "there is no folder" in said


def test_what_is_to_be_typed_can_be_pasted(tmp_path):
    """The folder as a shell takes it, and a command that is there."""
    status, said = new(tmp_path, "alone", ["port"], "--dir", "of mine/")
    assert status == 0 and "\ncd 'of mine/' && cmake" in said
    assert "\nof mine/README.md says" in said and "//" not in said
    text = (tmp_path / "of mine" / "README.md").read_text(encoding="utf-8")
    assert "came by pip" not in said + text
    command, rest = text.split(" check spec", 1)[0].splitlines()[-1].strip(), text
    assert shlex.split(command) == [shutil.which(FLUE[1])] and f"{command} play spec" in rest


def test_each_file_says_what_to_change_first(tmp_path):
    assert new(tmp_path, "alone", ["port"])[0] == 0
    for path in (tmp_path / "alone").rglob("*"):
        if path.is_file():
            head = path.read_text(encoding="utf-8").split("\n\n{")[0]
            said = "Change first" in head[:400] or path.name == "README.md" and "what first" in head
            assert said, path


def test_on_a_terminal_it_asks(tmp_path):
    """A mistake is said at once, and asked again."""
    answers = ["port", "sa", "prt", "sa", "port", ""]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execv(FLUE[0], [*FLUE, "new", "asked"])
    os.write(terminal, "".join(f"{x}\n" for x in answers).encode())
    said = ""
    try:
        while more := os.read(terminal, 1000):
            said += more.decode()
    except OSError:
        pass  # its end closes the terminal
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, said
    assert 'sa links to "prt", which is no object' in said
    assert "without questions: --object 'port' --object 'sa:port'" in said
    assert (tmp_path / "asked" / "spec" / "sa.yaml").exists()


def test_without_a_terminal_it_does_not_ask(tmp_path):
    status, said = new(tmp_path, "silent", [])
    assert status == 2 and "which objects? --object NAME" in said
