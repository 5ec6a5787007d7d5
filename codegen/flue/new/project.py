# SPDX-License-Identifier: BSD-2-Clause
"""A folder with a spec, a driver, a host and tests: written whole, or not at all.

It is made beside its place first, and put there when the compiler is content with the spec.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path

from flue import __version__
from flue.backends.c.format import fit
from flue.backends.templating import environment
from flue.compiler import analyse
from flue.diagnostics import Report
from flue.model import Where
from flue.resolve.reserved import check_reserved
from flue.syntax.schema import PATH as SCHEMA, load_schema

from .shape import CMAKE_NAMES, Kind, NewError, in_order

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SOURCES = (
    "CMakeLists.txt",
    "README.md",
    "driver.h",
    "driver.c",
    "host.h",
    "host.c",
    "main.c",
    "test.c",
)


def create(name: str, kinds: list[Kind], directory: str) -> list[str]:
    """Write it; the names of the files, each within the folder."""
    kinds = in_order(kinds)
    place = Path(directory)
    if os.path.lexists(place) and not (place.is_dir() and not any(place.iterdir())):
        raise NewError(f"{directory} is there already; --dir names another folder")
    if name in CMAKE_NAMES:
        raise NewError(
            f'"{name}" cannot name a target: the word is reserved by CMake, or by what flue builds'
        )
    _check_words(name, kinds)
    texts = _texts(name, kinds)
    with tempfile.TemporaryDirectory(prefix=".flue-new-", dir=_parent(place)) as folder:
        made = Path(folder, "made")
        _write(made, texts)
        _check(made / "spec")
        os.rename(made, place)  # takes the place of an empty folder, too
    return sorted(texts)


def _check_words(name: str, kinds: list[Kind]) -> None:
    """Before files are called by them."""
    shape, report, nowhere = load_schema()["$defs"]["name"], Report(), Where("", 0, 0)
    links = [("link", link.name) for k in kinds for link in k.links]
    for what, word in [("target", name), *(("object", k.name) for k in kinds), *links]:
        if not re.fullmatch(shape["pattern"], word):
            raise NewError(f'"{word}" must be {shape["title"]}')
        check_reserved(report, what, word, nowhere)
    _refuse(report)


def _parent(place: Path) -> str:
    parent = place.resolve().parent
    if not parent.is_dir():
        raise NewError(f"there is no folder {parent}")
    return str(parent)


def _write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _check(spec: Path) -> None:
    """What the compiler has against a name, it says itself."""
    report = Report()
    analyse(str(spec), report)
    _refuse(report)


def _refuse(report: Report) -> None:
    if report.diagnostics:
        said = dict.fromkeys(d.text for d in report.diagnostics)
        raise NewError("\n      ".join(said))


def _texts(name: str, kinds: list[Kind]) -> dict[str, str]:
    env = environment(HERE / "templates")
    env.filters["camel"] = _camel
    stood_on = {link.to for k in kinds for link in k.links}
    env.globals.update(name=name, kinds=kinds, linked=bool(stood_on), stood_on=stood_on)
    env.globals["words"] = ", ".join(k.name for k in kinds)
    env.globals.update(_surroundings())
    texts = {x: env.get_template(f"{x}.j2").render() for x in SOURCES}
    texts = {x: fit(text) if x.endswith((".c", ".h")) else text for x, text in texts.items()}
    for x in ("target.yaml", "node.yaml"):
        texts[f"spec/{x}"] = env.get_template(f"{x}.j2").render()
    for number, k in enumerate(kinds, 1):
        data = {
            "k": k,
            "number": number,
            "up": f"{name}_{k.name}".upper(),
        }
        texts[f"spec/{k.name}.yaml"] = env.get_template("object.yaml.j2").render(data)
    return texts


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _surroundings() -> dict[str, str]:
    """Where flue is: a checkout, or below the prefix of an installation."""
    checkout = str(ROOT) if (ROOT / "CMakeLists.txt").is_file() else ""
    return {
        "version": ".".join(__version__.split(".")[:2]),
        "checkout": checkout,
        "prefix": str(ROOT.parents[1]),
        "wheel": "" if has_sources() else "yes",
        "command": _command(Path(checkout, "flue") if checkout else ROOT.parents[1] / "bin/flue"),
        "schema": str(Path(SCHEMA).resolve()),
    }


def has_sources() -> bool:
    """Whether what is written can be built with what is here: a wheel has no C."""
    return (ROOT / "runtime/src").is_dir()


def _command(path: Path) -> str:
    """As a shell takes it: by its name alone only where PATH leads to this one."""
    by_name = shutil.which("flue")
    if not path.is_file() or (by_name and os.path.samefile(by_name, path)):
        return "flue"
    return shlex.quote(str(path))
