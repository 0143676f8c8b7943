"""Answer → what is shown: plain text for a terminal, JSON for machines. Pure; knows no channel.

The JSON fields are an interface: other programs read them.
"""

import datetime as dt
from typing import Any

from retrieval import Answer, Article, Citation, Statement

Json = dict[str, Any]


def plain(answer: Answer, *, context: bool = False) -> str:
    """The answer as a person reads it in a terminal."""
    if not answer.found:
        return _not_found(answer)
    heading = answer.short.text if answer.short else (answer.speaker.name if answer.speaker else "")
    blocks = [heading] if heading else []
    blocks += [cited(citation, context=context) for citation in answer.citations]
    return "\n\n".join(blocks)


def cited(citation: Citation, *, context: bool = False) -> str:
    """A citation with its article and place, and its link where it has one."""
    text = citation.context if context else citation.text
    lines = [f"  {line}" for line in text.split("\n") if line.strip()]
    lines.append(f"    — {place(citation)}")
    if citation.link:
        lines.append(f"      {citation.link}")
    return "\n".join(lines)


def place(citation: Citation) -> str:
    """Where a citation stands: title, source, date and offsets."""
    return f"{described(citation.article)}, characters {citation.start}–{citation.end}"


def described(article: Article) -> str:
    """An article by title, source and date."""
    return " · ".join(part for part in (article.title, article.source, day(article.published)) if part)


def day(published: str | None) -> str | None:
    """A date as people write it: 13 February 2025."""
    if published is None:
        return None
    date = dt.datetime.fromisoformat(published)
    return f"{date.day} {date:%B %Y}"


def to_json(answer: Answer, *, key: object = None) -> Json:
    """The answer as `ask --json` and `--jsonl` write it."""
    question = answer.question
    return {
        "id": key,
        "question": question.text,
        "kind": question.kind,
        "found": answer.found,
        "probability": round(answer.probability, 4),
        "speaker": answer.speaker.name if answer.speaker else None,
        "short": answer.short.text if answer.short else None,
        "verdict": answer.verdict,
        "reason": answer.reason,
        "nearest": citation_json(answer.nearest) if answer.nearest else None,
        "citations": [citation_json(citation) for citation in answer.citations],
        "ranked": [
            [one.sentence.article.id, one.sentence.start, one.sentence.end, round(one.score, 6)]
            for one in answer.ranked[:10]
        ],
        "ms": round(answer.elapsed * 1000, 3),
    }


def refusal_json(reason: str, *, key: object = None) -> Json:
    """What `ask --jsonl` writes for a line that cannot be asked."""
    empty: Json = dict.fromkeys(("question", "kind", "speaker", "short", "verdict", "nearest"))
    lists: Json = {"citations": [], "ranked": []}
    return {"id": key, **empty, "found": False, "probability": 0.0, "reason": reason, **lists, "ms": 0.0}


def citation_json(citation: Citation) -> Json:
    """A citation as machines read it; offsets are code points of the article's text."""
    found: Json = {
        "article": citation.article.id,
        "version": citation.version,
        "start": citation.start,
        "end": citation.end,
        "text": citation.text,
        "probability": round(citation.probability, 4),
        "link": citation.link,
    }
    if citation.statement:
        found["speaker"] = citation.statement.speaker.name
        found["statement"] = statement_spans(citation.statement)
    return found


def statement_spans(statement: Statement) -> Json:
    """The spans of a statement."""
    return {
        "kind": statement.kind,
        "cue": statement.cue,
        "speaker": statement.speaker_span,
        "content": list(statement.content),
    }


def article_json(article: Article) -> Json:
    """An article as `articles --jsonl` writes it."""
    fields = ("id", "version", "title", "url", "source", "author", "published", "language", "text")
    return {field: getattr(article, field) for field in fields}


def _not_found(answer: Answer) -> str:
    reason = answer.reason or "The articles do not say."
    if answer.nearest is None:
        return reason
    return f"{reason}\n\nThe nearest sentence, which does not answer:\n\n{cited(answer.nearest)}"
