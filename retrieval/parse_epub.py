"""EPUB → Draft: the chapters that its spine lists, in order, and what the book says of itself.

Knows nothing of layout, scripts or pictures.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from retrieval.blocks import blocks_of, read_tree
from retrieval.draft import SOFT_HYPHEN, Draft, day, language_code, one_line
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.sniff import decode
from retrieval.zipped import open_zip

CONTAINER = "META-INF/container.xml"


def read_epub(page: Page) -> Draft:
    """The text of an EPUB book.

    Raises:
        ArticleError: It is damaged, or unpacks to more than it may.
    """
    with open_zip(page) as parts:
        place = _find(_xml(page, parts, CONTAINER), "rootfile")
        root = place.get("full-path", "") if place is not None else ""
        package = _xml(page, parts, root)
        chapters = [_text(page, parts, path) for path in _spine(package, posixpath.dirname(root))]
    return Draft(
        text="\n\n".join(chapter for chapter in chapters if chapter),
        title=_told(package, "title"),
        author=_told(package, "creator"),
        source=_told(package, "publisher"),
        published=day(_told(package, "date")),
        language=language_code(_told(package, "language")),
    )


def _xml(page: Page, parts: zipfile.ZipFile, path: str) -> Element:
    """A part as a tree; one with entities in it is refused."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        tree: Element = fromstring(parts.read(path))
    except (KeyError, ParseError, DefusedXmlException) as error:
        raise ArticleError(f"{page.name}: is a damaged or unsafe EPUB document.") from error
    return tree


def _spine(package: Element, folder: str) -> Iterator[str]:
    """The paths of the chapters within the document; what leads out of it finds nothing there."""
    hrefs = {item.get("id"): item.get("href", "") for item in package.iter() if _name(item) == "item"}
    for item in package.iter():
        href = hrefs.get(item.get("idref")) if _name(item) == "itemref" else None
        if href:
            yield posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _text(page: Page, parts: zipfile.ZipFile, path: str) -> str:
    try:
        content = parts.read(path)
    except KeyError:
        return ""
    if not content.strip():
        return ""
    tree = read_tree(decode(Page(page.origin, content), markup=True))
    return "\n\n".join(block.text.replace(SOFT_HYPHEN, "") for block in blocks_of(tree))


def _find(tree: Element, name: str) -> Element | None:
    return next((element for element in tree.iter() if _name(element) == name), None)


def _told(package: Element, name: str) -> str | None:
    found = _find(package, name)
    return one_line(found.text) if found is not None else None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
