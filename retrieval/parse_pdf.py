"""PDF → Draft, by pypdf: the text of its pages as paragraphs, and what the document says of itself.

Knows nothing of time or memory: a document of a million objects is the sandbox's business.
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from retrieval.draft import Draft, language_code, one_line
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.pdf_lines import Line, paragraphs

if TYPE_CHECKING:
    from pypdf import DocumentInformation, PageObject, PdfReader

Matrix = list[float]
# What programs write where nobody gave a title.
NO_TITLE = re.compile(
    r"untitled|microsoft \w+ -|.*\.(?:docx?|pdf|odt|indd|tex|rtf|qxd|dvi|pptx?)$|document\d*$", re.IGNORECASE
)
HEADLINE_LENGTH = 150


def read_pdf(page: Page, *, max_pages: int) -> Draft:
    """The text of a PDF of at most `max_pages` pages.

    Raises:
        ArticleError: It is encrypted, longer, or holds no text.
        pypdf.errors.PyPdfError: It is damaged.
    """
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    try:
        return _read(PdfReader(io.BytesIO(page.content)), page, max_pages)
    except LimitReachedError as error:
        raise ArticleError(f"{page.name}: holds more than may be read of a PDF.") from error


def _read(reader: "PdfReader", page: Page, max_pages: int) -> Draft:
    if reader.is_encrypted and not reader.decrypt(""):
        raise ArticleError(f"{page.name}: is locked with a password; save it without.")
    count = len(reader.pages)
    if count > max_pages:
        raise ArticleError(f"{page.name}: has {count:,} pages, more than {max_pages:,} (retrieval.parse.pages).")
    found = paragraphs([list(_lines(one)) for one in reader.pages])
    if not found:
        raise ArticleError(f"{page.name}: holds no text; a scan must be given a text layer first.")
    told = reader.metadata
    return Draft(
        text="\n\n".join(found),
        title=_title(told, found[0]),
        author=one_line(told.author) if told else None,
        published=_date(told),
        language=_language(reader),
    )


def _lines(page: "PageObject") -> Iterator[Line]:
    """The lines of a page, in the order in which it draws them."""
    pieces: list[tuple[str, float, float, float]] = []

    def take(text: str, outer: Matrix, inner: Matrix, _font: object, size: float) -> None:
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        height = abs(float(size) * (inner[3] or inner[1]) * (outer[3] or outer[1]))
        pieces.append((text, x, y, height))

    page.extract_text(visitor_text=take)
    text, place = "", (0.0, 0.0, 0.0)
    for piece, *where in (*pieces, ("\n", 0.0, 0.0, 0.0)):
        for number, part in enumerate(piece.split("\n")):
            if number and text.strip():
                yield Line(text.strip(), *place)
            text = part if number else text + part
            if part.strip() and text == part:
                place = (where[0], where[1], where[2])


def _title(told: "DocumentInformation | None", first: str) -> str | None:
    named = one_line(told.title) if told else None
    if named and not NO_TITLE.match(named):
        return named
    return first if len(first) <= HEADLINE_LENGTH and not first.endswith((".", "”")) else None


def _date(told: "DocumentInformation | None") -> str | None:
    try:
        made = told.creation_date if told else None
    except ValueError:
        return None
    return made.date().isoformat() if made else None


def _language(reader: "PdfReader") -> str | None:
    catalog: Any = reader.trailer.get("/Root")
    return language_code((catalog.get_object() if catalog else {}).get("/Lang"))
