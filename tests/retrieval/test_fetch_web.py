"""URL → Page over a real server."""

import gzip
import os
import ssl
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import trustme

from retrieval.config import FetchConfig
from retrieval.errors import ArticleError
from retrieval.fetch_web import Web
from tests.retrieval.website import Website, answer, serving, unless_known

PAGE = "<!doctype html><title>Bridge</title><p>The bridge is shut."


def web(site: Website, *, max_bytes: int = 100_000, resolver: Any = None, **settings: Any) -> Web:
    """Reads the website on loopback, and nothing else that is not public."""
    chosen: dict[str, Any] = {"allow": ["127.0.0.1"], "ports": [site.port], "seconds": 10.0} | settings
    extra = {"resolver": resolver} if resolver else {}
    return Web(FetchConfig(**chosen), max_bytes=max_bytes, **extra)


def error_of(read: Callable[[], object]) -> str:
    with pytest.raises(ArticleError) as raised:
        read()
    return str(raised.value)


def test_a_page_is_read_as_it_was_sent(site: Website) -> None:
    """With its content type, and a user agent that names the bot."""
    url = site.put("/bridge", PAGE)
    page = web(site).get(url).page
    assert page is not None
    assert (page.content, page.media, page.url) == (PAGE.encode(), "text/html; charset=utf-8", url)
    assert site.asked[-1][1]["user-agent"].startswith("article-bot/")
    assert site.asked[-1][1]["host"] == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "two members"])
def test_packed_pages_are_unpacked(site: Website, coding: str) -> None:
    """In the ways that servers pack."""
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(PAGE.encode()),
        "deflate": zlib.compress(PAGE.encode()),
        "raw deflate": raw.compress(PAGE.encode()) + raw.flush(),
        "two members": gzip.compress(PAGE[:9].encode()) + gzip.compress(PAGE[9:].encode()),
    }[coding]
    url = site.put("/", packed, Content_Encoding="deflate" if "deflate" in coding else "gzip")
    page = web(site).get(url).page
    assert page is not None
    assert page.content == PAGE.encode()


def test_what_has_not_changed_is_not_sent_again(site: Website) -> None:
    """ETag and Last-Modified go back as they came, and a 304 keeps the hash."""
    etag = '"a1"'
    date = "Sat, 21 Nov 2026 10:00:00 GMT"
    site.pages["/"] = unless_known(etag, answer(200, PAGE.encode(), {"ETag": etag, "Last-Modified": date}))
    first = web(site).get(site.url + "/")
    second = web(site).get(site.url + "/", last=first.visit)
    assert second.page is None
    assert site.asked[-1][1]["if-modified-since"] == date
    assert (second.visit.page_hash, second.visit.etag, second.visit.last_modified) == (
        first.visit.page_hash,
        etag,
        date,
    )


def test_redirects_are_followed_to_the_page(site: Website) -> None:
    """Relative ones too; the page knows where it was found."""
    site.put("/new/bridge", PAGE)
    site.redirect("/old", "bridge", 301)
    site.redirect("/bridge", "/new/bridge", 308)
    page = web(site).get(site.url + "/old").page
    assert page is not None
    assert (page.origin, page.url) == (f"{site.url}/old", f"{site.url}/new/bridge")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://127.0.0.2:{port}/", "leads to 127.0.0.2, which is not public"),
        ("http://2130706434:{port}/", "leads to 127.0.0.2, which is not public"),
        ("http://0x7f.2:{port}/", "leads to 127.0.0.2, which is not public"),
        ("http://0177.0.0.2:{port}/", "no valid URL"),
        ("http://[::1]:{port}/", "leads to ::1, which is not public"),
        ("http://[::ffff:127.0.0.2]:{port}/", "which is not public"),
        ("http://[64:ff9b::7f00:2]:{port}/", "which is not public"),
        ("http://169.254.169.254:{port}/latest/meta-data/", "which is not public"),
        ("http://127.0.0.1:22/", "leads to port 22"),
        ("file:///etc/passwd", "only http and https URLs are read"),
        ("gopher://127.0.0.1/", "only http and https URLs are read"),
        ("http://user:hunter2@127.0.0.1:{port}/", "user name or password"),
        ("http://127.0.0.1:port/", "no valid URL"),
        ("", "redirected to nowhere"),
        ("/loop", "redirected more than 5 times"),
    ],
)
def test_redirects_to_what_may_not_be_asked(site: Website, target: str, words: str) -> None:
    """Each step of the way is checked as the first is; the secret of a URL is in no error."""
    url = site.redirect("/loop", target.format(port=site.port))
    message = error_of(lambda: web(site).get(url + "?key=hunter2"))
    site.pages["/loop?key=hunter2"] = site.pages["/loop"]
    message = error_of(lambda: web(site).get(url + "?key=hunter2"))
    assert words in message
    assert "hunter2" not in message
    assert message.startswith(f"{url}: ")


