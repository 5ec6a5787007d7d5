# SPDX-License-Identifier: BSD-2-Clause
"""A spec that fails is cut to what it fails by: with a fault planted in the compiler."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "codegen")]

from built import Failure, judged  # noqa: E402
from family import write  # noqa: E402
from parts import spec  # noqa: E402
from shrink import manner, same_failure, shrunk  # noqa: E402

from flue.backends.c.generate import generate  # noqa: E402
from flue.backends.c.secrets import SecretsView  # noqa: E402


def words(trees) -> int:
    return sum(len(Path(p).read_text().split()) for p in trees.glob("*.yaml"))


def test_what_a_planted_fault_needs_is_left_and_little_else(tmp_path, monkeypatch):
    def wrong(self, klass, to, source):
        if self.of(klass):
            raise Failure("planted: a class with a secret")
        return [f"{to} = {source};"]

    monkeypatch.setattr(SecretsView, "moved", wrong)

    def tried(trees):
        target = judged(write(trees, tmp_path / "tried"), trees)
        generate(target, str(tmp_path / "out"))

    seed = min(filter(one_kind_with_a_secret, range(1, 60)), key=lambda s: len(str(spec(s))))
    left = shrunk(spec(seed), same_failure(tried), names_only=True)
    judged(write(left, tmp_path / "left"), left)
    values = [v for t in left.values() for c in t.get("variables", {}).values() for v in c.values()]
    assert sum("secret" in v for v in values) == 1
    assert words(tmp_path / "left") < words(write(spec(seed), tmp_path / "whole")) * 0.95


def one_kind_with_a_secret(seed) -> bool:
    kinds = [t for t in spec(seed).values() if "object" in t]
    return len(kinds) == 1 and "'secret': True" in str(kinds)


def test_two_failures_are_alike_if_only_names_and_numbers_differ():
    first = "a history fails: family: seed 2, moment 375: remove_sheet of sheet 0: other value, s4"
    other = "a history fails: family: seed 7, moment 12: remove_lane of lane 3: other value, l1"
    third = "a history fails: family: seed 7, moment 12: add_lane of lane 3: added twice"
    assert manner(first) == manner(other) != manner(third)
