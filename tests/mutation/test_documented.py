# SPDX-License-Identifier: BSD-2-Clause
"""docs/testing.md says of the tables of mutants what they are."""

import re

import yaml
from mutation import table
from mutation.located import ROOT

DOCS = (ROOT / "docs/testing.md").read_text(encoding="utf-8")


def test_the_docs_show_an_entry_of_the_tables():
    block = re.search(r"in one format:\n\n((?: {4}.*\n)+)", DOCS)[1]
    (shown,) = yaml.safe_load(block)
    (mutant,) = [m for m in table.load() if m.name == shown["name"]]
    assert (shown["what"], tuple(shown["found_by"])) == (mutant.what, mutant.found_by)
    edits = [(e.file, e.replace, e.text) for e in mutant.edits]
    assert [(e["file"], e["replace"], e["with"]) for e in shown["edits"]] == edits


def test_the_docs_explain_each_key():
    part = DOCS[DOCS.index("\n## Mutants\n") : DOCS.index("A few lines of the table:")]
    explained = set(re.findall(r"`(\w+)`", part)) | set(re.findall(r"(\w+):(?: |$)", part, re.M))
    branches = [table.SCHEMA["$defs"][f"{name}_mutant"] for name in table.SUBJECTS]
    assert {key for branch in branches for key in branch["properties"]} <= explained


def test_the_docs_show_mutants_of_the_tables():
    part = DOCS[DOCS.index("A few lines of the table:") :].split("\n## ")[0]
    known = {m.name: ", ".join(m.found_by) or "nobody" for m in table.load()}
    rows = [x.split(maxsplit=1) for x in part.splitlines() if x.startswith("      ")]
    assert len(rows) > 5
    for name, rest in rows:
        assert rest.startswith(known[name]), name
    assert (
        f"has {sum(m.subject == 'protocols' for m in table.load())} mutants of C, D and E" in DOCS
    )
    specs = [m for m in table.load() if m.subject == "specs"]
    refused = sum(m.found_by == ("check",) for m in specs)
    played = sum("replay" in m.found_by for m in specs)
    assert f"has {len(specs) - refused} mutants of `spec/chimney`" in DOCS
    assert f"and {refused} that it must refuse" in DOCS
    assert f"plays {played} of the {len(specs) - refused} mutants that models find" in DOCS
