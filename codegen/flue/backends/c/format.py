# SPDX-License-Identifier: BSD-2-Clause
"""Generated text that keeps to a width: comments, notes behind a line, function heads."""

from __future__ import annotations

import os
import textwrap
import unicodedata
from pathlib import Path

WIDTH = 100
_OPERATORS = ("&&", "||", "| ", "? ", ": ", "> ")


def spec_name(path: str) -> str:
    """A spec file's name as outputs show it: never absolute, the same from any folder."""
    return plain("/".join(Path(path).parts[-2:]))


def opening(file: str, target_file: str) -> str:
    """The first lines of every output."""
    folder = plain(os.path.basename(os.path.dirname(target_file))) or "."
    return (
        f"/* Generated from {spec_name(file)}: do not edit.\n"
        f" * Change the spec and build again, or run: flue generate {folder} --out DIR */"
    )


def plain(text: str) -> str:
    """A text on one line, without what no eye sees, and without what ends a comment or a machine."""
    seen = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    for word in ("*/", "/*", "%%"):
        while word in seen:
            seen = seen.replace(word, " ".join(word))
    return " ".join(seen.split())


def c_text(text: str) -> str:
    """A text as it stands between the quotes of a C string."""
    odd = {
        c: "".join(f"\\{b:03o}" for b in c.encode())
        for c in text
        if c in '"\\?' or not c.isprintable()
    }
    return "".join(odd.get(c, c) for c in text)


def sentence(text: str) -> str:
    """A doc text as a sentence: first letter large, a full stop at the end."""
    text = plain(text)
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def comment(*texts: str, indent: int = 0) -> str:
    """Texts as one C comment of several sentences, wrapped; nothing if there is nothing to say."""
    whole = " ".join(sentence(t) for t in texts if t)
    if not whole:
        return ""
    pad = " " * indent
    if len(pad) + len(whole) + 6 <= WIDTH:
        return f"{pad}/* {whole} */"
    lines = textwrap.wrap(whole, WIDTH - indent - 3)
    return "\n".join([f"{pad}/*"] + [f"{pad} * {line}" for line in lines] + [f"{pad} */"])


def noted(line: str, *texts: str) -> str:
    """A line of C with a comment: behind it if that fits, else above."""
    note = comment(*texts)
    if not note:
        return line
    if "\n" not in note and len(line) + 1 + len(note) <= WIDTH:
        return f"{line} {note}"
    return comment(*texts, indent=len(line) - len(line.lstrip())) + "\n" + line


def constants(enum: str, rows: list[tuple[str, str, int, tuple[str, ...]]]) -> str:
    """Names with their values (as C, and as numbers) and notes: an enum, if all are an int's."""
    if all(-(1 << 31) <= value < 1 << 31 for _, _, value, _ in rows):
        lines = [noted(f"    {name} = {text},", *notes) for name, text, _, notes in rows]
        return "\n".join([f"enum {enum} {{", *lines, "};"])
    return "\n".join(noted(f"#define {name} {text}", *notes) for name, text, _, notes in rows)


def function(head: str, *parameters: str) -> str:
    """A function's head with its parameters, broken where it would be too wide."""
    words = [p for p in parameters if p]
    line = f"{head}({', '.join(words)})"
    if len(line) < WIDTH:
        return line
    indent = len(head) - len(head.lstrip())
    pad = " " * (len(head) + 1)
    first = head + "("
    if len(pad) + max(map(len, words)) + 2 > WIDTH:
        pad = " " * (indent + 4)
        first = head + "(\n" + pad
    lines, current = [], ""
    for i, word in enumerate(words):
        word += "," if i < len(words) - 1 else ")"
        if current and len(pad) + len(current) + 1 + len(word) >= WIDTH:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return first + ("\n" + pad).join(lines + [current])


def fit(text: str) -> str:
    """C text with its too wide lines of code broken; comments, macros and Ragel's part stay as they are."""
    out, machine, macro = [], False, False
    for line in text.split("\n"):
        machine = (machine or line.startswith("%%{")) and not line.startswith("}%%")
        kept = machine or macro or line.lstrip().startswith(("/*", "*", "#"))
        out += [line] if kept or len(line) <= WIDTH else _broken(line)
        macro = line.endswith("\\")  # it goes on in the next line
    return "\n".join(out)


def _broken(line: str) -> list[str]:
    """The line in pieces: broken behind a comma or before an operator, outside of parentheses if possible."""
    pad = " " * (len(line) - len(line.lstrip()) + 4)
    out = []
    while len(line) > WIDTH:
        at = _break_at(line, len(pad))
        if at is None:
            break
        out.append(line[:at].rstrip())
        line = pad + line[at:].lstrip()
    return out + [line]


def _break_at(line: str, indent: int) -> int | None:
    places = [i for i, c in enumerate(line[: WIDTH + 1]) if c == " " and i > indent]
    places = [i for i in places if line[:i].count('"') % 2 == 0]
    good = [i for i in places if line[i - 1] == "," or line[i + 1 : i + 3] in _OPERATORS]
    if not good:
        return None
    depths = {i: line[:i].count("(") - line[:i].count(")") for i in good}
    least = min(depths.values())
    return max(i for i in good if depths[i] == least)
