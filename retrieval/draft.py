"""What a reader of one format finds in a page, before it is an Article.

Knows nothing of formats.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Draft:
    """Text with what the page says of itself; `url` is where it says that it is to be found."""

    text: str = field(repr=False)
    title: str | None = None
    id: str | None = None
    url: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None


def one_line(told: object) -> str | None:
    """What a page tells, in one line and without soft hyphens; None where it tells nothing."""
    return " ".join(str(told or "").replace(SOFT_HYPHEN, "").split()) or None


def language_code(told: object) -> str | None:
    """The language of a tag such as en-GB, as a code; None where there is none."""
    match = re.match(r"[a-z]{2,3}(?=$|[-_])", str(told or "").strip().lower())
    return match.group() if match else None


def day(told: object) -> str | None:
    """The day of an ISO date or time; None where it is none."""
    try:
        return dt.date.fromisoformat(str(told or "").strip()[:10]).isoformat()
    except ValueError:
        return None