def test_the_address_that_was_checked_is_the_one_connected_to(site: Website) -> None:
    """A name that means another machine every time it is asked for is asked for once a connection."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]])
    site.put("/", PAGE)
    url = f"http://rebinding.example:{site.port}/"
    reader = web(site, resolver=lambda *_: next(answers))
    assert reader.get(url).page is not None  # robots.txt, then the page
    assert site.asked[-1][1]["host"] == f"rebinding.example:{site.port}"
    assert "leads to 10.0.0.1" in error_of(lambda: reader.get(url))


def test_the_certificate_is_that_of_the_name_and_not_of_the_address() -> None:
    """A connection to a checked address still proves that it is the host that was asked for."""
    authority = trustme.CA()
    served, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("gazette.example").configure_cert(served)
    authority.configure_trust(trusted)
    with serving(served) as site:
        site.put("/", PAGE)
        settings = FetchConfig(allow=["127.0.0.1"], ports=[site.port], robots=False)
        reader = Web(settings, max_bytes=9_999, resolver=lambda *_: ["127.0.0.1"], context=trusted)
        page = reader.get(f"https://gazette.example:{site.port}/").page
        assert page is not None
        assert page.content == PAGE.encode()
        other = f"https://other.example:{site.port}/"
        assert error_of(lambda: reader.get(other)) == f"{other}: its certificate cannot be trusted."


def test_one_bad_address_of_a_host_is_enough(site: Website) -> None:
    """A host with a public and a private address is not asked at either."""
    site.put("/", PAGE)
    reader = web(site, resolver=lambda *_: ["127.0.0.1", "192.168.0.1"])
    assert "leads to 192.168.0.1" in error_of(lambda: reader.get(f"http://two.example:{site.port}/"))
    assert site.asked == []


def test_proxies_of_the_environment_are_not_used(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but the host is told what is read."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert web(site).get(site.put("/", PAGE)).page is not None
    assert os.environ["http_proxy"]


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(64)) + packer.flush()


BOMB = _gzip_bomb()
HTML = {"Content-Type": "text/html"}


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 4096)


def _slow_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.__dict__.get("_BaseServer__shutdown_request"):
        handler.wfile.write(b"X: y\r\n")
        handler.connection.settimeout(0.05)
        try:
            if not handler.connection.recv(1):
                return
        except TimeoutError:
            continue


@pytest.mark.parametrize(
    ("send", "words"),
    [
        (answer(200, BOMB, {**HTML, "Content-Encoding": "gzip"}), "larger than 100,000 bytes"),
        (answer(200, gzip.compress(BOMB), {**HTML, "Content-Encoding": "gzip, gzip"}), "packed as “gzip, gzip”"),
        (answer(200, b"br", {**HTML, "Content-Encoding": "br"}), "packed as “br”"),
        (answer(200, b"no gzip", {**HTML, "Content-Encoding": "gzip"}), "packed in a way that is broken"),
        (answer(200, gzip.compress(b"x" * 999)[:-9], {**HTML, "Content-Encoding": "gzip"}), "ends before its packed"),
        (answer(200, b"x" * 100_001, HTML), "larger than 100,000 bytes"),
        (answer(200, b"", {**HTML, "Content-Length": "99999999999"}), "larger than 100,000 bytes"),
        (answer(200, b"short", {**HTML, "Content-Length": "500"}), "the connection broke"),
        (answer(200, b"", {**HTML, "Content-Length": "-1"}), "spoke no proper HTTP"),
        (answer(200, b"\x89PNG", {"Content-Type": "image/png"}), "is an image and no article"),
        (answer(200, b"", {"Content-Type": "video/mp4"}), "is a video and no article"),
        (answer(404, b"", {}), "answers 404 (Not Found)"),
        (answer(999, b"", {}), "answers 999"),
        (answer(304, b"", {}), "answers 304"),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "spoke no proper HTTP"),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 500_000), "no proper HTTP"),
        (_endless, "larger than 100,000 bytes"),
        (_slow_headers, "did not answer in time"),
    ],
)
def test_answers_that_are_no_page(site: Website, send: Any, words: str) -> None:
    """Each ends in one sentence that names the URL without its query, within the limits of size and time."""
    site.pages["/?token=hunter2"] = send
    message = error_of(lambda: web(site, seconds=1.0, robots=False).get(f"{site.url}/?token=hunter2"))
    assert words in message
    assert message.startswith(f"{site.url}/: ")
    assert "hunter2" not in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://user:hunter2@127.0.0.1/", "user name or password"),
        ("http://127.0.0.1:1/", "port 1"),
        ("http://nowhere.invalid:{port}/", "is not found"),
        ("http://a..b:{port}/", "is not found"),
        ("http://" + "a" * 300 + ":{port}/", "is not found"),
        ("http://１２７.０.０.１/", "no valid URL"),
        ("http:///path", "only http and https URLs are read"),
        ("http://a.example/" + "x" * 5_000, "more than 4,000 characters"),
        ("https://127.0.0.1:{port}/", "no connection can be made"),
    ],
)
def test_urls_that_cannot_be_read(site: Website, url: str, words: str) -> None:
    """One sentence each, without a secret."""
    message = error_of(lambda: web(site).get(url.format(port=site.port)))
    assert words in message
    assert "hunter2" not in message


def test_the_next_address_is_tried_where_one_does_not_answer(site: Website) -> None:
    """A host is there as long as one of its addresses is."""
    url = site.put("/", PAGE).replace("127.0.0.1", "two.example")
    allow = ["127.0.0.1", "::1"]
    assert web(site, allow=allow, resolver=lambda *_: ["::1", "127.0.0.1"]).get(url).page is not None
    assert "no connection" in error_of(lambda: web(site, allow=allow, resolver=lambda *_: ["::1"]).get(url))


def test_robots_are_heeded(site: Website) -> None:
    """What a site asks programs not to read is not read, unless the configuration says so."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    site.put("/private/a", PAGE)
    site.put("/b", PAGE)
    reader = web(site)
    assert "robots.txt asks not to" in error_of(lambda: reader.get(site.url + "/private/a"))
    assert reader.get(site.url + "/b").page is not None
    assert web(site, robots=False).get(site.url + "/private/a").page is not None
    assert [path for path, _ in site.asked].count("/robots.txt") == 1


def test_robots_that_cannot_be_read(site: Website) -> None:
    """A site that breaks when asked is left alone (RFC 9309); robots.txt may itself be elsewhere."""
    site.put("/a", PAGE)
    site.pages["/robots.txt"] = answer(503, b"", {})
    assert "robots.txt answers 503" in error_of(lambda: web(site).get(site.url + "/a"))
    site.redirect("/robots.txt", "/elsewhere")
    site.put("/elsewhere", "User-agent: *\nDisallow: /a", "text/plain")
    assert "asks not to" in error_of(lambda: web(site).get(site.url + "/a"))
    site.redirect("/robots.txt", "http://10.0.0.1/")
    assert "port 80" in error_of(lambda: web(site).get(site.url + "/a"))
