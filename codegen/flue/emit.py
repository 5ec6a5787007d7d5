# SPDX-License-Identifier: BSD-2-Clause
"""Model -> generated files: one template per output, written only if it changed.

    outputs = generate(target, "build/generated", depfile="build/chimney.d")

A template holds loops and names; what they loop over is prepared by the view_*.py modules.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from flue.emit_names import Names
from flue.model import Target
from flue.ragel import compile_machines
from flue.text import comment, function, noted, opening

ABI = 1  # FLUE_ABI of the runtime this generator writes for
TEMPLATES = Path(__file__).with_name("templates")
_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def output_names(target_name: str, objects: list[str]) -> list[str]:
    """The files that are generated, in the order a build lists them."""
    out = [f"{target_name}.c", f"{target_name}.h"]
    out += [f"{target_name}_host.h", f"{target_name}_objects.h"]
    for obj in objects:
        out += [f"{target_name}_{obj}.c", f"{target_name}_{obj}.rl"]
    return out


def generate(target: Target, out_dir: str, depfile: str | None = None) -> list[str]:
    """Write all files of a target; returns the paths of those that were changed."""
    texts = render(target)
    os.makedirs(out_dir, exist_ok=True)
    paths = {name: os.path.join(out_dir, name) for name in texts}
    changed = [paths[name] for name, text in texts.items() if write_if_changed(paths[name], text)]
    if depfile:
        write_depfile(depfile, [paths[name] for name in texts], dependencies(target))
    return changed


def render(target: Target) -> dict[str, str]:
    """The texts of all files by name. Raises flue.ragel.RagelError if Ragel disagrees."""
    from flue.view import TargetView

    view = TargetView(target, Names(target))
    env = environment(view)
    machines = {
        o.low: env.get_template("object.rl.j2").render(o=o, obj=o.obj, file=o.obj.file)
        for o in view.objects
    }
    compiled = compile_machines(view.objects, machines)
    for o in view.objects:
        o.numbers = compiled[o.low].numbers
    texts = {}
    for name in output_names(target.name, [o.name for o in target.objects]):
        stem, suffix = os.path.splitext(name)
        if stem in machines:
            texts[name] = machines[stem] if suffix == ".rl" else compiled[stem].c
        else:
            template = "target" + name[len(target.name) :] + ".j2"
            texts[name] = env.get_template(template).render(file=target.file)
    return texts


def environment(view):
    """One Jinja2 environment for all outputs of a target."""
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    env.globals.update(
        target=view.target, n=view.names, host=view.host, view=view, abi=ABI, comment=comment
    )
    env.globals.update(function=function, noted=noted)
    env.globals["opening"] = lambda file: opening(file, view.target.file)
    env.filters["hex"] = hex
    return env


def write_if_changed(path: str, text: str) -> bool:
    """Write `text`; true if the code in it is new.

    A text that differs in its comments only is written, too, but keeps the old time stamp: doc
    strings end up in comments, and a change of them is no reason to compile anything.
    """
    try:
        with open(path, encoding="utf-8") as f:
            old = f.read()
        stamp = os.stat(path)
    except (OSError, UnicodeDecodeError):
        old = None
    if old == text:
        return False
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    if old is not None and without_comments(old) == without_comments(text):
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        return False
    return True


def without_comments(text: str) -> str:
    return " ".join(_COMMENTS.sub(" ", text).split())


def dependencies(target: Target) -> list[str]:
    """All that the outputs are made from: specs, schema, templates, and the generator itself."""
    here = Path(__file__).parent
    found = sorted(str(p) for p in here.rglob("*.py") if "__pycache__" not in p.parts)
    found += sorted(str(p) for p in here.glob("*.json"))
    found += sorted(str(p) for p in TEMPLATES.glob("*.j2"))
    return list(target.files) + [os.path.relpath(p) for p in found]


def write_depfile(path: str, outputs: list[str], inputs: list[str]) -> None:
    """A rule in make's syntax; it names the first output only, which stands for all."""
    lines = " \\\n  ".join(escaped(p) for p in inputs)
    text = f"{escaped(outputs[0])}: \\\n  {lines}\n"
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")
