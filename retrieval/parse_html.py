"""HTML → Draft: trafilatura says what belongs to the article, the page itself how it reads.

Knows nothing of encodings or URLs. Each paragraph is a block of the page, word for word, so that what is cited can be
found where it was published.
"""

from lxml import html

from retrieval.article_blocks import article_blocks
from retrieval.blocks import read_tree
from retrieval.draft import SOFT_HYPHEN, Draft, day, language_code, one_line
from retrieval.fetch import Page
from retrieval.sniff import decode


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


def _canonical(tree: html.HtmlElement) -> str | None:
    links = tree.xpath("//link[translate(@rel, 'CANONIL', 'canonil') = 'canonical']/@href")
    return str(links[0]).strip() if links else None
