# SPDX-License-Identifier: BSD-2-Clause
"""Every word as every name: a spec whose names are exchanged for words that mean something already, in C,
C++, Ragel, the language of specs, or as an identifier that is generated for this very spec.

    python3 tests/fuzz/names.py --seconds 45 --rounds 12      the test: as many as fit, 12 at least
    python3 tests/fuzz/names.py --all                         each word as each sort of name; hours
    python3 tests/fuzz/names.py --only rich/117               one round again

A round gives each sort of name a word of its own. The check either refuses a word, in a finding that
names it, or lets it pass; then all that passed is generated, and the C and a C++ program compile.
In as many rounds as there are words each word was each sort of name once.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

import yaml
from change import SCHEMA, positions
from compiler import ROOT, Found, checked, compiles, judged, trees

from flue.ranges import COUNT, POSITIVE, seconds

SPECS = [ROOT / "tests/codegen/rich", ROOT / "tests/links/spec", ROOT / "tests/codegen/numbers"]
SPECS += [ROOT / "tests/codegen/queue", ROOT / "tests/codegen/keys"]
C = """
    alignas alignof auto bool break case char const constexpr continue default do double else enum extern
    false float for goto if inline int long nullptr register restrict return short signed sizeof static
    static_assert struct switch thread_local true typedef typeof typeof_unqual union unsigned void
    volatile while asm fortran errno linux unix main NULL offsetof size_t uint8_t int64_t _Bool _Atomic
    assert memcpy memset stdin stdout stderr EOF INT_MAX UINT32_MAX
"""
CPP = """
    and and_eq bitand bitor catch class compl concept consteval constinit const_cast co_await co_return
    co_yield decltype delete dynamic_cast explicit export friend mutable namespace new noexcept not not_eq
    operator or or_eq private protected public reinterpret_cast requires static_cast template this throw
    try typeid typename using virtual wchar_t xor xor_eq char8_t char16_t final override import module std
"""
RAGEL = """
    action access any ascii extend alpha digit alnum lower upper xdigit cntrl graph print punct space zlen
    empty machine include import write data exec init noerror nofinal noprefix error exports export start
    first_final en getkey variable prepush postpop alphtype contained when inwhen outwhen lerr err eof from
    to fpc fc fcurs ftargs fentry fhold fexec fgoto fcall fret fnext fbreak p pe cs ts te act top stack
    longest_match
