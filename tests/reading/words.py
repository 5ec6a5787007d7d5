# SPDX-License-Identifier: BSD-2-Clause
"""Words that the language has itself: where one can stand, no name of a spec is called so.

Words of C, C++ and Ragel are not looked at, nor those that only generated code has: where names
of a spec become others' names is not what a spec means.
"""

from __future__ import annotations

from text import (
    BEFORE,
    CHOSEN,
    DECISIONS,
    NOTED,
    HOSTS,
    HANDLE,
    INTEGERS,
    OWN_EVENTS,
    PASSED,
    Spec,
    flags_of,
    must,
)

RESULTS = {"ok", "timeout", "reset", "gone", "unsure", "others"}
SORTS = {"idle", "busy", "nobody"}
VARIABLES = {"link", "full", "all", CHOSEN, NOTED, *HOSTS}
LINKS = VARIABLES - {"full"} | {"own"}
OF_SECTIONS = {
    "operations": {*OWN_EVENTS, *DECISIONS, *SORTS},
    "statuses": {"own", "from_command"},
    "types": {"node", "void", "pointer", HANDLE, *INTEGERS},
}


def none_of(names, taken: set[str], what: str) -> None:
    found = set(names) & taken
    must(not found, "words", f"{what} called {found}")


def check(spec: Spec) -> None:
    for section, taken in OF_SECTIONS.items():
        none_of(spec.target.get(section, {}), taken, section)
    none_of(spec.target["objects"], {"target", "node", "nothing"}, "object")
    none_of(spec.node.get("structs", {}), set(PASSED), "struct")
    for obj in spec.objects:
        none_of(obj["states"], SORTS | {BEFORE}, "state")
        none_of(obj.get("events", {}), SORTS, "event")
        none_of(obj.get("plans", {}), {"all"}, "plan")
        none_of(obj["commands"], {"old_values", "none", "nothing", "update", "all"}, "command")
        for c in obj["commands"].values():
            none_of(c.get("answers", []), RESULTS, "result")
        none_of(obj.get("links", {}), LINKS, "link")
        for name, (_, v) in spec.variables(obj).items():
            none_of([name, *flags_of(v)], VARIABLES, "variable")
