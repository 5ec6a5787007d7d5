# SPDX-License-Identifier: BSD-2-Clause
"""What a script arranges around the one object of model A: what it stands on, and what stands on it."""

from __future__ import annotations

from .lowering import KindView


class Surroundings:
    """Objects of a script from the second on; `lines` are those that it needs by now."""

    def __init__(self, kinds: list[KindView], kind: KindView):
        self.kinds, self.named = kinds, {k.name: k for k in kinds}
        self.lines: list[str] = []
        self.number = 1
        self._base: dict[str, int] = {}
        links = kind.obj.links
        self.stands = [self._first(x.to) for x in links]
        moved = [bool(cell) for cell in kind.link_cells]
        self.others = [self._made(x.to) if asked else 0 for x, asked in zip(links, moved)]

    def _first(self, name: str) -> int:
        """The object of a kind that all stand on which nobody asks otherwise."""
        if name not in self._base:
            self._base[name] = self._made(name)
        return self._base[name]

    def _made(self, name: str, on: tuple[str, int] = ("", 0)) -> int:
        """Another object of a kind, on the first of each; its links to one kind may lead elsewhere."""
        links = self.named[name].obj.links
        ends = [on[1] if x.to == on[0] else self._first(x.to) for x in links]
        self.number += 1
        self.lines.append(f"object {self.number} {name} aside")
        self.lines += [f"link {self.number} {i} {end}" for i, end in enumerate(ends)]
        self.lines.append(f"there {self.number}")
        return self.number

    def dependent(self, kind: KindView, o: int) -> list[str]:
        """Lines of an object that links to the object `o` of a kind; none, if no kind does."""
        user = next((k for k in self.kinds if any(x.to == kind.name for x in k.obj.links)), None)
        before = len(self.lines)
        if user is not None:
            self._made(user.name, (kind.name, o))
        return self.lines[before:]
