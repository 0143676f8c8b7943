"""PDF, DOCX and EPUB → Article."""

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfWriter

from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.parse import parse
from retrieval.pdf_lines import Line, paragraphs
from tests.retrieval.documents import DrawnLine, make_docx, make_epub, make_pdf, make_zip


def text_of(content: bytes) -> str:
    return parse(Page(Path("story"), content)).text


def test_a_pdf_is_its_paragraphs() -> None:
    """Gaps and sizes part paragraphs, line ends do not; what the document says of itself is read."""
    pdf = make_pdf(
        [
            [
                ("Swing bridge stays shut", 14, 0, 20),
                ("The swing bridge at Harlow Quay will stay shut until October, the", 30, 0, 11),
                "council said on Tuesday, after divers had found cracks in a second",
                "pier.",
                ("“Nobody wanted this delay less than I did,” said the mayor.", 28, 0, 11),
            ]
        ],
        {"Title": "Bridge shut", "Author": "Ana Ruiz", "CreationDate": "D:20260504080000Z"},
        "/Lang (en-GB)",
    )
    article = parse(Page(Path("story.pdf"), pdf))
    assert article.text.split("\n\n") == [
        "Swing bridge stays shut",
        (
            "The swing bridge at Harlow Quay will stay shut until October, the council said on Tuesday, after divers"
            " had found cracks in a second pier."
        ),
        "“Nobody wanted this delay less than I did,” said the mayor.",
    ]
    assert (article.id, article.title, article.author) == ("story", "Bridge shut", "Ana Ruiz")
    assert (article.published, article.language) == ("2026-05-04", "en")


def test_what_every_page_of_a_pdf_repeats_is_left_out() -> None:
    """Headers and footers with their page numbers; a sentence goes on over the page."""
    pages: list[list[DrawnLine]] = [
        [
            f"Harlow Gazette  {number}",
            (f"The {word} report begins here and is about the ferry, the bridge", 30, 0, 11),
            f"and the {word} quay, which was never wide enough for all of them and",
            (f"Page {number} of 3", 300, 0, 9),
        ]
        for number, word in enumerate(["yearly", "monthly", "weekly"], 1)
    ]
    text = text_of(make_pdf(pages))
    assert "Gazette" not in text
    assert "Page" not in text
    assert [word in text for word in ("yearly quay", "monthly quay", "weekly quay")] == [True] * 3


def test_words_that_lines_broke_are_whole() -> None:
    """A hyphen at the end of a line goes, unless the document writes the word with it."""
    lines = [
        "The well-known engineer who mended the bridge said that the recon-",
        "struction would be slow. Nobody asked the well-",
        "known engineer about the ﬁrst ferry, or the \u00adsoft hyphen, or Anglo-",
        "Saxon bridges.",
    ]
    (text,) = paragraphs([[Line(line, 72, 700 - 14 * n, 11) for n, line in enumerate(lines)]])
    assert text == (
        "The well-known engineer who mended the bridge said that the reconstruction would be slow. Nobody asked the"
        " well-known engineer about the first ferry, or the soft hyphen, or Anglo- Saxon bridges."
    )


def test_indents_and_columns_part_paragraphs() -> None:
    """A book's indents where there are no gaps, and the next column where a sentence has ended."""
    lines = [
        Line("A first paragraph that is as long as the column is wide and", 72, 700, 11),
        Line("that ends at the very end of its last and longest line here.", 72, 686, 11),
        Line("Another one begins with an indent and goes on to the foot of", 84, 672, 11),
        Line("the column, where its sentence has not come to its end and", 72, 658, 11),
        Line("goes on at the head of the next. Now this is still the same.", 320, 700, 11),
    ]
    assert [part[:7] for part in paragraphs([lines])] == ["A first", "Another"]


