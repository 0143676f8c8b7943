"""What a reader of one format finds in a page, before it is an Article.

Knows nothing of formats.
"""

from dataclasses import dataclass, field


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
