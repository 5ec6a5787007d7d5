# SPDX-License-Identifier: BSD-2-Clause
"""./flue, whose first line takes the first python3 in PATH, whatever that has."""

import pytest
from machine import ROOT, Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def launched(machine, python):
    return machine.run([str(python), str(ROOT / "flue"), "check", "spec/example"])


def test_the_compiler_goes_to_the_python_that_is_named(machine):
    part = machine.python("part", ["jinja2", "jsonschema"])
    machine.breaks("part", "yaml", "half of it")
    named = machine.home / "named"
    machine.script(named, "exit 5")
    machine.environment["FLUE_PYTHON"] = str(named)
    assert launched(machine, part).returncode == 5
    assert machine.calls("named") == [f"{ROOT}/flue check spec/example"]


def test_the_compiler_says_what_it_cannot_import(machine):
    part = machine.python("part", ["jsonschema"])
    machine.breaks("part", "yaml", "half of it")
    machine.environment["FLUE_RETRIED"] = "1"
    done = launched(machine, part)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    both = "yaml (half of it) and jinja2 (No module named 'jinja2')"
    assert f"flue: this Python cannot import {both}: apt install python3-yaml" in done.stderr
