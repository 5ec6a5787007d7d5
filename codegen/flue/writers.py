# SPDX-License-Identifier: BSD-2-Clause
"""The commands that leave files or text: what they wrote is said as lines, or as JSON for tools."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable

from flue.model import Target

from .terminal import Waiting, print_json

GOOD = 0


def wrote(args: argparse.Namespace, paths: Iterable[object], lines: bool = True) -> int:
    """Which files are there now: for tools as JSON, for people a line each."""
    files = [str(path) for path in paths]
    if args.json:
        print_json({"files": files})
    elif lines:
        sys.stdout.write("".join(f"{path}\n" for path in files))
    return GOOD


def generate(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.c import generate as c
    from flue.backends.c.manifest import output_names

    options = args.suite, args.device, args.simulate
    with Waiting("flue: writing C files"):
        c.generate(target, args.out, args.depfile, *options)
    names = output_names(target.name, [o.name for o in target.objects], *options)
    return wrote(args, (os.path.join(args.out, name) for name in names), lines=False)


def device(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.c.generate import generate_device
    from flue.backends.c.manifest import device_names

    generate_device(target, args.out)
    names = device_names(target.name)
    return wrote(args, (os.path.join(args.out, name) for name in names), lines=False)


def graph(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.docs import graph as diagrams

    if args.format != "svg" and args.out is None:
        texts = diagrams.texts(target, args.format)
        if args.json:
            print_json({"graphs": texts})
        else:
            sys.stdout.write("\n".join(texts.values()))
        return GOOD
    with Waiting("flue: drawing"):
        paths = diagrams.render(target, args.format, args.out or ".")
    return wrote(args, paths)


def docs(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.docs.explorer import page

    with Waiting("flue: drawing a page"):
        path = page.write(target, args.out)
    return wrote(args, [path])


def table(args: argparse.Namespace, target: Target) -> int:
    from flue.backends.docs import table as blocks
    from flue.backends.docs import table_records

    if args.json:
        print_json(table_records.records(target, args.object))
    else:
        sys.stdout.write(blocks.render(target, args.object))
    return GOOD
