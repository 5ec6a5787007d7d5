# SPDX-License-Identifier: BSD-2-Clause
"""Model -> generated files: one template per output, written only if it changed.

    outputs = generate(target, "build/generated", depfile="build/chimney.d")

A template holds loops and names; what they loop over is prepared by the modules beside this.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flue.backends import templating
from flue.files import dependencies, write_depfile, write_if_changed
from flue.model import Target
from flue.model.c_names import Names
from flue.model.digest import digest

from .format import comment, constants, fit, function, noted, opening, plain
from .manifest import device_names, output_names, remove_stale
from .ragel import compile_machines

if TYPE_CHECKING:
    import jinja2

    from .target import TargetView

ABI = 14  # FLUE_ABI of the runtime this generator writes for
TEMPLATES = Path(__file__).with_name("templates")


def generate(
    target: Target,
    out_dir: str,
    depfile: str | None = None,
    suite: bool = False,
    device: bool = False,
    simulate: bool = False,
) -> list[str]:
    """Write all files of a target; returns the paths of those that were changed."""
    texts = render(target, suite, device, simulate)
    changed = _write(texts, out_dir)
    remove_stale(target, out_dir, texts)
    if depfile:
        paths = [os.path.join(out_dir, name) for name in texts]
        write_depfile(depfile, paths, dependencies(target, depfile))
    return changed


def generate_device(target: Target, out_dir: str) -> list[str]:
    """Write the files of a software NIC for a target, beside or without the others."""
    from .target import TargetView

    env = environment(TargetView(target, Names(target)))
    texts = {name: _from_template(env, target, name, {}) for name in device_names(target.name)}
    return _write(texts, out_dir)


def _write(texts: dict[str, str], out_dir: str) -> list[str]:
    os.makedirs(out_dir, exist_ok=True)
    paths = {name: os.path.join(out_dir, name) for name in texts}
    return [paths[name] for name, text in texts.items() if write_if_changed(paths[name], text)]


def render(
    target: Target, suite: bool = False, device: bool = False, simulate: bool = False
) -> dict[str, str]:
    """The texts of all files by name; those of a suite, a software NIC and histories if wanted.

    Raises RagelError if Ragel disagrees.
    """
    from .target import TargetView

    view = TargetView(target, Names(target))
    env = environment(view)
    machines = {
        o.low: fit(env.get_template("object.rl.j2").render(o=o, obj=o.obj, file=o.obj.file))
        for o in view.objects
    }
    compiled = compile_machines(view.objects, machines)
    numbers = {low: machine.numbers for low, machine in compiled.items()}
    texts = {}
    objects = [o.name for o in target.objects]
    for name in output_names(target.name, objects, suite, device, simulate):
        stem, suffix = os.path.splitext(name)
        if suffix != ".h" and stem in machines:
            texts[name] = machines[stem] if suffix == ".rl" else compiled[stem].c
        else:
            texts[name] = _from_template(env, target, name, numbers)
    return texts


def _from_template(
    env: jinja2.Environment, target: Target, name: str, numbers: dict[str, dict[str, int]]
) -> str:
    template = env.get_template("target" + name[len(target.name) :] + ".j2")
    return fit(template.render(file=target.file, numbers=numbers))


def environment(view: TargetView) -> jinja2.Environment:
    """One Jinja2 environment for all outputs of a target."""
    from .device_tables import device_objects
    from .simulate_tables import SimulateView
    from .suite import SuiteView

    env = templating.environment(TEMPLATES)
    env.globals.update(
        target=view.target, n=view.names, host=view.host, view=view, abi=ABI, comment=comment
    )
    env.globals.update(function=function, noted=noted, plain=plain)
    env.globals["constants"] = constants
    env.globals["digest"] = digest
    env.globals["suite"] = SuiteView(view.target)
    env.globals["simulate"] = SimulateView(view.target, view.names)
    env.globals["device"] = device_objects(view.target, view.names, view.objects)
    env.globals["opening"] = lambda file: opening(file, view.target.file)
    env.filters["hex"] = hex
    return env
