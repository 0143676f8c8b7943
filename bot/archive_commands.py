"""The commands of the archive: what changes it, what became of it, what is in it, and copies of it.

Knows nothing of how any of it is done, nor how it is shown.
"""

import argparse
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from bot.shell import DONE, FAILED, NOT_FOUND, USED_WRONGLY, complain, opened, progress, up_to_date, write, write_json

if TYPE_CHECKING:
    from retrieval import Archive, Article, Report

Item = TypeVar("Item")
Run = Callable[[argparse.Namespace], int]
Add = Callable[[str, Run, str], argparse.ArgumentParser]


def add_commands(add: Add) -> None:
    """The commands and their options."""
    articles = add("articles", _articles, "List the articles.")
    articles.add_argument("--source", metavar="NAME", help="only those of this source, or a part of its name")
    articles.add_argument("--since", metavar="DATE", type=_date, help="only those published then or later: 2025-02-13")
    articles.add_argument("--language", metavar="CODE", help="only those in this language: en")
    articles.add_argument("--text", metavar="WORDS", help="only those with these words in title or text")
    articles.add_argument("--jsonl", action="store_true", help="write one JSON object a line, with the text")
    adding = add("add", _add, "Add files, folders, URLs or feeds that the configuration does not name.")
    adding.add_argument("source", nargs="+", help="a file, folder, URL or feed")
    removing = add("remove", _remove, "Take articles out of the archive.")
    removing.add_argument("article", nargs="+", metavar="ID", help="the article's id, as `articles` lists it")
    reload = add("reload", _reload, "Bring the archive up to date with its sources, or stage what changed.")
    reload.add_argument("--dry-run", action="store_true", help="only say what would happen")
    reload.add_argument("--watch", action="store_true", help="go on, whenever files change, until interrupted")
    publish = add("publish", _publish, "Make live what is staged.")
    publish.add_argument("--dry-run", action="store_true", help="only show the difference")
    discard = add("discard", _discard, "Forget what is staged.")
    rollback = add("rollback", _rollback, "Go back to what was live before.")
    rollback.add_argument("article", nargs="?", metavar="ID", help="only this article; without one, the last release")
    rollback.add_argument("version", nargs="?", help="to this version, as `history` lists it (default: the one before)")
    rollback.add_argument("--release", metavar="NUMBER", type=int, help="to what was live after this release")
    history = add("history", _history, "Show what changed in an article, or which answers rest on what has changed.")
    history.add_argument("article", nargs="?", metavar="ID", help="the article's id")
    history.add_argument("--answers", action="store_true", help="list answers whose sentences have changed or vanished")
    add("backup", _backup, "Copy the store to a file, also while the bot runs.").add_argument("file", metavar="FILE")
    restore = add("restore", _restore, "Put a backup back, also while the bot runs.")
    restore.add_argument("file", metavar="FILE", help="what `backup` wrote, with its checksum beside it")
    add("vacuum", _vacuum, "Give the room of what was deleted back to the disk.")
    for command in (adding, reload, publish, discard, rollback, restore, history):
        command.add_argument("--json", action="store_true", help="write JSON")


def _articles(options: argparse.Namespace) -> int:
    from bot import compose, jsonl, render
    from bot.words import ENGLISH, Words

    found = list(_chosen(up_to_date(options).articles, options))
    if options.jsonl:
        for article in found:
            write_json(jsonl.article_json(article))
    elif found:
        write(render.plain([compose.articles_listed(found, Words.of(ENGLISH))], Words.of(ENGLISH)))
    return DONE if found else NOT_FOUND


def _chosen(articles: "Iterable[Article]", options: argparse.Namespace) -> "Iterator[Article]":
    words = " ".join((options.text or "").casefold().split())
    for article in articles:
        text = " ".join(f"{article.title} {article.text}".casefold().split())
        if (
            (not options.source or options.source.casefold() in (article.source or "").casefold())
            and (not options.since or _is_since(article.published, options.since))
            and (not options.language or article.language.split("-")[0] == options.language.casefold())
            and words in text
        ):
            yield article


