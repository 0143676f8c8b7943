"""Questions about who said what → Answers, each resting on a statement and its speaker.

Takes the ledger of statements and a turn's reading of the sentences as arguments; knows nothing of how they were found.
Never puts one person's words into another's mouth: where nobody is known to have said it, it says so.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, zip_longest

from retrieval import quotecheck
from retrieval.answer import SECOND_SHARE, Turn, cite, nearest, not_said
from retrieval.ledger import Ledger
from retrieval.people import name_words
from retrieval.reporting import WORD, lemma
from retrieval.schema import Answer, Article, Excerpt, Ranked, Speaker, Statement, Verdict
from retrieval.verdicts import MENTIONED_SHARE, Said, claimed

NOWHERE = "These words stand in none of the articles."
ALL_OF = re.compile(r",\s*(?:and\s+)?|\s+and\s+")


def answer_saying(turn: Turn, ledger: Ledger) -> Answer | None:
    """The answer to a question about who said what; None where it is better answered as a question of fact."""
    answers: dict[str, Callable[[Turn, Ledger], Answer | None]] = {
        "who_said": _who_said,
        "what_said": _what_said,
        "did_say": _did_say,
        "quote": _quote,
    }
    return answers[turn.question.kind](turn, ledger) if turn.question.kind in answers else None


def _who_said(turn: Turn, ledger: Ledger) -> Answer | None:
    question = turn.question
    if question.quote:
        return _quote(turn, ledger)
    said = _said(turn.ranked, ledger, question.topic)
    first = turn.ranked[0] if turn.ranked else None
    if first is None or first.probability < turn.threshold:
        return _not_found(turn, ledger)
    if not ledger.at(first.sentence):
        return None
    kept = [one for one in said if one.probability >= max(turn.threshold, SECOND_SHARE * first.probability)]
    return _found(turn, kept[: turn.limit], turn.ranked)


def _what_said(turn: Turn, ledger: Ledger) -> Answer | None:
    question = turn.question
    names = _names(turn, ledger)
    called = [_called(name, ledger) for name in names]
    speakers = _speakers(called)
    if not speakers:
        return _unknown_speaker(turn, ledger)
    only = speakers[0] if len(names) == 1 else None
    of_each = [[one for who in own for one in _statements(turn, ledger, who)] for own in called]
    if question.topic == question.text:
        own = [one for each in zip_longest(*of_each) for one in each if one]
        every = _each_sentence_once([Said(one, one.sentences[0], one.confidence) for one in own])
        ranked = [Ranked(one.sentence, one.probability, one.probability) for one in every]
        return _found(turn, every[: turn.limit], ranked) if every else _not_found(turn, ledger, only)
    asked = [question.text if only else question.text.replace(question.speaker or "", name) for name in names]
    ranked = [one for text, own in zip(asked, of_each, strict=True) for one in _ranked(turn, text, own)]
    ranked = ranked if only else sorted(ranked, key=lambda one: -one.probability)
    said = _said(ranked, ledger, question.topic, speakers)
    kept = [one for one in said if one.probability >= turn.threshold * _share_of_threshold(turn, one)]
    return _found(turn, kept[: turn.limit], ranked) if kept else _not_found(turn, ledger, only)


def _each_sentence_once(said: Sequence[Said]) -> list[Said]:
    """The first saying of each sentence: one that holds two is cited once."""
    first: dict[tuple[str, int], Said] = {}
    for one in said:
        first.setdefault((one.sentence.article.id, one.sentence.start), one)
    return list(first.values())


def _share_of_threshold(turn: Turn, said: Said) -> float:
    """Less is asked of a statement whose sentence has every word of the topic: its speaker is the right one already."""
    topic = turn.stems(turn.question.topic)
    return MENTIONED_SHARE if topic and topic <= turn.stems(said.sentence.text) else 1.0


def _did_say(turn: Turn, ledger: Ledger) -> Answer | None:
    """Yes or no only where a statement makes that very claim or denies it; where that is not clear, the statement."""
    names = _names(turn, ledger)
    speakers = _speakers(_called(name, ledger) for name in names)
    own = [statement for speaker in speakers for statement in _statements(turn, ledger, speaker)]
    theirs = _ranked(turn, turn.question.text, own)
    about = claimed(turn, _said(theirs, ledger, turn.question.topic, speakers))
    for wanted in ("yes", "no", None):
        of_kind = [one for one, verdict in about if verdict == wanted]
        if of_kind:
            is_sure = len(names) == 1  # what one of two said, both did not say
            return _found(turn, of_kind[:1], theirs, verdict=wanted if is_sure else None)
    is_known = any(ledger.find(name) for name in names)
    return _said_by_others(turn, ledger, speakers) or (
        _not_found(turn, ledger, speakers[0]) if is_known else _unknown_speaker(turn, ledger)
    )


def _said_by_others(turn: Turn, ledger: Ledger, speakers: Sequence[Speaker]) -> Answer | None:
    """Who else made the claim; without a “no” where they may have spoken for whoever was asked about."""
    sentences = [one.sentence for one in turn.ranked]
    ranked = turn.rank(f"Who said that {turn.question.topic.rstrip('?')}?", sentences)
    near = [one for one in _said(ranked, ledger, turn.question.topic) if one.statement.speaker not in speakers]
    others = [one for one, verdict in claimed(turn, near) if verdict == "yes"]
    if not others or others[0].probability < turn.threshold or others[0].statement.speaker.kind == "unnamed":
        return None
    name = (turn.question.speaker or "").casefold().removeprefix("the ")
    is_person = any(speaker.kind == "person" for speaker in speakers)
    is_named = others[0].statement.speaker.name.split()[-1][:1].isupper()
    speaks_for = not is_person and (name in others[0].sentence.text.casefold() or not is_named)
    return _found(turn, others[:1], ranked, verdict=None if speaks_for else "no")


def _is_another(speaker: Speaker, expected: Sequence[Speaker], name: str | None, article: Article) -> bool:
    """Whether a named speaker is not who was meant: none of those, or somebody whom the article names without words."""
    if speaker.kind == "unnamed" or not name:
        return False
    if expected:
        return speaker not in expected
    is_mentioned = re.search(rf"\b{re.escape(name)}\b", article.text) is not None
    return is_mentioned and not set(name_words(name)) & set(name_words(speaker.name))


def _quote(turn: Turn, ledger: Ledger) -> Answer | None:
    """Where a pasted quotation stands, word for word or altered, and who said it."""
    question = turn.question
    near = [one.sentence for one in turn.ranked]
    around = {neighbour for sentence in near for neighbour in (*turn.neighbours(sentence), sentence) if neighbour}
    statements = {id(s): s for sentence in around for s in ledger.at(sentence)}
    finding = quotecheck.check(question.quote or question.text, around, statements.values())
    if finding is None:
        reason = NOWHERE if turn.within is None else f"These words do not stand in “{turn.within.title}”."
        return _not_found(turn, ledger, reason=reason, verdict="not_found")
    by = finding.statement or _covering(finding, statements.values())
    sentences = sorted(
        (s for s in around if s.article is finding.article and s.start < finding.span[1] and s.end > finding.span[0]),
        key=lambda one: one.number,
    )
    verdict: Verdict = "exact" if finding.is_exact else "altered"
    expected = ledger.find(question.speaker) if question.speaker else []
    is_another = by is not None and _is_another(by.speaker, expected, question.speaker, finding.article)
    if is_another and finding.is_exact:  # altered words are nobody's
        verdict = "other_speaker"
    citation = cite(turn, sentences, finding.likeness, by)
    return Answer(
        question,
        found=True,
        probability=finding.likeness,
        citations=(citation,),
        short=Excerpt(finding.article, *finding.span),
        speaker=by.speaker if by else None,
        verdict=verdict,
        ranked=tuple(turn.ranked),
    )


def _covering(finding: quotecheck.Finding, statements: Iterable[Statement]) -> Statement | None:
    """The statement whose content holds most of what was found."""

    def shared(statement: Statement) -> int:
        start, end = finding.span
        return sum(max(0, min(end, e) - max(start, s)) for s, e in statement.content)

    near = [one for one in statements if one.article is finding.article and shared(one)]
    return max(near, key=shared, default=None)


def _speakers(called: Iterable[Sequence[Speaker]]) -> list[Speaker]:
    """Whom all names of a question mean, each once."""
    return list(dict.fromkeys(chain.from_iterable(called)))


def _names(turn: Turn, ledger: Ledger) -> list[str]:
    """The names in the question: “Kincaid and Mays” are two where nobody is called so."""
    name = (turn.question.speaker or "").casefold().removeprefix("the ")
    parts = [part.removeprefix("the ") for part in ALL_OF.split(name)]
    known = [part for part in parts if ledger.find(part)]
    is_one = any(name in (one.name.casefold(), *map(str.casefold, one.aliases)) for one in ledger.find(name))
    return known if len(known) > 1 and not is_one else [name]


def _called(name: str, ledger: Ledger) -> list[Speaker]:
    """The best match of a name, those of the same name, and those who speak for a body of that name."""
    found = ledger.find(name)
    others = [one for one in found[1:] if any(name == alias.casefold() for alias in one.aliases)]
    return [*found[:1], *others, *([] if not name or (found and found[0].kind == "person") else _voices(name, ledger))]


def _voices(name: str, ledger: Ledger) -> list[Speaker]:
    """Who is introduced as a body's: by title, or behind their name as in “Ana Ruiz, the Council’s engineer, said”."""
    by_title = [one for one in ledger.speakers if one.title and f" {name} " in f" {one.title.casefold()} "]
    whose = re.compile(rf"[^,.]*,\s+(?:the\s+)?{re.escape(name)}['’]s?\s", re.IGNORECASE)
    introduced = [
        one.speaker
        for one in ledger.statements
        if one.speaker_span and one.speaker.kind == "person" and whose.match(one.article.text, one.speaker_span[0])
    ]
    return list(dict.fromkeys([*by_title, *introduced]))


