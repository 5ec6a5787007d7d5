# SPDX-License-Identifier: BSD-2-Clause
"""What follows a word of ./dev, looked at before anything is built: what is wrong is said at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "codegen"))
from flue.ranges import POSITIVE, SEED, Whole  # noqa: E402
from flue.usage import simulation  # noqa: E402

STORIES = {  # what each takes
    "rocker": (),
    "linux": ("--short",),
    "ndis": (),
    "kernel": (),
    "ipsec": (Whole(0, SEED), Whole(1, 2**32 - 1)),
    "tls": (Whole(0, SEED), Whole(1, 2**32 - 1)),
    "flow": (),
    "rdma": (),
}


def demo(*words: str) -> None:
    parser = argparse.ArgumentParser(prog="./dev demo")
    if words and words[0] in STORIES:
        parser.prog += f" {words[0]}"
        takes, words = STORIES[words[0]], words[1:]
    else:
        takes = ("--short",)
        if words and not words[0].startswith("-"):
            parser.error(f"there is no demo {words[0]}, only {', '.join(STORIES)}")
    for number, each in enumerate(takes):
        if isinstance(each, Whole):
            parser.add_argument("SEED ROUNDS".split()[number], type=each, nargs="?")
        else:
            parser.add_argument(each, action="store_true")
    parser.parse_args(words)


def simulate(*words: str) -> None:
    """With --mutants they are those of tests/mutation/run.py, which has a --list to look at first."""
    if words[:1] == ("--mutants",):
        return
    parser = argparse.ArgumentParser(prog="./dev simulate", parents=[simulation()])
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    parser.parse_args(words)


def bench(*words: str) -> None:
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--quick", action="store_true")
    for name in ("--json", "--plot", "--docs"):
        parser.add_argument(name, metavar="FILE")
    parser.parse_args(words)


def fuzz(*words: str) -> None:
    parser = argparse.ArgumentParser(prog="./dev fuzz")
    if words and not words[0][:1].isdigit():
        parser.add_argument("what", choices=("host", "compiler"))
    parser.add_argument("seconds", type=POSITIVE, nargs="?")
    parser.parse_args(words)


def test(*words: str) -> None:
    parser = argparse.ArgumentParser(prog="./dev test")
    parser.add_argument("name", nargs="*")
    parser.parse_args(words)
