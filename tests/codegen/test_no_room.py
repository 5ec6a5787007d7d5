# SPDX-License-Identifier: BSD-2-Clause
"""What a software NIC answers to an add for which its table has no room: the pool's result, or else the last."""

import re

import pytest
from helpers import Report, load, spec

from flue.backends.c.generate import render

ADDS = [
    ("rdma", "create_qp", "RDMA_RESULT_NO_MEMORY"),  # its pool's, and not the last
    ("flow", "add_hop", "FLOW_RESULT_NO_SPACE"),  # the pool's is none of its answers
    ("flow", "add_rule", "FLOW_RESULT_NO_SPACE"),
    ("ipsec", "add_sa", "IPSEC_RESULT_NO_SPACE"),
    ("tls", "open_connection", "TLS_RESULT_NO_SPACE"),
    ("example", "add_meter", "LIMITER_RESULT_NO_SPACE"),
]


@pytest.mark.parametrize("name, command, result", ADDS)
def test_an_add_that_finds_no_room(name, command, result):
    text = "".join(render(load(spec(name), Report()), device=True).values())
    found = re.findall(rf'\.name = "{command}",(?:(?!\.name = ).)*?\.full = (\w+),', text, re.S)
    assert found == [result]
