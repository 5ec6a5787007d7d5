# SPDX-License-Identifier: BSD-2-Clause
"""Arms and commands, as the models take them: masks and numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ArmRow:
    """One arm as the model's macro takes it."""

    number: int
    guard: str  # a Promela expression, with the earlier arms' negated; empty: else
    to: int
    verb: int
    commands: int
    marks: int
    status: int
    text: str
    clears: int


@dataclass(frozen=True)
class Numbers:
    """What a command does with the numbers that the hardware chose for its object, as bits."""

    carries: int
    brings: int
    loses: int  # where its answer does not tell
    keeps: int  # after a good answer; new ones beside
    makes: int  # the hardware chooses new ones
    below: tuple[int, ...]  # by link, those of what it leads to that the command carries


@dataclass(frozen=True)
class CommandRow:
    """A command: what the spec says the target makes of it, and what the hardware does."""

    name: str
    bit: int
    unchanged: bool  # the spec: a bad answer needs no undo
    undo: int  # the mask of what undoes it
    stays: bool  # the spec: nothing undoes it
    left: bool  # what it tells stays when its plan is undone
    idle: bool  # it only reads
    irreversible: bool
    takes_away: bool
    harmless: bool  # the truth: a bad answer changed nothing
    has: int  # the truth: 0 takes it away, 1 adds it, 2 neither
    writes: int  # cells
    blocks: bool  # changes something no variable tells
    returns: bool  # delegated variables
    links: tuple[int, ...]  # that it tells of
    results: tuple[int, ...]
    unsure: bool  # to be told from all of its results
    may_be_gone: bool  # that the hardware does not have the object is an answer to it
    nothing_lost: bool  # and is as good as done: it takes away, and nothing comes with it
    numbers: Numbers
