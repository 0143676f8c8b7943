"""Which blocks of a page are its article: trafilatura's verdict, mended by where blocks stand and what they are called.

Trafilatura knows prose from boilerplate; it loses what stands beside prose: headlines, captions, lists, all entries of
a ticker but the longest. Knows nothing of how blocks read.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from lxml import html

from retrieval.blocks import Block, blocks_of

WORD = re.compile(r"\w+")
GRAM = 4
# A block is the article's when trafilatura has so much of it; a repetition of another when that has so much of it.
LEAST_COVERED, LEAST_REPEATED = 0.8, 0.9
# What has fewer words is no sentence; what is linked to more than this share leads elsewhere.
FEW_WORDS, MOSTLY_LINKED = 5, 0.5
# Names that leave less than this share of trafilatura's words mean something else on this page.
LEAST_LEFT = 0.5
# Names are believed of what is shorter than any article.
LEAST_WORDS = 50
# As many of a kind beside each other are entries of a list.
ENTRIES = 3
# An article stands where so much of what was kept stands; the rest of it may be a box at the side.
ROOM_SHARE = 0.8
# The words of a class or id that say what else a page is made of.
OTHER = frozenset(
    "ad ads adslot advert advertisement advertising sponsor sponsored promo promoted promotion banner cookie cookies"
    " consent cmp gdpr privacy newsletter signup subscribe subscription paywall regwall share sharing sharedaddy"
    " social related relatedposts recommended recommendations recirculation teaser teasers trending popular widget"
    " sidebar nav navigation navbar menu breadcrumb breadcrumbs pagination pager footer comment comments disqus respond"
    " tags taglist tagcloud byline author bio meta timestamp dateline copyright toolbar controls login signin modal"
    " overlay popup masthead donate donation feedback permalink skip posted kicker".split()
)
OTHER_TAGS = frozenset("nav footer form amp-consent amp-sidebar amp-ad amp-list amp-social-share".split())
OTHER_ROLES = frozenset({"dialog", "alertdialog", "navigation", "banner", "contentinfo", "search", "menu"})
# What holds a whole page says nothing of its parts.
WHOLE = frozenset({"html", "body", "main", "article"})
QUOTING_TAGS = frozenset({"aside", "blockquote", "figure", "q"})
QUOTING = frozenset("pull pullquote quote blockquote pq highlight callout".split())
STRUCTURE = frozenset({"li", "dt", "dd", "td", "th", "caption", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
CAPTIONS = frozenset("caption captions legend".split())


def article_blocks(tree: html.HtmlElement) -> list[Block]:
    """The blocks of a page that are its article, in order."""
    from trafilatura import extract

    blocks = blocks_of(tree)
    verdict = _Verdict(extract(tree, include_comments=False, include_tables=True) or "")
    known = [block for block in blocks if verdict.holds(block)]
    named = [block for block in known if not _is_other(block.element)]
    mislead = _count(known) >= LEAST_WORDS and _count(named) < LEAST_LEFT * _count(known)
    kept = known if mislead else named
    if not kept:
        return [block for block in blocks if _is_prose(block) and not _is_other(block.element)]
    return _without_repetitions(_mended(blocks, kept))


class _Verdict:
    """What trafilatura took for the article."""

    def __init__(self, text: str) -> None:
        self._lines = {" ".join(_words(part)) for line in text.split("\n") for part in (line, *line.split("|"))}
        self._grams = set(_grams(_words(text)))

    def holds(self, block: Block) -> bool:
        """Whether a block is in it: as a line, or with most of its runs of words."""
        words = _words(block.text)
        if " ".join(words) in self._lines:
            return bool(words)
        own = set(_grams(words))
        return bool(own) and len(own & self._grams) >= LEAST_COVERED * len(own)


def _mended(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    """What was kept, with what stands among it and the head over it."""
    known = {id(block) for block in kept}
    room = _room(kept)
    inside = [block for block in blocks if id(block) in known or _belongs(block, room)]
    chosen = known | {id(block) for block in inside} | {id(block) for block in _head(blocks, inside)}
    return [block for block in blocks if id(block) in chosen]


def _room(kept: Sequence[Block]) -> html.HtmlElement:
    """The smallest element that holds nearly all of what was kept, with all that is built like it beside it."""
    held: Counter[html.HtmlElement] = Counter()
    for block in kept:
        held.update(dict.fromkeys(_up(block.element), len(_words(block.text))))
    large = [element for element, words in held.items() if words >= ROOM_SHARE * _count(kept)]
    above = list(_up(max(large, key=lambda element: sum(1 for _ in element.iterancestors()))))
    room = above[0]
    for element in above:
        if element.tag not in WHOLE and _has_likes(element):
            room = element.getparent()
    return room


def _has_likes(element: html.HtmlElement) -> bool:
    """Whether an element is one of several of a kind, as an entry of a ticker is."""
    above = element.getparent()
    if above is None or element.tag in ("p", "li", "tr", "td"):
        return False
    shape = (element.tag, element.get("class"))
    return element.get("class") is not None and sum((one.tag, one.get("class")) == shape for one in above) >= ENTRIES


def _belongs(block: Block, room: html.HtmlElement) -> bool:
    """Whether a block that trafilatura left out is of the article that it stands in."""
    path = list(takewhile(lambda element: element is not room, _up(block.element)))
    if len(path) == sum(1 for _ in _up(block.element)) or any(element.tag == "aside" for element in path):
        return False
    if _is_other(block.element) or block.linked > MOSTLY_LINKED * len(block.text):
        return False
    return _is_prose(block) or any(element.tag in STRUCTURE for element in path) or _is_caption(path)


def _head(blocks: Sequence[Block], kept: Sequence[Block]) -> Iterator[Block]:
    """The headline over what was kept, and what stands between them."""
    first = next(place for place, block in enumerate(blocks) if block is kept[0])
    heads = [place for place in range(first + 1) if _stands_in(blocks[place].element, "h1")]
    for block in blocks[heads[-1] : first] if heads else ():
        if not _is_other(block.element) and (_is_prose(block) or _stands_in(block.element, *STRUCTURE)):
            yield block


def _without_repetitions(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without those that set another's words in large type."""
    bags = [Counter(_words(block.text)) for block in blocks]
    return [
        block
        for block, bag in zip(blocks, bags, strict=True)
        if not _is_quoting(block.element) or not any(_repeats(bag, other) for other in bags)
    ]


