# SPDX-License-Identifier: BSD-2-Clause
"""Writing the outputs: the same every time, only if changed, with what they depend on."""

import os
import subprocess
import sys

import pytest
from helpers import ROOT, SHIPPED, edited_spec, load, Report, spec

from flue.backends.c.generate import generate, render
from flue.backends.c.manifest import output_names
from flue.compiler import outputs_of
from flue.files import without_comments, write_if_changed

SPECS = [*map(spec, SHIPPED), os.path.join(ROOT, "tests", "codegen", "rich")]
LONG_AGO = 1_000_000_000_000_000_000


def target(folder):
    report = Report()
    found = load(folder, report)
    assert found, report.text()
    return found


def age_all(folder):
    for name in os.listdir(folder):
        os.utime(os.path.join(folder, name), ns=(LONG_AGO, LONG_AGO))


def rewritten(folder):
    """Files whose time stamp a build would notice."""
    paths = {name: os.path.join(folder, name) for name in os.listdir(folder)}
    return sorted(n for n, p in paths.items() if os.stat(p).st_mtime_ns != LONG_AGO)


@pytest.mark.parametrize("folder", SPECS, ids=os.path.basename)
def test_outputs_are_the_same_whatever_the_hash_seed(folder, tmp_path):
    texts = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, os.path.join(ROOT, "flue"), "generate", folder, "--out", out]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        texts.append({p.name: p.read_text() for p in sorted(out.iterdir())})
    assert texts[0] == texts[1]


@pytest.mark.parametrize("folder", SPECS, ids=os.path.basename)
def test_outputs_say_what_they_are_and_nothing_of_this_machine(folder):
    found = target(folder)
    for name, text in render(found).items():
        first, second = text.split("\n")[:2]
        assert first.startswith(f"/* Generated from {os.path.basename(folder)}/"), name
        assert first.endswith(".yaml: do not edit."), name
        assert "flue generate" in second, name
        assert ROOT not in text and "/tmp" not in text, name


def test_relative_and_absolute_spec_folders_give_the_same(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert render(target("spec/example")) == render(target(spec("example")))


def test_the_list_is_what_is_written(tmp_path):
    found = target(spec("chimney"))
    generate(found, str(tmp_path))
    names = output_names("chimney", ["neighbor", "path", "tcp"])
    assert sorted(os.listdir(tmp_path)) == sorted(names)
    listed = outputs_of(spec("chimney"), str(tmp_path), Report())
    assert listed == [found.file, *(os.path.join(str(tmp_path), n) for n in names)]


def test_the_list_knows_no_target_in_an_empty_folder(tmp_path):
    assert outputs_of(str(tmp_path), "out", Report()) == []


def test_a_second_run_writes_nothing_and_leaves_other_files_alone(tmp_path):
    generate(target(spec("example")), str(tmp_path))
    (tmp_path / "mine.c").write_text("int mine;\n")
    age_all(tmp_path)
    assert generate(target(spec("example")), str(tmp_path)) == []
    assert rewritten(tmp_path) == []


def test_a_doc_string_changes_text_but_no_time_stamp(tmp_path):
    generate(target(spec("example")), str(tmp_path))
    age_all(tmp_path)
    edit = ("meter.yaml", "doc: The port it limits.", "doc: The port that it limits.")
    folder = edited_spec([edit])
    out = str(tmp_path)
    assert generate(target(folder), out) == []
    assert rewritten(tmp_path) == []
    assert "The port that it limits." in (tmp_path / "limiter.h").read_text()


def test_a_changed_line_touches_only_what_depends_on_it(tmp_path):
    generate(target(spec("example")), str(tmp_path))
    age_all(tmp_path)
    edit = ("target.yaml", "timeout_ms: 50 ", "timeout_ms: 60 ")
    generate(target(edited_spec([edit])), str(tmp_path))
    assert rewritten(tmp_path) == ["limiter.c"]


def test_write_if_changed_tells_code_from_comments(tmp_path):
    path = str(tmp_path / "x.c")
    assert write_if_changed(path, "int a; /* one */\n")
    assert not write_if_changed(path, "int a; /* one */\n")
    assert not write_if_changed(path, "/* two */ int a;\n")
    assert write_if_changed(path, "/* two */ int b;\n")
    assert without_comments("a /* b\n c */ d // e\nf") == "a d f"


def read_depfile(path):
    """Target and dependencies, as make reads them."""
    text = path.read_text().replace("\\\n", " ").replace("\\ ", "\0")
    head, tail = text.split(":", 1)
    return head.replace("\0", " "), [w.replace("\0", " ") for w in tail.split()]


def test_depfile_names_specs_schema_templates_and_generator(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["flue"])
    out = os.path.relpath(tmp_path / "out dir", ROOT)
    depfile = os.path.relpath(tmp_path / "x.d", ROOT)
    generate(target("spec/example"), out, depfile)
    head, found = read_depfile(tmp_path / "x.d")
    assert head == os.path.join(out, "limiter.c")
    for name in (
        "spec/example/meter.yaml",
        "spec/example/node.yaml",
        "spec/example/target.yaml",
        "codegen/flue/syntax/flue.schema.json",
        "codegen/flue/backends/c/templates/target.h.j2",
        "codegen/flue/backends/c/generate.py",
        "codegen/flue/check/__init__.py",
    ):
        assert name in found
    assert not [p for p in found if os.path.isabs(p)]
    assert all(os.path.exists(p) for p in found)


def test_an_absolute_depfile_names_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    generate(target("spec/example"), str(tmp_path), str(tmp_path / "x.d"))
    head, found = read_depfile(tmp_path / "x.d")
    assert os.path.isabs(head) and all(os.path.isabs(p) for p in found)


def test_every_line_keeps_to_the_width():
    for folder in SPECS:
        for name, text in render(target(folder)).items():
            wide = [x for x in text.split("\n") if len(x) > 100 and not name.endswith(".rl")]
            assert wide == [], name


def test_what_is_generated_no_more_is_removed(tmp_path):
    """Of an object that was renamed, and a suite nobody wants now; nothing that is somebody's own."""
    folder = edited_spec([])
    generate(target(folder), str(tmp_path), suite=True)
    mine = tmp_path / "limiter_mine.c"
    mine.write_text("int mine;\n")
    other = tmp_path / "limiter_other.c"
    other.write_text("/* Generated from another/other.yaml: do not edit.\n */\n")
    renamed = edited_spec(
        [
            ("target.yaml", "objects: [meter]", "objects: [gauge]"),
            ("meter.yaml", "object: meter", "object: gauge"),
        ]
    )
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    for name in os.listdir(renamed):
        os.rename(os.path.join(renamed, name), os.path.join(folder, name))
    found = target(folder)
    generate(found, str(tmp_path))
    names = output_names("limiter", ["gauge"])
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*names, mine.name, other.name])
