# SPDX-License-Identifier: BSD-2-Clause
"""Small changes of a spec's trees, drawn from a seed: what a tired person does to a file.

A value becomes another one that stands under the same key somewhere, or a number beside it; a key or
an item goes, comes from elsewhere, changes its place or its name.
"""

from __future__ import annotations

import copy
import random

SKIPPED = {"doc", "struct", "completion"}  # sentences, and names that only C sees
AT_THE_TOP = {"target", "object", "node", "objects", "abi"}
NUMBERS = (0, 1, -1, 2, 3, 5, 8, 255, 256, 65536, 1 << 31, 1 << 32)
WAYS = ["value"] * 6 + ["gone", "comes", "comes", "moved", "renamed"]


def places(node, path=()):
    """(path, holder, key) of everything that can be changed in a tree."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(items):
        if key in SKIPPED and not isinstance(value, (dict, list)):
            continue
        if path == () and key in AT_THE_TOP:
            continue
        yield (*path, key), node, key
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


def shape(path) -> tuple:
    """Where a path leads, without the names on it: enough to find its like."""
    return tuple("#" if isinstance(p, int) else p for p in path[-2:]) if path else ()


class Changer:
    """Changes of one spec: it knows what stands under each key in all of its files."""

    def __init__(self, trees: dict[str, dict]):
        self.trees = trees
        self.file = ""  # that is being changed
        self.by_key: dict[object, list] = {}
        self.near: dict[tuple, list] = {}  # the same, in one file
        self.by_like: dict[tuple, list] = {}
        for file, tree in trees.items():
            for path, holder, key in places(tree):
                word = key if not isinstance(key, int) else shape(path)
                self.by_key.setdefault(word, []).append(holder[key])
                self.near.setdefault((file, word), []).append(holder[key])
                self.by_like.setdefault(shape(path[:-1]), []).append((key, holder[key]))

    def changed(self, dice: random.Random, times: int) -> tuple[dict[str, dict], list[str]]:
        trees = copy.deepcopy(self.trees)
        said: list[str] = []
        for _ in range(1000):
            if len(said) == times:
                break
            file = dice.choice(sorted(trees))
            path, holder, key = self.place(dice, trees[file])
            way = dice.choice(WAYS)
            self.file = file
            text = getattr(self, way)(dice, holder, key, path)
            if text:
                said.append(f"{file}: {'/'.join(map(str, path))}: {text}")
        return trees, said

    def place(self, dice, tree):
        """A place of a section; of all sections alike, but that there is more to states."""
        found = list(places(tree))
        sections = list(dict.fromkeys(path[0] for path, _, _ in found))
        section = dice.choice(sections + ["states"] * (2 if "states" in sections else 0))
        return dice.choice([p for p in found if p[0][0] == section])

    def value(self, dice, holder, key, path):
        """Another value of the kind that stands here."""
        old = holder[key]
        word = key if not isinstance(key, int) else shape(path)
        if isinstance(old, bool):
            new = not old
        elif isinstance(old, int):
            new = dice.choice((old + 1, old - 1, -old, 2 * old, dice.choice(NUMBERS)))
        else:
            found = self.near.get((self.file, word)) if dice.random() < 0.7 else None
            new = copy.deepcopy(dice.choice(found or self.by_key.get(word, [old])))
        if new == old:
            return None
        holder[key] = new
        return f"{_short(old)} -> {_short(new)}"

    def gone(self, dice, holder, key, path):
        old = holder.pop(key)
        return f"{_short(old)} is gone"

    def comes(self, dice, holder, key, path):
        """What stands beside the like of it elsewhere."""
        found = self.by_like.get(shape(path[:-1]), [])
        if not found:
            return None
        name, value = dice.choice(found)
        value = copy.deepcopy(value)
        if isinstance(holder, list):
            holder.insert(key, value)
            return f"{_short(value)} comes before it"
        if name in holder:
            return None
        holder[name] = value
        return f"beside it {name}: {_short(value)}"

    def moved(self, dice, holder, key, path):
        """Its neighbors' order is another one."""
        if len(holder) < 2:
            return None
        if isinstance(holder, list):
            other = dice.randrange(len(holder))
            if other == key or holder[other] == holder[key]:
                return None
            holder[key], holder[other] = holder[other], holder[key]
            return f"changes places with item {other}"
        names = list(holder)
        other = dice.choice(names)
        if other == key:
            return None
        if dice.random() < 0.5:  # the values only
            if holder[key] == holder[other]:
                return None
            holder[key], holder[other] = holder[other], holder[key]
            return f"changes values with {other}"
        items = dict(holder)
        names[names.index(key)], names[names.index(other)] = other, key
        holder.clear()
        holder.update({n: items[n] for n in names})
        return f"changes places with {other}"

    def renamed(self, dice, holder, key, path):
        """A key that stands among the like of it elsewhere."""
        if isinstance(holder, list):
            return None
        name, _ = dice.choice(self.by_like.get(shape(path[:-1]), [(key, None)]))
        if name in holder or isinstance(name, int):
            return None
        items = {name if k == key else k: v for k, v in holder.items()}
        holder.clear()
        holder.update(items)
        return f"is called {name}"


def _short(value) -> str:
    text = " ".join(str(value).split())
    return text if len(text) < 70 else text[:67] + "..."
