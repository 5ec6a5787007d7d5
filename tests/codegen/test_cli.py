# SPDX-License-Identifier: BSD-2-Clause
"""The command line, as a person or a build runs it: output, exit status, paths as they were given."""

import json
import os
import subprocess
import sys

from helpers import ROOT, edited_spec

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


def test_help_has_examples():
    assert "flue table spec/chimney path" in flue("--help").stdout
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
