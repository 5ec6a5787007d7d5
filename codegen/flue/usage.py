# SPDX-License-Identifier: BSD-2-Clause
"""The words of the command line: each command with what it takes, and examples."""

from __future__ import annotations

import argparse

from . import __version__
from .ranges import JOBS, POSITIVE, SEED, Whole

LETTERS = "ABCDE"  # of the models
FORMATS = ("text", "json", "chrome", "html")  # of a trace

_ABOUT = "Compile specs of offloaded state objects into state machines in C."
_EPILOG = """examples:
{}
A spec is a folder with a target file, a node file and a file for each object. spec/tutorial.md
teaches the language; spec/reference.md has every key, spec/rules.md every [rule] with its cure.

exit status: 0 good, 1 errors in the spec, 2 wrong usage or surroundings; of diff also
3 the driver must change, 4 the host must, 5 both
"""
_STATUS = "0 good, 1 errors in the spec, 2 wrong usage or surroundings"
STATUS = {
    "check": _STATUS,
    "generate": _STATUS,
    "device": _STATUS,
    "graph": _STATUS,
    "docs": _STATUS,
    "table": _STATUS,
    "promela": _STATUS,
    "verify": f"{_STATUS}; 1 also where a search finds something or is not complete",
    "simulate": f"{_STATUS}; 1 also where a history fails",
    "play": f"{_STATUS}; 1 also where a line of a script cannot be",
    "diff": f"{_STATUS}; where both are good 0 compatible, 3 the driver must change, 4 the host\nmust, 5 both",
    "trace": f"{_STATUS}; 1 also where the file is damaged",
    "new": "0 good, 2 wrong usage or surroundings: nothing was written",
    "lsp": "0 the editor has ended it, 2 wrong usage or surroundings",
}
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
    "docs": """
  flue docs spec/chimney --out site             site/chimney.html: all of it, to be clicked through
""",
    "promela": """
  flue promela spec/chimney --out build/models  the models that verify looks through, for SPIN
""",
    "verify": """
  flue verify spec/chimney                      every model to its end; minutes on two cores
  flue verify spec/chimney --quick --model A    smaller bounds, one object of each kind only
  flue verify spec/mine --model B --only trees  not where dependents are reached
  flue verify spec/mine --replay build/wrong    what is wrong, as scripts for the compiled C
""",
    "simulate": """
  flue simulate spec/example --seeds 2000 --jobs 2   histories, each with faults of its own
  flue simulate spec/mine --seed 17 --trace          one of them, each step as a line
  flue simulate spec/mine --seed 17 --trace-file t   the same for flue trace; if it fails, the fewest steps
  flue simulate spec/mine --seed 17 --shrink h       the fewest steps, to be edited; --history h plays them
  flue simulate spec/mine --checks mine.c            with what must hold of this target besides
""",
    "new": """
  flue new tunnel                               asks what objects there are, and writes ./tunnel
  flue new tunnel --object port --object sa:port --object 'policy:port,in_sa=sa,out_sa=sa?'
""",
    "play": """
  flue play spec/example                        ask for things, let commands fail, and look
  flue play spec/example --script story.txt     the same from a file; else from stdin
  flue play spec/example --record story.txt     keep what is typed, to be played again
""",
    "diff": """
  flue diff old/spec/ipsec spec/ipsec           what changed for hosts, for drivers, in behaviour
  flue diff v1 v2 --json                        the same for tools; the exit status is the verdict
""",
    "trace": """
  flue trace driver.trace                       each step as a line; of a damaged file what there is
  flue trace driver.trace --spec spec/mine      refused, if it is of another spec
  flue trace driver.trace --format html --out t.html     a page to look around in, without a network
  flue trace driver.trace --format chrome --out t.json   for chrome://tracing and ui.perfetto.dev
""",
    "lsp": """
  flue lsp                                      started by an editor; editors/ has one that does
""",
    "table": """
  flue table spec/chimney                       every state and event, and the line that decides
  flue table spec/chimney path                  of this object only
""",
}


# The program of the histories has the same bounds (drivers/simulate/main.c).
SIMULATE_NUMBERS = {
    "seeds": ("so many histories; 1000 if nothing is said", POSITIVE),
    "first": ("the seed to begin with; 0 if nothing is said", Whole(0, SEED)),
    "seconds": ("no more than so long, after the first 50", POSITIVE),
    "jobs": ("processes at a time, up to 64", Whole(1, 64)),
    "seed": (
        "only this one; if it fails, the fewest decisions that do, as a timeline",
        Whole(0, SEED),
    ),
}


SIMULATE_FILES = {
    "trace-file": "of one: write each step for flue trace",
    "shrink": "with --seed: if it fails, write the fewest decisions that do",
    "history": "only this one: such a file, as it is or edited",
}


def _manners(about_json: str) -> argparse.ArgumentParser:
    manners = argparse.ArgumentParser(add_help=False)
    manners.add_argument("--json", action="store_true", help=about_json)
    manners.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="color the findings"
    )
    return manners


_FILES = "print the files that are there now"
_JSON = {
    "check": "print the findings",
    "generate": _FILES,
    "device": _FILES,
    "docs": _FILES,
    "promela": _FILES,
    "graph": f"{_FILES} (dot and mermaid without --out: the texts)",
    "table": "print a record for each state and event",
    "verify": "print each search",
    "simulate": "print the counts, and the seed that fails",
    "play": "print each line of a script, and what came of it",
}


