# SPDX-License-Identifier: BSD-2-Clause
"""The tables of mutants, held against mutants.schema.json; what is wrong is said with its place.

    mutates: runtime                          what is changed: a module of subjects/
    mutants:
      - name: completed-twice                 its id, in all tables
        what: a tree is completed twice       what is broken, for people
        found_by: [histories]                 all the layers that must find it; none: nobody may
        edits:
          - file: runtime/src/request.c
            replace: |                        see edits.py
              t->spec->complete(...);
            with: |
              ...
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from jsonschema import validators

from mutation.located import Illegal, Places, read

HERE = Path(__file__).resolve().parent
TABLES = HERE / "tables"
SCHEMA = json.loads((HERE / "mutants.schema.json").read_text(encoding="utf-8"))
SUBJECTS = tuple(branch["$ref"].rsplit("/", 1)[1] for branch in SCHEMA["oneOf"])


@dataclass(frozen=True)
class Edit:
    file: str
    replace: str
    text: str  # what comes there
    where: str  # file, line and column of the entry in its table


@dataclass(frozen=True)
class Mutant:
    name: str
    what: str
    subject: str
    found_by: tuple[str, ...]
    edits: tuple[Edit, ...]
    where: str
    also: tuple[str, ...] = ()  # layers that are asked, too, though they are dear
    histories: int = 0  # that are played at the most
    plays: str = "chimney"  # the spec of which `histories` are
    kind: str = ""  # the object that model A looks at
    not_replayed: str = ""  # why its counterexample is not played against the C


def load(folder: Path = TABLES) -> list[Mutant]:
    """All mutants of all tables; Illegal with all that is wrong with them."""
    out: list[Mutant] = []
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            out += _table(path)
        except Illegal as error:
            wrong.append(str(error))
    wrong += _twice(out)
    if wrong or not out:
        raise Illegal("\n".join(wrong or [f"{folder}: no tables are there"]))
    return out


def _table(path: Path) -> list[Mutant]:
    data, places = read(path)
    subject = data.get("mutates") if isinstance(data, dict) else None
    if subject not in SUBJECTS:
        where = places.value("mutates") if subject else places.value()
        raise Illegal(f"{where}: a table says what it mutates: one of {', '.join(SUBJECTS)}")
    validator = validators.validator_for(SCHEMA)(SCHEMA)
    errors = validator.evolve(schema=SCHEMA["$defs"][subject]).iter_errors(data)
    wrong = sorted({x for error in errors for x in _findings(error, places)}, key=_line)
    wrong = wrong or [x for i, m in enumerate(data["mutants"]) for x in _senseless(m, i, places)]
    if wrong:
        raise Illegal("\n".join(wrong))
    return [_mutant(entry, subject, i, places) for i, entry in enumerate(data["mutants"])]


def _line(finding: str) -> tuple[int, int]:
    line, column = finding.split(": ", 1)[0].rsplit(":", 2)[1:]
    return int(line), int(column)


def _findings(error, places: Places):
    """What the library found, in our words; an error of it may be several findings."""
    path, value = tuple(error.absolute_path), error.instance
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in value.keys() - known.keys():
            where = places.key(*path, key)
            yield f'{where}: unknown key "{key}"; known here: {", ".join(known)}'
    elif error.validator == "required":
        for key in error.schema["required"]:
            if key not in value:
                yield f'{places.value(*path)}: the key "{key}" is missing'
    elif error.validator == "enum":
        yield f'{places.value(*path)}: "{value}" is none of {", ".join(error.schema["enum"])}'
    elif error.validator in ("pattern", "maxLength") and "title" in error.schema:
        yield f'{places.value(*path)}: "{value}" is not {error.schema["title"]}'
    else:
        yield f"{places.value(*path)}: {error.message}"


def _senseless(entry: dict, number: int, places: Places):
    """What the schema cannot say."""
    at = ("mutants", number)
    if bool(entry["found_by"]) != bool(entry["edits"]):
        text = "what changes something has somebody who finds it, what changes nothing has nobody"
        yield f"{places.key(*at, 'found_by')}: {text}"
    for i, edit in enumerate(entry["edits"]):
        if edit["replace"].split() == edit["with"].split():
            yield f"{places.key(*at, 'edits', i, 'with')}: the text is as it was"
    if "not_replayed" in entry and "replay" in entry["found_by"]:
        yield f"{places.key(*at, 'not_replayed')}: but \"found_by\" says that it is"


def _mutant(entry: dict, subject: str, number: int, places: Places) -> Mutant:
    at = ("mutants", number)
    edits = tuple(
        Edit(e["file"], e["replace"], e["with"], places.key(*at, "edits", i, "replace"))
        for i, e in enumerate(entry["edits"])
    )
    more = {k: v for k, v in entry.items() if k in ("histories", "plays", "kind", "not_replayed")}
    more["also"] = tuple(entry.get("also", ()))
    where = places.value(*at)
    found_by = tuple(entry["found_by"])
    return Mutant(entry["name"], entry["what"], subject, found_by, edits, where, **more)


def _twice(mutants: list[Mutant]):
    first: dict[str, Mutant] = {}
    for mutant in mutants:
        other = first.setdefault(mutant.name, mutant)
        if other is not mutant:
            yield f'{mutant.where}: "{mutant.name}" is the name of another one, at {other.where}'
