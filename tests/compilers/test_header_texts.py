# SPDX-License-Identifier: BSD-2-Clause
"""What headers say of themselves: their examples compile; ranges are those that errors name."""

import re
import shutil
import subprocess

import pytest
from matrix import ROOT, SHIPPED, SPECS, Report, generate, generated, load

COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]
FLAGS = "-std=gnu11 -fsyntax-only -Wall -Wextra -Wno-unused -Wno-unused-parameter -Wno-uninitialized -Werror".split()
FOLDERS = """runtime/include runtime/suite/include drivers/device drivers/simulate drivers/sim drivers/rocker
    drivers/linux tests/support""".split()
# What an example takes for granted: in the file, and in a function around it; None: there is none.
ADAPTER = "struct my_adapter { struct limiter_target target; };\n"
TABLES = """const struct chimney_completions my_completions; const struct chimney_indications
    my_indications; enum flue_error error; struct chimney_node *root; bool completed;"""
ARENA = "struct host_arena arena; struct sim_nic *nic;"
EXAMPLES = {
    "runtime/include/flue/flue.h": (
        '#include "limiter.h"\n' + ADAPTER + "void schedule_poll(void *adapter);\n"
        "void my_take_answers(struct my_adapter *a);\nvoid poll_work(struct my_adapter *a);\n",
        None,
    ),
    "runtime/include/flue/recorder.h": (
        '#include "limiter.h"\n' + ADAPTER + "uint64_t my_clock(void *); void *my_file;\n"
        "void my_open(struct flue_config *); void my_dump(struct my_adapter *);\n"
        "bool my_write(void *, const void *, size_t);\n",
        None,
    ),
    "runtime/include/flue/priv/spec.h": ("extern const struct flue_kind example_kinds[];\n", None),
    "runtime/suite/include/flue/suite.h": (
        '#include "limiter.h"\nstatic const struct suite_object objects[1];\n',
        None,
    ),
    "drivers/device/flue_device.h": (
        '#include "limiter_device.h"\n',
        "struct flue_config config; struct limiter_completions completions; struct limiter_node *root;"
        "struct limiter_indications indications;",
    ),
    "drivers/device/flue_device_spec.h": ("", None),
    "drivers/simulate/simulate.h": (
        '#include "limiter.h"\n',
        None,
    ),
    "drivers/simulate/simulate_checks.h": ('#include "limiter.h"\n', None),
    "drivers/sim/sim.h": ("", TABLES),
    "drivers/rocker/rocker.h": ("", TABLES + "int socket; void *memory;"),
    "drivers/rocker/bus.h": ("", ""),
    "drivers/rocker/order.h": ("", "unsigned index; uint8_t buffer[512];"),
    "drivers/rocker/tlv.h": (
        '#include "registers.h"\n',
        "uint8_t buffer[512]; uint16_t type; uint64_t cookie;",
    ),
    "drivers/linux/linux.h": ("", TABLES + "int why;"),
    "drivers/linux/connection.h": (
        "",
        """int fd; struct linux_guard *guard; struct linux_tuple tuple; uint32_t mark;
        struct linux_connection connection; const char *step;""",
    ),
    "drivers/linux/guard.h": ("", "int error; struct linux_tuple tuple;"),
    "tests/support/commands.h": (
        "enum flue_issued issue(void *, uint8_t, uint32_t, flue_cookie, size_t);\n"
        "void ring(void *);\n",
        None,
    ),
    "tests/support/host.h": ("#include <assert.h>\n", "struct chimney_node *root;"),
    "tests/support/host_tree.h": ('#include "sim.h"\n', ARENA),
    "tests/support/prng.h": ("#include <assert.h>\n", ""),
    "tests/support/scripted.h": ("#include <check.h>\n", "struct chimney_node *root;"),
    "tests/support/suite.h": (
        "static void setup(void) {}\nstatic void teardown(void) {}\n"
        "START_TEST(a_new_mac_is_one_command) {}\nEND_TEST\n",
        None,
    ),
    "tests/runtime/cabinet.h": (
        "static struct cabinet cabinet;\n",
        "static struct numbers_node node;",
    ),
    "tests/runtime/gates.h": ("", ""),
    "tests/rocker/rig.h": ("", "struct host_object router;"),
    "tests/rocker/qemu.h": ("", "uint8_t frame[64];"),
    "tests/rocker/shim_kind.h": ('#include "shim.h"\n', "struct shim shim;"),
    "tests/linux/net.h": ("", ""),
    "tests/linux/peer.h": ("", "struct net net; int fd, other_fd;"),
    "tests/linux/rig.h": ("", ""),
    "tests/linux/shim_kind.h": ('#include "shim.h"\n', "struct shim shim;"),
    "tests/flush/world.h": (
        "#include <check.h>\n",
        "struct world w;",
    ),
    "tests/transfers/world.h": ("", "struct world w;"),
    "tests/bench/forest.h": ("", "struct nic *nic;"),
    "tests/bench/nic.h": (
        "",
        "struct flue_config config; struct chimney_node *root;",
    ),
    "tests/bench/bench.h": (
        "static void run_flue(void *w) {}\nstatic void run_hand(void *w) {}\n"
        "static void flip(void *w) {}\n",
        "void *world; unsigned n;",
    ),
}
OF_TESTS = {"flush": "fwd", "transfers": "works"}
OF_TARGET = """struct flue_config config; struct {0}_binding binding; struct {0}_completions completions;
    struct {0}_indications indications; void *memory; size_t size; struct {0}_node *root;
    flue_cookie cookie; struct my_adapter {{ struct {0}_target target; }} *adapter;"""