def _common(command: str) -> argparse.ArgumentParser:
    about = f"{_JSON[command]} as JSON, on stdout; findings, if a spec has errors"
    common = argparse.ArgumentParser(add_help=False, parents=[_manners(about)])
    common.add_argument("directory", metavar="DIR", help="folder of the spec files")
    return common


def simulation() -> argparse.ArgumentParser:
    """What the program of the histories takes, but for --json."""
    words = argparse.ArgumentParser(add_help=False)
    for name, (about, bounds) in SIMULATE_NUMBERS.items():
        words.add_argument(f"--{name}", metavar="N", type=bounds, help=about)
    words.add_argument("--trace", action="store_true", help="of one: each step as a line")
    words.add_argument("--arms", action="store_true", help="say how many arms were tried")
    for name, about in SIMULATE_FILES.items():
        words.add_argument(f"--{name}", metavar="FILE", help=about)
    return words


def _of_diff() -> argparse.ArgumentParser:
    """It reads two specs."""
    words = argparse.ArgumentParser(
        add_help=False, parents=[_manners("print changes, or findings, as JSON, on stdout")]
    )
    words.add_argument("old", metavar="OLD", help="folder of the spec files as they were")
    words.add_argument("new", metavar="NEW", help="folder of the spec files as they are")
    return words


def _of_new() -> argparse.ArgumentParser:
    """It reads no spec: there is none yet."""
    words = argparse.ArgumentParser(add_help=False)
    words.add_argument("--json", action="store_true", help="print the files as JSON, on stdout")
    words.add_argument("name", metavar="NAME", help="of the target, as in C")
    words.add_argument(
        "--object",
        metavar="NAME[:LINK,...]",
        action="append",
        help="a kind of object, and what it links to: KIND, NAME=KIND, with a ? if it may be missing",
    )
    return words


def _of_trace() -> argparse.ArgumentParser:
    """It reads what a recorder wrote; the spec may be there, too."""
    words = argparse.ArgumentParser(
        add_help=False, parents=[_manners("print the events as JSON, on stdout")]
    )
    words.add_argument("file", metavar="FILE", help="written by flue_recorder_write()")
    words.add_argument("--format", choices=FORMATS, help="text, if nothing is said")
    words.add_argument("--out", metavar="FILE", help="write to this file; else to stdout")
    words.add_argument("--spec", metavar="DIR", help="folder of the spec files it must be of")
    return words


def _add_models(add) -> None:
    """The commands that look through models."""
    promela = add("promela", "write models of a spec for SPIN")
    promela.add_argument("--out", metavar="DIR", required=True, help="folder for the models")
    verify = add("verify", "check the models of a spec with SPIN")
    verify.add_argument(
        "--jobs",
        metavar="N",
        type=JOBS,
        help="searches at a time; else as cores and memory are there",
    )
    verify.add_argument("--model", choices=LETTERS, help="only A, B, C, D or E")
    verify.add_argument(
        "--only",
        metavar="NAME",
        default="",
        help="only of this kind, or `trees`, `reaching`, `transfers`",
    )
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


def parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="flue",
        description=_ABOUT,
        epilog=_EPILOG.format("".join(_EXAMPLES.values()).replace("\n\n", "\n").strip("\n") + "\n"),
        formatter_class=raw,
    )
    top.add_argument("--version", action="version", version=f"flue {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add = lambda name, about, *parents: commands.add_parser(
        name,
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        epilog=f"examples:{_EXAMPLES[name]}\nexit status: {STATUS[name]}\n",
        formatter_class=raw,
        parents=parents or [_common(name)],
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
        "--list", action="store_true", help="print the target's file and what --out would get"
    )
    device = add("device", "write a software NIC for a target")
    device.add_argument("--out", metavar="DIR", required=True, help="folder for the files")
    graph = add("graph", "draw the state diagram of each object")
    graph.add_argument(
        "--format", choices=("svg", "dot", "mermaid"), default="svg", help="svg, if nothing is said"
    )
    graph.add_argument(
        "--out", metavar="DIR", help="folder for the files; else stdout, or . for svg"
    )
    docs = add("docs", "write a page to look around in: machines, commands, layouts")
    docs.add_argument("--out", metavar="DIR", required=True, help="folder for the page")
    _add_models(add)
    about = "play histories of a host and a device with faults"
    simulate = add("simulate", about, _common("simulate"), simulation())
    simulate.add_argument("--checks", metavar="FILE", help="C functions that look on as well")
    simulate.add_argument("--out", metavar="DIR", help="keep program and C files in this folder")
    play = add("play", "a session with a target, over the software NIC made of it")
    play.add_argument("--script", metavar="FILE", help="lines from this file; else from stdin")
    play.add_argument("--record", metavar="FILE", help="write each line that can be: a script")
    play.add_argument("--trace-file", metavar="FILE", help="write each step for flue trace")
    new = add("new", "write a target to begin with: spec, driver, host, tests", _of_new())
    new.add_argument("--dir", metavar="DIR", help="where to; else the folder NAME")
    add("diff", "say what changed between two specs, and for whom", _of_diff())
    add("trace", "show what a recorder has written: steps, with their time", _of_trace())
    add(
        "lsp",
        "serve an editor, by the Language Server Protocol",
        argparse.ArgumentParser(add_help=False),
    )
    table = add("table", "print every state and event, with the line that decides each pair")
    table.add_argument("object", metavar="OBJECT", nargs="?", help="only this object")
    return top
