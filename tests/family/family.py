# SPDX-License-Identifier: BSD-2-Clause
"""Legal specs by chance, each from a seed.

    family.py --seed 17 --out DIR     write one
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
from parts import spec  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "codegen"))
from flue.ranges import COUNT  # noqa: E402


class _Plain(yaml.SafeDumper):
    """No anchors: what two places share is written twice."""

    def ignore_aliases(self, data) -> bool:
        return True


def write(trees: dict[str, dict], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, tree in trees.items():
        text = yaml.dump(tree, Dumper=_Plain, sort_keys=False, width=110)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a legal spec.")
    parser.add_argument("--seed", type=COUNT, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write(spec(args.seed), args.out)


if __name__ == "__main__":
    main()
