# SPDX-License-Identifier: BSD-2-Clause
"""Runs Ragel twice on every machine: once for XML, compared with the model, once for C.

Ragel takes two transitions on one event and runs both actions, merges states that look alike, and
sends whatever is missing to its error state, all without a word. So nothing is believed: the XML it
writes of the compiled machine must agree with the model on every state, event and answer of the
guards. State numbers of the generated C are the ones found there.

Every state has a letter of its own, PRIVATE + its index, that is never sent: it keeps Ragel from
merging states, and tells which state a number stands for.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PRIVATE = 128
SPACE = 256  # a guarded letter is widened by SPACE << k for the k-th condition of its space
MAJOR = 6
MISSING = (
    "ragel is not installed: version 6 compiles the state machines (Debian: apt install ragel)"
)
_LINE = re.compile(r"^/\* #line \d+ \".*\" \*/\n", re.MULTILINE)
_ARM = re.compile(r"\*arm = (\d+);")


class RagelError(Exception):
    """Ragel is missing, failed, or built another machine than the model says."""


@dataclass(frozen=True)
class Compiled:
    numbers: dict[str, int]  # state name -> Ragel's number
    c: str


@dataclass
class Machine:
    """What Ragel's XML says, by state number and widened letter."""

    transitions: dict[int, dict[int, tuple[int, int]]]  # -> (state number, arm)
    guarded: dict[tuple[int, int], int]  # (state, letter) -> condition space
    spaces: dict[int, tuple[int, list[str]]]  # space -> (base, condition names)
    error: int


def compile_machines(views: list, texts: dict[str, str]) -> dict[str, Compiled]:
    """Compile the .rl texts (by ObjectView.low); all Ragels run side by side."""
    path = find_ragel()
    with tempfile.TemporaryDirectory(prefix="flue-") as folder:
        version = start([path, "--version"], folder)
        running = {}
        for low, text in texts.items():
            Path(folder, f"{low}.rl").write_text(text, encoding="utf-8")
            xml = start([path, "-x", f"{low}.rl"], folder)
            c = start([path, "-G1", "-L", f"{low}.rl", "-o", f"{low}.c"], folder)
            running[low] = (xml, c)
        check_version(finish(version, "--version"))
        out = {}
        for view in views:
            xml, c = running[view.low]
            numbers = compare(view, read_xml(finish(xml, view.low)))
            finish(c, view.low)
            code = Path(folder, f"{view.low}.c").read_text(encoding="utf-8")
            out[view.low] = Compiled(numbers, tidy(code))
        return out


def find_ragel() -> str:
    path = shutil.which("ragel")
    if path is None:
        raise RagelError(MISSING)
    return path


def check_version(text: str) -> None:
    found = re.search(r"version (\d+)\.(\d+)", text)
    if not found or int(found[1]) != MAJOR:
        said = f"{found[1]}.{found[2]}" if found else "of an unknown version"
        raise RagelError(f"ragel {said} is installed: flue needs version {MAJOR}, such as 6.10")


def start(command: list[str], folder: str) -> subprocess.Popen:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True)


def finish(process: subprocess.Popen, what: str) -> str:
    out, err = process.communicate()
    if process.returncode != 0 or err:
        raise RagelError(f"ragel failed on {what}:\n{err.rstrip()}")
    return out


