"""Plain text and Markdown → Draft: front matter, headline, Markdown to plain text.

Knows nothing of encodings. A `.txt` file keeps its text code point for code point, but for newlines.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import yaml

from retrieval.draft import Draft
from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.sniff import decode

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
FIELDS = ("id", "title", "url", "source", "author", "published", "language")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
SOURCE_LINE = re.compile(r"^(?:original )?source: *(\S.*?) *$", re.IGNORECASE)
HEADLINE_LENGTH = 150


def read_text(page: Page) -> Draft:
    """Plain text, with its headline and the source that its last line names.

    Raises:
        ArticleError: It is empty or no text.
    """
    text = _text(page)
    return Draft(text=text, **_plain_fields(page, text))


def read_markdown(page: Page) -> Draft:
    """Markdown, with what its front matter says.

    Raises:
        ArticleError: It is empty, no text, or its front matter is broken; names line or key.
    """
    fields, body = _front_matter(page.name, _text(page))
    text = plain_text(body)
    title = _plain_fields(page, text or page.stem)["title"]
    return Draft(text=text, **({"title": title} | fields))


def _text(page: Page) -> str:
    text = decode(page)
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise ArticleError(f"{page.name}: is not a text file (control character in line {line}).")
    return text


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


def _inline_text(tokens: Iterable[Any]) -> str:
    parts = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        token.content if token.type in ("text", "code_inline", "image") else parts.get(token.type, "")
        for token in tokens
    )


def _front_matter(name: str, text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("---"):
        return {}, text
    match = FRONT_MATTER.match(text)
    if not match:
        raise ArticleError(f"{name}: line 1 opens front matter with --- that no second --- closes.")
    try:
        fields = yaml.safe_load(match.group(1) or "") or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}" if mark else "the front matter"
        raise ArticleError(f"{name}: {line} is not valid YAML: {getattr(error, 'problem', error)}.") from error
    except ValueError as error:
        raise ArticleError(f"{name}: the front matter is not valid YAML: {error}.") from error
    if not isinstance(fields, dict):
        raise ArticleError(f"{name}: the front matter is not a list of `key: value` lines.")
    known = {key: _field(name, key, value) for key, value in fields.items() if key in FIELDS and value is not None}
    return known, text[match.end() :]


def _field(name: str, key: str, value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ArticleError(f"{name}: front matter key “{key}” must be text, not {type(value).__name__}.")
    if key == "published":
        _check_date(name, str(value))
    if key == "url" and not re.match(r"https?://\S+\Z", str(value)):
        raise ArticleError(f"{name}: front matter key “url” must begin with http:// or https://, not “{value}”.")
    if not str(value).strip():
        raise ArticleError(f"{name}: front matter key “{key}” is empty.")
    return str(value).strip()


def _check_date(name: str, value: str) -> None:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise ArticleError(
            f"{name}: front matter key “published” must be a date like 2025-02-13, not “{value}”."
        ) from error


def _plain_fields(page: Page, text: str) -> dict[str, str]:
    lines = text.strip().split("\n")
    fields = {"title": page.stem.replace("-", " ").replace("_", " ").strip().capitalize() or page.stem or page.name}
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
