# SPDX-License-Identifier: BSD-2-Clause
"""Generated names and those of the systems: headers, macros. What meets is refused where the spec says
it; what does not compiles behind all of a system's headers."""

import re
import shutil
import subprocess

import pytest
from helpers import ROOT, SHIPPED, Report, diagnose, edited_spec, load, spec

from flue.backends.c.generate import generate
from flue.model import Where
from flue.resolve.reserved import check_reserved

TARGET, METER = "target.yaml", "meter.yaml"

C_HEADERS = """
    assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
    stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar
    wchar wctype
""".split()
POSIX_HEADERS = """
    aio arpa/inet cpio dirent dlfcn fcntl fmtmsg fnmatch ftw glob grp iconv langinfo libgen monetary
    mqueue net/if netdb netinet/in netinet/tcp nl_types poll pthread pwd regex sched search
    semaphore spawn strings sys/ipc sys/mman sys/msg sys/resource sys/select sys/sem sys/shm
    sys/socket sys/stat sys/statvfs sys/time sys/times sys/types sys/uio sys/un sys/utsname sys/wait
    syslog tar termios ulimit unistd utime utmpx wordexp
""".split()
CPP_HEADERS = """
    algorithm any array atomic bitset chrono codecvt complex deque exception filesystem fstream
    functional future iomanip ios iosfwd iostream istream iterator limits list locale map memory
    mutex new numeric optional ostream queue random ratio regex set span sstream stack stdexcept
    streambuf string system_error thread tuple typeindex typeinfo utility valarray variant vector
    version
""".split()
WINDOWS_HEADERS = "winsock2 ws2tcpip windows".split()

UNIX = ["gcc", "-std=c11", "-D_XOPEN_SOURCE=700"]
MINGW = ["x86_64-w64-mingw32-gcc", "-std=c11", "-DWIN32_LEAN_AND_MEAN"]
SYSTEMS = {"unix": (UNIX, C_HEADERS + POSIX_HEADERS), "windows": (MINGW, WINDOWS_HEADERS)}

CASES = [
    (
        [(TARGET, "target: limiter", "target: sched")],
        """
target.yaml:4:9: error: "sched" cannot name a target: the word is reserved by POSIX [reserved-name]
    4 | target: sched
      |         ^^^^^ the generated header would hide <sched.h>
""",
    ),
    (
        [(TARGET, "target: limiter", "target: so")],
        """
target.yaml:4:9: error: "so" cannot name a target: the word is reserved by POSIX [reserved-name]
    4 | target: so
      |         ^^ names that begin with so_ or SO_ are in its headers
""",
    ),
    (
        [(METER, "    owner:       {type", "    near:       {type"), (METER, "[owner]", "[near]")],
        """
meter.yaml:20:5: error: "near" cannot name a variable: the word is reserved by Windows [reserved-name]
   20 |     near:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}
      |     ^^^^ its headers define a macro of that name
""",
    ),
    (
        [(METER, "  write_limits:\n", "  min:\n"), (METER, "send: write_limits", "send: min")],
        """
meter.yaml:33:3: error: "min" cannot name a command: the word is reserved by Windows [reserved-name]
   33 |   min:
      |   ^^^ its headers define a macro of that name
""",
    ),
    (
        [(METER, "host: Owner, at: 8", "host: Class.new, at: 8")],
        """
meter.yaml:20:36: error: "new" cannot name a host's member: the word is reserved by C++ [reserved-name]
   20 |     owner:       {type: u32, host: Class.new, at: 8, doc: Whom it is for; the hardware need not know.}
      |                                    ^^^^^^^^^
""",
    ),
    (
        [(METER, "host: Owner, at: 8", "host: OUT, at: 8")],
        """
meter.yaml:20:36: error: "OUT" cannot name a host's member: the word is reserved by Windows [reserved-name]
   20 |     owner:       {type: u32, host: OUT, at: 8, doc: Whom it is for; the hardware need not know.}
      |                                    ^^^ its headers define a macro of that name
""",
    ),
]


