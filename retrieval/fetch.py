"""Where articles come from: a path → Pages (raw bytes and their origin), and what is remembered of a visited URL.

Knows nothing of what the bytes mean, nor of the network.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import ArticleError
from retrieval.urls import last_segment, shown

# A folder may hold anything; these of its files are articles.
SUFFIXES = (".md", ".txt", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".epub")


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as they were found.

    `origin` is the path or the URL that was asked for, `url` the URL that answered in the end, `media` the content type
    that it told, as told.
    """

    origin: Path | str = field(repr=False)
    content: bytes = field(repr=False)
    media: str = ""
    url: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What errors call it; holds nothing secret."""
        return str(self.origin) if isinstance(self.origin, Path) else shown(self.origin)

    @property
    def stem(self) -> str:
        """A file's name without its ending, or a URL's last word."""
        return self.origin.stem if isinstance(self.origin, Path) else last_segment(self.origin)


@dataclass(frozen=True, slots=True)
class Visit:
    """What is remembered of a URL, so that it need not be read again before it changes.

    `etag` and `last_modified` are as the server told them, `page_hash` is the sha256 of what it sent, `fetched_at` an
    ISO time in UTC, `feed` the URL of the feed that led there.
    """

    url: str = field(repr=False)
    etag: str | None
    last_modified: str | None
    page_hash: str
    fetched_at: str
    feed: str | None = field(default=None, repr=False)


def list_files(source: Path) -> list[Path]:
    """The article files that a source names: itself, or those of a folder and its subfolders, sorted.

    Raises:
        ArticleError: There is no such file or folder.
    """
    if source.is_dir():
        return sorted(path for path in _walk(source) if path.suffix.lower() in SUFFIXES)
    if not source.exists():
        raise ArticleError(f"{source}: there is no such file or folder.")
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
        raise ArticleError(f"{path}: is larger than {max_bytes:,} bytes (retrieval.max_page_bytes).")
    return Page(path, content)


def _walk(folder: Path) -> Iterator[Path]:
    try:
        for path in folder.rglob("*"):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
                yield path
    except OSError as error:
        raise ArticleError(f"{folder}: cannot be read: {error.strerror}.") from error
