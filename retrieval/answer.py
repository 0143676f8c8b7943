"""Ranked sentences → an Answer, or an honest “the articles do not say”.

Takes what retrieval and ranking found; knows nothing of how. Every citation is a view into its article.
"""

from collections.abc import Sequence

from retrieval.schema import Answer, Article, Citation, Excerpt, Hit, Question, Ranked, Sentence, Statement

# Further sentences are cited only when they are about as likely to answer as the first.
SECOND_SHARE = 0.8


def answer_fact(
    question: Question,
    ranked: Sequence[Ranked],
    hits: Sequence[Hit],
    *,
    threshold: float,
    limit: int,
    within: Article | None = None,
) -> Answer:
    """The answer that ranked sentences give.

    Args:
        question: What was asked.
        ranked: Sentences, best first.
        hits: The same sentences as retrieval found them, with their neighbours.
        threshold: The probability from which a sentence counts as an answer.
        limit: How many citations at the most.
        within: The article that the question was put to, if to one.
    """
    neighbours = {(hit.sentence.article.id, hit.sentence.number): (hit.before, hit.after) for hit in hits}

    def citation(one: Ranked) -> Citation:
        before, after = neighbours.get((one.sentence.article.id, one.sentence.number), (None, None))
        return cite(one.sentence, probability=one.probability, before=before, after=after)

    if not ranked or ranked[0].probability < threshold:
        return Answer(
            question,
            found=False,
            probability=ranked[0].probability if ranked else 0.0,
            reason=not_said(within),
            nearest=citation(ranked[0]) if ranked else None,
            ranked=tuple(ranked),
        )
    best = ranked[0]
    least = max(threshold, SECOND_SHARE * best.probability)
    cited = [citation(one) for one in ranked if one.probability >= least][:limit]
    return Answer(
        question,
        found=True,
        probability=best.probability,
        citations=tuple(cited),
        short=Excerpt(best.sentence.article, *best.short) if best.short else None,
        ranked=tuple(ranked),
    )


def cite(
    sentence: Sentence,
    *,
    probability: float,
    before: Sentence | None = None,
    after: Sentence | None = None,
    statement: Statement | None = None,
) -> Citation:
    """A citation of one sentence with the neighbours given as its context."""
    return Citation(
        sentence.article,
        sentence.start,
        sentence.end,
        probability,
        context_start=before.start if before else sentence.start,
        context_end=after.end if after else sentence.end,
        statement=statement,
    )


def not_said(within: Article | None = None) -> str:
    """The sentence that says that nothing was found."""
    return f"“{within.title}” does not say." if within else "The articles do not say."
