# SPDX-License-Identifier: BSD-2-Clause
"""The made pages of the language, each of a template beside this file and what the compiler knows.

A template is Markdown by hand with places for Jinja2 to fill. What a rule or a key means is written in
the compiler, and nowhere else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flue.backends.templating import environment

from . import reference, rules

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOTICE = "<!-- Made by ./dev docs of codegen/pages/{}.md.in and {}: change those. -->\n\n"

# Page, what it is made of, and all of that for its template.
PAGES = {
    "reference": ("spec/schema/flue.schema.json", reference.known),
    "rules": ("the rules' texts in codegen/flue/check", rules.known),
}


def made(name: str) -> str:
    """The page as it should be."""
    sources, known = PAGES[name]
    template = environment(HERE).get_template(f"{name}.md.in")
    return NOTICE.format(name, sources) + template.render(known())


def path_of(name: str) -> Path:
    return ROOT / "spec" / f"{name}.md"


def main() -> None:
    try:
        pages = {path_of(name): made(name) for name in PAGES}
    except rules.NoExample as error:
        sys.exit(f"docs: {error}")
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
