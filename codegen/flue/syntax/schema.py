# SPDX-License-Identifier: BSD-2-Clause
"""The shape of a spec file: held against the JSON Schema that editors use, too.

The jsonschema library finds what is wrong. Here that is said in the words of the language, at its
place in the file; and it is taken out of the tree, so that the later stages can go on.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from dataclasses import dataclass
from typing import TYPE_CHECKING, Sequence, Union

from flue.diagnostics import Report, did_you_mean
from flue.model import Where

from . import slips
from .letters import foreign, latin
from .tree import Located, names_in
from .wording import SAY

if TYPE_CHECKING:
    from jsonschema import ValidationError

PATH = os.path.join(os.path.dirname(__file__), "flue.schema.json")

# Deeper than the schema goes: what lies below is inside of something that is wrong already.
_LEVELS = 32

Path = Sequence[Union[str, int]]  # of keys and list positions, from the root of the tree


@dataclass(frozen=True)
class _Finding:
    path: tuple[str | int, ...]
    where: Where
    rule: str
    text: str
    hint: str
    name: str = ""  # that stands there: where it is declared is said already what is wrong with it

    def report(self, report: Report) -> None:
        if self.name:
            report.missing(self.where, self.rule, self.name, self.text, self.hint)
        else:
            report.error(self.where, self.rule, self.text, self.hint)


@lru_cache(maxsize=None)
def load_schema() -> dict:
    with open(PATH, encoding="utf-8") as stream:
        return json.load(stream)


@lru_cache(maxsize=None)
def _validator():
    """The library's validator. It trusts the schema, which a test checks: that takes a while."""
    from jsonschema import ValidationError, validators

    def pattern(_, text, instance, __):
        # JSON Schema's $ is the very end; Python's would allow a line break before it.
        strict = text.removesuffix("$") + r"\Z" if text.endswith("$") else text
        if isinstance(instance, str) and not re.search(strict, instance):
            yield ValidationError(f"{instance!r} does not match {text!r}")

    library = validators.validator_for(load_schema())
    return validators.extend(library, {"pattern": pattern})(load_schema())


def validate(tree: Located, kind: str, report: Report) -> None:
    """Report every part of `tree` (a target, node or object file) that has the wrong shape.

    A key that is nearly one that is not there counts as that one, once it is reported: so what lies
    below is looked at, and nothing is missed because of it.
    """
    teller = _look(tree, kind)
    while teller.mistyped:
        teller.correct(report)
        teller = _look(tree, kind)
    teller.report(report)


def _look(tree: Located, kind: str) -> _Teller:
    teller = _Teller(tree, kind)
    # The kind is known, so the one part of the schema that is meant is used, not the union.
    branch = load_schema()["$defs"][f"{kind}_file"]
    for error in _validator().evolve(schema=branch).iter_errors(_plain(tree)):
        teller.tell(error)
    return teller


def _plain(tree: Located, levels: int = _LEVELS) -> object:
    """The values without their places, as the library wants them."""
    if levels == 0:
        return None
    if tree.kind == "map":
        return {key: _plain(child, levels - 1) for key, child in tree.value.items()}
    if tree.kind == "list":
        return [_plain(child, levels - 1) for child in tree.value]
    return tree.value


def _fits(schema: dict, value: Located) -> bool:
    return _validator().evolve(schema=schema).is_valid(_plain(value))


