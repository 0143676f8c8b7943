"""Answer → what is shown: plain text for a terminal, JSON for machines. Pure; knows no channel.

The JSON fields are an interface: other programs read them.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from retrieval import Answer, Article, Citation, Speaker, Statement, differences

Json = dict[str, Any]
# Sentences that open with such a word are about what stands before them.
LEANING = re.compile(r"[“\"‘']?(?:he|she|they|it|his|her|their|its|this|that|these|those)\b", re.IGNORECASE)


def plain(answer: Answer, *, context: bool = False) -> str:
    """The answer as a person reads it in a terminal."""
    if not answer.found:
        return _not_found(answer)
    blocks = [heading] if (heading := _heading(answer)) else []
    speakers = {citation.speaker.name for citation in answer.citations if citation.speaker}
    for citation in answer.citations:
        name = f"{citation.speaker.name}:\n" if citation.speaker and len(speakers) > 1 else ""
        blocks.append(name + cited(citation, context=context))
    return "\n\n".join(blocks)


def several(answers: Sequence[Answer], *, context: bool = False) -> str:
    """The answers to the questions of one message, each under its question where there is more than one."""
    if len(answers) == 1:
        return plain(answers[0], context=context)
    return "\n\n".join(
        f"{number}. {answer.question.text}\n\n{plain(answer, context=context)}"
        for number, answer in enumerate(answers, 1)
    )


def people(speakers: Sequence[Speaker]) -> str:
    """Speakers, one a line: name, title, other names."""
    return "\n".join(_speaker(speaker) for speaker in speakers) or "The articles report nobody’s words."


def said(statements: Sequence[Statement]) -> str:
    """Statements, each with its sentence, its speaker and its place."""
    return "\n\n".join(_statement(statement) for statement in statements) or "Nothing of the kind is reported."


def difference(answer: Answer) -> str:
    """How an altered quotation differs from what stands there, word by word: [-missing-] and {+added+}."""
    if not (answer.short and answer.question.quote):
        return ""
    marks = {"same": "{}", "missing": "[-{}-]", "added": "{{+{}+}}"}
    runs = differences(answer.question.quote, answer.short.text)
    return " ".join(marks[run.kind].format(run.words) for run in runs)


def cited(citation: Citation, *, context: bool = False) -> str:
    """A citation with its article and place, and its link where it has one."""
    text = citation.context if context else citation.text
    lines = [f"  {line}" for line in text.split("\n") if line.strip()]
    if not context and _leans_back(citation):
        lines.insert(0, f"  [{' '.join(citation.before.split())}]")
    lines.append(f"    — {place(citation)}")
    if citation.link:
        lines.append(f"      {citation.link}")
    return "\n".join(lines)


def place(citation: Citation) -> str:
    """Where a citation stands: title, source, date and offsets."""
    return f"{described(citation.article)}, characters {citation.start}–{citation.end}"


def listed(articles: Sequence[Article]) -> str:
    """Articles, one a line, by id."""
    return "\n".join(f"{article.id:24}  {described(article)}" for article in articles)


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


def _leans_back(citation: Citation) -> bool:
    """Whether only the sentence before tells whom or what the cited one is about."""
    named = citation.speaker is not None and citation.speaker.kind != "unnamed"
    return bool(citation.before) and not named and LEANING.match(citation.text) is not None


def _heading(answer: Answer) -> str:
    """What comes before the citations: verdict or speaker. The short answer is too often half of what it should be."""
    name = answer.speaker.name if answer.speaker else None
    if answer.question.kind == "quote":
        verdicts = {
            "exact": f"Word for word, said by {name}." if name else "Word for word, as the article puts it.",
            "altered": f"Not word for word{f'; {name} said' if name else ''}: {difference(answer)}",
            "other_speaker": f"No, it was {name}.",
        }
        return verdicts.get(answer.verdict or "", "")
    if answer.question.kind == "did_say":
        same = name is not None and answer.question.speaker is not None
        return {"yes": f"Yes. {name}:", "no": f"No. {name}:" if same else "No."}.get(answer.verdict or "", "")
    if answer.question.kind in ("who_said", "what_said") and name:
        names = dict.fromkeys(citation.speaker.name for citation in answer.citations if citation.speaker)
        return ", ".join(names)
    return ""


def _speaker(speaker: Speaker) -> str:
    also = ", ".join(alias for alias in speaker.aliases if alias != speaker.name)
    return " · ".join(part for part in (speaker.name, speaker.title, f"also {also}" if also else "") if part)


def _statement(statement: Statement) -> str:
    first, last = statement.sentences[0], statement.sentences[-1]
    text = " ".join(statement.article.text[first.start : last.end].split())
    return f"{statement.speaker.name} ({statement.kind})\n  {text}\n    — {described(statement.article)}"


def _not_found(answer: Answer) -> str:
    reason = answer.reason or "The articles do not say."
    if answer.nearest is None:
        return reason
    return f"{reason}\n\nThe nearest sentence, which does not answer:\n\n{cited(answer.nearest)}"
