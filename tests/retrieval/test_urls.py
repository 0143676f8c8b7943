"""URLs as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.urls import SLUG_LENGTH, article_url, canonical, identify, last_segment, shown, slug

SAME = [
    "https://www.example.org/news/swing-bridge-shut.html",
    "http://example.org/news/swing-bridge-shut.html",
    "https://example.org/news/swing-bridge-shut.html/",
    "https://EXAMPLE.org:443/news/swing-bridge-shut.html#comments",
    "https://www.example.org/news/swing-bridge-shut.html?utm_source=x&UTM_Medium=y",
    "https://www.example.org/news/swing-bridge-shut.html?fbclid=abc&gclid=1&msclkid=2&mc_cid=3&_ga=4",
    "https://m.example.org/news/swing-bridge-shut.html?token=secret",
]


@pytest.mark.parametrize("url", SAME)
def test_one_article_has_one_id(url: str) -> None:
    """Scheme, www., fragment, tracking and secret parameters make no other article."""
    assert identify(url) == identify(SAME[0])
    assert identify(url).startswith("swing-bridge-shut-")


def test_other_articles_have_other_ids() -> None:
    """What names the content is kept: path, page, the site's own parameters."""
    urls = ["https://a.example/n?id=1", "https://a.example/n?id=2", "https://a.example/n", "https://b.example/n"]
    assert len({identify(url) for url in urls}) == len(urls)


def test_the_order_of_parameters_makes_no_difference() -> None:
    """It does for no reader."""
    assert identify("https://a.example/n?a=1&b=2") == identify("https://a.example/n?b=2&a=1")


@given(st.text(max_size=300))
def test_ids_are_readable(path: str) -> None:
    """At most SLUG_LENGTH characters, a hyphen, and eight of a hash, whatever the path."""
    words, _, digest = identify(f"https://a.example/{path}").rpartition("-")
    assert 0 < len(words) <= SLUG_LENGTH
    assert len(digest) == 8
    assert words == slug(words)


def test_the_canonical_url_keeps_what_names_the_content() -> None:
    """And nothing else."""
    url = "HTTPS://user:pass@Example.ORG:443?b=2&utm_campaign=z&a=1&access_token=t#top"
    assert canonical(url) == "https://example.org/?b=2&a=1"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("https://example.org/story", "https://example.org/story"),
        ("https://m.example.org/story?utm_id=1", "https://m.example.org/story"),
        ("https://other.example/story", "https://www.example.org/amp/story"),
        ("https://evil.example.org.attacker.example/", "https://www.example.org/amp/story"),
        ("/story", "https://www.example.org/amp/story"),
        ("https://[broken", "https://www.example.org/amp/story"),
        (None, "https://www.example.org/amp/story"),
    ],
)
def test_a_page_names_its_own_site_only(told: str | None, found: str) -> None:
    """A page that says it stands on another site is not believed."""
    assert article_url("https://www.example.org/amp/story?utm_source=x", told) == found


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:secret@a.example/p?token=secret#secret", "https://a.example/p"),
        ("//user:secret@a.example/p", "//a.example/p"),
        ("http://[::1", "http://[::1"),
        ("https://a.example/\x1b[31m\n", "https://a.example/\ufffd[31m\ufffd"),
        ("https://a.example/" + "x" * 500, "https://a.example/" + "x" * 182 + "…"),
    ],
)
def test_what_errors_may_show(url: str, expected: str) -> None:
    """No user, password, query or fragment, nothing that a terminal obeys."""
    assert shown(url) == expected


@given(st.text(max_size=100))
def test_showing_never_fails(url: str) -> None:
    """It is for what is wrong."""
    assert len(shown(url)) <= 201


def test_the_last_word_of_a_path() -> None:
    """Numbers and endings say nothing."""
    assert last_segment("https://a.example/2025/big%20news/12345.html") == "big news"
    assert last_segment("https://[") == ""
