"""Page → Article: decoding, front matter, Markdown to plain text.

Knows nothing of sentences or of the store. A `.txt` file keeps its text code point for code point, but for newlines.
"""

import datetime as dt
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from retrieval.errors import ArticleError
from retrieval.schema import Article

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrieval.fetch import Page

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
FIELDS = ("id", "title", "url", "source", "author", "published", "language")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
SOURCE_LINE = re.compile(r"^(?:original )?source: *(\S.*?) *$", re.IGNORECASE)
HEADLINE_LENGTH = 150


def parse(page: "Page") -> Article:
    """The article that a page holds.

    Raises:
        ArticleError: It is empty, not UTF-8 text, or its front matter is broken; names file and line or key.
    """
    path = page.origin
    text = decode(page)
    if path.suffix.lower() == ".md":
        fields, body = _front_matter(path, text)
        article = _article(path, fields, plain_text(body))
    else:
        article = _article(path, _plain_fields(path, text), text)
    if not article.text.strip():
        raise ArticleError(f"{path}: holds no text.")
    return replace(article, version=content_version(article))


def decode(page: "Page") -> str:
    r"""The page's UTF-8 text without byte order mark, with `\n` newlines.

    Raises:
        ArticleError: It is empty, binary, or not UTF-8.
    """
    if not page.content.strip():
        raise ArticleError(f"{page.origin}: is empty.")
    try:
        text = page.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" in page.content:
            raise ArticleError(f"{page.origin}: is not a text file.") from error
        line = page.content.count(b"\n", 0, error.start) + 1
        raise ArticleError(f"{page.origin}: line {line} is not valid UTF-8; save the file as UTF-8.") from error
    if CONTROL.search(text):
        line = text.count("\n", 0, CONTROL.search(text).start()) + 1  # type: ignore[union-attr]
        raise ArticleError(f"{page.origin}: is not a text file (control character in line {line}).")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_text(markdown: str) -> str:
    """Markdown as paragraphs of plain text, an empty line between them; HTML is left out."""
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "inline":
            blocks.append(_inline_text(token.children or []))
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
    return "\n\n".join(block for block in blocks if block.strip())


def _inline_text(tokens: "Iterable[Any]") -> str:
    parts = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        token.content if token.type in ("text", "code_inline", "image") else parts.get(token.type, "")
        for token in tokens
    )


def _front_matter(path: "Path", text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("---"):
        return {}, text
    match = FRONT_MATTER.match(text)
    if not match:
        raise ArticleError(f"{path}: line 1 opens front matter with --- that no second --- closes.")
    try:
        fields = yaml.safe_load(match.group(1) or "") or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}" if mark else "the front matter"
        raise ArticleError(f"{path}: {line} is not valid YAML: {getattr(error, 'problem', error)}.") from error
    except ValueError as error:
        raise ArticleError(f"{path}: the front matter is not valid YAML: {error}.") from error
    if not isinstance(fields, dict):
        raise ArticleError(f"{path}: the front matter is not a list of `key: value` lines.")
    known = {key: _field(path, key, value) for key, value in fields.items() if key in FIELDS and value is not None}
    return known, text[match.end() :]


def _field(path: "Path", key: str, value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ArticleError(f"{path}: front matter key “{key}” must be text, not {type(value).__name__}.")
    if key == "published":
        _check_date(path, str(value))
    if key == "url" and not re.match(r"https?://\S+\Z", str(value)):
        raise ArticleError(f"{path}: front matter key “url” must begin with http:// or https://, not “{value}”.")
    if not str(value).strip():
        raise ArticleError(f"{path}: front matter key “{key}” is empty.")
    return str(value).strip()


def _check_date(path: "Path", value: str) -> None:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise ArticleError(
            f"{path}: front matter key “published” must be a date like 2025-02-13, not “{value}”."
        ) from error


def _plain_fields(path: "Path", text: str) -> dict[str, str]:
    lines = text.strip().split("\n")
    fields = {"title": path.stem.replace("-", " ").replace("_", " ").strip().capitalize() or path.stem}
    first = lines[0].strip()
    if (
        len(lines) > 1
        and not lines[1].strip()
        and len(first) <= HEADLINE_LENGTH
        and not first.endswith((".", "”", '"'))
    ):
        fields["title"] = first
    source = SOURCE_LINE.match(lines[-1].strip())
    return fields | ({"source": source.group(1)} if source and len(lines) > 1 else {})


def _article(path: "Path", fields: dict[str, str], text: str) -> Article:
    defaults = {"id": path.stem, "title": _plain_fields(path, text or path.stem)["title"]}
    return Article(version="", text=text, **(defaults | fields))


def content_version(article: Article) -> str:
    """The hash of all that a reader sees of an article."""
    parts = (
        article.title,
        article.url,
        article.source,
        article.author,
        article.published,
        article.language,
        article.text,
    )
    return hashlib.sha256("\0".join(part or "" for part in parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
