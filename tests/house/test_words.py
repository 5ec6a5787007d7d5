# SPDX-License-Identifier: BSD-2-Clause
"""Old words as identifiers are found where they must not be, and nothing else is."""

import pytest
from rules import RULES, numbers
from sources import ROOT
from words import OLD, old_words

C = "runtime/src/walk.c"
TEMPLATE = "codegen/flue/backends/c/templates/target.c.j2"


def found(text, name=C):
    return old_words(name, "." + name.rsplit(".", 1)[1], text.splitlines())


@pytest.mark.parametrize("old", OLD)
def test_each_old_word_is_found_as_an_identifier_and_as_a_part_of_one(old):
    word = old.split("|")[0].replace("?", "")
    for text in (f"int {word};", f"flue_{word}_run(t);", f"FLUE_{word.upper()} = 1"):
        (line,) = found(f"/* one\n * two */\n{text}\n")
        assert line.startswith(f"{C}:3: ") and line.endswith(OLD[old])


@pytest.mark.parametrize(
    "line, name",
    [
        ("    seeds = strtoull(argv[++i], NULL, 0);", "tests/x.c"),
        ("    size = (uint32_t)atoi(arguments[2]);", "tests/x.c"),
        ('    parser.add_argument("--jobs", type=' + "int)", "tests/x.py"),
        ('    parser.add_argument("--seconds", type=' + "float, default=0)", "tests/x.py"),
    ],
)
def test_an_unchecked_number_of_a_command_line_is_found(line, name):
    (found,) = numbers(name, name[name.index(".") :], ["", line])
    assert found.startswith(f"{name}:2: ") and numbers in RULES
    assert not numbers(name, ".c", ["    at = strtoul(text, &end, 16);"])


def test_comments_strings_and_what_a_template_asks_of_the_model_are_not_identifiers():
    assert not found('int a; /* it pays what it\n * owes */ say("turn"); // aside\n')
    assert not found("{# hidden #}{% if obj.sees %}x{{ o.place }}\n", TEMPLATE)
    assert len(found("{{ o.low }}_tell(q);\n", TEMPLATE)) == 1


@pytest.mark.parametrize(
    "name", ["stray_answers", "op->returns", "replace", "payload", "placeholder"]
)
def test_words_that_only_look_like_them_are_let_through(name):
    assert not found(f"int {name};")


def test_other_folders_may_speak_as_they_like():
    assert not found("int turn;", "tests/fuzz/play.c")


def test_the_rules_of_the_house_ask_and_the_sources_are_clean():
    assert old_words in RULES
    paths = [p for folder in ("runtime/src", "drivers/sim") for p in (ROOT / folder).glob("*.c")]
    assert len(paths) > 30
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        assert not old_words(name, path.suffix, path.read_text(encoding="utf-8").splitlines())
