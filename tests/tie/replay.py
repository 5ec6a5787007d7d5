# SPDX-License-Identifier: BSD-2-Clause
"""Counterexamples of the models, played against the C of the spec that is wrong.

    replay.py --build DIR [--cc CC]                     of mutants of three specs
    replay.py --build DIR --spec DIR [--truth DIR]      whatever is wrong with this spec

The spec is compiled; the model finds what is wrong and tells how; the program does the same to the
runtime and must see each step of the model, and in the end what is wrong, in the C. The mutants of
spec/chimney are played by tests/mutation (layer `replay`): against the C of the spec as it was, and
with one word of a script changed, nothing may be seen.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "codegen"))

from replay_tables import write_tables  # noqa: E402

from flue.backends.c import generate as c  # noqa: E402
from flue.backends.promela import catalogue, spin  # noqa: E402
from flue.compiler import analyse  # noqa: E402
from flue.diagnostics import Report  # noqa: E402
from flue.ranges import JOBS  # noqa: E402

PLAYER = ("replay.c", "replay_world.c", "replay_wrong.c")
SEEN = ("step", "send", "status", "final")  # lines that the program compares


def compile_player(target, truth, folder: Path, arguments) -> Path:
    """The target's C, the tables and the player as one program."""
    out = folder / "c"
    c.generate(target, str(out))
    write_tables(target, truth, str(out))
    program = folder / "replay"
    command = [arguments.cc, "-std=c11", "-O0", "-w", "-D_DEFAULT_SOURCE"]
    command += [f"-I{out}", f"-I{HERE}", f"-I{ROOT / 'runtime/include'}"]
    command += sorted(str(p) for p in out.glob("*.c"))
    command += [str(HERE / name) for name in PLAYER]
    command += [str(arguments.build / "runtime/libflue.a"), "-o", str(program)]
    subprocess.run(command, check=True)
    return program


def play(program: Path, script: list[str], loud: bool = False) -> tuple[int, str]:
    path = program.parent / f"script_{abs(hash(tuple(script)))}.txt"
    path.write_text("\n".join(script) + "\n", encoding="utf-8")
    command = [str(program), str(path), *(["loud"] if loud else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout.strip()


def altered(script: list[str]):
    """The same with one word that is not so: each line that must be seen, in turn."""
    for i, line in enumerate(script):
        if line.split()[0] in SEEN:
            yield [*script[:i], line.rsplit(" ", 1)[0] + " otherwise", *script[i + 1 :]]


def seen(program: Path, right: Path | None, script: list[str]) -> tuple[bool, str]:
    """Whether a script is seen in the C of its spec, and only there and only word by word; what the
    program says."""
    code, says = play(program, script, True)
    if code == 0 and right and play(right, script)[0] != 1:
        return False, "it is seen in the C of the right spec, too"
    believed = sum(play(program, other)[0] != 1 for other in altered(script))
    if believed:
        return False, f"{believed} scripts with a wrong word are believed"
    return code == 0, says


def another_target(arguments, folder: Path) -> bool:
    """The same for a target with other operations and nodes, whose spec says too much of a write."""
    arguments.spec, arguments.truth = str(folder / "example"), str(ROOT / "spec/example")
    shutil.copytree(arguments.truth, arguments.spec)
    path = folder / "example/meter.yaml"
    text = path.read_text(encoding="utf-8")
    assert "  write_limits:\n" in text
    text = text.replace("  write_limits:\n", "  write_limits:\n    on_failure: unchanged\n")
    path.write_text(text, encoding="utf-8")
    return one_spec(arguments, folder) == (1, 0)


def an_event(arguments, folder: Path) -> bool:
    """A spec that goes on where the device may have ended the object by itself, and says so."""
    arguments.spec, arguments.truth = str(folder / "rich"), str(ROOT / "tests/codegen/rich")
    shutil.copytree(arguments.truth, arguments.spec)
    path = folder / "rich/gate.yaml"
    text = path.read_text(encoding="utf-8")
    seen = "[{if: is_invalid, to: corrupt}, {to: corrupt, tell: is_spent}]"
    for old, new in ((", hardware: unsure}}", "}}"), (seen, "{to: there, tell: is_spent}")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return one_spec(arguments, folder, "A", "gate") == (1, 0)


def a_handle(arguments, folder: Path) -> bool:
    """A spec that says too much of a command that moves a link of which a handle is told."""
    arguments.spec, arguments.truth = str(ROOT / "tests/links/spec"), str(folder / "links")
    shutil.copytree(arguments.spec, arguments.truth)
    path = folder / "links/policy.yaml"
    text = path.read_text(encoding="utf-8")
    unchanged = "move_out: {carries: [out_sa], undo: old_values, on_failure: unchanged"
    assert text.count(unchanged) == 1
    text = text.replace(unchanged, unchanged.removesuffix(", on_failure: unchanged"))
    path.write_text(text, encoding="utf-8")
    return one_spec(arguments, folder, "A", "policy") == (1, 0)


def one_spec(arguments, folder: Path, letters="AB", kinds="") -> tuple[int, int]:
    """How many counterexamples a spec has, and how many of them are not seen in the C."""
    report = Report()
    target, _ = analyse(arguments.spec, report)
    if target is None:
        sys.exit(report.text())
    truth = analyse(arguments.truth, Report())[0] if arguments.truth else target
    bounds = catalogue.QUICK
    runs = spin.verify(
        target, truth, letters, arguments.jobs, bounds, kinds=kinds, claim="shortest"
    )
    program, missed = compile_player(target, truth, folder, arguments), 0
    right = compile_player(truth, truth, folder / "right", arguments) if arguments.truth else None
    for run in [r for r in runs if r.script]:
        good, says = seen(program, right, run.script)
        missed += not good
        print(f"{run.model.letter}, {run.model.subject}:\n{says}")
    found = sum(bool(r.script) for r in runs)
    print(f"{found} counterexamples, {missed} not seen in the C")
    return found, missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cc", default=os.environ.get("CC", "cc"))
    parser.add_argument("--build", type=Path, default=ROOT / "build/default")
    parser.add_argument("--jobs", type=JOBS, default=os.cpu_count() or 1)
    parser.add_argument("--spec", metavar="DIR", help="a spec of your own")
    parser.add_argument("--truth", metavar="DIR", help="what the hardware does, if otherwise")
    arguments = parser.parse_args()
    os.nice(10)
    with tempfile.TemporaryDirectory(prefix="flue-replay-") as name:
        if arguments.spec:
            return int(one_spec(arguments, Path(name))[1] != 0)
        good = True
        for play_one in (another_target, an_event, a_handle):
            folder = Path(name) / play_one.__name__
            folder.mkdir()
            good &= play_one(arguments, folder)
        return int(not good)


if __name__ == "__main__":
    sys.exit(main())