"""
HOST_KEYS = {"host", "struct"}
USES = {
    "when",
    "defaults",
    "results",
    "refuse",
    "roll_up",
    "state_used",
}  # of names given elsewhere


def sorts_of_names(files: dict) -> dict[tuple, set[str]]:
    """The names that a spec gives, by the sort of name: ("states", "*"), ("operations", "*")."""
    found: dict[tuple, set[str]] = {}
    for tree in files.values():
        for place, position, _ in positions(tree, SCHEMA):
            if USES.intersection(position):
                continue
            if position and position[-1] == "*" and isinstance(place[-1], str):
                found.setdefault(position, set()).add(place[-1])
            elif position in (("target",), ("object",), ("node",)):
                found.setdefault(position, set()).add(tree[position[0]])
            elif position and position[-1] in HOST_KEYS:
                text = tree
                for step in place:
                    text = text[step]
                found.setdefault(position[-1:], set()).add(text.split(".")[-1])
    return found


def language() -> set[str]:
    """The words that the schema knows: keys, and values of a fixed choice."""
    words: set[str] = set()

    def walk(schema) -> None:
        if isinstance(schema, dict):
            words.update(schema.get("properties", ()))
            words.update(w for w in schema.get("enum", ()) if isinstance(w, str))
            for inner in schema.values():
                walk(inner)
        elif isinstance(schema, list):
            for inner in schema:
                walk(inner)

    walk(SCHEMA)
    return words


def exchanged(value, words: dict[str, str], hosts: dict[str, str], key: str = ""):
    """The tree with names exchanged; what a doc says, and what the host calls it, are no names of specs."""
    if isinstance(value, dict):
        return {exchanged(k, words, hosts): exchanged(v, words, hosts, k) for k, v in value.items()}
    if isinstance(value, list):
        return [exchanged(v, words, hosts, key) for v in value]
    if not isinstance(value, str) or key == "doc":
        return value
    names = hosts if key in HOST_KEYS else words
    return ".".join(names.get(part, part) for part in value.split("."))


def generated_words(spec: Path) -> set[str]:
    """The identifiers of what is generated for a spec, and what a name may add to a prefix to become one."""
    target = checked(spec)
    identifiers: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="flue-names-") as folder:
        compiles(target, Path(folder))
        for path in Path(folder, "out").glob("*.[ch]"):
            text = re.sub(r"/\*.*?\*/|\"[^\"\n]*\"", " ", path.read_text("utf-8"), flags=re.S)
            identifiers.update(re.findall(r"[A-Za-z_]\w*", text))
    words = set(identifiers)
    prefixes = [target.name, *(f"{target.name}_{o.name}" for o in target.objects)]
    for word in identifiers:
        words.update(
            word[len(p) + 1 :]
            for p in prefixes
            if word.lower().startswith(f"{p}_") and len(word) > len(p) + 1
        )
    return words


class Names:
    """One spec, its names by sort, and the words that they are exchanged for."""

    def __init__(self, spec: Path) -> None:
        self.spec = spec
        self.files = trees(spec)
        taken = language()
        sorts = sorts_of_names(self.files)
        every = [n for names in sorts.values() for n in names]
        # A name of two sorts would be exchanged as both.
        self.names = {
            sort: sorted(n for n in names if n not in taken and every.count(n) == 1 and len(n) > 1)
            for sort, names in sorted(sorts.items())
        }
        self.names = {sort: names for sort, names in self.names.items() if names}
        self.words = sorted(
            {*C.split(), *CPP.split(), *RAGEL.split(), *taken, *generated_words(spec), *every}
        )

    def round(self, number: int) -> dict[str, tuple[bool, str]]:
        """Old name -> (the host's?, new word); so spread that each sort meets each word once in a cycle."""
        chosen = {}
        stride = max(1, len(self.words) // len(self.names))
        for i, (sort, names) in enumerate(self.names.items()):
            word = self.words[(number + i * stride) % len(self.words)]
            host = sort[-1] in HOST_KEYS
            name = names[number % len(names)]
            pattern = r"[A-Za-z]\w*" if host else r"[a-z][a-z0-9_]*"
            if re.fullmatch(pattern, word) and word != name:
                chosen[name] = (host, word)
        return chosen


def findings(names: Names, chosen: dict, into: Path) -> tuple[object, list[str]]:
    """The model, or what the check says, of the spec with these words."""
    words = {n: w for n, (host, w) in chosen.items() if not host}
    hosts = {n: w for n, (host, w) in chosen.items() if host}
    for name, tree in names.files.items():
        text = yaml.safe_dump(exchanged(tree, words, hosts), sort_keys=False, width=1000)
        (into / name).write_text(text, encoding="utf-8")
    target, report = judged(into)
    return target, [d.text + " " + (d.hint or "") for d in report.diagnostics]


def one_round(names: Names, number: int) -> tuple[int, int]:
    """(words that passed, words that were refused)"""
    chosen = names.round(number)
    refused = 0
    with tempfile.TemporaryDirectory(prefix="flue-names-") as folder:
        spec = Path(folder, "spec")
        spec.mkdir()
        try:
            while True:
                target, said = findings(names, chosen, spec)
                if target is not None and not said:
                    break
                guilty = {
                    n
                    for n, (_, w) in chosen.items()
                    for s in said
                    if re.search(rf"\b{w}\b|{w}_|_{w}", s, re.I)
                }
                if not guilty:
                    raise Found(f"none of {chosen} is named in:\n" + "\n".join(said))
                refused += len(guilty)
                chosen = {n: c for n, c in chosen.items() if n not in guilty}
            compiles(target, spec)
            compiles_in_cpp(target, spec)
        except Found as e:
            raise SystemExit(f"round {names.spec.name}/{number}: {chosen}\n{e}") from e
    return len(chosen), refused


def compiles_in_cpp(target, folder: Path) -> None:
    """What a driver includes is C++, too."""
    program = folder / "driver.cpp"
    program.write_text(f'#include "{target.name}.h"\nint main() {{ return 0; }}\n')
    includes = [f"-I{ROOT}/runtime/include", f"-I{folder}/out"]
    flags = "-std=c++17 -fsyntax-only -Wall -Wextra -Werror".split()
    done = subprocess.run(["c++", *flags, *includes, program], capture_output=True, text=True)
    if done.returncode:
        raise Found(f"it passes the check, but is not C++:\n{done.stderr[:3000]}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Exchange the names of specs for words.")
    parser.add_argument("--rounds", type=POSITIVE, default=12, help="at least so many")
    parser.add_argument("--seconds", type=seconds, default=0, help="and more, as long as that")
    parser.add_argument("--begin", type=COUNT, default=0, help="with this round")
    parser.add_argument("--all", action="store_true", help="one cycle on each spec")
    parser.add_argument("--only", metavar="SPEC/ROUND")
    return parser.parse_args()


def spec_of(name: str) -> Path:
    return next(s for s in SPECS if name in (s.name, s.parent.name))


def main() -> None:
    args = arguments()
    if args.only:
        name, number = args.only.split("/")
        print(one_round(Names(spec_of(name)), int(number)))
        return
    begun, rounds, passed, refused = time.monotonic(), 0, 0, 0
    subjects = [Names(s) for s in SPECS]
    last = max(len(n.words) for n in subjects) if args.all else args.rounds
    # Words next to each other are alike, so a run that is cut short takes them from everywhere.
    for number in range(args.begin, 10**9):
        enough = rounds >= last * (len(subjects) if args.all else 1)
        if enough and (args.all or time.monotonic() - begun >= args.seconds):
            break
        for names in subjects if args.all else [subjects[number % len(subjects)]]:
            a, b = one_round(names, number * 7)
            rounds, passed, refused = rounds + 1, passed + a, refused + b
            if rounds % 50 == 0:
                print(f"{rounds} rounds", flush=True)
    print(f"{rounds} specs, {passed} names in {refused} refused")
    if not (passed and refused):
        raise SystemExit("the words are no longer of both sorts")


if __name__ == "__main__":
    main()
