# SPDX-License-Identifier: BSD-2-Clause
"""The family of specs: what of the language is in it, and that a seed is one spec."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from parts import spec  # noqa: E402
from reach import all_keys, keys_in  # noqa: E402


def test_every_key_of_the_schema_is_in_a_spec_or_is_named_as_not():
    lines = (HERE / "uncovered.txt").read_text(encoding="utf-8").splitlines()
    named = {line for line in lines if line and not line.startswith("#")}
    found = set().union(*(keys_in(spec(seed)) for seed in range(1, 201)))
    assert found <= all_keys()
    assert all_keys() - found == named


def test_a_seed_is_one_spec():
    assert spec(5) == spec(5) != spec(6)
