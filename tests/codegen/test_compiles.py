# SPDX-License-Identifier: BSD-2-Clause
"""Whatever passes the check is generated and compiles: constructs that are seldom, each in a spec
that has it. What has no meaning is refused instead; those are with the rules."""

import shutil
import subprocess
from dataclasses import dataclass, field

import pytest
from helpers import ROOT, Edit, Report, edited_spec, load, read_spec
from rule_case import KEYS, RICH

from flue.compiler import analyse
from flue.backends.c.generate import generate

WARNINGS = "-Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wconversion -Werror"
FLAGS = ["-std=c11", "-fsyntax-only", *WARNINGS.split()]
INCLUDES = [f"-I{ROOT}/runtime/include", f"-I{ROOT}/runtime/suite/include"]
COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]


@dataclass
class Spec:
    what: str
    edits: list[Edit]
    base: str = "example"
    finds: list[str] = field(default_factory=list)  # in the generated files

    def __str__(self) -> str:
        return self.what.replace(" ", "_")


def owner(declared: str, name: str = "owner") -> Edit:
    """Another declaration of the example's cached variable that only software keeps."""
    old = "    owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}"
    return (
        "meter.yaml",
        old,
        f"    {name}: {{host: Owner, at: 8, doc: Whom it is for., {declared}}}",
    )


def typed(declared: str) -> Edit:
    return "target.yaml", "\nstatuses:  ", f"\ntypes: {{{declared}}}\n\nstatuses:  "


NO_STATE = (
    "target.yaml",
    "    carries: all                           # one neighbor node, with its state\n"
    "    host_answers: host_reachability_delta  # in place\n",
    "",
)
QUERY = ("target.yaml", "    returns: asked                         # the classes named by the node's type code\n"
         "    results: {timeout: failure, others: failure}",
         "    returns: asked\n    results: {timeout: failure, reset: failure}")  # fmt: skip
CARRY_OWNER = ("meter.yaml", "carries: [rate_kbps, burst_bytes]\n    undo: old",
               "carries: [rate_kbps, burst_bytes, owner]\n    undo: old")  # fmt: skip
WIDER = ("meter.yaml", "LIMITER_METER_LIMITS, bytes: 12", "LIMITER_METER_LIMITS, bytes: 16")
DROPPED = ("meter.yaml", "    dropped_packets:\n      {type: u64, unit: packets, host: DroppedPackets, at: 0,"
           " doc: What did not pass.}\n")  # fmt: skip
# An operation that sends nothing: it sets a mark, and has no result that could become a status.
NOTE = [
    ("target.yaml", "\nroll_up:  ", "  note: {doc: Note it., completion: noted, reaches: reference, order: any, statuses: [success, bad_value]}\n\nroll_up:  "),
    ("target.yaml", "\nconditions:\n", "\nmarks: {seen: {doc: It was noted., ends: with_object}}\n\nconditions:\n  was_seen: {marked: seen}\n"),
    ("target.yaml", "  idle:\n", "  idle:\n    note: {refuse: bad_value}\n"),
    ("target.yaml", "  busy:\n", "  busy:\n    note: {defer: true}\n"),
    ("node.yaml", "  withdraw: delegated", "  withdraw: delegated\n  note: none"),
    ("meter.yaml", "      modify:   {plan: update, to: modifying}", "      modify:   {plan: update, to: modifying}\n      note: [{if: was_seen, refuse: bad_value}, {mark: seen, status: success}]"),
]  # fmt: skip

