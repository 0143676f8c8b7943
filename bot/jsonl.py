"""Answers, articles, speakers and statements as machines read them.

The JSON fields are an interface: other programs read them. Knows no channel and no words.
"""

from typing import Any

from retrieval import Answer, Article, Citation, Speaker, Statement

Json = dict[str, Any]


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
    if citation.also:
        found["also"] = [article.id for article in citation.also]
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


def statement_json(statement: Statement) -> Json:
    """A statement as `statements --jsonl` writes it."""
    return {
        "article": statement.article.id,
        "speaker": statement.speaker.name,
        "speaker_span": statement.speaker_span,
        "cue": statement.cue,
        "content_span": list(statement.content),
        "kind": statement.kind,
        "sentence": [statement.sentences[0].start, statement.sentences[-1].end],
        "confidence": round(statement.confidence, 4),
    }


def speaker_json(speaker: Speaker) -> Json:
    """A speaker as `people --jsonl` writes it."""
    return {
        "id": speaker.id,
        "name": speaker.name,
        "kind": speaker.kind,
        "title": speaker.title,
        "aliases": list(speaker.aliases),
    }


def article_json(article: Article) -> Json:
    """An article as `articles --jsonl` writes it."""
    fields = ("id", "version", "title", "url", "source", "author", "published", "language", "text")
    return {field: getattr(article, field) for field in fields}
