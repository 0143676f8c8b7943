"""Where articles come from: a path → Pages (raw bytes and their origin).

Knows nothing of what the bytes mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import ArticleError

SUFFIXES = (".md", ".txt")


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as they were found; `origin` is the path, for error messages and for the article's id."""

    origin: Path
    content: bytes = field(repr=False)


def list_files(source: Path) -> list[Path]:
    """The article files that a source names: itself, or those of a folder and its subfolders, sorted.

    Raises:
        ArticleError: There is no such file or folder, or the file is of a kind that is not read.
    """
    if "://" in str(source) or str(source).startswith(("http:", "https:")):
        raise ArticleError(f"{source}: URLs are not read, only files and folders.")
    if source.is_dir():
        return sorted(path for path in _walk(source) if path.suffix.lower() in SUFFIXES)
    if not source.exists():
        raise ArticleError(f"{source}: there is no such file or folder.")
    if source.suffix.lower() not in SUFFIXES:
        raise ArticleError(f"{source}: only {' and '.join(SUFFIXES)} files are read.")
    return [source]


def fetch(path: Path, *, max_bytes: int) -> Page:
    """Read a file of at most `max_bytes` bytes.

    Raises:
        ArticleError: It cannot be read or is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read: {error.strerror}.") from error
    if len(content) > max_bytes:
        raise ArticleError(f"{path}: is larger than {max_bytes:,} bytes (retrieval.max_article_bytes).")
    return Page(path, content)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        for path in folder.rglob("*"):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
                yield path
    except OSError as error:
        raise ArticleError(f"{folder}: cannot be read: {error.strerror}.") from error
