# SPDX-License-Identifier: BSD-2-Clause
"""The command line. Exit status: 0 good, 1 errors in the spec, 2 wrong usage or surroundings."""

from __future__ import annotations

import argparse
import os
import sys
import time

from flue.model import Target

from . import __version__
from .compiler import analyse
from .diagnostics import Report

GOOD, BAD_SPEC, BAD_USE = 0, 1, 2
LETTERS = "ABCDE"  # of the models

_ABOUT = "Compile specs of offloaded state objects into state machines in C."
_EPILOG = """examples:
{}
A spec is a folder with a target file, a node file and a file for each object. spec/tutorial.md
teaches the language; spec/reference.md has every key, spec/rules.md every [rule] with its cure.

exit status: 0 good, 1 errors in the spec, 2 wrong usage or surroundings
"""
_EXAMPLES = {
    "check": """
  flue check spec/chimney                       every rule; silent if all is well
  flue check spec/chimney --json                the findings, for tools
  flue check spec/chimney --summary             what there is, and how long it took
""",
    "generate": """
  flue generate spec/chimney --out build/gen    the C files (--depfile F for make and ninja)
  flue generate spec/chimney --out build/gen --suite   with a test of every transition
""",
    "device": """
  flue device spec/example --out build/gen      a software NIC for it, driven by drivers/device
""",
    "graph": """
  flue graph spec/chimney --out build/graph     a state diagram of each object, as SVG
  flue graph spec/example --format mermaid      the same as text, for a page
""",
    "promela": """
  flue promela spec/chimney --out build/models  the models that verify looks through, for SPIN
""",
    "verify": """
  flue verify spec/chimney                      every model to its end; minutes on two cores
  flue verify spec/chimney --quick --model A    smaller bounds, one object of each kind only
  flue verify spec/mine --replay build/wrong    what is wrong, as scripts for the compiled C
""",
    "simulate": """
  flue simulate spec/example --seeds 2000 --jobs 2   histories, each with faults of its own
  flue simulate spec/mine --seed 17 --trace          one of them, each step as a line
""",
    "table": """
  flue table spec/chimney                       every state and event, and the line that decides
  flue table spec/chimney path                  of this object only
""",
}


_NUMBERS = {
    "seeds": "so many histories; 1000 if nothing is said",
    "first": "the seed to begin with; 0 if nothing is said",
    "seconds": "no more than so long, after the first 50",
    "jobs": "processes at a time",
    "seed": "only this one; if it fails, the fewest decisions that do, as a timeline",
}


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("directory", metavar="DIR", help="folder of the spec files")
    common.add_argument("--json", action="store_true", help="print findings as JSON, on stdout")
    common.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="color the findings"
    )
    return common


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="flue",
        description=_ABOUT,
        epilog=_EPILOG.format("".join(_EXAMPLES.values()).replace("\n\n", "\n").strip("\n") + "\n"),
        formatter_class=raw,
    )
    top.add_argument("--version", action="version", version=f"flue {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add = lambda name, about: commands.add_parser(
        name,
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        epilog=f"examples:{_EXAMPLES[name]}",
        formatter_class=raw,
        parents=[_common()],
    )
    check = add("check", "report everything that is wrong with a spec")
    check.add_argument("--summary", action="store_true", help="say what was checked, and the time")
    generate = add("generate", "check a spec, then write the C files")
    generate.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    generate.add_argument("--depfile", metavar="FILE", help="what the files depend on, for make")
    generate.add_argument("--suite", action="store_true", help="also a test of every transition")
    generate.add_argument("--device", action="store_true", help="also a software NIC, as device")
    generate.add_argument("--simulate", action="store_true", help="also histories, as simulate")
    generate.add_argument("--summary", action="store_true", help="say what was done, and the time")
    generate.add_argument(
        "--list", action="store_true", help="print the target's file and what would be written"
    )
    device = add("device", "write a software NIC for a target")
    device.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    graph = add("graph", "draw the state diagram of each object")
    graph.add_argument("--format", choices=("svg", "dot", "mermaid"), default="svg")
    graph.add_argument("--out", metavar="DIR", help="folder for the files; else stdout, or .")
    promela = add("promela", "write models of a spec for SPIN")
    promela.add_argument("--out", metavar="DIR", required=True, help="folder for the models")
    verify = add("verify", "check the models of a spec with SPIN")
    verify.add_argument(
        "--jobs",
        metavar="N",
        type=int,
        help="searches at a time; else as cores and memory are there",
    )
    verify.add_argument("--model", choices=LETTERS, help="only A, B, C, D or E")
    verify.add_argument(
        "--replay", metavar="DIR", help="write what is wrong as scripts; tests/tie plays them"
    )
    for sub in (promela, verify):
        sub.add_argument(
            "--quick",
            action="store_true",
            help="smaller bounds: a minute for five states, a quarter of an hour for sixteen",
        )
        sub.add_argument("--truth", metavar="DIR", help="spec that says what the hardware does")
    simulate = add("simulate", "play histories of a host and a device with faults")
    for name, about in _NUMBERS.items():
        simulate.add_argument(f"--{name}", metavar="N", type=int, help=about)
    simulate.add_argument("--trace", action="store_true", help="with --seed: each step as a line")
    simulate.add_argument("--out", metavar="DIR", help="keep program and C files in this folder")
    table = add("table", "print every state and event, with the line that decides each pair")
    table.add_argument("object", metavar="OBJECT", nargs="?", help="only this object")
    return top


