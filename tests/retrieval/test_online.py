"""URLs and feeds as sources of an archive."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrieval.archive import Archive
from retrieval.errors import ArticleError
from tests.retrieval.documents import make_docx, make_epub, make_pdf
from tests.retrieval.website import Website, answer, unless_known

Open = Callable[..., Archive]

STORY = """<!doctype html><html lang="en-GB"><head><title>Swing bridge stays shut | Gazette</title>
<meta property="og:site_name" content="Gazette"><meta property="og:title" content="Swing bridge stays shut">
<meta name="author" content="Ana Ruiz"><meta property="article:published_time" content="2026-05-04T08:00:00Z">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><h1>Swing bridge stays shut</h1>
<p>The swing bridge at Harlow Quay will stay shut until October, the council said on Tuesday. {}</p>
<p>“Nobody wanted this delay less than I did,” Mayor Ana Ruiz told reporters at the quay on a wet morning.</p>
</main><footer>© Gazette. All rights reserved.</footer></body></html>"""


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>Gazette</title>{''.join(items)}</channel></rss>"


def item(link: str, extra: str = "") -> str:
    return f"<item><title>A story</title><link>{link}</link>{extra}</item>"


def whole(text: str) -> str:
    return (
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<![CDATA[{text}]]></content:encoded>"
    )


def settings(site: Website, *articles: str) -> dict[str, Any]:
    return {"articles": list(articles), "fetch": {"allow": ["127.0.0.1"], "ports": [site.port], "seconds": 10.0}}


def test_a_url_is_an_article(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """With what its page says of itself, and nothing of what stands around it."""
    url = site.put("/news/bridge-shut?utm_source=feed", STORY.format("Divers found cracks."))
    archive = open_archive(tmp_path, **settings(site, url))
    assert archive.reload().failed == ()
    (article,) = archive.articles
    assert article.id.startswith("bridge-shut-")
    assert article.url == f"{site.url}/news/bridge-shut"
    assert (article.title, article.author, article.source) == ("Swing bridge stays shut", "Ana Ruiz", "Gazette")
    assert (article.published, article.language) == ("2026-05-04", "en")
    assert "Divers found cracks." in article.text
    assert "Sport" not in article.text
    assert "rights" not in article.text


def test_one_story_under_two_urls_is_one_article(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """Tracking makes no other article."""
    urls = [site.put(f"/news/bridge?{extra}", STORY.format("")) for extra in ("utm_source=a", "fbclid=b")]
    archive = open_archive(tmp_path, **settings(site, *urls))
    assert archive.reload().failed == ()
    assert len(archive.articles) == 1


def test_an_unchanged_url_costs_one_short_request(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """The server says 304, and the article stays; when it changes it is read again."""
    site.pages["/a"] = unless_known('"1"', answer(200, STORY.format("One.").encode(), {"ETag": '"1"'}))
    archive = open_archive(tmp_path, **settings(site, site.url + "/a"))
    assert len(archive.reload().added) == 1
    report = archive.reload()
    assert (report.unchanged, report.added, report.removed) == (1, (), ())
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    site.pages["/a"] = unless_known('"2"', answer(200, STORY.format("Two.").encode(), {"ETag": '"2"'}))
    assert len(archive.reload().changed) == 1
    assert "Two." in archive.articles[0].text


def test_a_removed_article_of_a_configured_url_comes_back(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """The server is not told that its page is known when it is not."""
    site.pages["/a"] = unless_known('"1"', answer(200, STORY.format("One.").encode(), {"ETag": '"1"'}))
    archive = open_archive(tmp_path, **settings(site, site.url + "/a"))
    archive.reload()
    archive.remove(archive.articles[0].id)
    assert len(archive.reload().added) == 1


def test_a_site_that_is_down_loses_nothing(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """The article stays, and the sentence says why it is old; a URL taken out of the configuration takes it along."""
    url = site.put("/a?token=hunter2", STORY.format("One."))
    archive = open_archive(tmp_path, **settings(site, url))
    archive.reload()
    site.pages["/a?token=hunter2"] = answer(500, b"", {})
    report = archive.reload()
    assert report.failed == (f"{site.url}/a: the server answers 500 (Internal Server Error).",)
    assert len(archive.articles) == 1
    assert len(open_archive(tmp_path, **settings(site)).reload().removed) == 1


def test_a_feed_brings_the_pages_that_it_lists(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """Each item's page; one that fails is reported, and asked for again at the next reload."""
    links = [site.put(f"/{name}", STORY.format(f"Story {name}.")) for name in ("first", "second")]
    url = site.put("/feed", feed(*map(item, [*links, f"{site.url}/third"])), "application/rss+xml", ETag='"f"')
    archive = open_archive(tmp_path, **settings(site, url))
    report = archive.reload()
    assert (len(report.added), len(report.failed)) == (2, 1)
    assert report.failed[0] == f"{site.url}/third: the server answers 404 (Not Found)."
    site.put("/third", STORY.format("Story third."))
    assert len(archive.reload().added) == 1
    assert len(archive.articles) == 3


