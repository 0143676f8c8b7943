"""URLs → articles as found: a page, or the items of a feed.

Reads again only what has changed since the visit before. Knows nothing of embedding or storing.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.config import Config
from retrieval.errors import ArticleError
from retrieval.fetch import Page, Visit
from retrieval.found import Found
from retrieval.parse import article_of_item
from retrieval.parse_feed import Item
from retrieval.records import Record
from retrieval.sandbox import Sandbox
from retrieval.sniff import kind_of

if TYPE_CHECKING:
    from retrieval.fetch_web import Reply, Web


class Online:
    """Reads URLs; `failed` sentences and the `visited` URLs add up as it does.

    Args:
        config: The limits.
        sandbox: What reads pages.
        kept: What is kept already, by origin.
        visits: The visits before, by URL.
    """

    def __init__(
        self, config: Config, sandbox: Sandbox, *, kept: Mapping[str, Record], visits: Mapping[str, Visit]
    ) -> None:
        self.failed: list[str] = []
        self.visited: list[Visit] = []
        self._config = config
        self._sandbox = sandbox
        self._kept = kept
        self._visits = visits

    def read(self, url: str) -> Iterator[Found]:
        """The articles at a URL; those of a feed that it no longer lists are among them as they are kept.

        Raises:
            ArticleError: The URL cannot be read, or as nothing that holds articles.
        """
        listed = [visit for visit in self._visits.values() if visit.feed == url]
        followed = [self._kept[visit.url] for visit in listed if visit.url in self._kept]
        reply = self._get(url, known=all(map(self._is_kept, listed)) if listed else self._is_kept_at(url))
        if reply.page is None:
            self.visited.append(reply.visit)
            yield from map(Found.kept, followed or [self._kept[url]])
        elif kind_of(reply.page) == "feed":
            yield from self._read_feed(url, reply.page, reply.visit, followed)
        else:
            yield self._found(url, reply)

    def _read_feed(self, url: str, page: Page, visit: Visit, followed: list[Record]) -> Iterator[Found]:
        listed = set()
        failures = len(self.failed)
        for item in self._sandbox.items(page)[: self._config.fetch.items]:
            listed.add(item.link)
            try:
                found = self._item(item, url)
            except ArticleError as error:
                self.failed.append(str(error))
            else:
                yield found
        if len(self.failed) == failures:  # else the feed is read again, and with it what failed
            self.visited.append(visit)
        yield from (Found.kept(record) for record in followed if record.origin not in listed)

    def _item(self, item: Item, feed: str) -> Found:
        """The article of a feed's item: what the feed holds where that is all of it, else the page that it links to."""
        if item.text is None:
            reply = self._get(item.link, known=self._is_kept_at(item.link))
            if reply.page is not None and kind_of(reply.page) == "feed":
                raise ArticleError(f"{reply.page.name}: is a feed within a feed, which is not followed.")
            return self._found(item.link, replace(reply, visit=replace(reply.visit, feed=feed)))
        digest = hashlib.sha256(repr(item).encode("utf-8", "surrogatepass")).hexdigest()
        self.visited.append(Visit(item.link, None, None, digest, _now(), feed))
        record = self._kept.get(item.link)
        same = record is not None and record.page_hash == digest
        return Found.kept(record) if record and same else Found(article_of_item(item), item.link, digest)

    def _found(self, url: str, reply: "Reply") -> Found:
        record = self._kept.get(url)
        unchanged = record is not None and (reply.page is None or record.page_hash == reply.visit.page_hash)
        if record is not None and unchanged:
            found = Found.kept(record)
        elif reply.page is not None:
            found = Found(self._sandbox.parse(reply.page), url, reply.visit.page_hash)
        self.visited.append(reply.visit)
        return found

    def _get(self, url: str, *, known: bool) -> "Reply":
        return self._web.get(url, last=self._visits.get(url) if known else None)

    def _is_kept_at(self, url: str) -> bool:
        return url in self._visits and self._is_kept(self._visits[url])

    def _is_kept(self, visit: Visit) -> bool:
        """Whether what was there at a visit is still kept, so that a server need not send it again."""
        record = self._kept.get(visit.url)
        return record is not None and record.page_hash == visit.page_hash

    @cached_property
    def _web(self) -> "Web":
        from retrieval.fetch_web import Web

        return Web(self._config.fetch, max_bytes=self._config.max_page_bytes)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
