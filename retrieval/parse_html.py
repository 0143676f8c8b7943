"""HTML → Draft: trafilatura says what belongs to the article, the page itself how it reads.

Knows nothing of encodings or URLs. Each paragraph is a block of the page, word for word, so that what is cited can be
found where it was published.
"""

import re

from lxml import html

from retrieval.blocks import Block, blocks_of, read_tree
from retrieval.draft import SOFT_HYPHEN, Draft, day, language_code, one_line
from retrieval.fetch import Page
from retrieval.sniff import decode

WORD = re.compile(r"\w+")
# A block belongs to the article when so much of it is in what trafilatura took for the article.
LEAST_COVERED = 0.8
GRAM = 4


def read_html(page: Page) -> Draft:
    """The article of an HTML page, with what the page says of it.

    Raises:
        ArticleError: The page is empty or in no known encoding.
        ValueError: There is nothing in it.
    """
    from trafilatura.metadata import extract_metadata

    source = decode(page, markup=True)
    tree = read_tree(source)
    told = extract_metadata(source, default_url=page.url, extensive=False)
    text = "\n\n".join(block.text.replace(SOFT_HYPHEN, "") for block in article_blocks(tree))
    return Draft(
        text=text,
        title=one_line(told.title),
        url=_canonical(tree),
        source=one_line(told.sitename),
        author=one_line(told.author),
        published=day(told.date),
        language=language_code(tree.get("lang")),
    )


def article_blocks(tree: html.HtmlElement) -> list[Block]:
    """The blocks of a page that are its article."""
    from trafilatura import extract

    body = extract(tree, include_comments=False, include_tables=True, output_format="txt") or ""
    known = _grams(body)
    return [block for block in blocks_of(tree) if _is_covered(block.text, known)]


def _is_covered(text: str, known: set[tuple[str, ...]]) -> bool:
    own = _grams(text)
    return bool(own) and len(own & known) >= LEAST_COVERED * len(own)


def _grams(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    return {tuple(words[start : start + size]) for size in range(1, GRAM + 1) for start in range(len(words) - size + 1)}


def _canonical(tree: html.HtmlElement) -> str | None:
    links = tree.xpath("//link[translate(@rel, 'CANONIL', 'canonil') = 'canonical']/@href")
    return str(links[0]).strip() if links else None