def test_a_feed_that_has_not_changed_costs_one_request(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """And what it no longer lists is kept until the feed itself is taken out of the configuration."""
    links = [site.put(f"/{name}", STORY.format(f"Story {name}.")) for name in ("first", "second")]
    listing = feed(*map(item, links)).encode()
    site.pages["/feed"] = unless_known('"f"', answer(200, listing, {"ETag": '"f"'}))
    archive = open_archive(tmp_path, **settings(site, site.url + "/feed"))
    archive.reload()
    site.asked.clear()
    assert archive.reload().unchanged == 2
    assert site.paths == ["/feed"]
    site.pages["/feed"] = unless_known('"g"', answer(200, feed(item(links[1])).encode(), {"ETag": '"g"'}))
    report = archive.reload()
    assert (report.unchanged, report.removed, report.failed) == (2, (), ())
    assert len(open_archive(tmp_path, **settings(site)).reload().removed) == 2


def test_a_feed_that_holds_whole_articles_is_enough(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """Their pages are not asked for; a teaser is no whole article."""
    text = "".join(f"<p>Paragraph {n}: the council met again and decided nothing at all.</p>" for n in range(30))
    full = item(f"{site.url}/full", whole(text) + "<author>a@b.example (Ana Ruiz)</author>")
    teaser = item(site.put("/teaser", STORY.format("All of it.")), whole(text + "<p>Continue reading…</p>"))
    url = site.put("/feed", feed(full, teaser), "text/xml")
    archive = open_archive(tmp_path, **settings(site, url))
    assert archive.reload().failed == ()
    assert "/full" not in site.paths
    assert "/teaser" in site.paths
    texts = {article.url: article.text for article in archive.articles}
    assert texts[f"{site.url}/full"].startswith("Paragraph 0: the council met again and decided nothing at all.\n\n")
    assert archive.reload().unchanged == 2


def test_so_many_items_of_a_feed_are_read(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """The first that it lists."""
    links = [site.put(f"/{n}", STORY.format(f"Story {n}.")) for n in range(4)]
    chosen = settings(site, site.put("/feed", feed(*map(item, links)), "application/atom+xml"))
    chosen["fetch"]["items"] = 2
    assert len(open_archive(tmp_path, **chosen).reload().added) == 2


def test_adding_a_url_by_hand(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """It stays when it is not configured; what cannot be read is one sentence."""
    archive = open_archive(tmp_path, **settings(site))
    assert len(archive.add(site.put("/a", STORY.format("One."))).added) == 1
    archive.reload()
    assert len(archive.articles) == 1
    with pytest.raises(ArticleError, match="answers 404"):
        archive.add(site.url + "/none")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "", "http://169.254.169.254/"])
def test_a_feed_leads_nowhere_else(site: Website, tmp_path: Path, open_archive: Open, link: str) -> None:
    """What a feed lists is asked for under the same rules, or not at all."""
    archive = open_archive(tmp_path, **settings(site, site.put("/feed", feed(item(link)), "text/xml")))
    report = archive.reload()
    assert report.added == ()
    assert all("leads to port 80" in failure for failure in report.failed)


def test_a_feed_within_a_feed_is_not_followed(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """One that lists itself ends at once."""
    url = site.url + "/feed"
    site.put("/feed", feed(item(url)), "text/xml")
    (failure,) = open_archive(tmp_path, **settings(site, url)).reload().failed
    assert failure == f"{url}: is a feed within a feed, which is not followed."


def test_what_a_feed_says_of_an_item(site: Website, tmp_path: Path, open_archive: Open) -> None:
    """Titles lose their markup, odd dates are none, the feed's name is the source."""
    text = "".join(f"<p>Paragraph {n}: the council met again and decided nothing at all.</p>" for n in range(30))
    dated = "<pubDate>Mon, 04 May 2026 08:00:00 GMT</pubDate>"
    entries = [
        f"<item><title>&lt;b&gt;Bridge&lt;/b&gt; &amp;amp; quay</title><link>/a</link>{whole(text)}{dated}</item>",
        f"<item><link>/b</link>{whole(text)}<pubDate>someday</pubDate></item>",
        f"<item><link>http://[broken</link>{whole(text)}</item>",
    ]
    archive = open_archive(tmp_path, **settings(site, site.put("/feed", feed(*entries), "text/xml")))
    assert archive.reload().failed == ()
    first, second = archive.articles
    assert (first.title, first.published, first.source, first.url) == (
        "Bridge & quay",
        "2026-05-04",
        "Gazette",
        f"{site.url}/a",
    )
    assert second.published is None


def test_a_folder_of_all_kinds(tmp_path: Path, open_archive: Open) -> None:
    """Every kind of document is found in a folder, and what is none is left alone."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.html").write_text(STORY.format("Divers found cracks."), encoding="utf-8")
    (folder / "two.pdf").write_bytes(make_pdf([["The ferry runs twice a day, the company said."]]))
    (folder / "three.docx").write_bytes(make_docx("<w:p><w:r><w:t>The quay is closed.</w:t></w:r></w:p>"))
    (folder / "four.epub").write_bytes(make_epub({"a.xhtml": "<p>The bell rang.</p>"}))
    (folder / "photograph.jpg").write_bytes(b"\xff\xd8\xff")
    report = open_archive(tmp_path).reload()
    assert (report.added, report.failed) == (("four", "one", "three", "two"), ())


def test_other_schemes_are_not_read(tmp_path: Path, open_archive: Open) -> None:
    """The sentence says what is."""
    (failure,) = open_archive(tmp_path, articles=["ftp://user:hunter2@a.example/b"]).reload().failed
    assert failure == "ftp://a.example/b: only http and https URLs are read, not ftp://a.example/b."
    assert "hunter2" not in failure
