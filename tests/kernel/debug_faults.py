# SPDX-License-Identifier: BSD-2-Clause
"""Faults that are planted in the staged module, one at a time: each has to be found by what it is planted for."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """`old` stands once in `file` of the staged module; `finding` is in the title of a report, or in its lines."""

    kernel: str
    file: str
    old: str
    new: str
    only: str
    finding: str


FAULTS = {
    # kmemleak
    "leak": Fault(
        "kasan", "driver/sa.c", "    kfree_sensitive(sa);\n", "", "10,99", "unreferenced object"
    ),
    # KASAN
    "use_after_free": Fault(
        "kasan", "driver/sa.c",
        "    atomic_dec(&sa->nic->sa_count);\n    kfree_sensitive(sa);\n",
        "    kfree_sensitive(sa);\n    atomic_dec(&sa->nic->sa_count);\n",
        "10,99", "KASAN: slab-use-after-free",
    ),
    # DEBUG_ATOMIC_SLEEP: xfrm has x->lock
    "sleep_under_lock": Fault(
        "kasan", "driver/sa.c",
        "    RCU_INIT_POINTER(sa->nic->sas[sa->index], NULL);\n",
        "    RCU_INIT_POINTER(sa->nic->sas[sa->index], NULL);\n    nic_policies_follow(sa->nic);\n",
        "10,99", "BUG: sleeping function called from invalid context",
    ),
    # PROVE_LOCKING: a packet in softirq takes it, too
    "lock_without_softirq": Fault(
        "kasan", "driver/sa.c",
        "    spin_lock_irqsave(&sa->lock, flags);\n    clear_bit(SA_ADVANCES, &sa->flags);\n",
        "    flags = 0;\n    local_save_flags(flags);\n    spin_lock(&sa->lock);\n"
        "    clear_bit(SA_ADVANCES, &sa->flags);\n",
        "45,99", "WARNING: inconsistent lock state",
    ),
    # the contexts of the spec, as the generated header asserts them
    "poll_in_wake": Fault(
        "kasan", "driver/service.c",
        "    struct nic_unit *unit = adapter;\n\n    queue_work(unit->nic->queue, &unit->poll);\n",
        "    struct nic_unit *unit = adapter;\n\n    flue_poll(nic_target(unit), POLL_BUDGET);\n"
        "    queue_work(unit->nic->queue, &unit->poll);\n",
        "10,99", "not in a task that may sleep",
    ),
    # KCSAN: the status is looked at before the completion
    "status_without_completion": Fault(
        "kcsan", "driver/port.c",
        "    ipsec_add(nic, &port->node);\n    wait_for_completion(&port->done);\n",
        "    port->node.Status = S32_MAX;\n    ipsec_add(nic, &port->node);\n"
        "    while (port->node.Status == S32_MAX)\n        barrier();\n"
        "    wait_for_completion(&port->done);\n",
        "05", "KCSAN: data-race",
    ),
}  # fmt: skip


def objects(staged: Path, file: str) -> list[Path]:
    """What is compiled of it; of a header anything may be."""
    if file.endswith(".c"):
        return [(staged / file).with_suffix(".o")]
    return list(staged.rglob("*.o"))


@contextlib.contextmanager
def planted(staged: Path, fault: Fault) -> Iterator[None]:
    """In the place of a link to the source, which is put back; it is older than what was compiled meanwhile."""
    place = staged / fault.file
    source = place.readlink()
    text = source.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise SystemExit(f"{source}: the place of the fault is not there once")
    place.unlink()
    place.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    try:
        yield
    finally:
        for compiled in objects(staged, fault.file):
            compiled.unlink(missing_ok=True)
        place.unlink()
        place.symlink_to(source)


def rebuild(headers: Path, staged: Path) -> Path:
    command = ["make", "-s", "-j2", "-C", str(headers), f"M={staged}", "modules"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the fault is not compiled:\n{done.stdout}{done.stderr}")
    return staged / "flue_nic.ko"