def _use_color(choice: str, stream) -> bool:
    if choice == "auto":
        return stream.isatty() and not os.environ.get("NO_COLOR")
    return choice == "always"


def _checked(args: argparse.Namespace, report: Report) -> tuple[Target | None, int]:
    """Load and check; tells what was found. The target is None if there are errors."""
    target, rules = analyse(args.directory, report)
    if args.json:
        sys.stdout.write(report.json())
    else:
        report.print(sys.stderr, _use_color(args.color, sys.stderr))
    return target, rules


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
    report.print(sys.stderr, _use_color(args.color, sys.stderr))
    sys.stdout.write("".join(f"{name}\n" for name in found))
    return GOOD if found else BAD_SPEC


def _models(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.promela import catalogue, progress, spin

    if target.decisions:
        return _refused(f"{args.directory}: models do not know operations that are done together")
    truth = analyse(args.truth, Report())[0] if args.truth else target
    if truth is None:
        return _refused(f"{args.truth}: the spec of the hardware has errors")
    bounds = catalogue.QUICK if args.quick else catalogue.Bounds()
    if args.command == "promela":
        paths = catalogue.write(catalogue.models(target, truth, bounds), args.out)
        sys.stdout.write("" if args.json else "".join(f"{path}\n" for path in paths))
        return GOOD
    letters = args.model or LETTERS
    with progress.Progress(sys.stdout) as shown:
        runs = spin.verify(target, truth, letters, args.jobs, bounds, shown.teller)
    progress.show(runs, bounds, sys.stdout)
    if args.replay:
        from flue.backends.promela.replay import write_scripts

        write_scripts(runs, args.replay)
    return GOOD if all(run.good for run in runs) else BAD_SPEC


def _histories(args: argparse.Namespace, target: Target) -> int:
    from .simulate import simulate

    given = {name: getattr(args, name) for name in _NUMBERS if getattr(args, name) is not None}
    words = [word for name, n in given.items() for word in (f"--{name}", str(n))]
    if args.trace and args.seed is None:
        return _refused("--trace shows one history: say which by --seed")
    status = simulate(target, words + ["--trace"] * args.trace, args.out)
    return GOOD if status == 0 else BAD_USE if status == 2 else BAD_SPEC


def _run(args: argparse.Namespace, began: float) -> int:
    if getattr(args, "list", False):
        return _list(args)
    target, rules = _checked(args, Report())
    if target is None:
        return BAD_SPEC
    if args.command == "generate":
        from flue.backends.c.generate import generate

        generate(target, args.out, args.depfile, args.suite, args.device, args.simulate)
    elif args.command == "simulate":
        return _histories(args, target)
    elif args.command == "device":
        from flue.backends.c.generate import generate_device

        generate_device(target, args.out)
    elif args.command in ("promela", "verify"):
        return _models(args, target)
    elif args.command == "graph":
        from flue.backends.docs import graph

        paths = graph.render(target, args.format, args.out)
        sys.stdout.write("" if args.json else "".join(f"{path}\n" for path in paths))
    elif args.command == "table":
        from flue.backends.docs import table

        sys.stdout.write(table.render(target, args.object))
    if getattr(args, "summary", False) and not args.json:
        sys.stdout.write(_summary(target, rules, began))
    return GOOD


def main(arguments: list[str] | None = None) -> int:
    began = time.perf_counter()
    parser = _parser()
    args = parser.parse_args(arguments)
    if not os.path.isdir(args.directory):
        parser.error(f"{args.directory}: not a folder; a spec is a folder of YAML files")
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