def _statements(turn: Turn, ledger: Ledger, speaker: Speaker) -> list[Statement]:
    said = [one for one in ledger.of(speaker) if turn.within is None or one.article is turn.within]
    return [one for one in said if not any(turn.was_shown(sentence) for sentence in one.sentences)]


def _ranked(turn: Turn, text: str, statements: Sequence[Statement]) -> list[Ranked]:
    sentences = dict.fromkeys(sentence for statement in statements for sentence in statement.sentences)
    return list(turn.rank(text, list(sentences)))


def _said(
    ranked: Sequence[Ranked], ledger: Ledger, topic: str, speakers: Sequence[Speaker] | None = None
) -> list[Said]:
    """Of each ranked sentence the statement nearest to the topic, each statement once."""
    said: dict[int, Said] = {}
    for one in ranked:
        statements = [s for s in ledger.at(one.sentence) if speakers is None or s.speaker in speakers]
        nearest = max(statements, key=lambda s: _shared_words(s, topic), default=None)
        if nearest is not None:
            said.setdefault(id(nearest), Said(nearest, one.sentence, one.probability))
    return list(said.values())


def _shared_words(statement: Statement, topic: str) -> float:
    wanted = {lemma(word) for word in WORD.findall(topic)}
    text = statement.article.text
    words = [lemma(word) for s, e in statement.content for word in WORD.findall(text[s:e])]
    return len(wanted & set(words)) / math.sqrt(len(words) + 1)