def tidy(code: str) -> str:
    """Ragel's C without the comments that would name lines of the .rl, and its trailing blanks."""
    code = _LINE.sub("", code)
    lines = [line.rstrip() for line in code.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def read_xml(text: str) -> Machine:
    import xml.etree.ElementTree as ElementTree

    machine = ElementTree.fromstring(text).find("ragel_def/machine")
    if machine is None:
        raise RagelError("[ragel-mismatch] there is no machine in Ragel's XML")
    actions = {_id(a): a for a in machine.iter("action")}
    names = {i: a.get("name", "") for i, a in actions.items()}
    arms = {}
    for table in machine.iter("action_table"):
        arms[_id(table)] = _arm(table, actions)
    spaces = {}
    for space in machine.iter("cond_space"):
        base, *conditions = _numbers(space)
        spaces[_id(space)] = (base, [names.get(i, "") for i in conditions])
    out = Machine({}, {}, spaces, int(machine.findtext("error_state", "")))
    for state in machine.iter("state"):
        number = _id(state)
        out.transitions[number] = _transitions(state, arms)
        for c in state.iter("c"):
            low, high, in_space = _numbers(c)
            out.guarded.update({(number, letter): in_space for letter in range(low, high + 1)})
    return out


def _id(element: Element) -> int:
    return int(element.get("id", ""))


def _numbers(element: Element) -> list[int]:
    return [int(x) for x in (element.text or "").split()]


def _arm(table, actions: dict) -> int:
    texts = ["".join(actions[int(i)].itertext()) for i in table.text.split()]
    found = [_ARM.search(text) for text in texts]
    if len(found) != 1 or found[0] is None:
        raise RagelError(f"[ragel-mismatch] one transition runs {len(texts)} actions: {texts}")
    return int(found[0][1])


def _transitions(state, arms: dict[int, int]) -> dict[int, tuple[int, int]]:
    out = {}
    for t in state.iter("t"):
        low, high, to, table = t.text.split()
        arm = 0 if table == "x" else arms[int(table)]
        out.update({x: (int(to), arm) for x in range(int(low), int(high) + 1) if to != "x"})
    return out


def compare(view, machine: Machine) -> dict[str, int]:
    """The numbers of an object's states; raises RagelError where machine and model differ."""
    numbers = state_numbers(view, machine)
    expected: dict[tuple[str, int], list] = {(a.cell.state, a.letter): [] for a in view.arms}
    for arm in view.arms:
        expected[arm.cell.state, arm.letter].append(arm)
    problems = []
    for state, number in numbers.items():
        letters = {x for s, x in expected if s == state} | sent_letters(machine, number)
        for letter in sorted(letters):
            arms = expected.get((state, letter), [])
            problems += compare_pair(machine, numbers, state, letter, arms)
    if problems:
        head = f"[ragel-mismatch] {view.low}: Ragel's machine is not the model's"
        raise RagelError("\n  ".join([head] + problems))
    return numbers


def state_numbers(view, machine: Machine) -> dict[str, int]:
    names = {PRIVATE + s.index: s.name for s in view.obj.states}
    numbers: dict[str, int] = {}
    for number, transitions in machine.transitions.items():
        own = [x for x in transitions if PRIVATE <= x < SPACE]
        if number == machine.error:
            continue
        if len(own) != 1 or own[0] not in names or transitions[own[0]] != (number, 0):
            text = f"[ragel-mismatch] {view.low}: state {number} has the private letters {own}"
            raise RagelError(text)
        numbers[names[own[0]]] = number
    missing = sorted(set(names.values()) - set(numbers))
    if missing or len(numbers) != len(machine.transitions) - 1:
        raise RagelError(f"[ragel-mismatch] {view.low}: states missing in Ragel's XML: {missing}")
    return numbers


def sent_letters(machine: Machine, number: int) -> set[int]:
    """Letters with a transition, with the guards' bits taken off; private ones excluded."""
    plain = {x for x in machine.transitions[number] if x < PRIVATE}
    return plain | {x for s, x in machine.guarded if s == number}


def compare_pair(machine: Machine, numbers, state: str, letter: int, arms: list) -> list[str]:
    """Differences at one (state, letter), over all answers that the guards may give."""
    number = numbers[state]
    base, asked = machine.spaces.get(machine.guarded.get((number, letter), -1), (0, []))
    names = sorted(set(asked) | {a.arm.condition for a in arms if a.arm.condition})
    problems = []
    for answers in product((False, True), repeat=len(names)):
        given = dict(zip(names, answers))
        widened = base + letter + sum(SPACE << k for k, c in enumerate(asked) if given[c])
        found = machine.transitions[number].get(widened, (machine.error, 0))
        arm = next((a for a in arms if a.arm.condition is None or given[a.arm.condition]), None)
        wanted = (numbers[arm.to], arm.number) if arm else (machine.error, 0)
        if found != wanted:
            when = ", ".join(f"{k}: {v}" for k, v in given.items())
            text = f"state {state}, event {letter} ({when or 'no guards'}):"
            problems.append(f"{text} (state, arm) is {found}, should be {wanted}")
    return problems
