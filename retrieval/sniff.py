"""What kind of document bytes are, and in which encoding their text is: by what was told and by what they look like.

Knows nothing of how any kind is read.
"""

import codecs
import re
import unicodedata
from functools import partial
from pathlib import Path
from typing import Literal

from retrieval.errors import ArticleError
from retrieval.fetch import Page

Kind = Literal["text", "markdown", "html", "pdf", "docx", "epub", "feed"]

HEAD_BYTES = 4_096
KINDS_BY_SUFFIX: dict[str, Kind] = {
    ".md": "markdown",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
}
KINDS_BY_MEDIA: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
}
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
ROOT = re.compile(rb"<(!doctype\s+html|[a-z][a-z:]*)\b", re.IGNORECASE)
FEED_ROOTS = frozenset({b"rss", b"feed", b"rdf:rdf"})
HTML_ROOTS = frozenset({b"!doctype html", b"html", b"head", b"body", b"title", b"meta"})
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
META = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]+)", re.IGNORECASE
)
# The encodings that browsers read under these names (WHATWG Encoding Standard, “Names and labels”).
AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
# A guess is taken where so many bytes speak for it; fewer could be anything, and a wrong letter is a wrong citation.
GUESS_BYTES = 64
ASCII = bytes(range(128))
SAMPLE = 20_000
# A page that is broken here and there is read as browsers do it, with U+FFFD in those places.
MOST_BROKEN = 0.001
# What browsers take where nothing tells the encoding.
UNTOLD = "cp1252"


def kind_of(page: Page) -> Kind:
    """What a page is: signatures first, then a file's name or the content type told, then what it looks like."""
    head = page.content[:HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    if head[:1_024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "epub" if b"mimetypeapplication/epub+zip" in head else "docx"
    media = page.media.partition(";")[0].strip().lower()
    suffix = page.origin.suffix.lower() if isinstance(page.origin, Path) else ""
    if suffix in KINDS_BY_SUFFIX:
        return KINDS_BY_SUFFIX[suffix]
    root = _root(head)
    if root in FEED_ROOTS:
        return "feed"
    if media in KINDS_BY_MEDIA:
        return KINDS_BY_MEDIA[media]
    return "html" if root in HTML_ROOTS and media != "text/plain" else "text"


def _root(head: bytes) -> bytes | None:
    """The first tag of what begins with markup, in lower case; None where something else comes first."""
    bare = COMMENT.sub(b"", head).lstrip()
    found = ROOT.search(bare) if bare.startswith(b"<") else None
    return b" ".join(found.group(1).lower().split()) if found else None


def decode(page: Page, *, markup: bool = False) -> str:
    r"""The page's text without byte order mark, with `\n` newlines.

    Args:
        page: The page.
        markup: Whether a `<meta>` may tell the encoding.

    Raises:
        ArticleError: It is empty, binary, or in no encoding that can be told.
    """
    if not page.content.strip():
        raise ArticleError(f"{page.name}: is empty.")
    text = _decoded(page, markup=markup)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(page: Page, *, markup: bool) -> str:
    told = _told(page, markup=markup)
    ways = [partial(_strictly, page.content, encoding) for encoding in (*told, "utf-8")]
    ways += [partial(_leniently, page.content, encoding) for encoding in told[:1]]
    ways.append(partial(_guess, page.content))
    if markup and not told and b"\x00" not in page.content:
        ways.append(partial(_strictly, page.content, UNTOLD))
    for way in ways:
        text = way()
        if text is not None:
            return text
    raise _unreadable(page)


def _told(page: Page, *, markup: bool) -> list[str]:
    """The encodings that the page is said to be in, the surest first."""
    marked = [encoding for mark, encoding in MARKS if page.content.startswith(mark)]
    header = CHARSET.search(page.media)
    meta = META.search(page.content[:HEAD_BYTES]) if markup else None
    inside = (meta.group(1) or meta.group(2)).decode("ascii", "replace") if meta else None
    named = [_known(label) for label in (header.group(1) if header else None, inside) if label]
    return [*marked, *(name for name in named if name)]


def _known(label: str) -> str | None:
    """Python's name for the text encoding that browsers read under a label; None for none."""
    try:
        found = codecs.lookup(label)
    except LookupError:
        return None
    if not found._is_text_encoding:  # noqa: SLF001 - what bytes.decode itself asks
        return None
    return AS_BROWSERS.get(found.name, found.name)


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeError:
        return None


def _leniently(content: bytes, encoding: str) -> str | None:
    """The text with U+FFFD where it is broken; None where it is broken throughout."""
    text = content.decode(encoding, "replace")
    return text if text.count("\ufffd") <= MOST_BROKEN * len(text) else None


def _guess(content: bytes) -> str | None:
    """The text in the encoding that its letters speak for; None where they are too few or speak for none.

    Encodings of the Latin script differ in so few letters that none is told from another.
    """
    if b"\x00" in content or len(content.translate(None, ASCII)) < GUESS_BYTES:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(content, threshold=0.1, enable_fallback=False).best()
    return str(best) if best is not None and not _is_latin(str(best)) else None


def _is_latin(text: str) -> bool:
    letters = [char for char in text[:SAMPLE] if char > "\x7f" and char.isalpha()]
    return 2 * sum(unicodedata.name(char, "").startswith("LATIN") for char in letters) >= len(letters)


def _unreadable(page: Page) -> ArticleError:
    if b"\x00" in page.content:
        return ArticleError(f"{page.name}: is not a text file.")
    line = 1
    try:
        page.content.decode()
    except UnicodeDecodeError as error:
        line = page.content.count(b"\n", 0, error.start) + 1
    return ArticleError(f"{page.name}: line {line} is not valid UTF-8; save the file as UTF-8.")
