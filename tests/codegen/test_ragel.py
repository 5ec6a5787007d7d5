# SPDX-License-Identifier: BSD-2-Clause
"""What Ragel compiled is what was checked: its XML against the model, and proof that it can fail."""

import os
import re
import stat
import subprocess

import pytest
from helpers import ROOT, SHIPPED, Report, load, spec

from flue.backends.c import ragel
from flue.backends.c.generate import environment, render
from flue.model.c_names import Names
from flue.backends.c.target import TargetView

FOLDERS = [*map(spec, SHIPPED), os.path.join(ROOT, "tests", "codegen", "rich")]


def views(folder):
    target = load(folder, Report())
    view = TargetView(target, Names(target))
    template = environment(view).get_template("object.rl.j2")
    return [(o, template.render(o=o, obj=o.obj, file=o.obj.file)) for o in view.objects]


def xml_of(text, tmp_path):
    path = tmp_path / "machine.rl"
    path.write_text(text)
    return subprocess.run(["ragel", "-x", path], check=True, capture_output=True, text=True).stdout


MACHINES = [(o, text) for folder in FOLDERS for o, text in views(folder)]
path_machine = next((o, text) for o, text in MACHINES if o.low == "chimney_path")


@pytest.mark.parametrize("view, text", MACHINES, ids=[o.low for o, _ in MACHINES])
def test_xml_is_the_model(view, text, tmp_path):
    numbers = ragel.compare(view, ragel.read_xml(xml_of(text, tmp_path)))
    assert sorted(numbers) == sorted(s.name for s in view.obj.states)
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert numbers[view.obj.states[0].name] == 1


@pytest.mark.parametrize("view, text", MACHINES, ids=[o.low for o, _ in MACHINES])
def test_every_arm_is_in_the_machine(view, text, tmp_path):
    machine = ragel.read_xml(xml_of(text, tmp_path))
    found = {arm for moves in machine.transitions.values() for _, arm in moves.values()}
    assert found == set(range(len(view.arms) + 1)), "0 is that of the private letters"


def mismatch(view, text, tmp_path):
    with pytest.raises(ragel.RagelError, match=r"\[ragel-mismatch\]") as raised:
        ragel.compare(view, ragel.read_xml(xml_of(text, tmp_path)))
    return str(raised.value)


def tampered(text, old, new):
    assert len(re.findall(old, text)) >= 1
    return re.sub(old, new, text, count=1)


def arm(view, state, event):
    """Number of the first arm of a pair."""
    return next(a.number for a in view.arms if (a.cell.state, a.cell.event) == (state, event))


def test_another_target_state_is_found(tmp_path):
    view, text = path_machine
    done = arm(view, "offloading", "done")
    text = tampered(text, rf"(\*arm = {done}; \}}) -> offloaded", r"\1 -> lost")
    assert "state offloading, event 1 (no guards)" in mismatch(view, text, tmp_path)


def test_a_missing_transition_is_found(tmp_path):
    view, text = path_machine
    deferred = arm(view, "updating", "update")
    text = tampered(text, rf"\n[^\n]+ @\{{ \*arm = {deferred}; \}}[^\n]*", "")
    assert "is (0, 0), should be" in mismatch(view, text, tmp_path)


def test_an_unreachable_state_is_found(tmp_path):
    view, text = path_machine
    done = arm(view, "offloading", "done")
    text = tampered(text, rf"\n[^\n]+ @\{{ \*arm = {done}; \}}[^\n]*", "")
    assert "states missing in Ragel's XML: ['corrupt'" in mismatch(view, text, tmp_path)


def test_a_transition_too_many_is_found(tmp_path):
    view, text = path_machine
    text = tampered(text, r"128 -> start\n", "8 @{ *arm = 1; } -> start |\n 128 -> start\n")
    assert "state free, event 8" in mismatch(view, text, tmp_path)


def test_two_transitions_on_one_event_are_found(tmp_path):
    # Ragel would run both actions, in the order of the file.
    view, text = path_machine
    text = tampered(text, r"128 -> start\n", "5 @{ *arm = 2; } -> start |\n 128 -> start\n")
    with pytest.raises(ragel.RagelError, match="runs 2 actions"):
        ragel.read_xml(xml_of(text, tmp_path))


def test_a_turned_guard_is_found(tmp_path):
    view, text = path_machine
    text = tampered(text, r"when has_dependents\)", "when !has_dependents)")
    with pytest.raises(ragel.RagelError, match=r"\[ragel-mismatch\]"):
        ragel.compare(view, ragel.read_xml(xml_of(text, tmp_path)))


def test_merged_states_are_found(tmp_path):
    # Without their private letters, states that look alike become one.
    view, text = path_machine
    private = [str(ragel.PRIVATE + s.index) for s in view.obj.states]
    for letter in private:
        text = re.sub(rf" \|([^\n]*)\n +{letter} -> \w+\n", r"\1\n", text)
    assert "private letters" in mismatch(view, text, tmp_path)


def test_a_forgotten_state_is_found(tmp_path):
    view, text = path_machine
    xml = xml_of(text, tmp_path)
    number = ragel.compare(view, ragel.read_xml(xml))["stranded"]
    cut = re.sub(rf'<state id="{number}">.*?</state>', "", xml, flags=re.DOTALL)
    with pytest.raises(ragel.RagelError, match=r"missing in Ragel's XML: \['stranded'\]"):
        ragel.compare(view, ragel.read_xml(cut))


def fake_ragel(tmp_path, monkeypatch, script):
    path = tmp_path / "ragel"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


def test_a_missing_ragel_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ragel.RagelError, match="ragel is not installed.*apt install ragel"):
        render(load(spec("example"), Report()))


def test_another_major_version_is_refused(tmp_path, monkeypatch):
    fake_ragel(tmp_path, monkeypatch, "echo Ragel State Machine Compiler version 7.0.4")
    with pytest.raises(ragel.RagelError, match="ragel 7.0 is installed: flue needs version 6"):
        render(load(spec("example"), Report()))


def test_what_ragel_says_is_passed_on(tmp_path, monkeypatch):
    script = 'case $1 in --version) echo version 6.10;; *) echo "bad machine" >&2; exit 1;; esac'
    fake_ragel(tmp_path, monkeypatch, script)
    with pytest.raises(ragel.RagelError, match="ragel failed on limiter_meter:\nbad machine"):
        render(load(spec("example"), Report()))