def _repeats(bag: Counter[str], other: Counter[str]) -> bool:
    return other.total() > bag.total() and (bag & other).total() >= LEAST_REPEATED * bag.total()


def _is_prose(block: Block) -> bool:
    words = len(_words(block.text))
    return words >= FEW_WORDS and block.linked <= MOSTLY_LINKED * len(block.text) and not _is_time(block)


def _is_time(block: Block) -> bool:
    """Whether a block is a date and nothing else."""
    time = next((one for one in _up(block.element) if one.tag == "time"), None)
    return time is not None and _words(time.text_content()) == _words(block.text)


def _is_other(element: html.HtmlElement) -> bool:
    """Whether what a block stands in says that it is something else than an article."""
    return any(
        one.tag in OTHER_TAGS or one.get("role") in OTHER_ROLES or _names(one) & OTHER
        for one in _up(element)
        if one.tag not in WHOLE
    )


def _is_quoting(element: html.HtmlElement) -> bool:
    return any(one.tag in QUOTING_TAGS or _names(one) & QUOTING for one in _up(element) if one.tag not in WHOLE)


def _is_caption(path: Iterable[html.HtmlElement]) -> bool:
    return any(_names(one) & CAPTIONS for one in path)


def _stands_in(element: html.HtmlElement, *tags: str) -> bool:
    return any(one.tag in tags for one in _up(element))


def _up(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield element
    yield from element.iterancestors()


def _names(element: html.HtmlElement) -> set[str]:
    """The words of an element's class and id, whether joined by hyphens or by capitals."""
    told = f"{element.get('class', '')} {element.get('id', '')}"
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", told).lower()))


def _count(blocks: Iterable[Block]) -> int:
    return sum(len(_words(block.text)) for block in blocks)


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _grams(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1))