@pytest.fixture(scope="session")
def targets(tmp_path_factory):
    out = tmp_path_factory.mktemp("generated")
    generated(out, SPECS)
    for folder, name in OF_TESTS.items():
        generate(load(str(ROOT / "tests" / folder / "spec"), Report()), str(out / name))
    return out


def example(text: str) -> str:
    """The lines between the word and what is no longer indented."""
    found = re.search(r"^ \* {5}example\n((?: \*(?: {5}.*)?\n)+)", text, re.MULTILINE)
    return re.sub(r"^ \*(?: {5})?", "", found[1], flags=re.MULTILINE) if found else ""


def said(compiler, unit, header, text, around, folders):
    before, within = around
    if within is not None:
        text = f"int example(void);\nint example(void)\n{{\n{within}\n{text}\nreturn 0;\n}}\n"
    unit.write_text(f'#include "{header}"\n{before}{text}')
    command = [compiler, *FLAGS, *(f"-I{path}" for path in folders), str(unit)]
    return subprocess.run(command, capture_output=True, text=True).stderr


def folders_of(targets):
    """A target of one's own folder is found last, so that each has its own headers."""
    return [
        *(ROOT / x for x in FOLDERS),
        targets / "chimney",
        targets / "example",
        targets / "numbers",
        targets / "rich",
        *(targets / name for name in OF_TESTS.values()),
    ]


def test_every_example_is_looked_at():
    files = [p for x in ("runtime", "drivers", "tests") for p in (ROOT / x).rglob("*.h")]
    files = [p.relative_to(ROOT).as_posix() for p in files if " *     example\n" in p.read_text()]
    assert sorted(x for x in files if "/golden/" not in x) == sorted(EXAMPLES)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("header", EXAMPLES)
def test_an_example_compiles(header, compiler, targets, tmp_path):
    text = example((ROOT / header).read_text(encoding="utf-8"))
    assert text
    unit, folders = tmp_path / "unit.c", [*folders_of(targets), (ROOT / header).parent]
    assert said(compiler, unit, ROOT / header, text, EXAMPLES[header], folders) == ""
    wrong = re.sub(r"\b([a-z]+_[a-z_]+)(\W)", r"\1_of_old\2", text, count=1)
    assert "_of_old" in said(compiler, unit, ROOT / header, wrong, EXAMPLES[header], folders)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    "spec", [*(p.name for p in SHIPPED), "rich", "ktls", "carries", "steps", "numbers"]
)
def test_the_example_of_a_generated_device_compiles(spec, compiler, targets, tmp_path):
    (header,) = (targets / spec).glob("*_device.h")
    name = header.name.removesuffix("_device.h")
    text = example(header.read_text(encoding="utf-8"))
    tables = "struct flue_config config; struct {0}_completions completions; struct {0}_node *root;"
    around = "", tables.format(name) + f"struct {name}_indications indications;"
    folders = [targets / spec, *(ROOT / x for x in FOLDERS)]
    assert f"{name}_device_open(" in text
    assert said(compiler, tmp_path / "unit.c", header, text, around, folders) == ""


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    "spec", ["example", "chimney", "rich", "ktls", "carries", "steps", "numbers"]
)
def test_the_example_of_a_generated_header_compiles(spec, compiler, targets, tmp_path):
    (host,) = (targets / spec).glob("*_host.h")
    name = host.name.removesuffix("_host.h")
    header = host.with_name(f"{name}.h")
    text = example(header.read_text(encoding="utf-8"))
    assert f"{name}_init(" in text
    declared = re.search(r"^struct my_adapter \{.*\};\n", text, re.MULTILINE)
    around = ("", OF_TARGET.format(name))
    text = text.replace(declared[0], "")  # OF_TARGET has it, and an adapter
    folders = [ROOT / "runtime/include", targets / spec]
    assert said(compiler, tmp_path / "unit.c", header, text, around, folders) == ""


def members(struct: str) -> dict[str, str]:
    """The comment of each member, behind it or before it."""
    out = {}
    pattern = r"(?:/\*(?P<before>(?:(?!\*/).)*)\*/\s*)?(?:const )?\w+ \*?(?P<name>\w+)(?:\[\w+\])?;"
    for found in re.finditer(pattern, struct, re.DOTALL):
        out[found["name"]] = " ".join(re.sub(r"\n\s*\*", " ", found["before"] or "").split())
    return out


def test_ranges_of_the_configuration_are_those_that_errors_name():
    header = (ROOT / "runtime/include/flue/flue.h").read_text(encoding="utf-8")
    struct = re.search(r"^struct flue_config \{\n(.*?)^\};", header, re.DOTALL | re.MULTILINE)[1]
    numbers = {name: text for name, text in members(struct).items() if f" {name}" in struct}
    numbers = {x: t for x, t in numbers.items() if re.search(rf"uint32_t {x}\b", struct)}
    assert len(numbers) == 10
    source = (ROOT / "runtime/src/target.c").read_text(encoding="utf-8")
    named = dict(re.findall(r'return [^"\n]*"(\w+): ([^"]+)";', source))
    (capacity,) = set(re.findall(r'CAPACITY\(\d+, "(2\^28)"\)', source))
    named["capacity"] = f"1 to {capacity}"
    assert set(named) >= {"capacity", "ring_entries", "running_requests", "ticks_per_second"}
    for name, text in numbers.items():
        for words in named.get(name, "any number").split("; "):
            assert words in text, f"{name}: {words}"
    assert set(named) - {"wake"} <= set(numbers)
    assert "1 to 2^28 - 1" in numbers["capacity"] and '"2^28 - 1"' in source
