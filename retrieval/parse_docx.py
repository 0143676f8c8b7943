"""DOCX → Draft, by python-docx: paragraphs and tables as they stand, with insertions and without deletions.

Knows nothing of layout: text boxes, notes, headers and footers are left out.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from retrieval.draft import SOFT_HYPHEN, Draft, language_code, one_line
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.zipped import open_zip

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

# Text, tabs, line breaks and hyphens of a paragraph, but for what floats beside it or stands in a box.
WORDS = (
    ".//*[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
    "[not(ancestor::w:txbxContent) and not(ancestor::w:tabs) and not(ancestor::mc:Fallback)]"
)
SPACES = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
PREFIXES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}


def read_docx(page: Page) -> Draft:
    """The text of a DOCX document.

    Raises:
        ArticleError: It is another kind of ZIP file, or unpacks to more than it may.
    """
    from docx import Document

    with open_zip(page) as parts:
        if "word/document.xml" not in parts.namelist():
            raise ArticleError(f"{page.name}: is a ZIP file and no DOCX or EPUB document.")
    document = Document(io.BytesIO(page.content))
    told = document.core_properties
    return Draft(
        text="\n\n".join(_blocks(document)),
        title=one_line(told.title) or _headline(document),
        author=one_line(told.author) if told.author != "python-docx" else None,
        published=told.created.date().isoformat() if told.created else None,
        language=language_code(told.language),
    )


def _blocks(holder: Any) -> Iterator[str]:  # noqa: ANN401 - a document or a cell of a table
    from docx.table import Table

    for block in holder.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        else:
            yield from (part for part in re.split(r"\s*\n\s*\n\s*", _text(block._p)) if part)  # noqa: SLF001 - python-docx gives no other way to insertions


def _rows(table: "Table") -> Iterator[str]:
    """A block for each row, its cells side by side; a merged cell counts once."""
    for row in table.rows:
        cells = {id(cell._tc): cell for cell in row.cells}.values()  # noqa: SLF001 - what tells merged cells
        text = " ".join(" ".join(_blocks(cell)) for cell in cells)
        if text.strip():
            yield " ".join(text.split())


def _text(paragraph: Any) -> str:  # noqa: ANN401 - an element of lxml
    from lxml import etree

    parts = etree.ElementBase.xpath(paragraph, WORDS, namespaces=PREFIXES)
    words = [SPACES.get(etree.QName(part).localname, part.text or "") for part in parts]
    return re.sub(r"[ \t]+", " ", "".join(words)).replace(SOFT_HYPHEN, "").strip()


def _headline(document: "Document") -> str | None:
    """The first paragraph that is set as a title."""
    titles = (one for one in document.paragraphs if one.style and one.style.name in ("Title", "Heading 1"))
    first = next(titles, None)
    return one_line(_text(first._p)) if first is not None else None  # noqa: SLF001 - as above
