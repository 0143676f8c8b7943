"""URL → Page, over HTTP, from hosts that may be asked, within limits of size, time and redirects.

Knows nothing of what the bytes mean. What goes wrong is one sentence without user, password or query.
"""

import datetime as dt
import hashlib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from importlib.metadata import version
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from retrieval.addresses import Allowed, Resolver, resolve
from retrieval.config import FetchConfig
from retrieval.errors import ArticleError
from retrieval.fetch import Page, Visit
from retrieval.fetch_body import read_body, too_large
from retrieval.fetch_connect import CheckedNetwork, Deadline
from retrieval.urls import shown

AGENT = "article-bot"
ACCEPT = (
    "text/html, application/xhtml+xml, text/markdown, text/plain, application/rss+xml, application/atom+xml, "
    "application/xml;q=0.9, application/pdf, */*;q=0.5"
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NO_ARTICLES = ("image", "audio", "video", "font")
# RFC 9309 asks that at least so much of a robots.txt be read.
ROBOTS_BYTES = 512_000
MAX_URL_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: a page, or None where nothing has changed since the visit before."""

    page: Page | None
    visit: Visit


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: Mapping[str, str]
    url: httpx.URL
    content: bytes = field(repr=False)


class Web:
    """Reads URLs.

    Args:
        settings: What may be asked, and the limits.
        max_bytes: How large a page may be, as sent and as unpacked.
        resolver: Host and port → addresses.
        context: The certificates to trust, in place of the usual ones.
    """

    def __init__(
        self,
        settings: FetchConfig,
        *,
        max_bytes: int,
        resolver: Resolver = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._max_bytes = max_bytes
        self._resolver = resolver
        self._given_context = context
        self._allowed = Allowed.of(settings.allow)
        self._robots: dict[str, RobotFileParser] = {}

    def get(self, url: str, *, last: Visit | None = None) -> Reply:
        """Read a URL, or learn that it is as it was at the `last` visit.

        Raises:
            ArticleError: It may not be asked, does not answer in time, or not with a page.
        """
        with _named(url):
            response = self._request(url, last, Deadline(self._settings.seconds))
        digest = last.page_hash if last and response.status == HTTPStatus.NOT_MODIFIED else _digest(response.content)
        visit = Visit(
            url=url,
            etag=response.headers.get("etag") or (last.etag if last else None),
            last_modified=response.headers.get("last-modified") or (last.last_modified if last else None),
            page_hash=digest,
            fetched_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            feed=last.feed if last else None,
        )
        if response.status == HTTPStatus.NOT_MODIFIED:
            return Reply(None, visit)
        media = response.headers.get("content-type", "")
        return Reply(Page(url, response.content, media=media, url=str(response.url)), visit)

    def _request(self, url: str, last: Visit | None, deadline: Deadline) -> _Response:
        """Follow redirects to a response; each address on the way is checked."""
        target = self._checked(url)
        for _ in range(self._settings.redirects + 1):
            if self._settings.robots:
                self._ask_robots(target, deadline)
            response = self._send(target, _headers(last), deadline, self._max_bytes)
            if response.status not in REDIRECTS:
                return _checked_status(response, conditional=last is not None)
            target = self._checked(_location(response))
        raise ArticleError(f"is redirected more than {self._settings.redirects} times (retrieval.fetch.redirects).")

    def _checked(self, url: str | httpx.URL) -> httpx.URL:
        if len(str(url)) > MAX_URL_LENGTH:
            raise ArticleError(f"is a URL of more than {MAX_URL_LENGTH:,} characters.")
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise ArticleError("is no valid URL.") from error
        if target.scheme not in ("http", "https") or not target.host:
            raise ArticleError(f"only http and https URLs are read, not {shown(str(target))}.")
        if target.userinfo:
            raise ArticleError("has a user name or password in it; URLs are read without.")
        port = target.port or (443 if target.scheme == "https" else 80)
        if port not in self._settings.ports:
            raise ArticleError(f"leads to port {port}, which is not in retrieval.fetch.ports.")
        return target.copy_with(fragment=None)

    def _send(self, url: httpx.URL, headers: Mapping[str, str], deadline: Deadline, max_bytes: int) -> _Response:
        network = CheckedNetwork(self._allowed, self._resolver, deadline)
        request = {"Host": url.netloc.decode("ascii"), **headers}
        with (
            httpcore.ConnectionPool(ssl_context=self._context, network_backend=network) as pool,
            pool.stream("GET", _address(url), headers=list(request.items())) as response,
        ):
            told = _decoded(response.headers)
            content = b"" if response.status in REDIRECTS else _content(response, told, max_bytes)
        return _Response(response.status, told, url, content)

    def _ask_robots(self, url: httpx.URL, deadline: Deadline) -> None:
        """Refuse what the host's robots.txt asks us not to read (RFC 9309)."""
        place = f"{url.scheme}://{url.netloc.decode('ascii')}"
        if place not in self._robots:
            self._robots[place] = self._read_robots(url.join("/robots.txt"), deadline)
        if not self._robots[place].can_fetch(AGENT, str(url)):
            raise ArticleError("may not be read: the site's robots.txt asks not to (retrieval.fetch.robots).")

    def _read_robots(self, url: httpx.URL, deadline: Deadline) -> RobotFileParser:
        rules = RobotFileParser()
        target = url
        for _ in range(self._settings.redirects + 1):
            response = self._send(target, _headers(None), deadline, ROBOTS_BYTES)
            if response.status not in REDIRECTS:
                break
            target = self._checked(_location(response))
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ArticleError(f"may not be read: the site's robots.txt answers {response.status}.")
        found = response.content.decode("utf-8", "replace") if response.status == HTTPStatus.OK else ""
        rules.parse(found.splitlines())
        return rules

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given_context or httpx.create_ssl_context(trust_env=False)


@contextmanager
def _named(url: str) -> Iterator[None]:
    """Whatever goes wrong inside is one sentence that names the URL."""
    try:
        yield
    except ArticleError as error:
        raise ArticleError(f"{shown(url)}: {error}") from error
    except httpcore.TimeoutException as error:
        raise ArticleError(f"{shown(url)}: did not answer in time (retrieval.fetch.seconds).") from error
    except httpcore.ConnectError as error:
        wrong = any(isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args)
        reason = "its certificate cannot be trusted" if wrong else "no connection can be made"
        raise ArticleError(f"{shown(url)}: {reason}.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise ArticleError(f"{shown(url)}: the connection broke or spoke no proper HTTP.") from error


def _address(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _headers(last: Visit | None) -> dict[str, str]:
    headers = {
        "User-Agent": f"{AGENT}/{version(AGENT)}",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if last and last.etag:
        headers["If-None-Match"] = last.etag
    if last and last.last_modified:
        headers["If-Modified-Since"] = last.last_modified
    return headers


def _decoded(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name in lower case; the first where there are several."""
    told: dict[str, str] = {}
    for name, value in headers:
        told.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())
    return told


def _content(response: httpcore.Response, headers: Mapping[str, str], max_bytes: int) -> bytes:
    if response.status != HTTPStatus.OK:
        return b""
    kind = headers.get("content-type", "").partition("/")[0].lower()
    if kind in NO_ARTICLES:
        raise ArticleError(f"is {'an' if kind[0] in 'ai' else 'a'} {kind} and no article.")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise too_large(max_bytes)
    coding = headers.get("content-encoding", "").lower()
    return read_body(response.iter_stream(), coding=coding, max_bytes=max_bytes)


def _location(response: _Response) -> httpx.URL:
    place = response.headers.get("location", "")
    if not place:
        raise ArticleError("is redirected to nowhere.")
    try:
        return response.url.join(place)
    except httpx.InvalidURL as error:
        raise ArticleError("is redirected to what is no valid URL.") from error


def _checked_status(response: _Response, *, conditional: bool) -> _Response:
    if response.status == HTTPStatus.OK or (response.status == HTTPStatus.NOT_MODIFIED and conditional):
        return response
    known = {status.value: f" ({status.phrase})" for status in HTTPStatus}
    raise ArticleError(f"the server answers {response.status}{known.get(response.status, '')}.")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
