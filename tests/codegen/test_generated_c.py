# SPDX-License-Identifier: BSD-2-Clause
"""The generated C: it compiles without a warning, lies in memory as the host's does, and does what
the spec says (generated_code.c, compiled and run here)."""

import glob
import os
import platform
import shutil
import subprocess

import pytest
from helpers import ROOT, SHIPPED, Report, edited_spec, load, spec

from flue.backends.c.generate import generate

WARNINGS = "-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror"
FLAGS = ["-std=c11", *WARNINGS.split(), f"-I{ROOT}/runtime/include"]
COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]
HERE = os.path.dirname(os.path.abspath(__file__))
SPECS = [
    *map(spec, SHIPPED),
    *(os.path.join(HERE, x) for x in ("rich", "ktls", "numbers")),
]

# Size and offsets as the host's documentation and headers give them, for x64.
HOST = {
    "node": (152, "Header.Type 0, Header.Revision 1, Header.Size 2, NextBlock 8,"
             " DependentBlockList 16, Status 24, NdisReserved 32, MiniportOffloadContext 48,"
             " NdisOffloadHandle 56, ProtocolReserved 64, MiniportReserved 80, ImReserved 96,"
             " Scratch 112, SourceHandle 128, PortNumber 136, NetBufferListChain 144"),
    "node_protocol": (152, "NdisReserved 32, OffloadHandle 56, ProtocolReserved 64, Scratch 112"),
    "offload_handle": (16, "NdisReserved 0, MiniportOffloadContext 8"),
    "state_header": (8, "Length 0, RecognizedOptions 4"),
    "status_indication": (112, "SourceHandle 8, PortNumber 16, StatusCode 20, Flags 24,"
                          " DestinationHandle 32, RequestId 40, StatusBuffer 48,"
                          " StatusBufferSize 56, Guid 60, NdisReserved 80"),
    "neighbor_const": (44, "DlSourceAddress 8"),
    "neighbor_cached": (44, "DlDestinationAddress 8, HostReachabilityDelta 40"),
    "neighbor_delegated": (12, "NicReachabilityDelta 8"),
    "path_const": (24, "SourceAddress 8, DestinationAddress 16"),
    "path_cached": (12, "PathMtu 8"),
    "path_delegated": (8, "Header 0"),
    "tcp_const": (24, "Flags 8, RemotePort 10, LocalPort 12, RemoteMss 16, HashValue 20"),
    "tcp_cached": (44, "Flags 8, InitialRcvWnd 12, RcvIndicationSize 16, KaProbeCount 20,"
                   " KaTimeout 24, KaInterval 28, MaxRT 32, TtlOrHopLimit 40,"
                   " TosOrTrafficClass 41"),
    "tcp_delegated": (128, "State 8, Flags 12, RcvNxt 16, RcvWnd 20, SndUna 24, SndNxt 28,"
                      " SndMax 32, SndWnd 36, MaxSndWnd 40, SendWL1 44, CWnd 48, SsThresh 52,"
                      " SRtt 56, RttVar 58, TsRecent 60, TsRecentAge 64, TsTime 68, TotalRT 72,"
                      " DupAckCount 76, SndWndProbeCount 77, KeepAlive.ProbeCount 80,"
                      " KeepAlive.TimeoutDelta 84, Retransmit.Count 88,"
                      " Retransmit.TimeoutDelta 92, SendDataHead 96, SendBacklogSize 96,"
                      " SendDataTail 104, BufferedData 112, ReceiveBacklogSize 112, DWnd 120"),
}  # fmt: skip


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    out = tmp_path_factory.mktemp("generated")
    for folder in SPECS:
        generate(load(folder, Report()), str(out / os.path.basename(folder)))
    return out


