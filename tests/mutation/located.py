# SPDX-License-Identifier: BSD-2-Clause
"""A YAML file as plain values, with the line and column of each of them and of each key."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


class Illegal(Exception):
    """A table that says something it may not; a line for each finding, with its place."""


@dataclass
class Places:
    """Where each value and key stands, by the keys and numbers that lead to it."""

    file: str
    values: dict[tuple, tuple[int, int]] = field(default_factory=dict)
    keys: dict[tuple, tuple[int, int]] = field(default_factory=dict)

    def value(self, *path) -> str:
        return self._said(self.values[path])

    def key(self, *path) -> str:
        return self._said(self.keys[path])

    def _said(self, place: tuple[int, int]) -> str:
        return f"{self.file}:{place[0] + 1}:{place[1] + 1}"

    def walk(self, node: yaml.Node, path: tuple = ()) -> None:
        self.values[path] = node.start_mark.line, node.start_mark.column
        if isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self.walk(item, (*path, number))
        elif isinstance(node, yaml.MappingNode):
            for key, item in node.value:
                here = (*path, key.value)
                mark = key.start_mark.line, key.start_mark.column
                if here in self.keys:
                    raise Illegal(f'{self._said(mark)}: the key "{key.value}" is there twice')
                self.keys[here] = mark
                self.walk(item, here)


def shown(path: Path) -> str:
    """A file as messages name it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def read(path: Path) -> tuple[object, Places]:
    places = Places(shown(path))
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        if node is None:
            raise Illegal(f"{places.file}:1:1: the table is empty")
        places.walk(node)
        return loader.construct_document(node), places
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise Illegal(f"{places.file}:{where}: {error.problem}") from None
    finally:
        loader.dispose()
