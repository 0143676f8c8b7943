"""The archive's side for what was asked: answers kept, recalled, rated, forgotten, and held against later edits.

Knows nothing of how answers are found.
"""

import datetime as dt
from dataclasses import replace

from retrieval.entries import Asked, Unanswered
from retrieval.journal import Journal
from retrieval.live import Live
from retrieval.outdated import Outdated, has_changed, outdated, present_sentence
from retrieval.schema import Answer, Citation, Sentence


class Keeping:
    """What an archive knows of questions and answers gone by.

    Raises:
        StoreError: From every method: the store cannot be read or written.
    """

    _journal: Journal
    _live: Live

    def keep(self, answer: Answer, *, asker: str | None = None, channel: str | None = None) -> str:
        """Write an answer down, found or not; returns the key, 11 characters, that recalls it.

        Args:
            answer: What was answered.
            asker: Who asked, as an opaque string.
            channel: Where it was asked, as an opaque string.

        Raises:
            StoreError: The store cannot be written.
        """
        return self._journal.keep(answer, asker=asker, channel=channel)

    def recall(self, key: str) -> Answer | None:
        """The answer kept under a key, word for word against the versions it cites; None where there is none.

        Its `ranked` is empty.
        """
        answer = self._journal.recall(key)
        return replace(answer, citations=tuple(map(self._with_copies, answer.citations))) if answer else None

    def earlier(self, key: str) -> Answer | None:
        """The last answer before this one that the same asker had to the same question in the same channel."""
        before = self._journal.earlier(key)
        return self.recall(before) if before else None

    def rate(self, key: str, *, rater: str, liked: bool | None) -> bool:
        """Keep what somebody thinks of an answer, in place of what they thought before; None takes it back.

        Returns:
            Whether there is such an answer.
        """
        return self._journal.rate(key, rater=rater, liked=liked)

    def forget(self, asker: str) -> int:
        """Delete what somebody asked and how they rated answers; returns how many questions and votes those were."""
        return self._journal.forget(asker)

    def asked(self, *, since: dt.datetime | None = None) -> tuple[Asked, ...]:
        """What was asked, in the order it was asked."""
        return self._journal.entries(since=since)

    def unanswered(self, *, since: dt.datetime | None = None, limit: int = 50) -> tuple[Unanswered, ...]:
        """Questions asked in vain, those alike together, the most frequent first."""
        return self._journal.unanswered(since=since, limit=limit)

    def outdated(self) -> tuple[Outdated, ...]:
        """Answers that rest on a sentence that has since changed or vanished, in the order they were asked."""
        return outdated(self._journal, self._live.records)

    def changed_since(self, citation: Citation) -> bool:
        """Whether the article no longer says, word for word, what was cited."""
        return has_changed(citation, self._live.records)

    def present(self, citation: Citation) -> Sentence | None:
        """The sentence that stands today where a citation stood; None where nothing like it does."""
        return present_sentence(citation, self._live.records)

    def _with_copies(self, citation: Citation) -> Citation:
        return replace(citation, also=self._live.snapshot.stories.also(citation.article, citation.text))
