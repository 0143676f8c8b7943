"""What kind of document bytes are, and in which encoding."""

from pathlib import Path

import pytest

from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.sniff import decode, kind_of

RUSSIAN = (
    "Мост у причала останется закрытым до октября, сообщил во вторник городской совет после долгого заседания. " * 3
)
FRENCH = "Le pont restera fermé jusqu’en octobre, a déclaré mardi le conseil après une très longue séance à huis clos. "
JAPANESE = (
    "橋は十月まで閉鎖されたままになると市議会は火曜日に発表した。潜水士が二番目の橋脚に亀裂を見つけたためである。" * 3
)


@pytest.mark.parametrize(
    ("name", "media", "content", "kind"),
    [
        ("a.txt", "", b"%PDF-1.7", "pdf"),
        ("a.html", "", b"PK\x03\x04word/", "docx"),
        ("a", "", b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/epub+zip", "epub"),
        ("a.md", "", b"<html>", "markdown"),
        ("a.txt", "", b"<html>", "text"),
        ("a", "", b"plain words", "text"),
        ("a", "", b"<!-- x --><!DOCTYPE  HTML><p>", "html"),
        ("a", "", b"\xef\xbb\xbf \n<?xml version='1.0'?><html>", "html"),
        ("a", "", b"<?xml version='1.0'?><!-- x --><rss>", "feed"),
        ("a", "text/html", b"<feed xmlns='x'>", "feed"),
        ("a", "text/html; charset=utf-8", b"words", "html"),
        ("a", "text/plain", b"<html>", "text"),
        ("a", "application/octet-stream", b"<html>", "html"),
        ("a", "text/markdown", b"# Head", "markdown"),
        ("a", "application/pdf", b"no pdf", "text"),
        ("a", "", b"<!--" * 2_000, "text"),
    ],
)
def test_kinds(name: str, media: str, content: bytes, kind: str) -> None:
    """Signatures count most, then a file's name, a feed's root, the type that was told, and what it looks like."""
    assert kind_of(Page(Path(name), content, media)) == kind


@pytest.mark.parametrize(
    ("content", "media", "expected"),
    [
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN),
        (b"<meta charset='windows-1251'>" + RUSSIAN.encode("cp1251"), "text/html", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "text/html", RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "text/html", RUSSIAN),
        (RUSSIAN.encode("utf-16"), "text/html", RUSSIAN),
        (RUSSIAN.encode("utf-8-sig"), "text/html; charset=windows-1251", RUSSIAN),
        (RUSSIAN.encode(), "text/html; charset=nonsense", RUSSIAN),
        (JAPANESE.encode("shift-jis"), "text/html; charset=Shift_JIS", JAPANESE),
        (JAPANESE.encode("euc-jp"), "text/html", JAPANESE),
        (FRENCH.encode("cp1252"), "text/html; charset=ISO-8859-1", FRENCH),
        ((FRENCH * 9).encode("cp1252"), "text/html", FRENCH * 9),
        (b"<?xml version='1.0' encoding='windows-1251'?>" + RUSSIAN.encode("cp1251"), "", RUSSIAN),
    ],
)
def test_encodings(content: bytes, media: str, expected: str) -> None:
    """What was told is tried first, then UTF-8, then what the letters speak for; labels mean what browsers mean."""
    assert decode(Page("https://a.example/", content, media), markup=True).endswith(expected)


def test_a_page_that_is_broken_here_and_there() -> None:
    """Is read as browsers show it; one that is broken throughout is not read."""
    broken = "é".encode() * 2_000 + b"\xff" + b"words " * 2_000
    assert decode(Page("https://a.example/", broken, "text/html; charset=utf-8"), markup=True).count("\ufffd") == 1
    assert decode(Page("https://a.example/", b"It\x92s shut.", "text/html"), markup=True) == "It’s shut."
    with pytest.raises(ArticleError, match="is not a text file"):
        decode(Page("https://a.example/", b"\xff\x00" * 500, "text/html"), markup=True)


def test_a_text_file_in_another_encoding() -> None:
    """Is read where its letters are enough to tell; a single wrong byte is an error and not a guess."""
    assert decode(Page(Path("a.txt"), RUSSIAN.encode("cp1251"))) == RUSSIAN
    with pytest.raises(ArticleError, match="line 1 is not valid UTF-8"):
        decode(Page(Path("a.txt"), b"caf\xe9"))
