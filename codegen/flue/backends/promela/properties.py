# SPDX-License-Identifier: BSD-2-Clause
"""What the models require, as sentences: a counterexample ends with one of them."""

REASONS = {
    "impossible": "an event came that the spec does not decide",
    "added twice": "the hardware is asked to add what it has already",
    "told nothing": "the hardware is told something of an object it does not have",
    "queue": "more nodes wait for an object than there are",
    "nobody": "a status is given to nobody",
    "no bad result": "a status is made of a command's bad result, but none was bad",
    "status": "the operation may not end with this status",
    "dependents": "an object is taken away while others link to it",
    "marked": "an object that bears a mark that makes it unusable is told new values",
    "link": "an object is linked to what may not be linked to",
    "restored": "an object that the host withdrew is given to the hardware again",
    "returned": "a good status for an operation that returns delegated variables, and none were read",
    "undone": "an operation failed and left the hardware unsure, and nobody tried to take it back",
    "twice": "a request is completed that was completed before",
    "lost": "a request waits that nobody will complete",
    "rest": "an object is at rest while something of it is under way",
    "has": "the state claims that the hardware has the object; it does not",
    "values": "the hardware holds other values than the object",
    "has not": "the state claims that the hardware does not have the object; it does",
    "host has": "the state claims that the host has the object; it does not",
    "host has not": "the state claims that the host does not have the object; it does",
    "blocked": "the hardware was told to stop, and no mark of the object remembers it",
    "told": "the hardware lost an object of the host, and no mark is set by which the host is told",
    "waits": "an object is busy with nothing under way",
    "busy": "an object is busy with another operation than the one it owes",
    "unlinked": "the hardware has an object that links to one it does not have",
    "count": "an object counts other dependents than it has",
    "elsewhere": "the hardware links an object to another one than the object says",
    "above failed": "a node was tried although the one it stands on had failed",
    "good day": "nothing failed, and yet a request that the spec's order should carry ended badly",
    "roll-up own": "a node's status says otherwise than what became of its object",
    "roll-up hidden": "a dependent was not created, and the status of the node above does not tell",
    "number": "a command names its object by a number that is not the one the hardware chose for it",
    "too soon": "a good status is given before all others of the request are done",
    "awaits": "an object waits for the others of its request, and something of it is under way",
    "stuck": "a request waits, and nothing moves by which it could end",
    "reached twice": "a dependent is reached a second time by the same request",
    "not reached": "an operation that reaches dependents has ended, and one that stands there was not reached",
    "left": "a dependent that has gone before it was reached is given a status",
    "counted": "the host is told of other numbers of dependents, or of those that failed, than there were",
    "ended under it": "an object is ended while an operation reaches its dependents",
    "together": "what is done together was done for some of the nodes, and for others it was not",
    "stays": "an element of the host's stays, and the hardware does not have its object",
    "not returned": "the device has lost an element of an object that it has, and nobody gives it back",
    "offered": "an element is offered to a device that does not have its object",
    "of another": "an element is offered for an object that it was not handed over for",
    "device has it": "an element goes back to the host while the device has it",
    "order": "an element goes back, or is to go back, before one that came earlier",
    "not done": "an element goes back as done, and the device has not said so",
    "done": "an element goes back undone that the device has had, or has done",
    "refused": "an element is refused though its object takes it all the time",
    "ending": "an element is refused by an operation that is to end its object, and there is none",
    "reset": "an element goes back that the device has had, as of an object that was forgotten; it was not",
    "given up": "an object is given up, and an element that was handed over for it before is not back",
}

_NUMBERS = {name: number for number, name in enumerate(REASONS, 1)}


def why(name: str) -> int:
    return _NUMBERS[name]


def sentence(number: int) -> str:
    return list(REASONS.values())[number - 1]


# What the models of the runtime's own protocols print; the same for every target.
PROTOCOL = {
    "issue": "command {0} is issued in slot {1}",
    "full": "the driver had no room for command {0}",
    "answers": "command {0} is answered, in slot {1}",
    "stray": "  nobody waits for that answer",
    "back": "  slot {0} comes out of quarantine",
    "over": "  command {0} is over",
    "begin": "reset begins",
    "end": "reset ends",
    "submit": "a thread puts root {0} into the inbox",
    "wakes": "  thread {0} wakes the driver",
    "owns": "thread {0} polls, with a budget of {1}",
    "mark": "thread {0} finds the target owned and leaves a mark",
    "lets": "thread {0} lets the target go; work left: {1}",
    "ask": "thread {0} begins a reset",
    "stopped": "the driver has stopped DMA",
    "tick": "thread {0} ticks",
    "asks": "object {0} asks for command {1}",
    "sends": "  command {0} of object {1} goes out",
    "refuses": "  the ring of command {0} is full",
    "gives_up": "  object {0} gives up: nothing was sent",
    "answer": "object {0} is answered",
    "loses": "  the command of object {0} is over its time; its slot is lost",
    "returns": "a lost answer to command {0} comes, and its slot is free again",
    "ticks": "a tick",
}

PROTOCOL_REASONS = {
    "slots": (
        "a slot comes free twice",
        "a command is over twice",
        "a slot comes out of quarantine though its command was not over",
        "an answer is credited to another command than its own",
        "a slot is in the queue and in no state to be there",
        "an answer is queued and nobody takes it",
        "a command is neither over nor with the hardware",
        "a slot comes free with its answer missing",
    ),
    "wake": (
        "two threads own the target",
        "nobody moves, and the target is owned",
        "nobody moves, and a root waits",
        "nobody moves, and a reset or a tick waits",
        "a reset or a tick was not taken once",
        "a root was not taken once",
        "a tree is given back while the device may touch its memory",
    ),
    "room": (
        "what could still go out is given up",
        "somebody waits who has room",
        "the slot that is kept for giving objects back is taken by others",
        "somebody waits for longer than the bound",
    ),
}
