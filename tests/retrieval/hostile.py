"""Inputs made to do harm, each with what it gets: the words of an error, or of the text where it is harmless.

`python -m tests.retrieval.hostile` prints the table with times and memory.
"""

import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.config import ParseConfig
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.sandbox import Sandbox
from tests.retrieval.documents import assemble_pdf, make_docx, make_epub, make_zip

MEGABYTE = 1 << 20
LIMITS = ParseConfig(seconds=5.0, megabytes=600, pages=1_000)
PROSE = "<p>" + "The bridge at Harlow Quay stays shut until October, the council said on Tuesday. " * 4
LAUGHS = "<!DOCTYPE lolz [<!ENTITY l0 'lol'>{}]>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
)
STEAL = "<!DOCTYPE x [<!ENTITY steal SYSTEM 'file:///etc/passwd'>]>"
PAGE_4 = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Contents 5 0 R >>"


@dataclass(frozen=True)
class Hostile:
    """An input by name; `gets` are words of the error, or `text` words of the article that it is all the same."""

    name: str
    make: Callable[[], bytes]
    suffix: str
    gets: str = ""
    text: str = ""

    @property
    def page(self) -> Page:
        """The page."""
        return Page(Path(f"{self.name}{self.suffix}"), self.make(), media="application/rss+xml" * (not self.suffix))


