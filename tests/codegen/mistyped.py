# SPDX-License-Identifier: BSD-2-Clause
"""Slips of the finger: a letter, a space, a line's indentation; all there are in a text, by kinds."""

import re

import yaml

NO_BREAK_SPACE = "\u00a0"
LIKE = {"a": "\u0430", "e": "\u0435", "o": "\u043e"}


def words(text):
    """Places of the words of the language and of the spec's own: (begin, end, is it a key)."""
    before = None
    for token in yaml.scan(text):
        if isinstance(token, yaml.ScalarToken):
            begin, end = token.start_mark.index, token.end_mark.index
            if re.fullmatch("[a-z_][a-z0-9_]*", text[begin:end]):
                yield begin, end, isinstance(before, yaml.KeyToken)
        before = token


def mistype(word):
    """A letter too few; of a short word, one too many."""
    return word[: len(word) // 2] + word[len(word) // 2 + 1 :] if len(word) > 3 else word + "x"


def swapped(word):
    """Two letters have changed places."""
    i = next((i for i in range(len(word) // 2, len(word) - 1) if word[i] != word[i + 1]), 0)
    return word[:i] + word[i : i + 2][::-1] + word[i + 2 :]


def typed(text, keys, slip=mistype):
    for begin, end, key in words(text):
        if key == keys and slip(text[begin:end]) != text[begin:end]:
            yield text[:begin] + slip(text[begin:end]) + text[end:]


def look_alikes(text):
    for begin, end, _ in words(text):
        letter = next((c for c in text[begin:end] if c in LIKE), None)
        if letter:
            yield text[:begin] + text[begin:end].replace(letter, LIKE[letter], 1) + text[end:]


def moved(text, change):
    """`change` makes another line of one, or None."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        new = change(line) if line.strip() and not line.lstrip().startswith("#") else None
        if new is not None:
            yield "\n".join([*lines[:i], new, *lines[i + 1 :]])


def to_the_left(line, by):
    return line[by:] if line.startswith(" " * by) else None


SLIPS = {
    "mistyped key": lambda text: typed(text, True),
    "swapped letters of a key": lambda text: typed(text, True, swapped),
    "another letter in a key": lambda text: typed(text, True, lambda word: word[:-1] + "z"),
    "a letter of a key twice": lambda text: typed(text, True, lambda word: word[0] + word),
    "an underscore twice": lambda text: typed(text, True, lambda word: word.replace("_", "__", 1)),
    "mistyped name": lambda text: typed(text, False),
    "look-alike letter": look_alikes,
    "one space too many": lambda text: moved(text, lambda line: " " + line),
    "two spaces too many": lambda text: moved(text, lambda line: "  " + line),
    "one space too few": lambda text: moved(text, lambda line: to_the_left(line, 1)),
    "two spaces too few": lambda text: moved(text, lambda line: to_the_left(line, 2)),
    "no-break space before": lambda text: moved(
        text, lambda line: NO_BREAK_SPACE + line[1:] if line.startswith(" ") else None
    ),
    "no-break space after a colon": lambda text: moved(
        text, lambda line: line.replace(": ", ":" + NO_BREAK_SPACE, 1) if ": " in line else None
    ),
}
