# SPDX-License-Identifier: BSD-2-Clause
"""Damage that knows what YAML is: a spec's tree with places exchanged, moved, taken out, retyped.

    tree = bent(tree, random.Random("seed"))

Values are mostly exchanged with others under a key of the same name, so that much of what comes out
is a spec that means something, though something else.
"""

from __future__ import annotations

import copy
import random

ODD = [
    None,
    True,
    0,
    1,
    -1,
    7,
    2**31,
    2**32,
    2**64,
    1.5,
    "",
    "link",
    "update",
    "all",
    [],
    {},
    ["x"],
]
ODD += [{"a": 1}, "nothing", "0x10", "u32", "a b", "\u00e9", [[]], "5..1", "0..63"]


def places(tree, into=()) -> list[tuple]:
    """The way to every value: keys and indexes."""
    out = [into] if into else []
    if isinstance(tree, dict):
        for key in tree:
            out += places(tree[key], (*into, key))
    elif isinstance(tree, list):
        for i, item in enumerate(tree):
            out += places(item, (*into, i))
    return out


def at(tree, place):
    for step in place:
        tree = tree[step]
    return tree


def put(tree, place, value) -> None:
    at(tree, place[:-1])[place[-1]] = value


def bent(tree, dice: random.Random):
    """A copy with one to three places changed."""
    tree = copy.deepcopy(tree)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        found = places(tree) if isinstance(tree, (dict, list)) else []
        if found:
            dice.choice(WAYS)(tree, found, dice)
    return tree


def _of_a_kind(tree, found, dice):
    """Two places under keys of one name whose values are of one type."""
    one = dice.choice(found)
    same = [p for p in found if p[-1] == one[-1] and type(at(tree, p)) is type(at(tree, one))]
    return one, dice.choice(same)


def _exchange(tree, found, dice) -> None:
    one, two = _of_a_kind(tree, found, dice)
    a, b = copy.deepcopy(at(tree, one)), copy.deepcopy(at(tree, two))
    if one[: len(two)] != two and two[: len(one)] != one:
        put(tree, one, b)
        put(tree, two, a)


def _repeat(tree, found, dice) -> None:
    one, two = _of_a_kind(tree, found, dice)
    put(tree, one, copy.deepcopy(at(tree, two)))


def _take_out(tree, found, dice) -> None:
    place = dice.choice(found)
    del at(tree, place[:-1])[place[-1]]


def _rename(tree, found, dice) -> None:
    place = dice.choice([p for p in found if isinstance(p[-1], str)] or [None])
    if place is None:
        return
    keys = [p[-1] for p in found if isinstance(p[-1], str)] + ["new_name", "x" * 70]
    above = at(tree, place[:-1])
    value = above.pop(place[-1])
    above[dice.choice(keys)] = value


def _double(tree, found, dice) -> None:
    """A second one beside it, under a name of its own."""
    place = dice.choice(found)
    above, value = at(tree, place[:-1]), copy.deepcopy(at(tree, place))
    if isinstance(above, list):
        above.insert(dice.randrange(len(above) + 1), value)
    else:
        above[f"{place[-1]}_too"] = value


def _retype(tree, found, dice) -> None:
    put(tree, dice.choice(found), copy.deepcopy(dice.choice(ODD)))


def _count(tree, found, dice) -> None:
    numbers = [p for p in found if type(at(tree, p)) is int]
    if numbers:
        place = dice.choice(numbers)
        put(tree, place, dice.choice((at(tree, place) + 1, at(tree, place) - 1, 0, 1, 4, 8, 64)))


def _shuffle(tree, found, dice) -> None:
    value = at(tree, dice.choice(found))
    if isinstance(value, list):
        dice.shuffle(value)
    elif isinstance(value, dict):
        items = list(value.items())
        dice.shuffle(items)
        value.clear()
        value.update(items)


WAYS = (_exchange, _exchange, _repeat, _repeat, _take_out, _rename, _double, _double, _retype)
WAYS += (_count, _shuffle)
