# SPDX-License-Identifier: BSD-2-Clause
"""Tables for people, from the records; the same text is what the docs show, with --markdown."""

from bars import BARS, Records


def table(title: str, head: list[str], rows: list[list[str]]) -> str:
    """Pipes, as Markdown has them: the first column to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(row: list[str]) -> str:
        cells = [c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        return f"| {' | '.join(cells)} |"

    rule = [("-" * w if i == 0 else "-" * (w - 1) + ":") for i, w in enumerate(widths)]
    heading = [f"**{title}**\n"] if title else []
    return "\n".join([*heading, line(head), line(rule), *map(line, rows)]) + "\n"


def facts(rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    lines = [f"| {a.ljust(widths[0])} | {b.ljust(widths[1])} |" for a, b in rows]
    rule = f"| {'-' * widths[0]} | {'-' * widths[1]} |"
    return "\n".join([f"| {' ' * widths[0]} | {' ' * widths[1]} |", rule, *lines]) + "\n"


def number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def of(records: Records, scenario: str) -> Records:
    return [r for r in records if r["scenario"] == scenario]


def ns(r: dict) -> str:
    return f"{number(r['min_ns'])} / {number(r['median_ns'])}"


def update(records: Records) -> str:
    """One line for each size, order and change; a column for each contender."""
    lines: dict[tuple, dict] = {}
    for r in of(records, "update"):
        lines.setdefault((r["objects"], r["variant"], r["changed"]), {})[r["name"]] = r
    names = ["flue", "queued", "hand", "touch", "memcpy"]
    rows = []
    for (objects, variant, changed), them in lines.items():
        ratios = [f"{1 / them[name]['ratio']:.2f}" for name in ("hand", "touch")]
        label = f"{objects:,} {variant}, {changed} changed"
        rows.append([label, *(ns(them[n]) for n in names), *ratios])
    title = "Update: ns per connection, min / median over rounds; ratios of the same rounds"
    return table(title, ["", *names, "flue/hand", "flue/touch"], rows) if rows else ""


def dispatch(records: Records) -> str:
    counted = {r["name"]: r["number"] for r in of(records, "dispatch, counted")}
    lines: dict[str, dict] = {}
    for r in of(records, "dispatch"):
        lines.setdefault(r["name"], {})[r["variant"]] = r
    rows = [
        [name, number(counted.get(name)), *(ns(them[v]) for v in ("hot", "cold"))]
        for name, them in lines.items()
    ]
    title = "Dispatch: the machine of a TCP connection, per event"
    head = ["", "instructions", "hot ns", "cold ns"]
    return table(title, head, rows) if rows else ""


def counted(records: Records) -> str:
    lines: dict[str, dict] = {}
    for r in of(records, "update, counted"):
        lines.setdefault(r["changed"], {})[r["name"]] = r["number"]
    names = ["flue", "queued", "hand"]
    rows = [[c, *(number(them[n]) for n in names)] for c, them in lines.items()]
    title = "Update: instructions per connection, by callgrind"
    return table(title, ["changed", *names], rows) if rows else ""


def others(records: Records) -> str:
    rows = []
    for r in records:
        label = ", ".join(filter(None, (r["name"], r.get("variant"))))
        if r["scenario"] in ("life", "relink", "inbox") and "min_ns" in r:
            rows.append([f"{r['scenario']}: {label}", f"{r['objects']:,}", ns(r), "ns each"])
        elif r["scenario"] == "invalidate":
            unit = "ns" if r["objects"] == 1 else "ns each"
            rows.append([f"{r['scenario']}: {label}", f"{r['objects']:,}", ns(r), unit])
        elif r["scenario"] in ("memory", "code", "regenerate", "inbox"):
            rows.append([f"{r['scenario']}: {label}", "", number(r["number"]), r["unit"]])
    return table("The rest", ["", "objects", "min / median", "unit"], rows) if rows else ""


def bars(records: Records) -> str:
    rows = []
    for bar in BARS:
        value, sign = bar.value(records), ">=" if bar.at_least else "<="
        verdict = "not measured"
        if value is not None:
            verdict = "moonshot" if bar.holds(value, bar.moonshot) else "reached"
            verdict = verdict if bar.holds(value, bar.bar) else "NOT REACHED"
        shot = "" if bar.moonshot is None else f"{sign} {bar.moonshot:g}"
        rows.append([bar.title, number(value), f"{sign} {bar.bar:g}", shot, verdict])
    title = "What we hold ourselves to"
    return table(title, ["", "now", "bar", "moonshot", ""], rows)


def all_tables(records: Records) -> str:
    parts = (update, counted, dispatch, others, bars)
    return "\n".join(text for text in (part(records) for part in parts) if text)
