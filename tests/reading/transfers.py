# SPDX-License-Identifier: BSD-2-Clause
"""What the host hands over for objects: where it goes, and how it comes back."""

from __future__ import annotations

from names import known
from text import Spec, listed, must, written

OWED = ("completion", "in", "refused")
STATUSES = ("refused", "ending", "returned", "reset")
MOST = 16


def names(spec: Spec, obj: dict) -> None:
    above: list[str] = []
    for name, t in obj.get("transfers", {}).items():
        known(written(t.get("in")), [*obj.get("groups", {}), *obj["states"]], "state")
        known(t.get("after"), above, "transfer")
        for status in [*(t.get(k) for k in (*STATUSES, "accepted")), *t.get("statuses", [])]:
            known(status, spec.target["statuses"], "status")
        above.append(name)
    found = [t for o in spec.objects for t in o.get("transfers", {})]
    must(len(found) <= MOST, "limits", "transfers")
    must(not found or "chain" in spec.node, "transfers", "chains of nothing")


def check(m, ends) -> None:
    transfers = m.obj.get("transfers", {})
    for name, t in transfers.items():
        if "lent" in t:
            left = {"doc", "lent", "passes", "accepted"}
            must(set(t) <= left, "transfers", f"{name} is the driver's own")
            continue
        must(set(OWED) <= set(t), "transfers", f"{name} lacks something")
        first = transfers.get(t.get("after"), {})
        must(
            not {"lent", "after"} & set(first), "transfers", f"{name} goes after what has no order"
        )
        bad = [t[k] for k in STATUSES if k in t] + t.get("statuses", [])
        for status in bad:
            must(not m.spec.good(status), "transfers", f"{status} of {name} is good")
        for status in [*bad, *([t["accepted"]] if "accepted" in t else [])]:
            value = m.spec.target["statuses"][status]["value"]
            must(value != "unknown", "transfers", f"{status} of {name} has no value")
        _goes(m, t, name, ends)
    if transfers:
        _words(m.spec)


def _adding(m) -> set[str]:
    """States in which what gives the hardware the object is sent, or taken back."""
    adds = {n for n, c in m.obj["commands"].items() if c.get("hardware") == "has"}
    arms = [a for s in m.states.values() for x in (s.get("when") or {}).values() for a in listed(x)]
    sends = [(a, {*listed(a.get("send", [])), *listed(a.get("undo", []))}) for a in arms]
    return {str(a["to"]).partition(" ")[0] for a, sent in sends if "to" in a and adds & sent}


def _goes(m, t: dict, name: str, ends) -> None:
    groups, adding = m.obj.get("groups", {}), _adding(m)
    for word in [w for x in listed(t["in"]) for w in listed(groups.get(x, x))]:
        state = m.states[word.partition(" ")[0]]
        rest = state.get("rest", {"host": "has", "hardware": "has"})
        has = rest["host"] == rest["hardware"] == "has"
        there = has and word.partition(" ")[0] not in adding
        must(there and state.get("busy") not in ends, "transfers", f"{name} goes in {word}")


def anew(m, name, event, arm, before, w, to) -> None:
    """What the hardware had of an object is lost where that is given it once more without a rest."""
    if all("lent" in t for t in m.obj.get("transfers", {}).values()):
        return
    commands = m.obj["commands"]
    sent = [commands[n] for n in listed(arm.get("send", []))]
    sent += [commands.get(commands.get(n, {}).get("undo"), {}) for n in listed(arm.get("undo", []))]
    had = m.states[name]["rest"]["hardware"] if m.rests(name) else before.rested
    adds = any(c.get("hardware") == "has" for c in sent)
    must(not adds or had == "has_not", "transfers", f"added anew on {event} in {name}")


def _words(spec: Spec) -> None:
    c, pointer = spec.node["chain"], spec.target["abi"].get("word_bytes", 8)
    sizes = [(c["next"], pointer), (c["status"], 4)]
    sizes += [(c["link"], pointer), (c["handle"], 8), (c["mark"], 8)]
    taken: set[int] = set()
    for at, size in sizes:
        must(at % min(size, pointer) == 0, "transfers", f"{at} is not aligned")
        own = set(range(at, at + size))
        must(not own & taken, "transfers", f"{at} is taken")
        taken |= own
