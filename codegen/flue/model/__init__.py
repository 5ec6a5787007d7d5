# SPDX-License-Identifier: BSD-2-Clause
"""The model: everything a set of specs says, with every name resolved.

Frozen dataclasses, built once by `resolve`, read by the checks and by the templates. A decision
about meaning is a property here, never a line in a template. Sequences are tuples in spec order;
an `index` is the position in such a sequence and becomes the number used in the generated C.
"""

from .machine import (
    FORMS,
    INTERNAL_EVENTS,
    JOINED,
    Arm,
    Cell,
    Condition,
    Default,
    Handling,
    Operand,
    State,
)
from .node import ROLES, Member, Node, RoleRule, Struct
from .object import (
    DRIVERS_RESULTS,
    KIN,
    OWN_RESULTS,
    Command,
    DeviceEvent,
    Effect,
    Link,
    Object,
    PlanRule,
    Raise,
    Sees,
    TypeCode,
)
from .location import Placed, Where
from .target import (
    Call,
    Indication,
    Mark,
    Mode,
    Operation,
    Parameter,
    RollUp,
    Status,
    Target,
    Unusable,
)
from .types import CLASSES, DEVICE, VARIABLE_CLASSES, ClassLayout, Flag, Type, Variable

__all__ = [
    "Arm",
    "CLASSES",
    "Call",
    "Cell",
    "ClassLayout",
    "Command",
    "Condition",
    "DEVICE",
    "DRIVERS_RESULTS",
    "Default",
    "DeviceEvent",
    "Effect",
    "FORMS",
    "Flag",
    "Handling",
    "INTERNAL_EVENTS",
    "JOINED",
    "Indication",
    "KIN",
    "Link",
    "Mark",
    "Member",
    "Mode",
    "Node",
    "OWN_RESULTS",
    "Object",
    "Operand",
    "Operation",
    "Parameter",
    "Placed",
    "PlanRule",
    "ROLES",
    "Raise",
    "RoleRule",
    "RollUp",
    "Sees",
    "State",
    "Status",
    "Struct",
    "Target",
    "Type",
    "TypeCode",
    "Unusable",
    "VARIABLE_CLASSES",
    "Variable",
    "Where",
]
