"""An HTML tree → the blocks of text that a reader sees, in order, each as it reads.

Knows nothing of which of them are the article.
"""

import re
from dataclasses import dataclass, field

from lxml import etree, html

MAX_NESTING = 400
# What shows nothing, or nothing that is read.
UNSEEN = frozenset(
    "script style noscript template head title meta link iframe object embed svg canvas audio video map select option"
    " datalist input textarea button math".split()
)
# What begins a block of its own; everything else runs on in the line.
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody"
    " td tfoot th thead tr ul".split()
)
HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# As browsers collapse it; a no-break space is a letter like others.
SPACE = re.compile(r"[ \t\r\f]+")
CELLS = ("td", "th")


@dataclass(slots=True)
class Block:
    """A run of text with nothing but words and inline marks in it; `element` is what it stands in."""

    element: html.HtmlElement = field(repr=False)
    text: str
    linked: int = 0


def read_tree(text: str) -> html.HtmlElement:
    """The tree of an HTML page; what nests deeper than a reader could see is cut off.

    Raises:
        ValueError: There is no tree in it.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise ValueError("there is nothing in it") from error


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether a page shows an element to no one."""
    return (
        element.tag in UNSEEN
        or element.get("hidden") is not None
        or HIDDEN.search(element.get("style", "")) is not None
    )


def blocks_of(tree: html.HtmlElement) -> list[Block]:
    """All blocks with words in them, in the order of the page."""
    walk = _Walk()
    walk.enter(tree, 0)
    walk.end()
    return walk.found


class _Walk:
    """Collects text until something begins or ends a block."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._element: html.HtmlElement | None = None

    def enter(self, element: html.HtmlElement, depth: int, *, linked: bool = False) -> None:
        """Take in an element; one that is a row of a table is one block."""
        if not isinstance(element.tag, str) or is_hidden(element) or depth > MAX_NESTING:
            return
        block = element.tag in BLOCKS and not (element.tag in CELLS and _is_flat(element))
        if block:
            self.end()
        elif element.tag in CELLS:
            self._parts.append(" ")
        elif element.tag == "br":
            self._parts.append("\n")
        linked = linked or element.tag == "a"
        self._take(element.text, element, linked=linked)
        for child in element:
            self.enter(child, depth + 1, linked=linked)
            self._take(child.tail, element, linked=linked)
        if block:
            self.end()

    def end(self) -> None:
        """What was collected is a block; lines apart by an empty one are two."""
        text = "".join(self._parts)
        for part in re.split(r"(?:[ \t]*\n){2,}", text):
            line = re.sub(r" *\n *", "\n", SPACE.sub(" ", part)).strip()
            if line and self._element is not None:
                self.found.append(Block(self._element, line, self._linked))
        self._parts, self._linked, self._element = [], 0, None

    def _take(self, text: str | None, element: html.HtmlElement, *, linked: bool) -> None:
        if not text:
            return
        self._parts.append(SPACE.sub(" ", text.replace("\n", " ")))
        if text.strip():
            self._linked += len(text.strip()) if linked else 0
            self._element = self._element if self._element is not None else element


def _is_flat(cell: html.HtmlElement) -> bool:
    return not any(child.tag in BLOCKS for child in cell.iter() if child is not cell)
