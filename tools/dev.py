# SPDX-License-Identifier: BSD-2-Clause
"""The words of ./dev, which finds a python to run this and has checked the word.

usage.txt tells what each word does. Works in the checkout's folder, with nothing but Python's own modules.
"""

from __future__ import annotations

import inspect
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Callable

import asked
import packages
import testing
from building import BUILD, build, build_one, must_be_writable
from shell import Failed, die, ended, jobs, on_interrupt, output, quietly, run, say, status_of

HERE = Path(__file__).resolve().parent
SPEC = "spec/chimney"

# The sources of one language, which follow on each of these.
FORMAT = (("c", "clang-format -i"), ("python", "black -q -l 100"))
CHECK = (
    ("c", "clang-format --dry-run -Werror"),
    ("python", "black -l 100 --check"),
    ("python", "pyflakes3"),
)


def draw_graphs(python: str) -> list[str]:
    def step(log: IO[str]) -> None:
        out = BUILD / "graphs"
        out.mkdir(parents=True, exist_ok=True)
        run([python, "./flue", "graph", SPEC, "--format", "svg", "--out", str(out)], log)

    quietly("draw the state diagrams", step)
    return sorted(map(str, BUILD.glob("graphs/*.svg")))


def graph() -> int:
    python = packages.need_for()
    must_be_writable()
    say("\n".join(draw_graphs(python)))
    return 0


def demo_on(driver: str, *arguments: str) -> int:
    """A story on real packets, of a driver that needs packages of its own."""
    packages.need_for(driver)
    build_one("default", f"{driver}_demo")
    say()
    return status_of([f"build/default/tests/{driver}/{driver}_demo", *arguments])


def demo_ndis() -> int:
    """The driver for Windows, which CMake finds a compiler for when it configures."""
    python = packages.need_for("ndis")
    build("default")
    folder = BUILD / "default/drivers/ndis/out"
    if not (folder / "story.exe").exists():
        die("build/default was configured without mingw-w64: ./dev clean, then again")
    say()
    wine = [python, "tests/ndis/wine.py"]
    scenes = (["story.exe"], ["data.exe"], ["demo.exe", "--short"], ["story_im.exe", "100000"])
    return next(
        (bad for name, *more in scenes if (bad := status_of([*wine, str(folder / name), *more]))), 0
    )


def demo_target(name: str, *arguments: str) -> int:
    """A story of another target than chimney, on the NIC that is made of its spec."""
    build_one("default", f"{name}_demo")
    say()
    return status_of([f"build/default/tests/story/{name}_demo", *arguments])


def demo_kernel(*arguments: str) -> int:
    """Debian's kernel in QEMU, with a module of ours; nothing of it is installed here."""
    python = packages.need_for("rocker", "kernel")
    build_one("default", "kernel_demo")
    say()
    return status_of(
        [python, "tests/kernel/run.py", "--build", "build/default", "--demo", *arguments]
    )


def demo(*arguments: str) -> int:
    if arguments[:1] == ("kernel",):
        return demo_kernel(*arguments[1:])
    if arguments[:1] in (("rocker",), ("linux",)):
        return demo_on(*arguments)
    if arguments == ("ndis",):
        return demo_ndis()
    if arguments[:1] in (("ipsec",), ("tls",), ("flow",), ("rdma",)):
        return demo_target(*arguments)
    python = build_one("default", "demo")
    graphs = draw_graphs(python)
    say(f"\nThe specs in {SPEC}, checked once more\n")
    status, text = output([python, "./flue", "check", SPEC, "--summary"])
    say("".join(f"    {line}\n" for line in text.splitlines()))
    if status:
        return status
    status = status_of(["build/default/tests/demo/demo", *arguments])
    say(f"\nState diagrams: {' '.join(graphs)}")
    return status


def verify(*arguments: str) -> int:
    return status_of([packages.need_for("verify"), "./flue", "verify", SPEC, *arguments])


def new(*arguments: str) -> int:
    return status_of([packages.need_for(), "./flue", "new", *arguments])


def play(*arguments: str) -> int:
    return status_of([packages.need_for(), "./flue", "play", *arguments])


def fuzz_host(seconds: str) -> None:
    """What is new is kept in build/fuzz; what breaks the target is written there, too."""
    packages.need_fuzzer()
    build("default")
    target, out = BUILD / "default/tests/fuzz/fuzz_host", BUILD / "fuzz"
    if not os.access(target, os.X_OK):
        die("this clang has no libFuzzer")
    out.mkdir(exist_ok=True)
    run([str(target), f"-max_total_time={seconds}", "-max_len=600", "-len_control=0",
         f"-artifact_prefix={out}/", "-print_final_stats=1", str(out), "tests/fuzz/corpus/host"])  # fmt: skip