def _deflated(megabytes: int) -> bytes:
    """So many megabytes of zeros; the sum at the end is wrong, for whoever gets that far."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes + packer.flush()


def gzip_of_zeros(megabytes: int) -> Iterator[bytes]:
    """The chunks of a gzip file of so many megabytes of zeros; the sum at its end is wrong."""
    packer = zlib.compressobj(9, wbits=31)
    yield packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(megabytes):
        yield block
    yield packer.flush()


def _pdf(*objects: bytes) -> bytes:
    pages = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", b"<< >>")
    return assemble_pdf([*pages, *objects])


def _stream(told: str, content: bytes) -> bytes:
    return f"<< {told} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _pdf_of_objects(count: int) -> bytes:
    return assemble_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", b"<< >>", PAGE_4]
        + [b"0"] * (count - 4)
    )


def _pdf_of_packed_objects(count: int) -> bytes:
    places = " ".join(f"{number} 0" for number in range(10, count + 10))
    packed = zlib.compress(f"{places} {'1 ' * count}".encode())
    told = f"/Type /ObjStm /N {count} /First {len(places)} /Filter /FlateDecode"
    return _pdf(PAGE_4, _stream(told, packed))


def _pdf_of_kids(count: int) -> bytes:
    return assemble_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"4 0 R " * count, count),
            b"<< >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        ]
    )


def _lying_zip() -> bytes:
    """A DOCX whose document is larger than its directory says."""
    whole = make_docx("<w:p>" + " " * 50_000_000 + "</w:p>")
    size = (50_000_000).to_bytes(4, "little")[1:]
    return whole.replace(size, b"\x00\x00\x00") if size in whole else whole


def _doc(declared: str, text: str) -> bytes:
    body = f'{declared}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
    return make_docx(
        "", **{"word/document.xml": f"{body}<w:r><w:t>Bridge {text}</w:t></w:r></w:p></w:body></w:document>"}
    )


def _feed(declared: str, text: str) -> bytes:
    item = f"<item><link>http://a.example/</link><title>Bridge {text}</title></item>"
    return f"{declared}<rss version='2.0'><channel>{item}</channel></rss>".encode()


def _yaml_laughs() -> bytes:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    return "\n".join(["---", *lines, "title: *i", "---", "Text."]).encode()


TABLE = (
    # HTML
    Hostile("nested", lambda: (b"<div>" * 200_000) + PROSE.encode(), ".html", gets="holds no text"),
    Hostile("nested-tables", lambda: b"<table><tr><td>" * 50_000 + PROSE.encode(), ".html", gets="holds no text"),
    Hostile("nested-inline", lambda: b"<p>Bridge " + b"<b><i>" * 100_000 + b"x", ".html", text="Bridge"),
    Hostile("one-line", lambda: b"<p>" + b"bridge " * 1_400_000, ".html", gets="one-line.html: "),
    Hostile("one-word", lambda: b"<p>" + b"b" * 4_900_000, ".html", text="bbbb"),
    Hostile("attributes", lambda: b"<p " + b"a=b " * 500_000 + b">" + PROSE.encode(), ".html", text="Harlow"),
    Hostile("links", lambda: b"<a href=x>b</a> " * 300_000 + PROSE.encode(), ".html", gets="links.html: "),
    Hostile("entities", lambda: PROSE.encode() + b"&#xD800;&#99999999999;&#0;&nosuch;", ".html", text="Harlow"),
    Hostile("laughs-in-html", (LAUGHS + PROSE + "&l9;").encode, ".html", text="Harlow"),
    Hostile("theft-in-html", (STEAL + PROSE + "&steal;").encode, ".html", text="Harlow"),
    Hostile(
        "json-ld",
        lambda: b"<script type='application/ld+json'>" + b'{"@type":[' * 50_000 + b"</script>" + PROSE.encode(),
        ".html",
        gets="json-ld.html: ",
    ),
    Hostile("long-title", lambda: b"<title>" + b"t" * 3_000_000 + b"</title>" + PROSE.encode(), ".html", text="Harlow"),
    Hostile("comments", lambda: b"<!--" * 500_000 + PROSE.encode(), ".html", gets="cannot be read as HTML"),
    Hostile("charset", lambda: b"<meta charset=hex><meta charset=utf-7>" + PROSE.encode(), ".html", text="Harlow"),
    Hostile("zeros", lambda: b"<p>" + b"\x00" * 1_000_000, ".html", gets="holds no text"),
    # text
    Hostile("binary", lambda: bytes(range(256)) * 1_000, ".txt", gets="is not a text file"),
    Hostile("spaces", lambda: b" " * 4_000_000 + b"x", ".txt", text="x"),
    Hostile("one-line-text", lambda: b"bridge " * 1_500_000, ".txt", gets="is longer than 5,000,000 bytes"),
    Hostile("brackets", lambda: b"[" * 100_000, ".md", text="[[["),
    Hostile("many-brackets", lambda: b"[" * 4_000_000, ".md", gets="many-brackets.md: "),
    Hostile("quotes", lambda: b"> " * 100_000 + b"x", ".md", gets="holds no text"),
    Hostile("yaml-laughs", _yaml_laughs, ".md", gets="must be text, not list"),
    Hostile(
        "yaml-object", lambda: b"---\ntitle: !!python/object/apply:os.system [ls]\n---\nx", ".md", gets="not valid"
    ),
    # PDF
    Hostile("million-objects", lambda: _pdf_of_objects(1_000_000), ".pdf", gets="million-objects.pdf: "),
    Hostile("packed-objects", lambda: _pdf_of_packed_objects(1_000_000), ".pdf", gets="packed-objects.pdf: "),
    Hostile("million-pages", lambda: _pdf_of_kids(1_000_000), ".pdf", gets="holds more than may be read"),
    Hostile(
        "own-parent",
        lambda: _pdf(b"<< /Type /Pages /Kids [2 0 R 4 0 R] /Count 9 >>"),
        ".pdf",
        gets="cannot be read as PDF",
    ),
    Hostile(
        "inflating-stream",
        lambda: _pdf(PAGE_4, _stream("/Filter /FlateDecode", _deflated(10_000))),
        ".pdf",
        gets="holds more than may be read",
    ),
    Hostile(
        "stacked-filters",
        lambda: _pdf(
            PAGE_4,
            _stream("/Filter [/FlateDecode /FlateDecode]", zlib.compress(_deflated(10_000), 9)),
        ),
        ".pdf",
        gets="holds more than may be read",
    ),
    Hostile(
        "form-in-itself",
        lambda: _pdf(
            PAGE_4,
            _stream("/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>", b"/X Do " * 20),
        ),
        ".pdf",
        gets="holds no text",
    ),
    Hostile("nested-arrays", lambda: _pdf(b"[" * 100_000), ".pdf", gets="cannot be read as PDF"),
    Hostile(
        "endless-operators",
        lambda: _pdf(PAGE_4, _stream("", b"BT " * 3_000_000)),
        ".pdf",
        gets="endless-operators.pdf: ",
    ),
    # DOCX and EPUB
    Hostile("laughs", lambda: _doc(LAUGHS, "&l9;"), ".docx", gets="cannot be read as DOCX"),
    Hostile("theft", lambda: _doc(STEAL, "&steal;"), ".docx", text="Bridge"),
    Hostile("zip-bomb", lambda: make_docx("<w:p>" + " " * 250_000_000), ".docx", gets="unpacks to more than"),
    Hostile("lying-zip", _lying_zip, ".docx", gets="cannot be read as DOCX"),
    Hostile("many-parts", lambda: make_zip({f"p{n}": "" for n in range(20_001)}), ".docx", gets="unpacks to more than"),
    Hostile("nested", lambda: make_docx("<w:p>" * 50_000), ".docx", gets="cannot be read as DOCX"),
    Hostile(
        "laughs",
        lambda: make_epub({}, **{"OPS/book.opf": f"{LAUGHS}<package>&l9;</package>"}),
        ".epub",
        gets="unsafe EPUB",
    ),
    Hostile(
        "theft",
        lambda: make_epub({"a.xhtml": f"{STEAL}<p>Bridge &steal;</p>"}),
        ".epub",
        text="Bridge",
    ),
    Hostile(
        "traversal",
        lambda: make_epub({"../../../../etc/passwd": "", "a.xhtml": "<p>Bridge</p>"}),
        ".epub",
        text="Bridge",
    ),
    # feeds
    Hostile("laughs-rss", lambda: _feed(LAUGHS, "&l9;"), "", text="Bridge"),
    Hostile("theft-rss", lambda: _feed(STEAL, "&steal;"), "", text="Bridge"),
    Hostile("nested-rss", lambda: b"<rss version='2.0'><channel>" + b"<item>" * 10_000, "", text=""),
    Hostile("no-feed", lambda: b"<rss" + b" a='b'" * 100_000, "", gets="no feed"),
)


def outcome(page: Page, sandbox: Sandbox) -> tuple[str, str]:
    """What an input gets: an error and no text, or no error and the text."""
    try:
        if page.media:
            return "", " ".join(item.title or "" for item in sandbox.items(page))
        return "", sandbox.parse(page).text
    except ArticleError as error:
        return str(error), ""


def measured() -> Iterator[tuple[str, float, str]]:
    """Each input with the seconds that it took, in the end, and what it got."""
    with Sandbox(LIMITS, max_bytes=5_000_000) as sandbox:
        for hostile in TABLE:
            page = hostile.page
            began = time.perf_counter()
            error, text = outcome(page, sandbox)
            got = error or f"article of {len(text):,} characters: {text[:40]!r}"
            yield hostile.name + hostile.suffix, time.perf_counter() - began, got


def main() -> None:
    """Print the table, and the most memory that a process of the sandbox had."""
    lines = [f"{name:22} {seconds:6.2f} s  {got}" for name, seconds, got in measured()]
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write("\n".join([*lines, f"at most {most} MB resident of {LIMITS.megabytes} MB", ""]))


if __name__ == "__main__":
    main()
