# SPDX-License-Identifier: BSD-2-Clause
"""A spec as plain data, and its shape and names: the first part of the second reading.

Written from spec/reference.md, spec/rules.md and the schema alone. Nothing of codegen/flue/check or of the
resolver is used, nor looked at: where the two readings differ, one of them is wrong.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[2]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SCHEMA = json.loads((ROOT / "spec/schema/flue.schema.json").read_text(encoding="utf-8"))
CLASSES = ("const", "cached", "delegated")
ASKED = "request"  # kept nowhere
HOSTS = (*CLASSES, ASKED)
CHOSEN = "device"  # by the hardware; in no structure of the host's
NOTED = "machine"  # by arms; there neither
OWN_EVENTS = ("done", "failed", "reset", "restore")
DECISIONS = ("commit", "abort")  # where something is done by all nodes of a request or by none
INTEGERS = {f"{s}{b}": b // 8 for s in "ui" for b in (8, 16, 32, 64)}
PASSED = ("object_handle", "target_handle", "code", "detail", "data", "node")
HANDLE = "handle"
BEFORE = "before"  # where an object rested when it became busy
PARENT = "parent"  # tells a link where no handle does
VERBS = ("send", "plan", "undo")
WHOLE = ("refuse", "stay", "defer")


class Wrong(Exception):
    """What a reading says against a spec: a word for the class, and a sentence."""


def no(word: str, text: str):
    raise Wrong(f"{word}: {text}")


def must(holds, word: str, text: str) -> None:
    """Refuse the spec unless `holds`: `word` is the subject, `text` what is wrong in this one."""
    if not holds:
        no(word, text)


def listed(value) -> list:
    """A list, or a single word for a list of one; nothing for a list of none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def written(words) -> list[str]:
    """States as they are written: those that are made of one say from where it is entered, too."""
    return [word.partition(" ")[0] for word in listed(words)]


def read(folder: Path) -> dict[str, dict]:
    """File name: its tree."""
    paths = sorted(folder.glob("*.yaml"))
    return {p.name: yaml.load(p.read_text(encoding="utf-8"), LOADER) for p in paths}


_VALIDATORS = {
    kind: jsonschema.Draft202012Validator(
        {**SCHEMA["$defs"][f"{kind}_file"], "$defs": SCHEMA["$defs"]}
    )
    for kind in ("target", "node", "object")
}


def _number(status: dict) -> bool:
    return status["value"] != "unknown" and "only" not in status


class Spec:
    """The three sorts of files, told apart by their top keys; the shape is as the schema says."""

    def __init__(self, trees: dict[str, dict]):
        kinds: dict[str, list[dict]] = {"target": [], "node": [], "object": []}
        for name, tree in trees.items():
            found = [k for k in kinds if isinstance(tree, dict) and k in tree]
            must(len(found) == 1, "files", f"{name} is no target, node or object")
            kinds[found[0]].append(tree)
            error = next(_VALIDATORS[found[0]].iter_errors(tree), None)
            must(error is None, "shape", f"{name}: {error and error.message[:100]}")
        must(len(kinds["target"]) == 1 and len(kinds["node"]) == 1, "files", "one target, one node")
        self.target, self.node = kinds["target"][0], kinds["node"][0]
        by_name = {o["object"]: o for o in kinds["object"]}
        order = self.target["objects"]
        must(len(set(order)) == len(order), "names", "an object is listed twice")
        must(sorted(order) == sorted(o["object"] for o in kinds["object"]), "names", "objects")
        self.objects = [by_name[n] for n in order]
        for rule in (r for o in self.objects for r in lines(o)):
            if "brought" in rule:  # what is brought counts as a change that is not compared
                both = [*rule.get("changed", []), *rule["brought"]]
                rule["changed"] = list(dict.fromkeys(both))
        for obj in self.objects:
            self._own_times(obj)
        self.operations = self.target["operations"]
        self.statuses = self.target["statuses"]
        together = any("together" in o for o in self.operations.values())
        self.events = (*OWN_EVENTS, *(DECISIONS if together else ()))
        abi = self.target["abi"]
        narrow = abi["structs"] == "natural" and "pointer_bytes" not in abi
        self.word_bytes = abi.get("word_bytes", 8) if narrow else 8

    def good(self, status: str | None) -> bool:
        return bool(status in self.statuses and self.statuses[status].get("good"))

    @property
    def first(self) -> str | None:
        """The first good status that can be given: of what asks for nothing."""
        return next((n for n, s in self.statuses.items() if self.good(n) and _number(s)), None)

    def type(self, name: str) -> dict:
        """A type by its name: what it is made of, how many, and what else is said of it."""
        declared = self.target.get("types", {})
        if name in declared:
            t = declared[name]
            base = t["is"]
            size = self.word_bytes if base == "pointer" else INTEGERS[base]
            return {
                "base": base,
                "bytes": size,
                "count": 1,
                "array": False,
                **t,
                "bytes_of": t.get("bytes"),
                "size": size,
            }
        if name == HANDLE:
            return {"base": HANDLE, "size": 8, "count": 1, "array": False}
        found = re.fullmatch(r"([ui](?:8|16|32|64))(?:\[([1-9][0-9]*)\])?", name)
        must(found, "names", f"unknown type {name}")
        size = INTEGERS[found[1]]
        return {
            "base": found[1],
            "size": size,
            "count": int(found[2] or 1),
            "array": bool(found[2]),
        }

    def _own_times(self, obj: dict) -> None:
        """An age that is held against a variable is a comparison like others."""
        variables = self.variables(obj)
        for c in obj.get("conditions", {}).values():
            than = c.get("than")
            if than in variables and than not in self.target.get("parameters", {}):
                ages = listed(c.pop("older"))
                must(len(ages) == 1 and ages[0] in variables, "age", f"{ages} than {than}")
                age, span = (variables[n][1].get("type") for n in (ages[0], c.pop("than")))
                types = self.target.get("types", {})
                must("kept_as" in types.get(age, {}), "age", f"{ages} is no age")
                must(not {"kept_as", "enum"} & types.get(span, {}).keys(), "age", "no span")
                c.update({"compare": f"own.{ages[0]}", "is": "above", "with": than})

    def condition(self, obj: dict, name: str) -> dict:
        return {**self.target.get("conditions", {}), **obj.get("conditions", {})}[name]

    def variables(self, obj: dict) -> dict[str, tuple[str, dict]]:
        """Name: (class, variable)."""
        classes = (*HOSTS, CHOSEN, NOTED)
        return {n: (k, v) for k in classes for n, v in obj["variables"].get(k, {}).items()}

    def brought(self, klass: str, v: dict) -> list[str]:
        """The operations that bring a variable."""
        found = [n for n, o in self.operations.items() if klass in o.get("brings", [])]
        return [n for n in found if "in" not in v or n in listed(v["in"])]

    def links(self, obj: dict) -> dict[str, dict]:
        """Name: link; the short form has the name of what it leads to."""
        short = obj.get("links_to")
        if short is None:
            return obj.get("links", {})
        return {
            short["object"]: {
                "to": short["object"],
                "by": PARENT,
                "relinked_by": short["relinked_by"],
            }
        }

    def results(self) -> list[str]:
        found = ["timeout", "reset", "gone", "unsure"]
        for obj in self.objects:
            for command in obj["commands"].values():
                found += command.get("answers", ["failure"])
        return list(dict.fromkeys(found))


