"""The archive's side for editors: articles added, removed, reloaded, proved, published, rolled back.

Knows nothing of how any of it is done.
"""

from pathlib import Path

from retrieval.backup import back_up
from retrieval.config import Config
from retrieval.history import Version
from retrieval.intake import Intake, Progress
from retrieval.live import Live
from retrieval.pasted import found_in
from retrieval.proof import Proof, prove
from retrieval.report import Report
from retrieval.schema import Answer
from retrieval.snapshot import Snapshot


class Editing:
    """How an archive is changed; whoever asks meanwhile is not disturbed.

    Raises:
        StoreError: From every method that changes something: the store cannot be written, or another process has been
            changing it for too long.
    """

    config: Config
    _intake: Intake
    _live: Live

    def add(self, source: str | Path) -> Report:
        """Add a file, every article file of a folder, a URL, or what a feed lists; adding the same again is harmless.

        Raises:
            ArticleError: Nothing in it can be read.
        """
        return self._intake.add_source(source)

    def add_text(
        self,
        text: str,
        *,
        title: str | None = None,
        url: str | None = None,
        source: str | None = None,
        author: str | None = None,
        published: str | None = None,
        key: str | None = None,
    ) -> Report:
        """Add text that was pasted or posted; under a key that is there already it is another version of that article.

        Raises:
            ArticleError: There are no words in it.
        """
        found = found_in(text, title=title, url=url, source=source, author=author, published=published, key=key)
        return self._intake.add([found])

    def remove(self, article: str) -> None:
        """Forget an article. One that the configuration names comes back with the next reload.

        Raises:
            ArticleError: There is none with that id.
        """
        self._intake.remove(article)

    def reload(self, progress: Progress | None = None, *, dry_run: bool = False) -> Report:
        """Bring the archive up to date with the configured sources; unchanged articles cost nothing.

        An article that cannot be read now is reported and stays as it was kept. Where publication is to be approved
        (`retrieval.publish`), what changed is staged and the archive answers on as before.

        Args:
            progress: Told how many articles of how many are done.
            dry_run: Only say what would happen.
        """
        return self._intake.plan() if dry_run else self._intake.reload(progress)

    def refresh(self) -> None:
        """Take in what another process has changed."""
        self._live.refresh()

    @property
    def staged(self) -> Report | None:
        """What waits for publication; None where nothing does."""
        return self._intake.staged()

    def prove(self, progress: Progress | None = None) -> Proof:
        """Ask the golden questions of what is live and of what is staged, and compare.

        Raises:
            GoldenError: There are none (`retrieval.golden`), or their file cannot be used.
        """
        fresh = Snapshot(self._intake.staged_records())
        return prove(self.config.golden_file, self._live.snapshot, fresh, self._ask, progress)

    def publish(self) -> Report:
        """Make live what is staged, all of it or nothing."""
        return self._intake.publish()

    def discard(self) -> int:
        """Forget what is staged; returns how many articles that were. The next reload stages it again."""
        return self._intake.discard()

    def rollback(self, article: str | None = None, version: str | None = None, *, release: int | None = None) -> Report:
        """Make older versions live again; nothing is embedded for that.

        An article stays there until its source changes; one that this takes out comes back with the next reload where
        the configuration names it.

        Args:
            article: Roll back this one only.
            version: To this version, or the beginning of its name; by default the one before.
            release: Without an article: to what was live after this release; by default the one before the last.

        Raises:
            ArticleError: There is no such version or release, or it is no longer kept.
        """
        return self._intake.roll_back(article, version, release=release)

    def history(self, article: str) -> tuple[Version, ...]:
        """What became of an article, oldest first, with what changed; empty where there never was one of that id."""
        return self._intake.history(article)

    def backup(self, target: str | Path) -> None:
        """Copy the store, as it is now, to a file with a checksum beside it; whoever uses it is not disturbed.

        Raises:
            StoreError: It cannot be written.
        """
        back_up(self.config.store, Path(target))

    def restore(self, backup: str | Path) -> Report:
        """Make the archive what it was when a backup was taken, with the versions and the journal of then.

        Raises:
            StoreError: The backup is damaged or none; the archive is as it was.
        """
        return self._intake.restore(Path(backup))

    def vacuum(self) -> int:
        """Give the room of what was deleted back to the disk; returns how many bytes that were."""
        return self._intake.vacuum()

    def _ask(self, snapshot: Snapshot, text: str, article: str | None) -> Answer:
        raise NotImplementedError
