# SPDX-License-Identifier: BSD-2-Clause
"""What is found before there is a model: by the parser, the schema, the resolver; and by Ragel after.

A finding of theirs names one of these rules where it is made, so their texts stand here.
"""

from .registry import RuleText

_TEXTS = {
    "yaml-syntax": """What cannot be parsed cannot be checked; and anchors, aliases and tags do what
        few readers of a spec know.

        Finds: text that is not YAML, or YAML beyond the part that is used: anchors, aliases, tags,
        a second document.
        Mend: the message says what YAML misses. Most often: a text with `: ` or `, ` in it that
        needs quotes, a bracket that is not closed, a tab.
    """,
    "spec-files": """A folder is one target, and each file is of one kind.

        Finds: a folder without a target, node or object file, with two targets or nodes; a file
        with none of the three keys at its top; a file that cannot be read; a file's name with a
        character that C or a build takes for something else: quotes, brackets, a backslash, or one
        of `$#;&*?<>:^` and the like.
        Mend: one file with `target:`, one with `node:`, one with `object:` for each kind of object;
        letters, digits, `_`, `-` and `.` in their names.
    """,
    "duplicate-key": """YAML would keep the last of the two and say nothing.

        Finds: a key twice in one mapping.
        Mend: merge the two, or rename one.
    """,
    "duplicate-item": """Twice in a list says no more than once; another name was meant, most often.

        Finds: a name twice in one list.
        Mend: take one out.
    """,
    "duplicate-transition": """Of two decisions for one event one would be lost.

        Finds: an event twice in one `when`.
        Mend: make a list of arms of it, with an `if` in all but the last.
    """,
    "key-not-a-string": """YAML reads `on`, `off`, `yes` and `no` as true or false, and 1 as a
        number; no key is called so.

        Finds: a key that YAML reads as a number or as true or false, such as `on`.
        Mend: write the key in quotes, or take another name.
    """,
    "unknown-key": """A misspelled key would be as if it were not there.

        Finds: a key that this mapping does not have.
        Mend: the hint names the key that is meant, or all that are known there; the
        [reference](reference.md) has their meaning.
    """,
    "missing-key": """There is no default for it.

        Finds: a mapping without a key that it must have.
        Mend: add it; the [reference](reference.md) says what it means.
    """,
    "conflicting-keys": """One of the two would not count, and nobody could tell which.

        Finds: keys that exclude each other: `rest` and `busy`, two of `send`, `plan` and `undo`,
        anything beside `refuse`; `links_to` beside `links`, `relinked_by` beside a handle; `to: before` in
        a state at rest; a list of commands that leads where something else is waited for, or to rest; `undo: all` without one; `retry` beside anything but `if`,
        or where it is not clear what would be sent again.
        Mend: keep one; for a state that does two things make two states.
    """,
    "bad-name": """Names become C identifiers, in lower and in upper case; two spellings of one
        would meet there.

        Finds: a key that should be a name and is not written like one.
        Mend: lower-case letters, digits and single underscores, a letter first: `burst_bytes`. How
        the host spells it goes to `host`.
    """,
    "reserved-name": """Generated C with such a name would not compile, or mean something else on
        another system.

        Finds: a name that is a word of C, C++, Ragel or the language itself, one that begins with `flue_` where it is
        a name in C, or a macro of C,
        POSIX, Linux or Windows; a target called like a header of theirs or like names in one begin;
        a host's name that is a word of C or C++, or a macro of theirs.
        Mend: take another name. A host's name with such a word would need another in the host's
        header, too: no compiler takes it there.
    """,
    "unknown-name": """Everything that is named is declared once, so that a typo is found.

        Finds: a state, command, status, variable, event ... that is not declared.
        Mend: the hint names what is alike, or where it is declared.
    """,
    "clashing-name": """A name would mean two things where it is used.

        Finds: two things of one name, or whose names meet in C, such as an effect and a variable of
        one name.
        Mend: rename one of the two; the message says where the other is.
    """,
    "condition-of-itself": """It would be asked for ever.

        Finds: a condition that is made of itself, by `not`, `all_of` or `any_of`, or by way of others.
        Mend: make it of conditions that ask something.
    """,
    "clashing-code": """The type code alone says what lies behind a node.

        Finds: a type code that two state structures have.
        Mend: correct the code; all codes of a target differ.
    """,
    "no-good-status": """No operation could ever succeed.

        Finds: a target that has no good status.
        Mend: add `good: true` to the status that says that an operation took effect.
    """,
    "ragel-mismatch": """Generated code is compared with the model before it is written, whatever
        the cause of a difference.

        Finds: no mistake of the spec: Ragel built another machine than the model says.
        Mend: report it, with the spec and the output of `ragel --version`.
    """,
}

EARLIER: dict[str, RuleText] = {name: RuleText.of(text) for name, text in _TEXTS.items()}
