# SPDX-License-Identifier: BSD-2-Clause
"""`word_bytes: 4`: a target for a host of 32 bits is built for one, and serves it.

Needs a compiler that builds for 32 bits, or is skipped (Debian: gcc-12-multilib and libc6-dev-i386; the package
gcc-multilib would remove cross compilers).
"""

import functools
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from helpers import ROOT, SHIPPED, Report, diagnose, edited_spec, load

from flue.cli import main

WORDS = ("target.yaml", "structs: microsoft, pointer_bytes: 8", "structs: natural, word_bytes: 4")
SCRATCH = ("node.yaml", '"void*[4]"', '"u64[4]"')
NARROW = [WORDS, SCRATCH]
RICH = str(Path(ROOT, "tests/codegen/rich"))
IN_32 = ["gcc", "-m32", "-march=i686", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-psabi"]
LIBRARY = [f"-I{ROOT}/runtime/include", f"-I{ROOT}/runtime/suite/include"]


def without_numbers(folder):
    """Offsets and sizes are the compiler's to choose."""
    for path in Path(folder).glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r", +(?:at|bytes): +\d+", "", text), encoding="utf-8")
    return folder


def narrow_rich():
    """All of the language, with the handle's cell behind a pointer."""
    folder = edited_spec(
        [
            WORDS,
            ("node.yaml", "void**, ", "u64*,   "),
            ("node.yaml", '"void*[2]", host: Work,', '"u64[2]", host: Work,'),
            ("node.yaml", '"void*[2]", host: MoreWork,', '"u64[2]", host: MoreWork,'),
        ],
        RICH,
    )
    return without_numbers(folder)


def builds_for(compiler):
    done = subprocess.run(
        [compiler, "-m32", "-xc", "-", "-o", "/dev/null"],
        input="#include <string.h>\nint main(void) { return 0; }\n",
        text=True,
        capture_output=True,
    )
    return done.returncode == 0


@functools.cache
def needs_32_bits():
    if not shutil.which("gcc") or not builds_for("gcc"):
        pytest.skip("gcc builds nothing for 32 bits here")


def compiled(folder, out, *sources):
    needs_32_bits()
    out.mkdir()
    assert main(["generate", str(folder), "--out", str(out), "--suite"]) == 0
    generated = [str(p) for p in sorted(out.glob("*.c")) if "suite" not in p.name]
    runtime = [str(p) for p in sorted(Path(ROOT, "runtime/src").glob("*.c"))]
    flags = [*IN_32, f"-I{out}", *LIBRARY]
    program = str(out / "program")
    subprocess.run([*flags, *sources, *generated, *runtime, "-o", program], check=True)
    return program


def test_the_example_serves_a_host_of_32_bits(tmp_path):
    """What the README's program prints, with handles of 64 bits in nodes of a host of 32."""
    folder = without_numbers(edited_spec(NARROW))
    program = compiled(folder, tmp_path / "out", f"{ROOT}/tests/example/meters.c")
    said = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    readme = Path(ROOT, "README.md").read_text(encoding="utf-8")
    assert said and said in readme


def test_structures_lie_as_the_specification_says():
    """Pointers have 4 bytes, and 64 bits are aligned to 8 whatever a compiler would do."""
    target = load(without_numbers(edited_spec(NARROW)), Report())
    at = {m.name: m.at for m in target.node.members}
    assert at == {
        "kind": 0,
        "status": 4,
        "next": 8,
        "dependents": 12,
        "meter": 16,
        "cookie": 24,
        "work": 32,
        "host_data": 64,
    }
    assert target.node.layouts[0].bytes == 72


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_compilers_agree_on_all_of_the_language(compiler, tmp_path):
    """Each offset and size is asserted in the generated headers; -m32 aligns 64 bits to 4."""
    if not shutil.which(compiler) or not builds_for(compiler):
        pytest.skip(f"{compiler} builds nothing for 32 bits here")
    out = tmp_path / "out"
    out.mkdir()
    assert main(["generate", narrow_rich(), "--out", str(out)]) == 0
    for source in sorted(out.glob("*.c")):
        flags = [compiler, *IN_32[1:-1], *(["-Wno-psabi"] if compiler == "gcc" else [])]
        subprocess.run([*flags, f"-I{out}", *LIBRARY, "-fsyntax-only", str(source)], check=True)


def test_a_handle_does_not_fit_a_pointer():
    edit = ("node.yaml", "{type: u64, host: Meter, at: 24,", "{type: void**, host: Meter, at: 24,")
    said = diagnose([*NARROW, edit])
    assert '"meter" (void**) cannot be the context' in said
    assert "it must be u64 or u64*" in said


def test_pointers_are_no_scratch_words():
    said = diagnose([WORDS])
    assert '"work" (void*[4]) cannot hold 64 bits' in said
    assert "scratch words are as wide as u64" in said


def test_either_key_says_how_wide_a_pointer_is():
    """A spec that says neither has pointers of 8 bytes."""
    assert diagnose([("target.yaml", "pointer_bytes: 8", "word_bytes: 8")]) == ""
    assert diagnose([("target.yaml", " pointer_bytes: 8,", "")]) == ""


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_targets_fit_a_host_of_32_bits(name, tmp_path):
    """Where the structures are the target's own."""
    text = Path(ROOT, "spec", name, "target.yaml").read_text(encoding="utf-8")
    if "structs: natural" not in text:
        pytest.skip("the host's headers are of 64 bits")
    needs_32_bits()
    edits = [("target.yaml", "{structs: natural,", "{structs: natural, word_bytes: 4,")]
    if SCRATCH[1] in Path(ROOT, "spec", name, "node.yaml").read_text(encoding="utf-8"):
        edits.append(SCRATCH)
    assert main(["generate", edited_spec(edits, name), "--out", str(tmp_path)]) == 0
    for source in sorted(tmp_path.glob("*.c")):
        subprocess.run(
            [*IN_32, f"-I{tmp_path}", *LIBRARY, "-fsyntax-only", str(source)], check=True
        )
