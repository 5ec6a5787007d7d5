# SPDX-License-Identifier: BSD-2-Clause
"""Each number that a command of the command line takes: what is none, or out of bounds, is wrong usage."""

import pytest
from test_manners import CASES, parsers, words

from flue.cli import main
from flue.ranges import Whole


@pytest.mark.parametrize("command", CASES)
def test_its_numbers_are_asked_for_their_bounds(command, capfd):
    """A word that is no number, or out of bounds, is wrong usage: a sentence, and nothing is begun."""
    for action in parsers()[command]._actions:
        name = action.option_strings[-1] if action.option_strings else action.dest
        assert action.type is None or isinstance(action.type, Whole), name
        assert (action.metavar == "N") == isinstance(action.type, Whole), name
        if action.metavar != "N":
            continue
        zero = ["0"] * (action.type.least > 0)
        huge = str(action.type.most + 1)
        for word in ("-1", *zero, "abc", "10O", "", "1.5", "+1", "1_0", "٣", huge, "9" * 9000):
            with pytest.raises(SystemExit) as status:
                main([*words(command, OUT="o", SCRIPT="s", TRACE="t"), f"{name}={word}"])
            said = f"{word} is not a whole number from {action.type.least} to {action.type.most}\n"
            assert status.value.code == 2
            assert capfd.readouterr().err.endswith(f"error: argument {name}: {said}")
