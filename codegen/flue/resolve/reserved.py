# SPDX-License-Identifier: BSD-2-Clause
"""Words a spec may not use for its own names, and why.

Most generated names carry a prefix, but members of generated structures are the bare names of the
spec, and machines are written in Ragel's language.
"""

from __future__ import annotations

from flue.model.describe import an
from flue.diagnostics import Report
from flue.model import (
    DECISIONS,
    HOST_CLASSES,
    TOGETHER,
    INTERNAL_EVENTS,
    OWN_RESULTS,
    ROLES,
    VARIABLE_CLASSES,
    Where,
)

from .system_names import taken

_C = """
    alignas alignof auto bool break case char const constexpr continue default do double else enum
    extern false float for goto if inline int long nullptr register restrict return short signed
    sizeof static static_assert struct switch thread_local true typedef typeof typeof_unqual union
    unsigned void volatile while
    asm errno linux main null stderr stdin stdout unix
""".split()
_CPP = """
    and and_eq bitand bitor catch char8_t char16_t char32_t class co_await co_return co_yield compl
    concept const_cast consteval constinit decltype delete dynamic_cast explicit export friend
    mutable namespace new noexcept not not_eq operator or or_eq private protected public
    reinterpret_cast requires static_cast template this throw try typeid typename using virtual
    wchar_t xor xor_eq
""".split()
_RAGEL = """
    access action alphtype any alnum alpha ascii cntrl contained context cs data digit empty entry err
    exec export extend fbreak fcall fc fcurs fentry fexec fgoto fhold fnext fpc fret fsm ftargs getkey
    graph import in include lerr lower machine null p pe eof postpop prepush print punct space start
    to top ts te act stack upper variable write from when inwhen outwhen xdigit zlen final error first_final
""".split()

# Words that a C name cannot be either: macros and types of the same headers.
_DEFINED = """
    NULL offsetof size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
    _Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert
    _Thread_local
""".split()

# What each kind of name meets in the generated code or in the language itself.
_FLUE: dict[str, list[str]] = {
    "state": ["nobody", "idle", "busy", "before", "impossible", "count"],
    "operation": [*INTERNAL_EVENTS, *DECISIONS, "nobody", "idle", "busy", "binding", "node"],
    "status": ["own", "from_command", "count"],
    "plan": ["all"],
    "command": ["old_values", "none", "nothing", "update", "all", "count", "doorbell"],
    "variable": [
        "link",
        "index",
        "name",
        "variant",
        "full",
        *VARIABLE_CLASSES,
        "all",
        "flue",
        "flue_known",
        "constant",
    ],
    "link": ["link", "index", "name", "variant", *VARIABLE_CLASSES, "all", "own"],
    "effect": ["index", "name", "variant"],
    "object": [
        "index",
        "name",
        "variant",
        "target",
        "node",
        "nothing",
        "binding",
        "status",
        "update",
        "flue",
        "suite",
        "device",
        "simulate",
    ],
    "mark": ["count", "none"],
    "condition": ["count", "none"],
    "indication": ["count", "none"],
    "mode": ["count"],
    "parameter": ["full"],
    "target": ["flue", "target", "suite"],
    "argument": ["index", "name", "target"],
    "struct": ["object_handle", "target_handle", "code", "detail", "data", "node"],
    "event": [*DECISIONS, "nobody", "idle", "busy", "count"],
    "variant": [*HOST_CLASSES, *TOGETHER, "all", "none"],
    "member": [],
    "group": [],
    "type": [
        "node",
        "void",
        "u8",
        "u16",
        "u32",
        "u64",
        "i8",
        "i16",
        "i32",
        "i64",
        "pointer",
        "handle",
    ],
    "result": [*OWN_RESULTS, "others", "count"],
    "node": ["flue", "target", *ROLES],
}

# Kinds that become bare C identifiers: members of structures, arguments, file names.
_BARE = {"variable", "effect", "command", "object", "operation", "target", "parameter", "member"}
_BARE |= {"variant", "node", "argument", "struct", "data", "link"}
# Kinds that are C names already.
_HOSTS = {"host's member", "call"}
# Kinds that become names of Ragel.
_MACHINE = {"state", "operation", "condition", "event"}


def check_host(report: Report, host: str, where: Where) -> None:
    """The host's name for a member, through nested structures."""
    for name in host.split("."):
        check_reserved(report, "host's member", name, where)


def check_reserved(report: Report, kind: str, name: str, where: Where) -> None:
    """Report `name` if the word belongs to a language, to a system's headers, or to flue itself."""
    owner, why = _owner(kind, name), ""
    if owner is None and kind in _BARE | _HOSTS:
        owner, why = taken(kind, name) or (None, "")
    if owner is not None:
        text = f'"{name}" cannot name {an(kind)}: the word is reserved by {owner}'
        if kind[0] in "aeiou":
            text = text.replace("name a ", "name an ")
        report.error(where, "reserved-name", text, why or _another(kind, name))
        report.explain({name})
        report.rename("event" if kind == "operation" else kind)


def _another(kind: str, name: str) -> str:
    """A name that is free; a host's is what its header says."""
    if kind in _HOSTS:
        return ""
    return f'say "{name.removeprefix("flue_")}_{kind.rpartition(" ")[2]}"'


def _owner(kind: str, name: str) -> str | None:
    """The language that has this word, C, C++, Ragel or flue's own."""
    if name in _FLUE.get(kind, ()) or kind in _BARE | _HOSTS and name.startswith("flue_"):
        return "flue"
    if kind in _BARE | _HOSTS and name in (*_C, *_DEFINED):
        return "C"
    if kind in _BARE | _HOSTS and name in _CPP:
        return "C++"
    if kind in _MACHINE and (name in _RAGEL or name in _C):
        return "Ragel" if name in _RAGEL else "C"
    return None
