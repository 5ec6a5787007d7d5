# SPDX-License-Identifier: BSD-2-Clause
"""Links: what an object stands on, who says where each of them leads, and who may move it."""

from __future__ import annotations

from text import HANDLE, PARENT, Spec, lines, listed, must


def shape(spec: Spec, obj: dict) -> None:
    """Each leads to an object, and is told by the node above or by a variable."""
    must(not {"links", "links_to"} <= set(obj), "shape", "links in two ways")
    operations = {*spec.operations, "nothing"}
    for name, link in spec.links(obj).items():
        must(link["to"] in spec.target["objects"], "names", f"{name} leads to {link['to']}")
        above = link["by"] == PARENT
        must(above or link["by"] in spec.variables(obj), "names", f"{name} by {link['by']}")
        must(("relinked_by" in link) == above, "shape", f"{name}: relinked_by and {link['by']}")
        must(link.get("relinked_by", "nothing") in operations, "names", f"who moves {name}")


def check(spec: Spec) -> None:
    """One way to tell each; and a handle tells a link, or it would be no handle."""
    for name, parameter in spec.target.get("parameters", {}).items():
        must(parameter["type"] != HANDLE, "links", f"the parameter {name} is of no object")
    for obj in spec.objects:
        links, variables = spec.links(obj), spec.variables(obj)
        told = [link["by"] for link in links.values()]
        must(len(set(told)) == len(told), "links", f"two of {obj['object']} by the same")
        for by in set(told) - {PARENT}:
            klass, v = variables[by]
            must(v["type"] == HANDLE and klass in ("const", "cached"), "links", f"told by {by}")
        handles = {n for n, (_, v) in variables.items() if v["type"] == HANDLE}
        must(handles <= set(told), "links", f"{handles - set(told)} of no link")
        _no_values(obj, handles)
        for name, link in links.items():
            still = link["by"] != PARENT or link["relinked_by"] == "nothing"
            must(still or moves(spec, obj, link), "links", f"{link} moves {name}, and cannot")
        if "variant_of" in obj:
            must(not above(spec, obj).get("optional"), "links", "a variant of none")
    _order(spec)


def _no_values(obj: dict, handles: set[str]) -> None:
    """Hardware knows nothing of the host's names."""
    words = [w for r in lines(obj) for w in r.get("changed", [])]
    for c in obj["commands"].values():
        words += [*c.get("carries", []), *c.get("returns", [])]
        words += [w for e in c.get("effects", {}).values() for w in (e["sets"], e["to"])]
    must(not handles & set(words), "links", f"{handles & set(words)} as a value")


def _order(spec: Spec) -> None:
    there: set[str] = set()
    for obj in spec.objects:
        for link in spec.links(obj).values():
            must(link["to"] in there, "layers", f"a {obj['object']} before a {link['to']}")
        there.add(obj["object"])


def above(spec: Spec, obj: dict) -> dict:
    """The link by the node above; an empty one if there is none."""
    return next((x for x in spec.links(obj).values() if x["by"] == PARENT), {})


def lead_to(spec: Spec, obj: dict) -> bool:
    """Whether there are links to such objects."""
    return any(x["to"] == obj["object"] for o in spec.objects for x in spec.links(o).values())


def says(spec: Spec, obj: dict, link: dict, operation: str) -> bool:
    """Whether a request of this operation says where the link is to lead, if it may be so or not."""
    o = spec.operations[operation]
    if obj["object"] not in o.get("about", spec.target["objects"]):
        return False
    if link["by"] == PARENT:
        return "link" in o.get("brings", [])
    klass, v = spec.variables(obj)[link["by"]]
    return klass in o.get("brings", []) and operation in listed(v.get("in", operation))


def lays(spec: Spec, obj: dict, link: dict, operation: str) -> bool:
    """Whether the link leads there from then on."""
    if operation not in spec.operations or not says(spec, obj, link, operation):
        return False
    new = spec.operations[operation]["reaches"] == "new"
    return new or link["by"] != PARENT or link["relinked_by"] == operation


def moves(spec: Spec, obj: dict, link: dict) -> bool:
    """Whether any operation moves it, when the object is there."""
    return any(
        o["reaches"] == "reference" and lays(spec, obj, link, name)
        for name, o in spec.operations.items()
    )


def meant(spec: Spec, obj: dict, word: str) -> list[str]:
    """Links that a word means: one, or with `link` all of them."""
    return [n for n in spec.links(obj) if word in (n, "link")]


def changing(spec: Spec, obj: dict, words) -> set[str]:
    """Words of `changed`, with the links that can move for those that mean links."""
    out: set[str] = set()
    for word in words:
        found = meant(spec, obj, word)
        out |= {n for n in found if moves(spec, obj, spec.links(obj)[n])} if found else {word}
    return out
