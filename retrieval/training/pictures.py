"""Measured systems as pictures: probability against share right, and accuracy against latency.

Knows nothing of where the figures come from.
"""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter, MaxNLocator, NullLocator

from retrieval.training.accuracy import BINS, Measured

COLOURS = ("#7a7a7a", "#d9a441", "#4a78b5", "#8d5a97", "#2a7f62", "#b5473c")
MODE_COLOURS = {"closed": "#d9a441", "open": "#2a7f62"}
MODE_NAMES = {"closed": "its article asked", "open": "all articles asked"}
PANEL_INCHES, DOTS_PER_INCH = (5, 5), 110
TICKS_MS = (0.01, 0.1, 1, 10, 100, 1000)
SIZE, HOLLOW = 8, "hollow: sentences without context"
AREA = 90  # of the dot for the bin that holds most, in square points


def reliability(measured: Sequence[Measured], path: Path) -> None:
    """A PNG with, for each set, how often what has a probability is right, and how many have it."""
    sets = list(dict.fromkeys(one.set for one in measured))
    figure = _figure(len(sets))
    panels = figure.subplots(2, len(sets), sharex=True, squeeze=False, height_ratios=(3, 1))
    for column, name in enumerate(sets):
        shares, counts = panels[0][column], panels[1][column]
        shares.plot([0, 1], [0, 1], color="#b8b8b8", linestyle="--", linewidth=1)
        for place, one in enumerate(one for one in measured if one.set == name):
            count, mean, share = one.bins().T
            colour, label = MODE_COLOURS[one.mode], f"{MODE_NAMES[one.mode]}, off by {one.calibration_error():.3f}"
            shares.plot(mean, share, color=colour, label=label)
            shares.scatter(mean, share, color=colour, s=AREA * count / count.max())
            middles = [(at + 0.3 + 0.4 * place) / BINS for at in range(BINS)]
            counts.bar(middles, count, width=0.4 / BINS, color=colour)
        shares.set(title=name, xlim=(0, 1), ylim=(0, 1), ylabel="share that is right")
        shares.legend(frameon=False, loc="lower right")
        counts.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=3))
        counts.set(xlabel="probability given", ylabel="questions")
        _plain(shares, counts)
    figure.savefig(path)


def latency(measured: Sequence[Measured], path: Path) -> None:
    """A PNG with, for each set, a point a system: its median time and how often the right sentence is first."""
    sets = list(dict.fromkeys(one.set for one in measured))
    names = list(dict.fromkeys(one.system for one in measured))
    figure = _figure(len(sets))
    panels = figure.subplots(1, len(sets), squeeze=False)[0]
    for name, axes in zip(sets, panels, strict=True):
        for one in (one for one in measured if one.set == name):
            _point(axes, one, COLOURS[names.index(one.system) % len(COLOURS)])
        axes.set(title=name, xscale="log", xlabel="median time of a question, ms", ylabel="right sentence first")
        axes.set_xticks(TICKS_MS)
        axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.xaxis.set_minor_locator(NullLocator())
        times = [one.figures.p50_ms for one in measured if one.set == name]
        axes.set_xlim(min(times) / 2, 2 * max(times))
        axes.grid(color="#e6e6e6")
        axes.set_axisbelow(True)
        _plain(axes)
    panels[0].plot([], [], "o", markersize=SIZE, color="black", markerfacecolor="white", label=HOLLOW)
    named = panels[0].get_legend_handles_labels()
    figure.legend(*named, loc="outside lower center", ncols=1 + len(sets), frameon=False)
    figure.savefig(path)


def _point(axes: Axes, one: Measured, colour: str) -> None:
    place = one.figures.p50_ms, one.figures.right_at_1 or 0.0
    if one.context:
        axes.plot(*place, "o", markersize=SIZE, color=colour, label=one.system)
    else:
        axes.plot(*place, "o", markersize=SIZE, color=colour, markerfacecolor="white")


def _figure(columns: int) -> Figure:
    width, height = PANEL_INCHES
    return Figure(figsize=(columns * width, height), dpi=DOTS_PER_INCH, layout="constrained")


def _plain(*panels: Axes) -> None:
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
