# SPDX-License-Identifier: BSD-2-Clause
"""The command line. Exit status: 0 good, 1 errors in the spec, 2 wrong usage or surroundings.

`flue diff` ends with 3, 4 or 5 where somebody must change.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

from flue.model import Target

from . import usage, writers
from .usage import LETTERS
from .compiler import analyse
from .diagnostics import Report
from .terminal import Waiting, colored, print_json

GOOD, BAD_SPEC, BAD_USE = 0, 1, 2


def _checked(args: argparse.Namespace, directory: str) -> tuple[Target | None, int]:
    """Load and check; says what was found. The target is None if there are errors."""
    report = Report()
    with Waiting(f"flue: checking {directory}"):
        target, rules = analyse(directory, report)
    _say(args, report, target is None or args.command == "check")
    return target, rules


def _say(args: argparse.Namespace, report: Report, alone: bool = True) -> None:
    """With --json findings are the result where there is no other, `alone`: one document on stdout."""
    if args.json and alone:
        sys.stdout.write(report.json())
    else:
        report.print(sys.stderr, colored(args.color, sys.stderr))


def _summary(target: Target, rules: int, began: float) -> str:
    """What was compiled, a line for each object."""
    lines = []
    for obj in target.objects:
        pairs = len(obj.cells)
        moves = sum(len(c.arms) for c in obj.cells if c.possible)
        lines.append(
            f"{obj.name}: {len(obj.states)} states, {pairs} pairs of state and event,"
            f" {moves} transitions, {len(obj.commands)} commands\n"
        )
    spent = (time.perf_counter() - began) * 1000
    lines.append(f"{len(target.objects)} objects, {rules} rules checked, {spent:.0f} ms\n")
    return "".join(lines)


def _list(args: argparse.Namespace) -> int:
    """For build systems: the spec file that decides which files there are, and those files."""
    from .compiler import outputs_of

    report = Report()
    found = outputs_of(args.directory, args.out, report, args.suite, args.device, args.simulate)
    _say(args, report, not found)
    if found and args.json:
        print_json({"target": found[0], "files": found[1:]})
    elif found:
        sys.stdout.write("".join(f"{name}\n" for name in found))
    return GOOD if found else BAD_SPEC


def _play(args: argparse.Namespace, target: Target) -> int:
    from .play import command

    if args.json and not args.script and sys.stdin.isatty():
        return _refused("a session on a terminal is no JSON: --script FILE, or lines on stdin")
    return command.play(target, args.script, args.record, args.trace_file, args.json)


def _models(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.promela import catalogue, progress, spin

    truth = analyse(args.truth, Report())[0] if args.truth else target
    if truth is None:
        return _refused(f"{args.truth}: the spec of the hardware has errors")
    bounds = catalogue.QUICK if args.quick else catalogue.Bounds()
    if args.command == "promela":
        with Waiting("flue: writing models"):
            paths = catalogue.write(catalogue.models(target, truth, bounds), args.out)
        return writers.wrote(args, paths)
    letters = args.model or LETTERS
    with progress.Progress(sys.stderr if args.json else sys.stdout) as shown:
        runs = spin.verify(target, truth, letters, args.jobs, bounds, shown.teller, args.only)
    (progress.show_json if args.json else progress.show)(runs, bounds, sys.stdout)
    if args.replay:
        from flue.backends.promela.replay import write_scripts

        write_scripts(runs, args.replay)
    return GOOD if all(run.good for run in runs) else BAD_SPEC


def _histories(args: argparse.Namespace, target: Target) -> int:
    from .simulate import simulate

    given = {
        name: getattr(args, name)
        for name in usage.SIMULATE_NUMBERS
        if getattr(args, name) is not None
    }
    words = [word for name, n in given.items() for word in (f"--{name}", str(n))]
    files = {name: getattr(args, name.replace("-", "_")) for name in usage.SIMULATE_FILES}
    if (args.trace or args.trace_file) and args.seed is None and not args.history:
        return _refused("a trace is of one history: say which by --seed or --history")
    words += [f"--{x}" for x in ("trace", "arms", "json") if getattr(args, x)]
    words += [word for name, file in files.items() if file for word in (f"--{name}", file)]
    status = simulate(target, words, args.out, args.checks)
    return GOOD if status == 0 else BAD_USE if status == 2 else BAD_SPEC


def _new(args: argparse.Namespace) -> int:
    from .new import command

    return command.new(args.name, args.object, args.dir or args.name, args.json)


def _serve(_: argparse.Namespace) -> int:
    try:
        from .lsp.server import serve
    except ModuleNotFoundError as e:
        return _refused(
            f"no module {e.name}: apt-get install python3-pylsp-jsonrpc, or pip install python-lsp-jsonrpc"
        )
    serve()
    return GOOD


def _diff(args: argparse.Namespace) -> int:
    from .diff.command import diff

    found: list[Target] = []
    for directory in (args.old, args.new):
        target, _ = _checked(args, directory)
        if target is None:
            return BAD_SPEC
        found.append(target)
    said, status = diff(found[0], found[1], args.json)
    sys.stdout.write(said)
    return status


def _trace(args: argparse.Namespace) -> int:
    from .trace.command import show

    if args.json and args.format not in (None, "json"):
        return _refused(f"--json is a format itself, and not {args.format}: one of the two")
    target = None
    if args.spec:
        target, _ = _checked(args, args.spec)
        if target is None:
            return BAD_SPEC
    good = show(args.file, "json" if args.json else args.format or "text", args.out, target)
    return GOOD if good else BAD_SPEC


Of = Callable[[argparse.Namespace, Target], int]
OTHERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": _new,
    "diff": _diff,
    "lsp": _serve,
    "trace": _trace,
}
OF_A_TARGET: dict[str, Of] = {
    "check": lambda args, target: GOOD,
    "generate": writers.generate,
    "device": writers.device,
    "graph": writers.graph,
    "docs": writers.docs,
    "table": writers.table,
    "play": _play,
    "simulate": _histories,
    "promela": _models,
    "verify": _models,
}


def _run(args: argparse.Namespace, began: float) -> int:
    if args.command in OTHERS:
        return OTHERS[args.command](args)
    if getattr(args, "list", False):
        return _list(args)
    target, rules = _checked(args, args.directory)
    if target is None:
        return BAD_SPEC
    status = OF_A_TARGET[args.command](args, target)
    if getattr(args, "summary", False) and not args.json:
        sys.stdout.write(_summary(target, rules, began))
    return status


def main(arguments: list[str] | None = None) -> int:
    began = time.perf_counter()
    parser = usage.parser()
    args = parser.parse_args(arguments)
    folders = {"new": (), "lsp": (), "diff": ("old", "new"), "trace": ("spec",)}.get(
        args.command, ("directory",)
    )
    for folder in (getattr(args, name) for name in folders):
        if folder is not None and not os.path.isdir(folder):
            parser.error(f"{folder}: not a folder; a spec is a folder of YAML files")
    try:
        code = _run(args, began)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader of our output went away (flue table | head); nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except KeyboardInterrupt:
        return BAD_USE
    except OSError as e:
        name = e.filename2 or e.filename
        return _refused(f"{name}: {e.strerror}" if name else e)
    except Exception as e:
        return _stumbled(e)


def _stumbled(e: Exception) -> int:
    """The stages' own exceptions say what is wrong with the surroundings: no ragel, no graphviz."""
    if type(e).__module__.startswith(f"{__package__}."):
        return _refused(e)
    if os.environ.get("FLUE_DEBUG"):
        raise e
    what = f"{type(e).__name__}: {e}"
    return _refused(
        f"a mistake of the compiler, please report it: {what} (FLUE_DEBUG=1 shows where)"
    )


def _refused(why: Exception | str) -> int:
    sys.stderr.write(f"flue: {why}\n")
    return BAD_USE
