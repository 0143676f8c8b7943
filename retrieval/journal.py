"""What was asked, how it was answered, and what people thought of it.

An answer is kept as places in versions of articles, never as text, and comes back as views into those versions. Knows
nothing of how answers are found, nor of who an asker is: that is an opaque string.
"""

import datetime as dt
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process, utils
from sqlalchemy import and_, case, delete, func, insert, or_, select

from retrieval.entries import NEAREST, QUESTION, SPEAKER, Asked, Unanswered, answer_of, citation_of, entry_of
from retrieval.kept import moment_kept, moment_of, statement_json
from retrieval.schema import Answer, Citation
from retrieval.store import keep_version
from retrieval.tables import articles, asked, cited, of_version, versions, votes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from retrieval.database import Database

KEY_BYTES = 8  # 11 characters
# Questions whose words are so much alike, of 100, are the same question asked in vain.
ALIKE = 80
# So many of the last questions asked in vain are grouped.
MOST_GROUPED = 5_000


class Journal:
    """What was asked, in the store's database. Safe for many threads.

    Raises:
        StoreError: From every method: the store cannot be read or written.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database

    def keep(self, answer: Answer, *, asker: str | None = None, channel: str | None = None) -> str:
        """Keep a question with its answer, or that it had none; returns the key that recalls it."""
        key = secrets.token_urlsafe(KEY_BYTES)
        short = answer.short
        with self._database.writing() as connection:
            connection.execute(
                insert(asked).values(
                    key=key,
                    at=moment_kept(),
                    question=answer.question.text,
                    kind=answer.question.kind,
                    understood=QUESTION.dump_json(answer.question).decode(),
                    found=answer.found,
                    probability=answer.probability,
                    speaker=SPEAKER.dump_json(answer.speaker).decode() if answer.speaker else None,
                    verdict=answer.verdict,
                    reason=answer.reason,
                    nearly=answer.nearly,
                    lacks=json.dumps(answer.lacks) if answer.lacks else None,
                    short_start=short.start if short else None,
                    short_end=short.end if short else None,
                    ms=round(answer.elapsed * 1000, 3),
                    asker=asker,
                    channel=channel,
                )
            )
            for place, citation in enumerate(answer.citations):
                _cite(connection, key, place, citation)
            if answer.nearest:
                _cite(connection, key, NEAREST, answer.nearest)
        return key

    def recall(self, key: str) -> Answer | None:
        """The answer kept under a key, against the versions that it cites; None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(asked).where(asked.c.key == key)).first()
            if row is None:
                return None
            joined = cited.join(versions, of_version(versions, cited.c.article_id, cited.c.version))
            places = select(joined).where(cited.c.asked == key).order_by(cited.c.place)
            found = {one[cited.c.place]: citation_of(one) for one in connection.execute(places).mappings()}
        nearest = found.pop(NEAREST, None)
        return answer_of(row, tuple(found.values()), nearest)

    def earlier(self, key: str) -> str | None:
        """The key of the last answer before that the same asker had in the same channel to the same question."""
        now, then = asked.alias(), asked.alias()
        same = and_(
            func.lower(then.c.question) == func.lower(now.c.question),
            then.c.asker == now.c.asker,
            then.c.channel.is_not_distinct_from(now.c.channel),
            then.c.at <= now.c.at,
            then.c.key != now.c.key,
        )
        query = select(then.c.key).join(now, same).where(now.c.key == key).order_by(then.c.at.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def rate(self, key: str, *, rater: str, liked: bool | None) -> bool:
        """Keep what somebody thinks of an answer: one vote each, the last one; None takes it back.

        Returns:
            Whether there is such an answer.
        """
        with self._database.writing() as connection:
            if connection.execute(select(asked.c.key).where(asked.c.key == key)).first() is None:
                return False
            connection.execute(delete(votes).where(votes.c.asked == key, votes.c.rater == rater))
            if liked is not None:
                connection.execute(insert(votes).values(asked=key, rater=rater, liked=liked))
        return True

    def forget(self, asker: str) -> int:
        """Delete all that somebody asked and how they rated answers; returns how many questions and votes."""
        with self._database.writing() as connection:
            rated = connection.execute(delete(votes).where(votes.c.rater == asker)).rowcount
            return rated + connection.execute(delete(asked).where(asked.c.asker == asker)).rowcount

    def entries(self, *, since: dt.datetime | None = None, keys: Iterable[str] | None = None) -> tuple[Asked, ...]:
        """What was asked, in the order it was asked."""
        chosen = [asked.c.at >= moment_kept(since)] if since else []
        if keys is not None:
            chosen.append(asked.c.key.in_(list(keys)))
        with self._database.reading() as connection:
            rows = connection.execute(select(asked).where(*chosen).order_by(asked.c.at, asked.c.key)).all()
            places = select(cited).join(asked).where(*chosen).order_by(cited.c.asked, cited.c.place)
            cites: dict[str, list[Any]] = defaultdict(list)
            for one in connection.execute(places):
                cites[one.asked].append(one)
            likes = func.sum(case((votes.c.liked, 1), else_=0))
            counted = select(votes.c.asked, likes, func.count()).join(asked).where(*chosen).group_by(votes.c.asked)
            rated = {key: (int(good), int(count - good)) for key, good, count in connection.execute(counted)}
        return tuple(entry_of(row, cites[row.key], rated.get(row.key, (0, 0))) for row in rows)

    def unanswered(self, *, since: dt.datetime | None = None, limit: int = 50) -> tuple[Unanswered, ...]:
        """Questions asked in vain, those alike together, the most frequent first."""
        chosen = [asked.c.at >= moment_kept(since)] if since else []
        with self._database.reading() as connection:
            query = select(asked.c.question, asked.c.at).where(asked.c.found.is_(False), *chosen)
            rows = connection.execute(query.order_by(asked.c.at.desc()).limit(MOST_GROUPED)).all()
        groups: dict[str, list[Any]] = {}
        for row in rows:
            words = utils.default_process(row.question)
            alike = process.extractOne(words, groups.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
            groups.setdefault(alike[0] if alike else words, []).append(row)
        found = [Unanswered(len(own), own[0].question, moment_of(own[0].at)) for own in groups.values()]
        return tuple(sorted(found, key=lambda one: one.count, reverse=True)[:limit])

    def citing_old_versions(self) -> tuple[tuple[str, Citation], ...]:
        """Keys of answers, each with a citation of a version that is no longer live."""
        joined = cited.join(versions, of_version(versions, cited.c.article_id, cited.c.version)).outerjoin(
            articles, articles.c.id == cited.c.article_id
        )
        old = or_(articles.c.version.is_(None), articles.c.version != cited.c.version)
        query = select(cited, versions).select_from(joined).where(old, cited.c.place != NEAREST)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(cited.c.asked, cited.c.place)).mappings()
            return tuple((row[cited.c.asked], citation_of(row)) for row in rows)


def _cite(connection: "Connection", key: str, place: int, citation: Citation) -> None:
    """Keep a citation, and the version it was cut from, should that have gone while the question was answered."""
    keep_version(connection, citation.article)
    statement = citation.statement
    connection.execute(
        insert(cited).values(
            asked=key,
            place=place,
            article_id=citation.article.id,
            version=citation.version,
            start=citation.start,
            end=citation.end,
            context_start=citation.context_start,
            context_end=citation.context_end,
            probability=citation.probability,
            statement=statement_json(statement) if statement else None,
        )
    )
