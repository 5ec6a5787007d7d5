# SPDX-License-Identifier: BSD-2-Clause
"""Every step the machines of a spec may be asked for, read from the YAML without the compiler.

A line for each state, event and combination of guards' answers:

    KIND STATE EVENT GUARD=0,GUARD=1 NEXT VERB COMMAND,COMMAND MARK STATUS

`-` where there is none. NEXT is `impossible` where the runtime never lets the event come. With the
word `raises` behind the folder, every indication that a driver may ask for:

    KIND STATE INDICATION CONDITION yes-or-no

This is a second reading of the language, so that test_machines.c compares what was compiled with
the spec and not with what the compiler thought of it.
"""

import itertools
import sys
from pathlib import Path

import yaml

OWN_EVENTS = ("done", "failed", "reset", "restore")


def load(folder, name):
    return yaml.safe_load(Path(folder, name).read_text(encoding="utf-8"))


def arms_of(cell):
    return cell if isinstance(cell, list) else [cell]


def default(target, state, event):
    busy = state.get("busy")
    scopes = [f"busy.{busy}", "busy"] if busy else ["idle"]
    for scope in scopes:
        if event in target["defaults"].get(scope, {}):
            return arms_of(target["defaults"][scope][event])
    raise SystemExit(f"nobody decides {event} in {state['doc']}")


def impossible(target, state, event, first):
    """What the runtime never does: spec/rules.md says it of every event."""
    operation = target["operations"].get(event)
    creates = operation and operation["reaches"] == "new"
    if first:
        return not creates
    if not operation:
        at_rest = "rest" in state
        return event in ("done", "failed") if at_rest else event == "restore"
    on_its_way = target["operations"].get(state.get("busy"), {}).get("reaches") == "new"
    return creates or on_its_way or state.get("rest", {}).get("host") == "has_not"


def commands_of(obj, subject):
    """The commands an arm sends or takes back: one, or all that an update may send."""
    if subject != "update":
        return [subject]
    rules = [rule for part in obj["update"].values() for rule in part]
    return sorted({rule["send"] for rule in rules} - {"nothing"})


def outcome(obj, state, arm):
    if "refuse" in arm:
        return state, "nothing", "-", arm.get("mark", "-"), arm["refuse"]
    verb = next((v for v in ("send", "plan", "undo", "defer") if v in arm), "nothing")
    subject = arm.get(verb)
    commands = commands_of(obj, subject) if verb in ("send", "plan", "undo") else []
    return (
        arm.get("to", state),
        verb,
        ",".join(commands) or "-",
        arm.get("mark", "-"),
        arm.get("status", "-"),
    )


def steps(target, obj):
    for number, (name, state) in enumerate(obj["states"].items()):
        for event in (*target["operations"], *OWN_EVENTS):
            if event in state.get("when", {}):
                arms = arms_of(state["when"][event])
            elif impossible(target, state, event, number == 0):
                yield name, event, "-", "impossible", "-", "-", "-", "-"
                continue
            else:
                arms = default(target, state, event)
            guards = list(dict.fromkeys(a["if"] for a in arms if "if" in a))
            for answers in itertools.product((0, 1), repeat=len(guards)):
                said = dict(zip(guards, answers))
                arm = next(a for a in arms if "if" not in a or said[a["if"]])
                given = ",".join(f"{g}={a}" for g, a in said.items()) or "-"
                yield name, event, given, *outcome(obj, name, arm)


def raises(_, obj):
    for state in obj["states"]:
        for name, rule in obj.get("raises", {}).items():
            allowed = obj["groups"].get(rule["in"], [rule["in"]])
            answer = "yes" if state in allowed else "no"
            yield state, name, rule.get("if", "-"), answer


def main(folder, what=steps):
    target = load(folder, "target.yaml")
    for kind in target["objects"]:
        for line in what(target, load(folder, f"{kind}.yaml")):
            print(kind, *line)


if __name__ == "__main__":
    main(sys.argv[1], raises if "raises" in sys.argv[2:] else steps)