class _Teller:
    """Says the library's errors about one tree in our words: a method for each sort of error."""

    def __init__(self, tree: Located, kind: str) -> None:
        self.tree, self.kind = tree, kind
        self.said: list[_Finding] = []
        # Of what, place, key, text, hint.
        self.missing: list[tuple[Path, Where, str, str, str]] = []
        self.mistyped: list[tuple[Located, str, str, _Finding]] = []  # mapping, key, key meant
        self.meant: set[tuple[tuple, str]] = set()  # of what, key that another one stands for
        self.wrong: list[tuple[Located, str | Located]] = []  # a mapping or list, what to take out

    def tell(self, error: ValidationError) -> None:
        path = list(error.absolute_path)
        node = self.tree.at(*path)
        if list(error.schema_path)[-2:-1] == ["propertyNames"]:
            self._bad_name(error, path, node)
        elif error.validator == "additionalProperties":
            self._unknown_keys(error, path, node)
        elif error.validator == "required":
            self._missing_keys(error, path, node)
        elif error.validator == "uniqueItems":
            self._twice(path, node)
        elif not (error.validator == "anyOf" and self._meant(error, node)):
            if path:
                self._take_out(self.tree.at(*path[:-1]), path[-1])
            where, text, hint = SAY[error.validator](error.schema, node)
            if path and path[-1] == self.tree.at(*path[:-1]).hollow:
                hint = "nothing is behind it; what belongs to it is indented further"
            name = node.raw if error.validator == "pattern" else ""
            self._say(path, where, "wrong-type", f"{self._subject(path)} must {text}", hint, name)

    def _say(
        self, path: Path, where: Where, rule: str, text: str, hint: str = "", name: str = ""
    ) -> None:
        self.said.append(_Finding(tuple(path), where, rule, text, hint, name))

    def _take_out(self, parent: Located, step: str | int) -> None:
        self.wrong.append((parent, step if isinstance(step, str) else parent.at(step)))

    def correct(self, report: Report) -> None:
        """Report the keys that are mistyped and nothing else, and put what was meant in their place."""
        for node, key, meant, finding in self.mistyped:
            finding.report(report)
            report.explain({key})
            node.value[meant], node.keys[meant] = node.value.pop(key), node.keys.pop(key)

    def report(self, report: Report) -> None:
        """Report what follows from nothing else, and take out what is wrong."""
        paths = [*(f.path for f in self.said), *(m[0] for m in self.missing)]
        self.wrong += filter(None, map(self._misplaced, paths))
        told = [f for f in self.said if not self._misplaced(f.path)]
        missing = [m for m in self.missing if (tuple(m[0]), m[2]) not in self.meant]
        missing = [m for m in missing if not self._misplaced(m[0])]
        unfit = self._all_unfit(told)
        for path in unfit:
            self._take_out(self.tree.at(*path[:-1]), path[-1])
        first = {f.path[:-1]: f for f in reversed(told)}
        for finding in told:
            above = finding.path[:-1]
            if above not in unfit or finding is first[above]:
                finding.report(report)
        out = self._prune(report)
        for path, where, key, text, hint in missing:
            node = self.tree.get(*path)
            if node is not None and not any(node is one for one in out):
                report.missing(where, "missing-key", key, text, hint)

    def _all_unfit(self, told: list[_Finding]) -> set[Path]:
        """Mappings of which no member is what it is to be: so they are none, and one finding says so."""
        unfit: dict[Path, set] = {}
        for finding in told:
            if len(finding.path) > 1 and finding.rule in ("unknown-key", "wrong-type"):
                unfit.setdefault(finding.path[:-1], set()).add(finding.path[-1])
        return {path for path, keys in unfit.items() if keys == set(self.tree.at(*path).value)}

    def _misplaced(self, path: Path) -> tuple[Located, str] | None:
        """A mapping and its key on the way, if that stands after an empty one and may be its content."""
        for i, step in enumerate(path):
            node = self.tree.at(*path[:i])
            hollow = node.hollow if node.kind == "map" else None
            keys = list(node.value) if hollow is not None else []
            if hollow is not None and keys.index(hollow) < keys.index(step):
                return node, str(step)
        return None

    def _prune(self, report: Report) -> list[Located]:
        """Not earlier than here: the library's paths count the items of lists."""
        out = []
        for parent, child in self.wrong:
            if isinstance(child, str):
                found = parent.value.pop(child, None)
                report.explain(names_in(found, child) if found is not None else ())
                if found is not None and found.kind == "empty":
                    parent.keys.pop(child)  # it is somewhere that it does not belong
            else:
                found = child
                report.explain(names_in(child, latin(child.raw)) if foreign(child.raw) else ())
                parent.value[:] = [c for c in parent.value if c is not child]
            out += [found] if found is not None else []
        return out

    def _subject(self, path: Path) -> str:
        if not path:
            return f"the {self.kind}"
        return f'"{path[-1]}"' if isinstance(path[-1], str) else "this"

    def _bad_name(self, error: ValidationError, path: Path, node: Located) -> None:
        key = error.instance
        text = f'"{key}" is not {error.schema["title"]}'
        seen = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", latin(key)).lower()
        seen = re.sub("_+", "_", seen)
        fits = seen not in node.value and re.search(error.schema["pattern"], seen)
        hint = foreign(key) or (f'did you mean "{seen}"?' if fits else "")
        self._say([*path, key], node.keys[key], "bad-name", text, hint)
        if fits:
            self.mistyped.append((node, key, seen, self.said[-1]))
        self._take_out(node, key)

    def _unknown_keys(self, error: ValidationError, path: Path, node: Located) -> None:
        known = error.schema["properties"]
        unknown = [key for key in node.value if key not in known]
        for key in unknown:
            free = [k for k in known if k not in node.value]
            meant = slips.meant(latin(key), free, error.schema.get("required", ()))
            hint = f'did you mean "{meant}"?' if meant else did_you_mean(key, known)
            hint = foreign(key) or hint or "known here: " + ", ".join(known)
            if key == node.hollow and path:
                hint = f'by its indentation it belongs to "{path[-1]}"'
            elif node.value[key].kind == "empty" and not node.block:
                hint = "if it belongs to the text before the comma: put all of it in quotes"
            self._say([*path, key], node.keys[key], "unknown-key", f'unknown key "{key}"', hint)
            self.meant.add((tuple(path), meant or ""))
            if meant and _fits(known[meant], node.value[key]):
                self.mistyped.append((node, key, meant, self.said[-1]))
            self._take_out(node, key)
        if node.hollow in unknown:
            keys = list(node.value)
            for key in keys[keys.index(node.hollow) :]:
                self._take_out(node, key)

    def _missing_keys(self, error: ValidationError, path: Path, node: Located) -> None:
        # The library has an error for each key, which it does not name; said twice counts once.
        for key in error.validator_value:
            if key not in node.value:
                text = f'{self._subject(path)} lacks the key "{key}"'
                where = node.keys[self.kind] if node is self.tree else node.name_where
                said = error.schema.get("properties", {}).get(key, {}).get("description", "")
                hint = f"{key}: {said.partition('. ')[0].rstrip('.')}" if said else ""
                self.missing.append((path, where, key, text, hint))

    def _twice(self, path: Path, node: Located) -> None:
        seen = set()
        for item in node.each():
            if item.raw and item.raw in seen:
                text = f'"{item.raw}" is in the list twice'
                self._say(path, item.where, "duplicate-item", text)
                self.wrong.append((node, item))
            seen.add(item.raw)

    def _meant(self, error: ValidationError, node: Located) -> bool:
        """Say what is wrong with the one alternative that was meant, if there is such a one."""
        branches: dict[int, list[ValidationError]] = {}
        for part in error.context:
            branches.setdefault(part.schema_path[0], []).append(part)
        fits = {i: b for i, b in branches.items() if not any(map(_of_other_type, b))}
        if node.kind == "text" or not fits:
            return False
        if len(fits) > 1:
            # Alternatives that are mappings differ in the keys they ask for.
            alike = {i: _likeness(error.validator_value[i], node) for i in fits}
            best = max(alike, key=lambda i: alike[i])
            if not alike[best]:
                return False
            fits = {best: fits[best]}
        for part in next(iter(fits.values())):
            self.tell(part)
        return True


def _of_other_type(error: ValidationError) -> bool:
    return not error.relative_path and error.validator in ("type", "const", "enum")


def _likeness(schema: dict, node: Located) -> int:
    """How many of its keys speak for this alternative; 0 if none of those it asks for is there."""
    required = set(schema.get("required", ()))
    if required and not required & node.value.keys():
        return 0
    return len(schema["properties"].keys() & node.value.keys()) if "properties" in schema else 1