def _add(options: argparse.Namespace) -> int:
    from retrieval import ArticleError

    archive = opened(options)
    status = DONE
    for source in options.source:
        try:
            report = archive.add(source)
        except ArticleError as error:
            status = complain(str(error), FAILED)
            continue
        status = max(status, _show(report, options))
    return status


def _remove(options: argparse.Namespace) -> int:
    from retrieval import ArticleError

    archive = opened(options)
    status = DONE
    for article in options.article:
        try:
            archive.remove(article)
        except ArticleError as error:
            status = complain(str(error), NOT_FOUND)
    return status


def _reload(options: argparse.Namespace) -> int:
    archive = opened(options)
    status = _show(archive.reload(progress("Reading articles"), dry_run=options.dry_run), options)
    if archive.staged and not options.dry_run:
        _prove(archive, options)
    if options.watch:
        _watch(archive, options)
    return status


def _watch(archive: "Archive", options: argparse.Namespace) -> None:
    """Reload whenever files of the sources change, until interrupted."""
    from watchfiles import watch

    paths = [source for source in archive.config.sources if not isinstance(source, str) and source.exists()]
    for _ in watch(*paths, raise_interrupt=True):
        report = archive.reload(progress("Reading articles"))
        if report.touches or report.failed:
            _show(report, options)


def _publish(options: argparse.Namespace) -> int:
    archive = opened(options)
    staged = archive.staged
    if staged is None:
        return complain("Nothing is staged.", NOT_FOUND)
    if options.dry_run:
        _show(staged, options)
        _prove(archive, options)
        return DONE
    return _show(archive.publish(), options)


def _prove(archive: "Archive", options: argparse.Namespace) -> None:
    """Show what golden questions say of what is staged, where there are any."""
    from bot import archive_shown

    if archive.config.golden_file is None:
        return
    proof = archive.prove(progress("Asking"))
    if options.json:
        write_json(archive_shown.proof_json(proof))
    else:
        write(archive_shown.proof(proof))


def _discard(options: argparse.Namespace) -> int:
    count = opened(options).discard()
    if options.json:
        write_json({"discarded": count})
    else:
        write(f"{count} discarded." if count else "Nothing was staged.")
    return DONE if count else NOT_FOUND


def _rollback(options: argparse.Namespace) -> int:
    return _show(opened(options).rollback(options.article, options.version, release=options.release), options)


def _history(options: argparse.Namespace) -> int:
    from bot import archive_shown as shown

    if (options.article is None) != options.answers:
        return complain("Name an article, or ask for --answers.", USED_WRONGLY)
    archive = opened(options)
    if options.answers:
        _list(archive.outdated(), options, shown.outdated, shown.outdated_json)
        return DONE
    versions = archive.history(options.article)
    _list(versions, options, shown.version, shown.version_json)
    return DONE if versions else complain(f"There never was an article “{options.article}”.", NOT_FOUND)


def _list(
    items: Iterable[Item],
    options: argparse.Namespace,
    shown: Callable[[Item], str],
    as_json: Callable[[Item], dict[str, Any]],
) -> None:
    for item in items:
        if options.json:
            write_json(as_json(item))
        else:
            write(shown(item))


def _backup(options: argparse.Namespace) -> int:
    opened(options).backup(options.file)
    return DONE


def _restore(options: argparse.Namespace) -> int:
    return _show(opened(options).restore(options.file), options)


def _vacuum(options: argparse.Namespace) -> int:
    write(f"{opened(options).vacuum():,} bytes given back.")
    return DONE


def _show(report: "Report", options: argparse.Namespace) -> int:
    """Write what a change did; the status says whether all of it was done."""
    from bot import archive_shown

    for failure in report.failed:
        complain(failure, FAILED)
    if options.json:
        write_json(archive_shown.report_json(report))
    else:
        write(archive_shown.report(report))
    return FAILED if report.failed else DONE


def _date(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{written} is not a date like 2025-02-13") from error


def _is_since(published: str | None, since: dt.date) -> bool:
    return published is not None and dt.datetime.fromisoformat(published).date() >= since
