# SPDX-License-Identifier: BSD-2-Clause
"""The command line, as a person or a build runs it: output, exit status, paths as they were given."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from helpers import ROOT, edited_spec, spec

TYPO = [("meter.yaml", "create: {send: add_meter,", "create: {send: add_metre,")]


def flue(*arguments, cwd=ROOT, **environment):
    launcher = os.path.join(ROOT, "flue")
    return subprocess.run(
        [sys.executable, launcher, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_spec_is_silent():
    for name in ("chimney", "example"):
        done = flue("check", f"spec/{name}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_errors_go_to_stderr_with_paths_as_given():
    directory = edited_spec(TYPO)
    done = flue("check", os.path.basename(directory), cwd=os.path.dirname(directory))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{os.path.basename(directory)}/meter.yaml:53:22: error: unknown")


def test_generate_refuses_a_spec_with_errors():
    directory = edited_spec(TYPO)
    out = os.path.join(directory, "out")
    assert flue("generate", directory, "--out", out).returncode == 1
    assert not os.path.exists(out)


def test_json_is_for_tools():
    done = flue("check", edited_spec(TYPO), "--json")
    (found,) = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert (found["line"], found["column"], found["end_column"]) == (53, 22, 31)
    assert (found["severity"], found["rule"]) == ("error", "unknown-name")
    assert found["hint"] == 'did you mean "add_meter"?'
    assert json.loads(flue("check", "spec/example", "--json").stdout) == []


def test_color_only_where_it_is_wanted():
    directory = edited_spec(TYPO)
    assert "\033[" not in flue("check", directory).stderr
    assert "\033[1;31merror:" in flue("check", directory, "--color", "always").stderr
    assert "\033[" not in flue("check", directory, "--color", "never").stderr


def test_wrong_usage():
    for arguments in ([], ["chek", "spec/example"], ["check"], ["check", "spec/nowhere"]):
        assert flue(*arguments).returncode == 2, arguments
    assert flue("table", "spec/example", "valve").returncode == 2
    assert "spec/nowhere: not a folder" in flue("check", "spec/nowhere").stderr


@pytest.mark.parametrize("command", ["check", "generate", "graph", "table"])
def test_help_has_examples(command):
    example = rf"^  flue {command} spec/(chimney|example)"
    for arguments in (["--help"], [command, "--help"]):
        done = flue(*arguments)
        assert done.returncode == 0
        assert re.search(example, done.stdout.split("\nexamples:\n")[1], re.MULTILINE), arguments


def test_version():
    assert flue("--version").stdout.startswith("flue 0.")


def test_a_summary_for_people():
    done = flue("check", "spec/chimney", "--summary")
    assert "path: 12 states, 108 pairs of state and event, " in done.stdout
    assert done.stdout.splitlines()[-1].startswith("3 objects, ")


def test_it_works_from_any_folder():
    assert flue("table", os.path.join(ROOT, "spec", "example"), "meter", cwd="/").returncode == 0


def test_a_folder_without_a_target():
    directory = edited_spec([])
    os.remove(os.path.join(directory, "target.yaml"))
    done = flue("check", directory)
    assert done.returncode == 1
    text = 'error: no target file: none has the key "target" at its top [spec-files]\n'
    assert done.stderr == f"{directory}: {text}"


COMMANDS = [["check"], ["generate", "--out", "out"], ["table"], ["graph", "--format", "dot"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
@pytest.mark.parametrize(
    "folder, code, said",
    [
        ("nowhere", 2, "flue: error: nowhere: not a folder; a spec is a folder of YAML files"),
        ("spec/meter.yaml", 2, "flue: error: spec/meter.yaml: not a folder; a spec is a folder"),
        ("empty", 1, "empty: error: the folder has no spec: no *.yaml [spec-files]"),
        ("broken", 1, "broken/a.yaml: error: cannot be read: No such file or directory [spec"),
        ("broken", 1, "broken/b.yaml: error: cannot be read: Is a directory [spec-files]"),
        ("broken", 1, "broken/c.yaml: error: not UTF-8 text: byte 0 is 0xff [yaml-syntax]"),
        ("broken", 1, "broken/d.yaml: error: cannot be read: no regular file [spec-files]"),
    ],
)
def test_folders_that_are_no_spec(tmp_path, command, folder, code, said):
    (tmp_path / "empty").mkdir()
    for name in ("spec", "broken"):
        shutil.copytree(os.path.join(ROOT, "spec", "example"), tmp_path / name)
    (tmp_path / "broken" / "a.yaml").symlink_to("nothing")
    (tmp_path / "broken" / "b.yaml").mkdir()
    (tmp_path / "broken" / "c.yaml").write_bytes(b"\xff")
    os.mkfifo(tmp_path / "broken" / "d.yaml")  # which would be waited for
    done = flue(*command, folder, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["generate"], ["graph", "--format", "dot"]])
def test_a_folder_that_cannot_be_written(tmp_path, arguments):
    (tmp_path / "file").write_text("")
    (tmp_path / "taken" / "limiter.c").mkdir(parents=True)
    (tmp_path / "taken" / "limiter_meter.dot").mkdir()
    for out, said in (("file", "file: "), ("file/x", "file/x: "), ("taken", "taken/limiter")):
        done = flue(*arguments, spec("example"), "--out", out, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert re.fullmatch(rf"flue: {said}.*: .*\n|flue: {said}[^:]*\n", done.stderr), done.stderr
    assert sorted(p.name for p in (tmp_path / "taken").iterdir()) == [
        "limiter.c",
        "limiter_meter.dot",
    ]


def test_a_depfile_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    depfile = tmp_path / "file" / "d"
    done = flue("generate", spec("example"), "--out", tmp_path / "out", "--depfile", depfile)
    assert (done.returncode, done.stderr) == (2, f"flue: {depfile.parent}: File exists\n")


def test_tools_that_are_missing(tmp_path):
    out = str(tmp_path / "out")
    done = flue("generate", spec("example"), "--out", out, PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("flue: ragel is not installed: version 6 compiles")
    done = flue("graph", spec("example"), "--out", out, PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("flue: graphviz is not installed: ")
    assert not os.path.exists(out)


def test_a_failed_generate_leaves_old_files_as_they_are(tmp_path):
    assert flue("generate", spec("example"), "--out", tmp_path).returncode == 0
    old = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.iterdir()}
    assert flue("generate", edited_spec(TYPO), "--out", tmp_path).returncode == 1
    edited = edited_spec([("target.yaml", "timeout_ms: 50 ", "timeout_ms: 51 ")])
    assert flue("generate", edited, "--out", tmp_path, PATH="/nowhere").returncode == 2
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.iterdir()} == old


def test_graph_tells_what_it_wrote(tmp_path):
    done = flue("graph", spec("chimney"), "--format", "mermaid", "--out", "a/b", cwd=tmp_path)
    names = ["a/b/chimney_neighbor.mmd", "a/b/chimney_path.mmd", "a/b/chimney_tcp.mmd"]
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, names, "")
    assert all((tmp_path / name).exists() for name in names)


def test_a_mistake_of_the_compiler_is_no_traceback(monkeypatch, capsys):
    from flue import cli

    def stumble(*_):
        raise KeyError("x")

    monkeypatch.setattr(cli, "analyse", stumble)
    assert cli.main(["check", spec("example")]) == 2
    said = "flue: a mistake of the compiler, please report it: KeyError: 'x' (FLUE_DEBUG=1 shows where)"
    assert capsys.readouterr().err == said + "\n"
    monkeypatch.setenv("FLUE_DEBUG", "1")
    with pytest.raises(KeyError):
        cli.main(["check", spec("example")])