def _found(turn: Turn, said: Sequence[Said], ranked: Sequence[Ranked], *, verdict: Verdict | None = None) -> Answer:
    """The answer that statements give, with the sentences in the order that they were chosen from."""
    first = said[0].statement
    text, sentence = first.speaker_span, said[0].sentence
    inside = text is not None and sentence.start <= text[0] and text[1] <= sentence.end
    whole = turn.question.kind == "who_said" and inside and text is not None
    return Answer(
        turn.question,
        found=True,
        probability=said[0].probability,
        citations=tuple(cite(turn, [one.sentence], one.probability, one.statement) for one in said),
        short=Excerpt(first.article, *text) if whole and text else None,
        speaker=first.speaker,
        verdict=verdict,
        ranked=tuple(ranked),
    )


def _not_found(
    turn: Turn,
    ledger: Ledger,
    speaker: Speaker | None = None,
    *,
    reason: str | None = None,
    verdict: Verdict | None = None,
) -> Answer:
    """No answer: what was understood, and the nearest sentence with whoever said it."""
    first = turn.ranked[0] if turn.ranked else None
    near = nearest(turn)
    said = _said([near], ledger, turn.question.topic) if near else []
    shown, statement = (said[0], said[0].statement) if said else (near, None)
    return Answer(
        turn.question,
        found=False,
        probability=min(first.probability if first else 0.0, turn.threshold),
        verdict=verdict,
        reason=reason or _reason(turn, speaker),
        nearest=cite(turn, [shown.sentence], shown.probability, statement) if shown else None,
        ranked=tuple(turn.ranked),
    )


def _unknown_speaker(turn: Turn, ledger: Ledger) -> Answer | None:
    """Nobody of that name speaks in the articles: an answer only where the best sentence names them itself."""
    first = turn.ranked[0] if turn.ranked else None
    last_name = (turn.question.speaker or "").split()[-1].casefold()
    if first and first.probability >= turn.threshold and last_name in first.sentence.text.casefold():
        return None
    return _not_found(turn, ledger)


def _reason(turn: Turn, speaker: Speaker | None) -> str:
    question = turn.question
    name = speaker.name if speaker else question.speaker
    where = f"“{turn.within.title}” does" if turn.within else "The articles do"
    about = "" if question.topic == question.text else f" about {question.topic.rstrip('?. ')}"
    if question.kind == "what_said" and name:
        return f"{where} not say what {'else ' if question.further else ''}{name} said{about}."
    if question.kind == "did_say" and name:
        return f"{where} not say that {name} said so."
    return not_said(turn.within)
