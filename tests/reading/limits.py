# SPDX-License-Identifier: BSD-2-Clause
"""How much there may be of everything: the limits of spec/rules.md."""

from __future__ import annotations

import memory
import returning
from machines import Machine
from names import codes_of
from text import CHOSEN, Spec, device_events, must, variants_of

OF_THE_TARGET = {
    "objects": 16,
    "operations": 16,
    "statuses": 62,
    "marks": 4,
    "parameters": 8,
    "indications": 254,
}
RESULTS, VARIANTS = 255, 254
OF_AN_OBJECT = {"commands": 32, "states": 126}
EVENTS = 16  # of the device, of an object
LINKS = 4
CONDITIONS = 8  # for one event
NUMBERS = 32  # that the hardware chooses
CODES = 65535  # beginning with 0
BYTES = 65535  # of a structure or an answer
EACH = 8  # more, for each variable in an answer


def fits(count: int, limit: int, what: str) -> None:
    must(count <= limit, "limits", f"{count} {what}")


def check(spec: Spec) -> None:
    for name, limit in OF_THE_TARGET.items():
        fits(len(spec.target.get(name, ())), limit, name)
    fits(len({"ok", *spec.results()}), RESULTS, "results")
    fits(len({v for o in spec.objects for v in variants_of(o)}), VARIANTS, "variants")
    for obj in spec.objects:
        for name, limit in OF_AN_OBJECT.items():
            fits(len(obj[name]), limit, f"{name} of {obj['object']}")
        fits(len(obj["variables"].get(CHOSEN, {})), NUMBERS, f"numbers of {obj['object']}")
        fits(len(device_events(obj)), EVENTS, f"events of {obj['object']}")
        fits(len(spec.links(obj)), LINKS, f"links of {obj['object']}")
        fits(max(codes_of(obj)), CODES - 1, "as a type code")
        for name, c in obj["commands"].items():
            kinds = [
                spec.type(v["type"])
                for name_, (klass, v) in spec.variables(obj).items()
                if {klass, name_} & set(c.get("returns", []))
            ]
            size = sum(kind["size"] * kind["count"] + EACH for kind in kinds)
            fits(size, BYTES, f"bytes in the answer to {name}")


def structures(spec: Spec) -> None:
    for name, size, _ in memory.structures(spec):
        fits(size, BYTES, f"bytes of {name}")


def questions(m: Machine) -> None:
    fits(returning.count(m), OF_AN_OBJECT["states"], "states, as they are made")
    for (name, event), arms in m.cells.items():
        fits(sum("if" in arm for arm in arms), CONDITIONS, f"conditions on {event} in {name}")