SPECS = [
    Spec("results that only others would take", [QUERY], "chimney"),
    Spec("an operation of which nothing can fail needs no results", NOTE),
    Spec(
        "no change needs a command",
        [("meter.yaml", "{changed: [rate_kbps, burst_bytes], send: write_limits}",
          "{changed: [rate_kbps, burst_bytes], send: nothing}")],
        finds=["return true;"],
    ),
    Spec(
        "an effect nobody asks for",
        [("tcp.yaml", "remove_tcp: {hardware: has_not,",
          "remove_tcp: {hardware: has_not, effects: {forget: {sets: total_rt, to: 0}},")],
        "chimney",
    ),
    Spec(
        "a pulse and a link in one rule",
        [("flow.yaml", "{pulse: restart, send: begin_again", "{changed: [link], pulse: restart, send: begin_again")],
        RICH,
        ["((node->Flags & 0x4u) != 0 && q->new_links[0] != FLUE_NONE)"],
    ),
    Spec("signed flags", [owner("type: i32, flags: {a: 1, b: 0x40000000}, pulses: {c: 2}"),
                          ("meter.yaml", "[owner]", "[a, b]"),
                          ("meter.yaml", "    - {changed: [a, b]", "    - {pulse: c, send: nothing}\n    - {changed: [a, b]")]),
    Spec("flags of a byte with a sign", [owner("type: i8, flags: {a: 0x80}, pulses: {c: 2}"),
                          ("meter.yaml", "[owner]", "[a], pulse: c"), ("meter.yaml", "[a], pulse: c, send: nothing}", "[a], send: nothing}\n    - {pulse: c, send: nothing}")]),
    Spec("flags beyond an int", [owner("type: u32, flags: {a: 0x80000000}"), ("meter.yaml", "[owner]", "[a]")],
         finds=["#define LIMITER_METER_OWNER_A 0x80000000u"]),
    Spec("flags of a bit-field", [owner("type: u32, bits: 4..7, flags: {a: 1}, pulses: {c: 8}"),
                          ("meter.yaml", "[owner], send: nothing}", "[a], send: nothing}\n    - {pulse: c, send: nothing}")],
         finds=["own->cached.Owner &= 0x7u;"]),
    Spec("pulses of 64 bits keep the other half",
         [("meter.yaml", "owner:       {type: u32, host: Owner, at: 8,", "owner:       {type: u64, pulses: {c: 8}, flags: {a: 1}, host: Owner, at: 8,"),
          WIDER, ("meter.yaml", "[owner], send: nothing}", "[a], send: nothing}\n    - {pulse: c, send: nothing}")],
         finds=["&= (uint64_t)0xfffffffffffffff7u;"]),
    Spec("a command with an array of one variant only",
         [("tcp.yaml", "flow_label: {type: u32, bits: 0..19, host: FlowLabel, at: 36, only: ipv6,",
           'flow_label: {type: "u8[4]", host: FlowLabel, at: 36, only: ipv6,')],
         "chimney", ["if (q->object->variant == CHIMNEY_VARIANT_IPV6)\n        memcpy(args.flow_label,"]),
    Spec("an array of one", [owner('type: "u8[1]"'), CARRY_OWNER]),
    Spec("a signed number that may be none",
         [("tcp.yaml", "flow_label: {type: u32, bits: 0..19,", "flow_label: {type: odd,"),
          ("target.yaml", "  tcp_state:\n", "  odd: {is: i32, none: -2147483648, doc: O.}\n  tcp_state:\n")],
         "chimney", ["(-2147483647 - 1)"]),
    Spec("an array and a bit-field that only answers fill",
         [("neighbor.yaml", "NEIGHBOR_OFFLOAD_STATE_DELEGATED, bytes: 12", "NEIGHBOR_OFFLOAD_STATE_DELEGATED, bytes: 20"),
          ("neighbor.yaml", "  delegated:\n", '  delegated:\n    seen: {type: "u16[2]", in: [query], host: Seen, at: 12, doc: S.}\n'
           "    some: {type: u8, bits: 2..4, in: [query], host: Some, at: 16, doc: S.}\n")],
         "chimney", ["memcpy(node->Seen, before.Seen, sizeof node->Seen);", "node->Some = before.Some;"]),
    Spec("the host answers with an array",
         [("target.yaml", "host_answers: host_reachability_delta", "host_answers: destination_mac")], "chimney"),
    Spec("a node for each variant, with the type of it",
         [("target.yaml", "    about: neighbor\n    code: 2\n    carries: all                           # one neighbor node, with its state\n"
           "    host_answers: host_reachability_delta  # in place\n", "    about: path\n    code: 2\n    carries: all\n"),
          ("neighbor.yaml", "raises:\n  reachability_query: {in: held, if: stale}        # the driver asks before it sends\n", ""),
          ("path.yaml", "states:\n", "raises: {reachability_query: {in: offloaded}}\n\nstates:\n")],
         "chimney", ["object->variant == CHIMNEY_VARIANT_IPV4 ? CHIMNEY_TYPE_PATH_IPV4_ALL"]),
    Spec("a call that passes a structure and no node",
         [("target.yaml", "passes: [target_handle, node, code]", "passes: [target_handle, offload_handle, code]"), NO_STATE],
         "chimney"),
    Spec("a call without the node it could have",
         [("target.yaml", "passes: [target_handle, node, code]", "passes: [target_handle, code]"), NO_STATE], "chimney"),
    Spec("an object's indication by a call about the target",
         [("target.yaml", "  abort: {call: NdisTcpOffloadEventHandler", "  abort: {call: NdisMIndicateStatusEx")],
         "chimney"),
    Spec("a call that passes two structures",
         [("target.yaml", "passes: [target_handle, status_indication]",
           "passes: [target_handle, status_indication, state_header]")], "chimney"),
    Spec("reasons of 32 bits",
         [("target.yaml", "reasons: {low_activity: 1, high_drop_rate: 2,", "reasons: {low_activity: 0xFFFFFFFF, high_drop_rate: 0xC0000001,")],
         "chimney", ["CHIMNEY_RETRIEVE_HIGH_DROP_RATE = -1073741823,"]),
    Spec("a nested structure that begins in another member",
         [("node.yaml", "{type: u8, host: Header.Type, at: 0, value: 0x98,", "{type: u8, host: Other, at: 0, value: 0x98,")],
         "chimney"),
    Spec("a union that begins before its first member",
         [("tcp.yaml", "    dup_ack_count: {type: u8, host: DupAckCount, at: 76,",
           '    odd: {type: "u8[3]", in: [query], host: Odd, at: 121, doc: O.}\n'
           "    dup_ack_count: {type: u8, host: DupAckCount, at: 76,"),
          ("tcp.yaml", "    dwnd: {type: u32, unit: bytes, host: DWnd, at: 120,", "    dwnd: {type: u32, unit: bytes, host: DWnd, at: 120, in: [initiate, terminate],")],
         "chimney"),
    Spec("a member with the name of padding", [("meter.yaml", "host: BurstBytes", "host: reserved_9"), owner("type: u8"), WIDER,
         ("meter.yaml", "  delegated:                               #", "    last: {type: u32, bits: 3..5, host: reserved_9_, at: 12, doc: L.}\n  delegated:                               #"),
         ("meter.yaml", "[owner]", "[owner, last]")]),
    Spec("a value for each sort of number",
         [typed("big: {is: u64, enum: {all: 0xffffffffffffffff, half: 0x8000000000000000, low: 1}, doc: B.}, small: {is: i8, enum: {low: -128, top: 127}, doc: S.}")]
         + [owner("type: small")]),
    Spec("an object called as a header of the target",
         [("meter.yaml", "object: meter", "object: objects"), ("target.yaml", "objects: [meter]", "objects: [objects]")]),
    Spec("a name of a target so long that nothing fits a line",
         [("target.yaml", "target: limiter", "target: limiter_of_the_rate_of_all_the_ports_of_a_card")]),
    Spec("docs that would end a comment or a machine",
         [("meter.yaml", "    doc: No meter.\n", '    doc: "No /* meter */ }%% \\" here.\\n\\u202e And ? so."\n'),
          ("target.yaml", "doc: A NIC that limits the rate of its ports. The smallest complete target.",
           'doc: "A /* b */ c %% d\\n e"')]),
    Spec("a structure of many bytes",
         [DROPPED + ('    dropped_packets: {type: "u64[8000]", host: DroppedPackets, at: 0, doc: D.}\n',),
          ("meter.yaml", "LIMITER_METER_COUNT,  bytes: 8", "LIMITER_METER_COUNT,  bytes: 64000")]),
    Spec("classes of nothing but secrets, kept and not kept",
         [("sa.yaml", "    label: {type: u32, host: Label, doc: What the host calls it.}\n", ""),
          ("sa.yaml", "    - {changed: [label], send: nothing}\n", ""),
          ("sa.yaml", '    spi:  {type: u32, host: Spi, doc: "Its number on the wire."}\n', ""),
          ("sa.yaml", "{carries: [spi, cached, link]", "{carries: [cached, link]"),
          ("sa.yaml", "{carries: [spi], hardware", "{hardware")], KEYS),
]  # fmt: skip


