"""How much of an article is found in a saved page, and how much else: ours beside trafilatura's own plain text.

`python -m tests.extraction.measure` prints the table. The pages were written by hand, each with the text of its article
beside it: ten layouts in `pages`, with an eye to which the rules were made, and in `later` three that were written when
those were right.
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import mean

from trafilatura import extract

from retrieval.fetch import Page
from retrieval.parse import parse

FOLDER = Path(__file__).parent
LAYOUTS = tuple(path.stem for path in sorted((FOLDER / "pages").glob("*.html")))
LATER = tuple(path.stem for path in sorted((FOLDER / "later").glob("*.html")))


@dataclass(frozen=True)
class Measured:
    """Shares from 0 to 1.

    `tokens` is the F1 of words, with as many of each as there are; `paragraphs` the F1 of paragraphs that are right to
    the letter; `boilerplate` the share of what was found that is not the article's.
    """

    tokens: float
    paragraphs: float
    boilerplate: float


def measure(found: str, expected: str) -> Measured:
    """What was found, held against what should be."""
    words, wanted = Counter(_words(found)), Counter(_words(expected))
    lines, wanted_lines = Counter(_paragraphs(found)), Counter(_paragraphs(expected))
    right = (words & wanted).total()
    return Measured(
        tokens=_f1(right, words.total(), wanted.total()),
        paragraphs=_f1((lines & wanted_lines).total(), lines.total(), wanted_lines.total()),
        boilerplate=1 - right / words.total() if words else 0.0,
    )


def expected_text(layout: str) -> str:
    """The article of a page, as it was written down by hand."""
    return _path(layout, ".txt").read_text(encoding="utf-8").strip()


def source_of(layout: str) -> str:
    """A page's HTML."""
    return _path(layout, ".html").read_text(encoding="utf-8")


def ours(layout: str) -> str:
    """The text that the archive would keep."""
    return parse(Page(_path(layout, ".html"), source_of(layout).encode())).text


def theirs(layout: str) -> str:
    """What trafilatura gives as plain text by default, comments left out."""
    return extract(source_of(layout), include_comments=False) or ""


def compare(layout: str) -> tuple[Measured, Measured]:
    """Ours and trafilatura's."""
    wanted = expected_text(layout)
    return measure(ours(layout), wanted), measure(theirs(layout), wanted)


def averaged(rows: Sequence[Measured]) -> Measured:
    """The means."""
    return Measured(*(mean(getattr(row, part.name) for row in rows) for part in fields(Measured)))


def main() -> None:
    """Print the tables and the means."""
    heads = f"{'':14}  tokens F1     paragraphs F1  boilerplate\n{'':14}  ours  traf.    ours  traf.    ours  traf."
    for layouts in (LAYOUTS, LATER):
        rows = {layout: compare(layout) for layout in layouts}
        means = averaged([one for one, _ in rows.values()]), averaged([one for _, one in rows.values()])
        lines = [f"{layout:14}  {_row(*pair)}" for layout, pair in rows.items()]
        sys.stdout.write("\n".join([heads, *lines, f"{'mean':14}  {_row(*means)}", "", ""]))


def _path(layout: str, suffix: str) -> Path:
    return FOLDER / ("pages" if layout in LAYOUTS else "later") / f"{layout}{suffix}"


def _row(our: Measured, their: Measured) -> str:
    return "   ".join(
        f"{getattr(our, name):.3f} {getattr(their, name):.3f}" for name in ("tokens", "paragraphs", "boilerplate")
    )


def _f1(right: int, found: int, wanted: int) -> float:
    return 2 * right / (found + wanted) if found + wanted else 1.0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _paragraphs(text: str) -> list[str]:
    """Lines with their spaces made equal, without the marks that trafilatura gives lists and tables."""
    bare = [re.sub(r"^- |\|", " ", line) for line in text.split("\n")]
    return [" ".join(line.split()) for line in bare if re.search(r"\w", line)]


if __name__ == "__main__":
    main()
