# SPDX-License-Identifier: BSD-2-Clause
"""A picture of graphviz as a part of a page: with names of its own, and texts above all lines.

Graphviz draws the text of an arrow together with its line, so later lines cross it. A line may be a link, as
its text is: one of both is enough for the keyboard.
"""

from __future__ import annotations

from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def embedded(text: str, prefix: str) -> str:
    """Comments and graphviz' own titles are left out; ids begin with the prefix."""
    root = ElementTree.fromstring(text)
    for element in root.iter():
        for title in element.findall(_name("title")):
            element.remove(title)
        if "id" in element.attrib:
            element.set("id", prefix + element.attrib["id"])
        if element.tag == _name("a") and element.find(_name("text")) is None:
            element.set("tabindex", "-1")
            element.set("aria-hidden", "true")
    for graph in root.findall(_name("g")):
        graph.extend([_texts(g) for g in graph if g.get("class", "").startswith("edge")])
    return ElementTree.tostring(root, encoding="unicode")


def _texts(edge: ElementTree.Element) -> ElementTree.Element:
    """Takes them out of an arrow, into a group of the same class."""
    out = ElementTree.Element(_name("g"), {"class": edge.get("class", "")})
    out.extend([g for g in edge if g.find(f".//{_name('text')}") is not None])
    for taken in out:
        edge.remove(taken)
    return out


def _name(tag: str) -> str:
    return f"{{{_SVG}}}{tag}"
