# SPDX-License-Identifier: BSD-2-Clause
"""`structs: natural`: what a spec does not say of memory is what a C compiler would make of it."""

import re
import subprocess
from pathlib import Path

import pytest
from helpers import diagnose, edited_spec, spec

from flue.cli import main
from flue.compiler import load
from flue.diagnostics import Report

PLAIN = "structs: microsoft"
SHOWN = re.compile(r"^.*(?:Generated from|Change the spec|Members bear the host's names).*$", re.M)


def without_numbers(folder, tmp_path):
    """A copy that is natural, and says no offset and no size."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in spec_files(folder):
        text = path.read_text(encoding="utf-8").replace(
            PLAIN, PLAIN.replace("microsoft", "natural")
        )
        (copy / path.name).write_text(re.sub(r", +(?:at|bytes): \d+", "", text), encoding="utf-8")
    return copy


def spec_files(folder):
    return sorted(Path(folder).glob("*.yaml"))


def generated(folder, out):
    assert main(["generate", str(folder), "--out", str(out), "--suite"]) == 0
    return {p.name: SHOWN.sub("", p.read_text(encoding="utf-8")) for p in sorted(out.iterdir())}


def test_the_example_says_what_a_compiler_would(tmp_path):
    """So without its numbers the same C comes out, to the letter."""
    natural = without_numbers(spec("example"), tmp_path)
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    assert generated(spec("example"), tmp_path / "a") == generated(natural, tmp_path / "b")


NODE, METER, TARGET = "node.yaml", "meter.yaml", "target.yaml"
NATURAL = (TARGET, PLAIN, "structs: natural")
ODD = [
    NATURAL,
    (METER, ", bytes: 12}", "}"),
    (
        METER,
        "rate_kbps:   {type: u32, unit: kbps, host: RateKbps, at: 0,",
        "low: {type: u8, bits: 0..3, host: Low, doc: Some bits.}\n"
        "    high: {type: u8, bits: 4..6, host: High, doc: Those behind.}\n"
        "    again: {type: u8, bits: 0..1, host: Again, doc: A unit of its own.}\n"
        "    rate_kbps:   {type: u32, unit: kbps, host: RateKbps,",
    ),
    (METER, "host: BurstBytes, at: 4,", "host: BurstBytes, at: 8,"),
    (METER, "host: Owner, at: 8,", "host: Owner,"),
    (METER, "carries: [port, rate_kbps, burst_bytes]", "carries: [port, cached]"),
    (METER, "changed: [owner]", "changed: [owner, low, high, again]"),
]


def test_members_follow_each_other_and_what_is_said_is_taken():
    """Bits share a unit if they go on; the size is left out."""
    folder = edited_spec(ODD)
    report = Report()
    target = load(folder, report)
    assert target is not None, report.text()
    at = {v.name: v.at for v in target.objects[0].of_class("cached")}
    assert target.objects[0].layout("cached").bytes == 16
    assert at == {"low": 0, "high": 0, "again": 1, "rate_kbps": 4, "burst_bytes": 8, "owner": 12}


def test_microsofts_hosts_say_their_numbers():
    said = diagnose([(METER, "host: Port, at: 0,", "host: Port,")])
    assert (
        said
        == """meter.yaml:16:5: error: "port" lacks the key "at": the host's structures are Microsoft's [missing-key]
   16 |     port: {type: u32, host: Port, doc: The port it limits.}
      |     ^^^^
"""
    )
    said = diagnose([(METER, ", bytes: 12}", "}")])
    assert '"cached" lacks the key "bytes"' in said and said.count("error:") == 1


def test_a_node_in_two_layouts_says_where_its_members_lie():
    two = "layout:\n  short: {struct: LIMITER_SHORT, bytes: 80, doc: Another.}\n"
    said = diagnose(
        [NATURAL, (NODE, "layout:\n", two), (NODE, "host: Kind, at: 0,", "host: Kind,")]
    )
    assert '"kind" lacks the key "at": the node has several layouts, which agree on it' in said


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_compilers_agree(compiler, tmp_path):
    """Every offset and size is asserted in the generated header."""
    folder = edited_spec(ODD)
    out = tmp_path / "out"
    generated(folder, out)
    program = tmp_path / "all.c"
    program.write_text('#include "limiter_host.h"\n')
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", str(out)]
    try:
        subprocess.run([compiler, *flags, str(program)], check=True)
    except FileNotFoundError:
        pytest.skip(f"{compiler} is not installed")
