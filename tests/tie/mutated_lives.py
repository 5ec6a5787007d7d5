# SPDX-License-Identifier: BSD-2-Clause
"""Mutants of lives: one word is left out, doubled, exchanged or replaced."""

from __future__ import annotations

import random
from dataclasses import replace

from judge import Life


def _places(life: Life, sort: str) -> list[int]:
    return [i for i, w in enumerate(life.words) if w.startswith(sort)]


def _without(sort: str):
    def mutate(life: Life, at: int, _all) -> tuple[str, ...]:
        return life.words[:at] + life.words[at + 1 :]

    return sort, mutate


def _twice(sort: str):
    def mutate(life: Life, at: int, _all) -> tuple[str, ...]:
        return life.words[: at + 1] + life.words[at:]

    return sort, mutate


def _another(sort: str):
    """The same sort of word, of the same request or command where it has one."""

    def mutate(life: Life, at: int, known: dict) -> tuple[str, ...]:
        word = life.words[at]
        begin = " ".join(word.split()[:2]) if sort in ("answer", "status", "a") else sort
        others = [w for w in known[sort] if w != word and w.startswith(begin + " ")]
        return life.words[:at] + (_pick(others, word, at),) + life.words[at + 1 :]

    return sort, mutate


def _pick(others: list[str], otherwise: str, at: int) -> str:
    return others[at * 7919 % len(others)] if others else otherwise


def _exchanged(sort: str):
    def mutate(life: Life, at: int, _all) -> tuple[str, ...]:
        w = life.words
        return w[:at] + w[at + 1 : at + 2] + w[at : at + 1] + w[at + 2 :]

    return sort, mutate


# What is mutated, and the least share that must be refused. Some mutants are another life that may
# be: a command that a reset comes before, a `stay` in a reset, an answer that nobody waits for.
ALL, MANY = 0.95, 0.3
MUTATIONS = {
    "a command that was not sent": (_without("send"), MANY),
    "a command sent twice": (_twice("send"), ALL),
    "another command": (_another("send"), ALL),
    "an answer that did not come": (_without("answer"), ALL),
    "an answer that came twice": (_twice("answer"), ALL),
    "another answer": (_another("answer"), MANY),
    "a transition that was not made": (_without("step"), MANY),
    "another transition": (_another("step"), ALL),
    "a status that was not given": (_without("status"), ALL),
    "a status given twice": (_twice("status"), ALL),
    "another status": (_another("status"), ALL),
    "a request that nobody made": (_without("ask"), ALL),
    "a status before what it is for": (_exchanged("step"), ALL),
    "slots: a command that was not issued": (_without("i"), ALL),
    "slots: a taken answer that did not come": (_without("a"), MANY),
    "slots: something else became of an answer": (_another("a"), MANY),
    "slots: an answer that came twice": (_twice("a"), MANY),
    "slots: a command that was not over": (_without("o"), MANY),
    "slots: a command that was over twice": (_twice("o"), ALL),
    "slots: a command over before its answer": (_exchanged("a"), MANY),
}


def mutants(lives: list[Life], most: int) -> list[tuple[str, Life]]:
    """So many of each sort, from seed 1."""
    known: dict[str, list[str]] = {}
    for w in sorted({w for life in lives for w in life.words}):
        known.setdefault(w.split()[0], []).append(w)
    out, chance = [], random.Random(1)
    # A life that is refused is refused after all that may be unseen was tried: with few who wait.
    slots = any(w.startswith("i ") for x in lives for w in x.words)
    whole = [x for x in lives if x.whole and not any(w.startswith("ask 3") for w in x.words)]
    whole = [x for x in lives if len(x.words) > 4] if slots else whole
    for name, ((sort, mutate), _) in MUTATIONS.items():
        for life in chance.sample(whole, min(most, len(whole))):
            places = _places(life, sort + " ")[: -1 if slots else None]
            if places:
                words = mutate(life, chance.choice(places), known)
                out.append((name, replace(life, words=words, count=1)))
    return out
