# SPDX-License-Identifier: BSD-2-Clause
"""Every name that a header of flue's brings into a program begins with flue_, or with the target's name:
functions, types, macros, enumerators, include guards. What the system's own headers bring does not count, nor
the one structure of the host's that the spec names: what transfers are chains of is declared, as a pointer needs it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from matrix import ROOT, SPECS, generated

INCLUDE = ROOT / "runtime/include"
NAMED = "RecordDecl EnumDecl EnumConstantDecl TypedefDecl FunctionDecl VarDecl ClassTemplateDecl"
KINDS = {*NAMED.split(), "CXXRecordDecl", "TypeAliasDecl"}
# Nothing inside of them is seen outside; a template is named by itself.
CLOSED = {"FunctionDecl", "VarDecl", "ClassTemplateDecl", "ClassTemplateSpecializationDecl"}
LANGUAGES = ["-xc -std=c11", "-xc++ -std=c++17"]
FLAGS = [f"-I{INCLUDE}", "-fsyntax-only", "-w"]
SYSTEM = re.compile(r"^ *# *include *<(.*)>", re.MULTILINE)
CHAIN = re.compile(r"^chain:.*\n(?: .*\n)*?  struct: (\w+)$", re.MULTILINE)

pytestmark = pytest.mark.skipif(not shutil.which("clang"), reason="clang is not installed")


@pytest.fixture(scope="session")
def targets(tmp_path_factory):
    out = tmp_path_factory.mktemp("generated")
    generated(out, SPECS)
    return out


def clang(language: str, unit: Path, *more: str) -> str:
    command = ["clang", *language.split(), *FLAGS, *more, str(unit)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def declared(node: dict) -> set[str]:
    """Names in the program's own scope; a structure within a structure is there in C, too."""
    out = set()
    for inner in node.get("inner", ()):
        if inner["kind"] in KINDS and not inner.get("isImplicit"):
            out.add(inner.get("name", ""))
        if inner["kind"] not in CLOSED:
            out |= declared(inner)
    return out - {""}


def names(language: str, unit: Path) -> set[str]:
    macros = clang(language, unit, "-E", "-dM").split("\n")
    found = {re.match(r"#define (\w+)", line)[1] for line in macros if line}
    return found | declared(json.loads(clang(language, unit, "-Xclang", "-ast-dump=json")))


def brought(language: str, file: Path) -> set[str]:
    """Names that including it adds to those of the system's headers that it includes."""
    unit = file.parent / "unit"
    unit.write_text(f'#include "{file}"\n')
    closure = re.findall(r"\S+", clang(language, unit, "-MM").split(":", 1)[1].replace("\\\n", ""))
    texts = [Path(name).read_text(encoding="utf-8") for name in closure]
    system = sorted({name for text in texts for name in SYSTEM.findall(text)})
    all_ = names(language, unit)
    unit.write_text(
        "".join(f"#include <{x}>\n" for x in system if "atomic" not in x or "++" not in language)
    )
    return all_ - names(language, unit)


def foreign(found: set[str], target: str) -> set[str]:
    own = ("flue_", "FLUE_", f"{target}_", f"{target.upper()}_")
    return {name for name in found if not name.startswith(own)}


def hosts_own(spec: str) -> set[str]:
    (folder,) = (folder for folder in SPECS if folder.name == spec)
    texts = (f.read_text(encoding="utf-8") for f in folder.glob("*.yaml"))
    return {found for text in texts for found in CHAIN.findall(text)}


def name_of(folder: Path) -> str:
    (host,) = folder.glob("*_host.h")
    return host.name.removesuffix("_host.h")


NAMES = [folder.name for folder in SPECS]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", NAMES)
def test_what_a_driver_includes_keeps_to_its_prefix(spec, language, targets):
    folder = targets / spec
    target = name_of(folder)
    for header in (f"{target}_host.h", f"{target}.h"):
        found = brought(language, folder / header)
        assert {f"{target.upper()}_STATIC_ASSERT", f"{target}_node"} <= found
        assert foreign(found, target) <= hosts_own(spec), header


def test_every_header_was_looked_at(targets):
    assert sorted(NAMES) == sorted(p.name for p in targets.iterdir())


def test_private_headers_keep_to_theirs(targets):
    """All of them by way of the files that the compiler writes for one object."""
    for file in (targets / "example/limiter_meter.c", targets / "example/limiter.c"):
        found = brought("-xc -std=c11", file)
        assert foreign(found, "limiter") == set()
    header = targets / "private.h"
    files = sorted(INCLUDE.glob("flue/priv/*.h"))
    header.write_text("".join(f'#include "{p}"\n' for p in files if p.name != "fast_path.h"))
    found = brought("-xc -std=c11", header)
    assert {"flue_slot_arm", "flue_node_claim", "FLUE_NODE_ROLE"} <= found
    assert foreign(found, "flue") == set()


STRAYS = """
#define stray_macro 1
#define LIMITER_GUARDS
struct stray_struct { struct stray_within { int LIMITER_member; } member; };
enum stray_enum { STRAY_ENUMERATOR, LIMITER_FINE };
typedef int stray_type;
int stray_function(int stray_argument);
static inline int limiter_fine(int stray_argument) { int stray_local = stray_argument; return stray_local; }
extern int stray_variable;
union stray_union { int member; };
"""
FOUND = "macro struct within enum type function variable union".split()


def test_stray_names_are_found(targets):
    file = targets / "strays.h"
    file.write_text(f'#include <stddef.h>\n#include "example/limiter.h"\n{STRAYS}')
    found = foreign(brought("-xc -std=c11", file), "limiter")
    assert found == {*(f"stray_{x}" for x in FOUND), "STRAY_ENUMERATOR"}