def plans(obj: dict) -> dict[str, dict]:
    """By their names; `update` is the short form of one."""
    short = {"update": obj["update"]} if "update" in obj else {}
    return {**short, **obj.get("plans", {})}


def lines(obj: dict, plan: str | None = None) -> list[dict]:
    """What a plan says, or all of them: what can be taken back, then what cannot."""
    mine = [p for n, p in plans(obj).items() if plan in (None, n)]
    return [r for key in ("plan", "then") for p in mine for r in p.get(key, [])]


def flags_of(variable: dict) -> dict[str, int]:
    both = {**variable.get("flags", {}), **variable.get("pulses", {})}
    return {n: f["mask"] if isinstance(f, dict) else f for n, f in both.items()}


def arms_of(value) -> list[dict]:
    return value if isinstance(value, list) else [value]


def check_arm(spec: Spec, arm: dict, known: dict) -> None:
    """The keys of an arm fit one another, and its names are known."""
    must(set(arm) - {"if"}, "shape", "an arm does nothing")
    must(sum(v in arm for v in VERBS) <= 1, "shape", "an arm does two things")
    must("retry" not in arm or set(arm) <= {"if", "retry"}, "shape", "something beside retry")
    must(known["to"] or not {"retry", "set"} & set(arm), "shape", "a default tries again, or sets")
    whole = [w for w in WHOLE if w in arm]
    if whole:
        beside = {"if", whole[0]} | ({"mark"} if whole[0] == "defer" else set())
        must(set(arm) <= beside, "shape", f"something beside {whole[0]}")
    for key in ("if", "send", "mark"):
        unknown = [name for name in listed(arm.get(key)) if name not in known[key]]
        must(not unknown, "names", f"unknown {key} {unknown}")
    must(arm.get("clear") in (None, *known["mark"]), "names", "clear")
    must("plan" not in arm or arm["plan"] in known["plan"], "names", "plan")
    undo = arm.get("undo")
    undone = [*known["send"], *known["plan"], *(["all"] if known["to"] else [])]
    must(undo is None or undo in undone, "names", "undo")
    must("to" not in arm or known["to"] is None or arm["to"] in known["to"], "names", "to")
    must(arm.get("status", "from_command") in (*spec.statuses, "from_command"), "names", "status")
    must("refuse" not in arm or arm["refuse"] in spec.statuses, "names", "refuse")


def device_events(obj: dict) -> dict[str, dict]:
    """What the device does by itself to such an object."""
    return obj.get("events", {})


def check_units(spec: Spec, unit: str | None) -> None:
    must(
        unit is None or unit.split("/")[0] in spec.target.get("units", {}), "names", f"unit {unit}"
    )


def variants_of(obj: dict) -> list[str]:
    words = (*HOSTS, "cached_request", "all")
    return [k for k, v in obj["type_codes"].items() if k not in words and isinstance(v, dict)]
