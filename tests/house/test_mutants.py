# SPDX-License-Identifier: BSD-2-Clause
"""./dev on machines of stubs: when it tries mutants, and when it shows what became of them."""

import pytest
from machine import MODULES, Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.mark.parametrize("name", ["mutants", "demo"])
def test_a_test_by_name_that_fails(machine, name):
    machine.debian(MODULES)
    machine.stub("ctest", "exit 8")
    assert machine.dev("test", name).returncode == 8
    table = [c for c in machine.calls("debian") if "tests/mutation/run.py --results" in c]
    assert len(table) == (1 if name == "mutants" else 0), "what became of all of them, as a table"


def test_simulate_tries_mutants_of_the_runtime(machine):
    machine.debian(MODULES)
    (machine.checkout / "tests/mutation").mkdir()
    (machine.checkout / "tests/mutation/run.py").write_text("raise SystemExit(3)")
    assert machine.dev("simulate", "--mutants", "--only", "fast").returncode == 3
    (call,) = [c for c in machine.calls("debian") if "tests/mutation/run.py" in c]
    assert call.endswith("run.py --build build/default --subject runtime --only fast")
