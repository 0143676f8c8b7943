"""What commands share: exit statuses, the archive opened, a progress bar, JSON and complaints.

Knows nothing of the commands.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval import Archive

DONE, NOT_FOUND, USED_WRONGLY, FAILED, INTERRUPTED = 0, 1, 2, 3, 130


def opened(options: argparse.Namespace) -> "Archive":
    """The archive as it is kept."""
    from bot.config import load_bot_config
    from retrieval import Archive, load_config

    config = load_config(options.config)
    load_bot_config(options.config)
    return Archive.open(config)


def up_to_date(options: argparse.Namespace) -> "Archive":
    """The archive, brought up to date with its sources; what could not be read or kept is said and the rest goes on."""
    from retrieval import ArticleError, StoreError

    archive = opened(options)
    try:
        report = archive.reload(progress("Reading articles"))
    except StoreError as error:  # a full disk, another process: what is there can be asked
        complain(str(error), FAILED)
    else:
        for failure in report.failed:
            complain(failure, FAILED)
    if archive.articles:
        return archive
    if archive.staged:
        raise ArticleError("The articles wait for approval: `article-bot publish` makes them live.")
    raise ArticleError(f"There are no articles: `retrieval.articles` in {options.config} names none that can be read.")


def progress(doing: str) -> Callable[[int, int], None] | None:
    """A bar on a terminal's standard error, for work that takes time; None elsewhere."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(doing)

    def update(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)
        if done == total:
            bar.stop()

    return update


def write(text: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write(text + "\n")


def write_json(value: Mapping[str, Any]) -> None:
    """Write a JSON object in a line of its own, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def complain(sentence: str, status: int) -> int:
    """Say on standard error what is wrong; returns the exit status."""
    sys.stderr.write(f"article-bot: {sentence}\n")
    return status