def locked_pdf() -> bytes:
    """Locked with RC4, which needs no library of ciphers."""
    writer = PdfWriter(clone_from=io.BytesIO(make_pdf([["Text."]])))
    writer.encrypt("hunter2", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_the_title_of_a_pdf() -> None:
    """What a program wrote for want of a title is none; then a first line that is no sentence is one."""
    for told, expected in (("Microsoft Word - draft.docx", "Bridge shut"), ("", "Bridge shut"), ("Quay", "Quay")):
        pdf = make_pdf(
            [[("Bridge shut", 14, 0, 20), ("It stays shut.", 40, 0, 11)]], {"Title": told, "CreationDate": "x"}
        )
        assert parse(Page(Path("a.pdf"), pdf)).title == expected
    assert parse(Page(Path("a.pdf"), make_pdf([["It stays shut."]]))).title == "a"


@pytest.mark.parametrize(
    ("pdf", "words"),
    [
        (make_pdf([[]]), "holds no text; a scan must be given a text layer"),
        (make_pdf([["Text."]] * 3), "has 3 pages, more than 2"),
        (b"%PDF-1.4\nnothing", "cannot be read as PDF"),
        (locked_pdf(), "is locked with a password"),
    ],
)
def test_pdfs_that_hold_no_article(pdf: bytes, words: str) -> None:
    """One sentence each."""
    with pytest.raises(ArticleError, match=words):
        parse(Page(Path("a.pdf"), pdf), max_pages=2)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_a_docx_is_what_its_reader_sees() -> None:
    """Insertions are read and deletions are not; tables stand where they stand; a box beside the text does not."""
    docx = make_docx(
        f"<w:p>{run('The bridge ')}<w:ins>{run('stays ')}</w:ins><w:del><w:r><w:delText>was </w:delText></w:r></w:del>"
        f"<w:hyperlink>{run('shut')}</w:hyperlink>{run('.')}</w:p><w:p/>"
        f"<w:p><w:r><w:t>One</w:t><w:br/><w:t>line</w:t><w:tab/><w:t>and ta\u00adbs</w:t></w:r>"
        f"<w:r><w:txbxContent><w:p>{run('A box.')}</w:p></w:txbxContent></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('Ferry')}</w:p></w:tc><w:tc><w:p>{run('12,400')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:p>{run('After.')}</w:p>",
        "<dc:title>Bridge shut</dc:title><dc:creator>Ana Ruiz</dc:creator><dc:language>en-GB</dc:language>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-05-04T08:00:00Z</dcterms:created>',
    )
    article = parse(Page(Path("story.docx"), docx))
    assert article.text.split("\n\n") == [
        "The bridge stays shut.",
        "One\nline and tabs",
        "Ferry 12,400",
        "After.",
    ]
    assert (article.title, article.author, article.published) == ("Bridge shut", "Ana Ruiz", "2026-05-04")
    assert article.language == "en"


def test_an_epub_is_its_chapters_in_order() -> None:
    """By the spine, not by the names of the files."""
    epub = make_epub(
        {
            "two.xhtml": "<html><body><h1>One</h1><p>The bridge is shut.</p></body></html>",
            "one%20a.xhtml": "",
            "one.xhtml#start": "",
            "one.xhtml": "<html><head><title>x</title></head><body><p>The fer\u00adry runs.</p></body></html>",
            "../../etc/passwd": "<p>not reached by that name</p>",
        },
        "<dc:title>Bridges</dc:title><dc:creator>Ana Ruiz</dc:creator><dc:date>2026-05-04</dc:date>"
        "<dc:language>en-GB</dc:language><dc:publisher>Quay Press</dc:publisher>",
    )
    article = parse(Page(Path("book.epub"), epub))
    assert article.text.startswith("One\n\nThe bridge is shut.\n\n")
    assert "The ferry runs." in article.text
    assert "not reached" not in article.text
    assert (article.title, article.author, article.published) == ("Bridges", "Ana Ruiz", "2026-05-04")
    assert (article.source, article.language) == ("Quay Press", "en")


# The flag of encryption stands eight bytes into a part's entry in the directory at the end.
LOCKED_ZIP = re.sub(rb"(PK\x01\x02.{4})\x00", b"\\1\x01", make_zip({"a.txt": "x"}), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (make_zip({"a.txt": "x"}), "is a ZIP file and no DOCX or EPUB document"),
        (b"PK\x03\x04 broken", "is a damaged document"),
        (LOCKED_ZIP, "is locked with a password"),
        (make_docx(""), "holds no text"),
        (make_docx("<w:p>"), "cannot be read as DOCX"),
        (make_zip({"mimetype": "application/epub+zip"}), "damaged or unsafe EPUB"),
        (make_epub({"a.xhtml": "<p>x</p>"}, **{"META-INF/container.xml": "<"}), "damaged or unsafe EPUB"),
        (make_epub({}), "holds no text"),
    ],
)
def test_zip_files_that_hold_no_article(content: bytes, words: str) -> None:
    """One sentence each."""
    with pytest.raises(ArticleError, match=words):
        parse(Page(Path("a.docx"), content))
