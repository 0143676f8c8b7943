"""Questions per day, as a picture. Knows nothing of where the figures come from."""

import io

from bot.administration import Stats
from bot.words import Words

FOUND, MISSED = "#2a7f62", "#d9a441"
SIZE_INCHES, DOTS_PER_INCH = (8, 4), 150


def picture(stats: Stats, words: Words) -> bytes:
    """A PNG with a bar for each day: what was found, and on top of it what was not."""
    import numpy as np
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, layout="constrained")
    axes = figure.subplots()
    dates = np.array([day.date for day in stats.days], dtype="datetime64[D]")
    found = [day.found for day in stats.days]
    axes.bar(dates, found, color=FOUND, label=words.say("answered"))
    axes.bar(dates, [day.missed for day in stats.days], bottom=found, color=MISSED, label=words.say("asked in vain"))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(words.say("Questions per day"))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")  # looking for the best place takes long
    figure.autofmt_xdate()
    image = io.BytesIO()
    figure.savefig(image, format="png")
    return image.getvalue()