@pytest.mark.parametrize("edits, said", CASES, ids=lambda x: x[0][2] if isinstance(x, list) else "")
def test_bad_spec(edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")


def refused(kind: str, name: str) -> bool:
    report = Report()
    check_reserved(report, kind, name, Where("x.yaml", 1, 1))
    return report.errors > 0


def macros(system: str) -> dict[str, bool]:
    """By the words that a spec could have as names: whether a bracket must follow."""
    compiler, headers = SYSTEMS[system]
    if not shutil.which(compiler[0]):
        pytest.skip(f"{compiler[0]} is not installed")
    found: dict[str, bool] = {}
    for header in headers:
        text = f"#if __has_include(<{header}.h>)\n#include <{header}.h>\n#endif\n"
        command = [*compiler, "-E", "-dM", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        pattern = r"^#define ([a-z][a-z0-9]*(?:_[a-z0-9]+)*)(?:(\()| |$)"
        for name, bracket in re.findall(pattern, done.stdout, re.MULTILINE):
            found[name] = bool(bracket)
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_name_that_becomes_one_of_c_is_a_macro(system):
    """A member of a structure is replaced, too; one that is called even by a macro with arguments."""
    found = macros(system)
    assert {"errno": False, "offsetof": True}.items() <= found.items()
    bare = "variable effect parameter member argument object".split()
    everywhere = [name for name, bracket in found.items() if not bracket]
    assert [(k, x) for k in bare for x in everywhere if not refused(k, x)] == []
    for kind in ("command", "operation", "call"):
        assert [name for name in found if not refused(kind, name)] == []


def test_no_target_hides_a_header():
    headers = [x for x in C_HEADERS + POSIX_HEADERS if "/" not in x]
    assert [x for x in [*headers, *WINDOWS_HEADERS] if not refused("target", x)] == []


def test_families_of_names_are_no_prefixes():
    """Words that at least twelve names of the system begin with."""
    names: set[str] = set()
    for header in C_HEADERS + POSIX_HEADERS:
        text = f"#if __has_include(<{header}.h>)\n#include <{header}.h>\n#endif\n"
        command = [*UNIX, "-E", "-dD", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        names |= set(
            re.findall(r"\b[A-Za-z][A-Za-z0-9]*_\w+", re.sub("(?m)^# .*", "", done.stdout))
        )
    count: dict[str, int] = {}
    for name in names:
        word = name.split("_")[0].lower()
        count[word] = count.get(word, 0) + 1
    large = {word for word, n in count.items() if n >= 12}
    assert {"pthread", "so", "af"} <= large
    assert [word for word in sorted(large) if not refused("target", word)] == []


def compiled(folder, target, system):
    """All that is generated, behind everything that the system has."""
    compiler, headers = SYSTEMS[system]
    if not shutil.which(compiler[0]):
        pytest.skip(f"{compiler[0]} is not installed")
    before = folder / "before_all.h"
    lines = [f"#if __has_include(<{x}.h>)\n#include <{x}.h>\n#endif\n" for x in headers]
    before.write_text("".join(lines))
    flags = ["-Wall", "-Werror", "-fsyntax-only", f"-I{ROOT}/runtime/include", f"-I{folder}"]
    sources = [str(p) for p in sorted(folder.glob(f"{target}*.c"))]
    done = subprocess.run(
        [*compiler, *flags, "-include", str(before), *sources], capture_output=True, text=True
    )
    assert sources and done.stderr == ""


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("base", SHIPPED)
def test_it_compiles_behind_all_headers(base, system, tmp_path):
    target = load(spec(base), Report())
    generate(target, str(tmp_path))
    compiled(tmp_path, target.name, system)


@pytest.mark.parametrize(
    "name", ["load", "node", "serial", "stamp", "queued", "scheduler", "minor"]
)
def test_a_target_may_have_a_name_that_only_sounds_taken(name, tmp_path):
    report = Report()
    target = load(edited_spec([(TARGET, "target: limiter", f"target: {name}")]), report)
    assert report.text() == ""
    generate(target, str(tmp_path))
    compiled(tmp_path, name, "unix")
