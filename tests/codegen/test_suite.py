# SPDX-License-Identifier: BSD-2-Clause
"""The generated suite: it hits every transition of every spec here, and it sees what is wrong."""

import glob
import os
import re
import shutil
import subprocess

import pytest
from helpers import ROOT, Report, edited_spec, load, spec
from test_own_times import UNUSED, WAITING

from flue.backends.c.generate import generate
from flue.compiler import analyse

RUNTIME = os.path.join(ROOT, "runtime")


def check_flags():
    try:
        command = ["pkg-config", "--cflags", "--libs", "check"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return None


FLAGS = check_flags()
pytestmark = pytest.mark.skipif(
    FLAGS is None or not shutil.which("cc"), reason="needs a C compiler and Check"
)


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """The runtime and the suite's fixed part, compiled once."""
    folder = tmp_path_factory.mktemp("objects")
    sources = glob.glob(f"{RUNTIME}/src/*.c") + glob.glob(f"{RUNTIME}/suite/*.c")
    command = ["cc", "-c", "-std=c11", *includes(), *FLAGS[:1], *sources]
    subprocess.run(command, cwd=folder, check=True)
    return glob.glob(f"{folder}/*.o")


def includes():
    return [f"-I{RUNTIME}/include", f"-I{RUNTIME}/suite/include"]


def run(folder, objects):
    """Compile the generated files, run the suite: exit status and what it prints."""
    sources = glob.glob(f"{folder}/*.c")
    program = os.path.join(folder, "suite")
    command = ["cc", "-std=c11", f"-I{folder}", *includes(), *sources, *objects, *FLAGS]
    subprocess.run([*command, "-o", program], check=True)
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def generated(directory, folder):
    target = load(directory, Report())
    generate(target, str(folder), suite=True)
    return target


def transitions(target):
    return sum(len(c.arms) for o in target.objects for c in o.cells if c.possible)


@pytest.mark.parametrize(
    "directory",
    [spec("example"), spec("chimney"), f"{ROOT}/tests/codegen/rich"],
)  # of the others CTest's suite_NAME says it
def test_every_transition_is_hit(directory, tmp_path, objects):
    count = transitions(generated(directory, tmp_path))
    status, text = run(tmp_path, objects)
    assert f"{count} of {count} transitions hit, 100.0%" in text, text
    assert status == 0


def test_a_wrong_arm_is_seen(tmp_path, objects):
    generated(spec("example"), tmp_path)
    replace(tmp_path / "limiter_meter.c", r"\*arm = 1;", "*arm = 2;")
    status, text = run(tmp_path, objects)
    assert status == 1
    assert "meter free, create," in text and "expected to creating, send [add_meter]" in text
    assert "48 of 49 transitions hit" in text
    assert "missing: meter.yaml:53: meter free, create: send add_meter, go to creating" in text


def test_a_guard_that_asks_something_else_is_seen(tmp_path, objects):
    generated(spec("example"), tmp_path)
    replace(tmp_path / "limiter_meter.c", "flue_guard_asked[(]q, .*[)];", "q->asked == 1;")
    status, text = run(tmp_path, objects)
    assert status == 1
    assert "wrong: meter limiting, inspect, asks_delegated=0:\n  expected to limiting" in text
    assert "wrong: meter limiting, inspect, asks_delegated=1:\n  expected to inspecting" in text


# Conditions of rich that are made of others: file, what the generated C asks, what it asks then.
RICH = os.path.join(ROOT, "tests", "codegen", "rich")
JOINED = [
    ("rich_flow.c", r"return !(rich_flow_link_unusable)", r"return \1"),
    ("rich_flow.c", r"(return rich_flow_is_invalid\(q\)) &&", r"\1 ||"),
    ("rich_gate.c", r"(return rich_gate_is_invalid\(q\)) \|\|", r"\1 &&"),
]


# And of queue, comparisons: of the wrong copy, without the end, of the wrong sign, of another number.
QUEUE = os.path.join(ROOT, "tests", "codegen", "queue")
COMPARED = [
    ("queue_line.c", r"of_rate \? of_rate->Rate : (own->cached.Rate)", r"\1"),
    ("queue_line.c", r"(b = )(own->cached.Rate)", r"\1of_rate ? of_rate->Rate : \2"),
    ("queue_line.c", r"q->operation == QUEUE_CREATE \? (q->state.FLUE_CONST.) : NULL", r"\1"),
    ("queue_line.c", r"a >= b", "a > b"),
    ("queue_line.c", r"const int64_t a = (.*);", r"const int64_t a = (uint16_t)(\1);"),
    ("queue_line.c", r"UINT64_C\(1500\)", "UINT64_C(1501)"),
]

# And of verbs, flags: one less, one more, others besides, of the wrong copy.
VERBS = os.path.join(ROOT, "tests", "codegen", "verbs")
BITS = [
    ("verbs_qp.c", r"== UINT64_C\(3\)", "== UINT64_C(1)"),
    ("verbs_qp.c", r"UINT64_C\(5\)\) == UINT64_C\(4\)", "UINT64_C(4)) == UINT64_C(4)"),
    ("verbs_qp.c", r"UINT64_C\(4294967295\)", "UINT64_C(255)"),
    ("verbs_qp.c", r"UINT64_C\(10\)", "UINT64_C(8)"),
    ("verbs_qp.c", r"(a & UINT64_C\(3\)\)) != 0", r"\1 == 3"),
]


def test_a_plan_of_other_commands_is_seen(tmp_path, objects):
    generated(VERBS, tmp_path)
    replace(
        tmp_path / "verbs.c",
        r"1u << VERBS_QP_WRITE_ACCESS (\| 1u << VERBS_QP_WRITE_RETRY)",
        r"0u \1",
    )
    status, text = run(tmp_path, objects)
    assert status == 1 and "wrong: qp ready" in text


# And of pairs, results and answers: one of several left out, another one instead, another number.
PAIRS = os.path.join(ROOT, "tests", "codegen", "pairs")
RESULTS = [
    ("pairs_pair.c", r" \|\|\s+flue_guard_result.q, PAIRS_RESULT_RESET.", ""),
    (
        "pairs_pair.c",
        r"return flue_guard_result.q, PAIRS_RESULT_REFUSED.",
        "return q->object->result",
    ),
    ("numbers_entry.c", r"own->device.place;", "own->device.tag;"),
    ("uplinks_uplink.c", r"to_seen = brought->a_second", "to_seen = 0"),
    ("uplinks_uplink.c", r"to_wished = of_wish . of_wish->Wish : 0", "to_wished = 0"),
    ("uplinks_uplink.c", r": UINT64_C.255.;", ": UINT64_C(0);"),
    ("uplinks_uplink.c", r"to_limit = q->target->config.parameters.[A-Z_]+.", "to_limit = 0"),
    ("uplinks.c", r"\.sets = 3", ".sets = 2"),
    ("uplinks.c", r"\s+\.sets = 4,", ""),
    ("pairs_pair.c", r"own->delegated.Does", "(uint8_t)~own->delegated.Does"),
]
OF_FILES = {"queue": QUEUE, "verbs": VERBS, "pairs": PAIRS, "numbers": PAIRS[:-5] + "numbers"}
OF_FILES["uplinks"] = PAIRS[:-5] + "uplinks"


@pytest.mark.parametrize("file, asked, instead", JOINED + COMPARED + BITS + RESULTS)
def test_other_questions_are_seen(file, asked, instead, tmp_path, objects):
    generated(OF_FILES.get(re.split("[_.]", file)[0], RICH), tmp_path)
    replace(tmp_path / file, asked, instead)
    status, text = run(tmp_path, objects)
    kind = re.sub(r"^.*_|\.c$|s\.c$", "", file)
    assert status == 1 and f"wrong: {kind} " in text


def test_an_age_is_tried_on_both_sides_of_a_variable(tmp_path, objects):
    generated(edited_spec(WAITING + UNUSED, "../tests/codegen/queue"), tmp_path)
    status, text = run(tmp_path, objects)
    assert status == 0, text
    assert "own->since_at" in (tmp_path / "queue_line.c").read_text()
    sides = r"(own->since_at\);\s+const uint64_t b = [^;]+;\s+return )"
    replace(tmp_path / "queue_line.c", sides + "a > b", r"\1a >= b")
    status, text = run(tmp_path, objects)
    assert status == 1 and "wrong: line " in text


# The host is shown what the hardware calls a next hop, from the answer on that tells it until a reset.
SHOWN = [
    ("doc: Where they go.}\n", "doc: Where they go.}\n    entry: {type: slot, host: entry, in: [query], doc: E.}\n"),
    ("carries: [cached]", "carries: [port, vlan, source_mac, destination_mac]"),
    ("carries: [id, cached]", "carries: [id, port, vlan, source_mac, destination_mac]"),
    ("busy: create\n    when:\n      done:   {to: offloaded, status: success}",
     "busy: create\n    when:\n      done:   {to: offloaded, status: success, set: {entry: id}}"),
    ("      query:  {status: success}\n", "      query:  {status: success}\n      reset:  {to: lost, set: {entry: 0}}\n"),
    ("      done:   {to: offloaded}\n", "      done:   {to: offloaded, set: {entry: id}}\n"),
]  # fmt: skip


def test_a_number_of_the_hardware_is_shown_to_the_host(tmp_path, objects):
    directory = edited_spec([("hop.yaml", *edit) for edit in SHOWN], "flow")
    report = Report()
    target, _ = analyse(directory, report)
    assert report.text() == ""
    generate(target, str(tmp_path), suite=True)
    status, text = run(tmp_path, objects)
    assert status == 0, text
    replace(tmp_path / "flow_hop.c", r"to_entry = own->device.id;", "to_entry = 0;")
    status, text = run(tmp_path, objects)
    assert status == 1 and "and other values are set" in text


def test_an_arm_that_nothing_leads_to_is_missing(tmp_path, objects):
    twice = "- {if: asks_delegated, send: read_count, to: inspecting}\n"
    never = twice.replace("asks_delegated", "asks_too")
    edits = [
        ("meter.yaml", twice, twice + "        " + never),
        ("target.yaml", "conditions:\n", "conditions:\n  asks_too: {asked: delegated}\n"),
    ]
    generated(edited_spec(edits), tmp_path)
    status, text = run(tmp_path, objects)
    assert status == 1 and "49 of 50 transitions hit, 98.0%" in text
    assert "meter limiting, inspect: if asks_too: send read_count, go to inspecting" in text


def replace(path, pattern, new):
    text, count = re.subn(pattern, new, path.read_text(), count=1)
    assert count == 1
    path.write_text(text)