def compile_c(compiler, *arguments):
    command = [compiler, *FLAGS, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("name", [os.path.basename(s) for s in SPECS])
def test_it_compiles_without_a_warning(generated, compiler, name):
    files = sorted((generated / name).glob("*.c"))
    done = compile_c(compiler, "-O1", "-fsyntax-only", *files)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("compiler", COMPILERS)
def test_each_header_stands_alone(generated, tmp_path, compiler):
    for header in sorted((generated / "chimney").glob("*.h")):
        unit = tmp_path / "unit.c"
        unit.write_text(f'#include "{header}"\n#include "{header}"\nextern int unit;\n')
        done = compile_c(compiler, "-fsyntax-only", unit)
        assert done.stderr == "", header.name


def asserts():
    lines = ['#include "chimney_host.h"']
    for name, (size, members) in HOST.items():
        struct = f"struct chimney_{name}"
        lines.append(f'_Static_assert(sizeof({struct}) == {size}, "{name}");')
        for member in members.split(", "):
            path, at = member.split()
            lines.append(f'_Static_assert(offsetof({struct}, {path}) == {at}, "{name} {path}");')
    return "\n".join(lines) + "\nextern int unit;\n"


HOSTS = [(c, ()) for c in COMPILERS]
if "clang" in COMPILERS:
    HOSTS.append(("clang", ("--target=x86_64-pc-windows-msvc", "-ffreestanding")))


@pytest.mark.parametrize("compiler, flags", HOSTS, ids=lambda x: x if isinstance(x, str) else "")
def test_structures_lie_as_the_host_has_them(generated, tmp_path, compiler, flags):
    unit = tmp_path / "unit.c"
    unit.write_text(asserts())
    include = f"-I{generated / 'chimney'}"
    done = compile_c(compiler, *flags, include, "-fsyntax-only", unit)
    assert done.stderr == ""


# A byte, and then a bit-field of a wider unit: most compilers would put it into the bytes between.
PACKED = [
    ("meter.yaml", "    owner:       {type: u32, host: Owner, at: 8,",
     "    grade: {type: u8, host: Grade, at: 8, doc: G.}\n"
     "    owner:       {type: u32, bits: 1..3, host: Owner, at: 12,"),
    ("meter.yaml", "LIMITER_METER_LIMITS, bytes: 12", "LIMITER_METER_LIMITS, bytes: 16"),
    ("meter.yaml", "changed: [owner]", "changed: [owner, grade]"),
]  # fmt: skip
BITS = """
#include "limiter_host.h"
#include <string.h>
int main(void)
{
    struct limiter_meter_cached s;
    const unsigned char *byte = (const unsigned char *)&s;
    memset(&s, 0, sizeof s);
    s.Owner = 7;
    return sizeof s == 16 && byte[12] == 7 << 1 ? 0 : 1;
}
"""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="its compilers know both rules")
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("rules", ["-mms-bitfields", "-mno-ms-bitfields"])
def test_layout_does_not_hang_on_the_bit_field_rules(generated, tmp_path, compiler, rules):
    """Unused bits and bytes are declared, so that compilers of all rules agree."""
    unit = tmp_path / "unit.c"
    unit.write_text(asserts())
    done = compile_c(compiler, rules, f"-I{generated / 'chimney'}", "-fsyntax-only", unit)
    assert done.stderr == ""
    generate(load(edited_spec(PACKED), Report()), str(tmp_path / "out"))
    unit.write_text(BITS)
    done = compile_c(compiler, rules, f"-I{tmp_path / 'out'}", unit, "-o", tmp_path / "bits")
    assert done.stderr == ""
    assert subprocess.run([tmp_path / "bits"]).returncode == 0


def test_another_version_of_the_runtime_is_refused(generated, tmp_path):
    unit = tmp_path / "unit.c"
    unit.write_text(
        '#include "flue/flue.h"\n#undef FLUE_ABI\n#define FLUE_ABI 999\n#include "limiter.h"\n'
    )
    done = compile_c(COMPILERS[0], f"-I{generated / 'example'}", "-fsyntax-only", unit)
    assert "generated for another version of the flue runtime" in done.stderr


@pytest.mark.parametrize("compiler", COMPILERS)
def test_it_does_what_the_spec_says(generated, tmp_path, compiler):
    program = tmp_path / "generated_code"
    sources = [os.path.join(HERE, "generated_code.c")]
    sources += sorted((generated / "chimney").glob("*.c"))
    sources += sorted((generated / "rich").glob("*.c"))
    sources += sorted(glob.glob(f"{ROOT}/runtime/src/*.c"))
    includes = [f"-I{generated / name}" for name in ("chimney", "rich")]
    done = compile_c(compiler, "-g", *includes, *sources, "-o", program)
    assert done.stderr == ""
    ran = subprocess.run([program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "good\n"), ran.stdout + ran.stderr


STORY = """\
port 7
add: done
rekey: done
keys: "other", ""
query: done
records: 3
remove: busy
remove: done
records: 4, 4; bad: 2
rekey: no_device
"""


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_target_that_is_no_chimney(generated, tmp_path, compiler):
    """Other objects, operations, statuses, another node: TLS sessions on devices that encrypt."""
    program = tmp_path / "driver"
    sources = [os.path.join(HERE, "ktls", "driver.c"), *sorted((generated / "ktls").glob("*.c"))]
    sources += sorted(glob.glob(f"{ROOT}/runtime/src/*.c"))
    done = compile_c(compiler, "-g", f"-I{generated / 'ktls'}", *sources, "-o", program)
    assert done.stderr == ""
    ran = subprocess.run([program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, STORY)


def test_a_new_cached_variable_is_asked_for_by_the_binding(tmp_path):
    edits = [
        (
            "meter.yaml",
            "  delegated:                               # the hardware's to change\n",
            "    color: {type: u8, host: Color, at: 12, doc: Its color.}\n"
            "  delegated:                               # the hardware's to change\n",
        ),
        ("meter.yaml", "cached:    {struct: LIMITER_METER_LIMITS, bytes: 12}",
         "cached:    {struct: LIMITER_METER_LIMITS, bytes: 16}"),
        ("meter.yaml", "  read_count:", "  paint: {carries: [color], undo: old_values, doc: Paint.}\n"
         "  read_count:"),
        ("meter.yaml", "    - {changed: [owner], send: nothing}",
         "    - {changed: [owner], send: nothing}\n    - {changed: [color], send: paint}"),
    ]  # fmt: skip
    report = Report()
    target = load(edited_spec(edits), report)
    assert target, report.text()
    generate(target, str(tmp_path))
    header = (tmp_path / "limiter.h").read_text()
    assert "enum flue_issued (*paint)(void *adapter, flue_cookie cookie," in header
    assert "    uint8_t color; /* Its color. */" in header
    done = compile_c(COMPILERS[0], "-fsyntax-only", *tmp_path.glob("*.c"))
    assert done.stderr == ""