def checked(directory):
    report = Report()
    target, _ = analyse(directory, report)
    assert target, report.text()
    return target


def compiled(folder):
    for compiler in COMPILERS:
        command = [compiler, *FLAGS, *INCLUDES, *map(str, sorted(folder.glob("*.c")))]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.stderr == ""


# What only software keeps, beside objects with commands.
COMMANDLESS = """
commands: {}
update: {plan: [{changed: [rate_kbps, burst_bytes, owner], send: nothing}]}
states:
  free:
    doc: None.
    rest: {host: has_not, hardware: has_not}
    when: {create: {to: kept, status: success}}
  kept:
    doc: One.
    rest: {host: has, hardware: has_not}
    when: {withdraw: {to: free, status: success}, inspect: {status: success}}
  lost:
    doc: One, and a reset was.
    rest: {host: has, hardware: has_not}
    when: {withdraw: {to: free, status: success}}
"""


def test_an_object_without_commands(tmp_path):
    text = read_spec("meter.yaml")
    edits = [("meter.yaml", text, text[: text.index("\ncommands:")] + COMMANDLESS)]
    generate(load(edited_spec(edits), Report()), str(tmp_path), suite=True)
    compiled(tmp_path)


@pytest.mark.parametrize("case", SPECS, ids=str)
def test_it_compiles(case, tmp_path):
    target = checked(edited_spec(case.edits, case.base))
    generate(target, str(tmp_path), suite=True)
    text = "".join(p.read_text() for p in sorted(tmp_path.glob("*.[ch]")))
    assert [words for words in case.finds if words not in text] == []
    compiled(tmp_path)