def fuzz_compiler(seconds: str) -> None:
    seed = os.environ.get("FLUE_SEED") or str(random.randrange(1 << 15))
    python = packages.need_for()
    run([python, "tests/fuzz/compiler.py", "--seconds", seconds, "--seed", seed])


def fuzz(what: str = "60", seconds: str = "60") -> int:
    fuzzers = {"host": [fuzz_host], "compiler": [fuzz_compiler]}
    packages.need_for()
    for fuzzer in fuzzers.get(what, [fuzz_host, fuzz_compiler]):
        fuzzer(seconds if what in fuzzers else what)
    return 0


def bench(*arguments: str) -> int:
    python = packages.need_for("bench")
    build("default")
    plot = ["--plot", "build/bench.svg"]
    run([python, "tests/bench/run.py", "--build", "build/default", *plot, *arguments])
    say("\nPlot: build/bench.svg")
    return 0


def docs() -> int:
    """What the compiler says of itself; names the pages that have changed."""
    return status_of([packages.need_for(), "codegen/pages"])


def each_source(python: str, language: str, command: str) -> int:
    """Goldens are not among them, which the compiler wrote."""
    listing = [python, "tests/house/sources.py", language]
    names = subprocess.run(listing, stdout=subprocess.PIPE, check=False)
    done = subprocess.run(["xargs", "-0", "-r", *command.split()], input=names.stdout, check=False)
    return ended(names.returncode or done.returncode)


def format_sources() -> int:
    python = packages.need_for("check")
    return max(each_source(python, *what) for what in FORMAT)


def check() -> int:
    """Everything is looked at, also where something before it is not good."""
    python = packages.need_for("check")
    targets = sorted(Path("spec").glob("*/target.yaml"))
    wrong = [status_of([python, "./flue", "check", str(path.parent)]) for path in targets]
    wrong += [each_source(python, *what) for what in CHECK]
    wrong += [status_of(["mypy"]), status_of([python, "tests/house/rules.py"])]
    if any(wrong):
        return 1
    say("check: good")
    return 0


def simulate(*arguments: str) -> int:
    """Of chimney; `./flue simulate DIR` is for any spec. The optimized one plays more, the one with sanitizers sees more."""
    preset = os.environ.get("FLUE_PRESET") or "default"
    python = build(preset)
    if arguments[:1] == ("--mutants",):
        mutants = [python, "tests/mutation/run.py", "--build", f"build/{preset}"]
        return status_of([*mutants, "--subject", "runtime", *arguments[1:]])
    arguments = arguments or ("--seeds", "100000", "--jobs", str(jobs()))
    return status_of([f"build/{preset}/simulate_chimney", *arguments])


def build_presets(*presets: str) -> int:
    build(*(presets or ("default",)))
    return 0


def install_packages() -> int:
    packages.need_all("check")
    say("all packages are there")
    return 0


def clean() -> int:
    must_be_writable()
    if BUILD.is_symlink():
        BUILD.unlink()
    elif BUILD.exists():
        shutil.rmtree(BUILD)
    return 0


def wrong_usage() -> int:
    say((HERE / "usage.txt").read_text(encoding="utf-8"), sys.stderr, end="")
    return 2


WORDS: dict[str, Callable[..., int]] = {
    "demo": demo,
    "test": testing.test,
    "build": build_presets,
    "tsan": testing.tsan,
    "simulate": simulate,
    "coverage": testing.coverage,
    "verify": verify,
    "new": new,
    "play": play,
    "check": check,
    "format": format_sources,
    "bench": bench,
    "fuzz": fuzz,
    "docs": docs,
    "graph": graph,
    "packages": install_packages,
    "clean": clean,
}


def main() -> int:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, on_interrupt)
    word, arguments = WORDS[sys.argv[1]], sys.argv[2:]
    try:
        inspect.signature(word).bind(*arguments)
    except TypeError:  # more than it takes
        return wrong_usage()
    look = getattr(asked, sys.argv[1], None)
    if look:
        look(*arguments)
    try:
        return word(*arguments)
    except Failed as failure:
        return failure.status


if __name__ == "__main__":
    sys.exit(main())
