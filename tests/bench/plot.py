# SPDX-License-Identifier: BSD-2-Clause
"""One picture: ns per connection of an update against the number of connections."""

from pathlib import Path

from bars import Records

COLOURS = {
    "flue": "#0b6e4f",
    "queued": "#6fb98f",
    "hand": "#c1440e",
    "touch": "#4a6fa5",
    "memcpy": "#999999",
}
STYLES = {"in order": "-", "shuffled": "--"}


def draw(records: Records, file: Path) -> bool:
    """False where matplotlib is missing."""
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "flue"  # the same records give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5))
    for variant, style in STYLES.items():
        for name, colour in COLOURS.items():
            points = [
                (r["objects"], r["median_ns"])
                for r in records
                if r["scenario"] == "update"
                and (r["name"], r["variant"], r["changed"]) == (name, variant, "one")
            ]
            label = f"{name}, {variant}"
            axes.plot(*zip(*points), style, color=colour, marker="o", markersize=4, label=label)
    axes.set(xscale="log", yscale="log", xlabel="TCP connections in one update")
    axes.set(ylabel="ns per connection (median)", title="One cached variable of each changed")
    axes.grid(True, which="both", alpha=0.25)
    axes.legend(fontsize=8, ncols=2)
    figure.tight_layout()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return True
