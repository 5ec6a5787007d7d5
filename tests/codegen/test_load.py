# SPDX-License-Identifier: BSD-2-Clause
"""The model of the specs in the repository: that nothing is lost on the way."""

import pytest
from helpers import diagnose, spec
from flue.compiler import load
from flue.model import Handling
from flue.diagnostics import Report


def loaded(name):
    report = Report()
    target = load(spec(name), report)
    assert report.text() == ""
    return target


@pytest.fixture(scope="module")
def chimney():
    return loaded("chimney")


@pytest.fixture(scope="module")
def example():
    return loaded("example")


@pytest.mark.parametrize("name", ["chimney", "example"])
def test_the_specs_are_silent(name):
    assert diagnose([], name) == ""


@pytest.mark.parametrize(
    "name, states, variables, commands",
    [("neighbor", 13, 5, 5), ("path", 12, 3, 5), ("tcp", 12, 48, 8)],
)
def test_chimney_objects(chimney, name, states, variables, commands):
    obj = chimney.object(name)
    assert (len(obj.states), len(obj.variables), len(obj.commands)) == (states, variables, commands)
    assert [v.index for v in obj.commands] == list(range(commands))


@pytest.mark.parametrize("name", ["chimney", "example"])
def test_every_pair_is_decided_once(name):
    target = loaded(name)
    for obj in target.objects:
        pairs = [(c.state, c.event) for c in obj.cells]
        assert pairs == [(s.name, e) for s in obj.states for e in target.events]


def test_events_are_operations_then_the_language_s_own(chimney):
    assert chimney.events == (
        *("initiate", "update", "query", "invalidate", "terminate"),
        *("done", "failed", "reset", "restore"),
    )


def test_the_narrower_default_counts(chimney):
    path = chimney.object("path")
    assert path.cell("offloading", "reset").origin == "default busy.initiate"
    assert path.cell("restoring", "reset").origin == "default busy.nobody"
    assert path.cell("updating", "reset").origin == "default busy"
    assert path.cell("corrupt", "query").origin == "default idle"
    assert path.cell("terminating", "reset").origin == "written"


def test_what_cannot_happen_is_derived(chimney):
    path = chimney.object("path")
    impossible = [
        *(("free", "update"), ("free", "reset"), ("offloaded", "initiate"), ("offloaded", "done")),
        *(("offloading", "query"), ("stranded", "terminate"), ("updating", "restore")),
    ]
    for state, event in impossible:
        assert path.cell(state, event).arms[0].handling is Handling.IMPOSSIBLE, (state, event)
        assert path.cell(state, event).origin == "derived"


@pytest.mark.parametrize(
    "obj, variable, at, bits, size",
    [
        ("neighbor", "destination_mac", 8, None, 32),
        ("neighbor", "vlan_id", 40, (0, 11), 4),
        ("path", "destination_address", 16, None, 8),
        ("tcp", "rcv_wind_scale", 14, (4, 7), 1),
        ("tcp", "flow_label", 36, (0, 19), 4),
        ("tcp", "ttl_or_hop_limit", 40, None, 1),
        ("tcp", "keepalive_timeout_delta", 84, None, 4),
        ("tcp", "send_backlog_size", 96, None, 4),
        ("tcp", "dwnd", 120, None, 4),
    ],
)
def test_offsets(chimney, obj, variable, at, bits, size):
    found = chimney.object(obj).variable(variable)
    assert (found.at, found.bits, found.type.size) == (at, bits, size)


def test_pointers_lead_to_bytes_by_variant(chimney):
    found = chimney.object("path").variable("source_address").type
    assert found.variant_bytes == (("ipv4", 4), ("ipv6", 16))
    assert (found.kind, found.size, found.stored_bytes) == ("pointer", 8, 16)
    assert chimney.object("tcp").variants == ("ipv4", "ipv6")


def test_type_codes_name_object_variant_and_classes(chimney):
    codes = {
        c.code: (c.object, c.variant, c.classes) for o in chimney.objects for c in o.type_codes
    }
    assert len(codes) == 16
    assert codes[1] == ("neighbor", None, ("const",))
    assert codes[12] == ("path", "ipv6", ("const", "cached", "delegated"))


def test_commands_of_the_plan_come_first(chimney):
    names = [c.name for c in chimney.object("tcp").commands]
    assert names[:4] == ["write_timers", "write_buffers", "write_header", "restart"]
    assert [r.irreversible for r in chimney.object("tcp").plan] == [False] * 3 + [True] * 5


def test_flags_and_pulses(chimney):
    flags = chimney.object("tcp").variable("settings").flags
    assert [(f.name, f.mask, f.pulse) for f in flags] == [
        *(("keepalive_on", 1, False), ("nagle_on", 2, False), ("restart_keepalive", 4, True)),
        *(("restart_max_rt", 8, True), ("update_receive_window", 16, True)),
    ]


def test_the_node_of_each_layout(chimney):
    miniport, protocol = chimney.node.layouts
    assert [m.name for m in chimney.node.with_role("scratch")] == ["target_reserved", "scratch"]
    assert {m.name for m in protocol.members} - {m.name for m in miniport.members} == {
        *("ndis_reserved_3", "offload_handle")
    }
    assert chimney.operation("terminate").null_after == ("net_buffer_lists",)


def test_results_become_statuses(example):
    create = example.operation("create")
    assert [create.status_of(r) for r in ("no_space", "timeout", "reset", "failure")] == [
        *("no_space", "timeout", "io_error", "io_error")
    ]


def test_findings_can_point_into_the_spec(example):
    arm = example.object("meter").cell("free", "create").arms[0]
    assert arm.place("to").line == arm.where.line
    assert arm.place("to").column > arm.where.column
    assert arm.place("status") == arm.where


def test_a_typo_in_one_file_does_not_hide_what_is_wrong_in_another():
    said = diagnose(
        [
            ("neighbor.yaml", "undo: remove_neighbor", "undo: remove_neighbour"),
            ("tcp.yaml", "        - {status: success}\n", ""),
        ],
        "chimney",
    )
    assert 'error: unknown command "remove_neighbour" [unknown-name]' in said
    assert "tcp.yaml:" in said and said.count("error: ") == 2, said
