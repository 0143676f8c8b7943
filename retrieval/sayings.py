"""Questions about who said what → Answers, each resting on a statement and its speaker.

Takes the ledger of statements and a turn's reading of the sentences as arguments; knows nothing of how they were found.
Never puts one person's words into another's mouth: where nobody is known to have said it, it says so.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval import claims, quotecheck
from retrieval.answer import SECOND_SHARE, Turn, cite, not_said
from retrieval.ledger import Ledger
from retrieval.reporting import WORD, lemma
from retrieval.schema import Answer, Excerpt, Question, Ranked, Sentence, Speaker, Statement, Verdict

# Of a claim's words so many must stand in the sentence before it counts as the claim, affirmed or denied.
MIN_CLAIM_SHARE = 0.5
STEM = 4
# How many of a speaker's statements are compared with a claim by their meaning
COMPARED = 8
MENTIONED_SHARE = 0.3
DENIALS = frozenset("deny reject dispute refute rebut dismiss contradict refuse decline disagree oppose doubt".split())
NEGATION = re.compile(r"\b(?:not|no|never|nobody|nothing|none|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the probability that it is what was asked for, and the sentence of it that shows so."""

    statement: Statement
    sentence: Sentence
    probability: float


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
    speakers = _speakers(turn, ledger)
    if not speakers:
        return _unknown_speaker(turn, ledger)
    own = [statement for speaker in speakers for statement in _statements(turn, ledger, speaker)]
    if question.topic == question.text:
        every = _each_sentence_once([Said(one, one.sentences[0], one.confidence) for one in own])
        ranked = [Ranked(one.sentence, one.probability, one.probability) for one in every]
        return _found(turn, every[: turn.limit], ranked) if every else _not_found(turn, ledger, speakers[0])
    ranked = _ranked(turn, question.text, own)
    said = _said(ranked, ledger, question.topic, speakers)
    kept = [one for one in said if one.probability >= turn.threshold * _share_of_threshold(turn, one)]
    return _found(turn, kept[: turn.limit], ranked) if kept else _not_found(turn, ledger, speakers[0])


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
    question = turn.question
    speakers = _speakers(turn, ledger)
    own = [statement for speaker in speakers for statement in _statements(turn, ledger, speaker)]
    theirs = _ranked(turn, question.text, own)
    near = _said(theirs, ledger, question.topic, speakers)
    literal = [one for one in near if _in_its_words(question.topic, one)]
    if literal and literal[0].probability >= turn.threshold and not _agrees(question, literal[0]):
        return _found(turn, literal[:1], theirs, verdict="no")
    said = [one for one in _saying(turn, near) if one.probability >= turn.threshold]
    if said and (_agrees(question, said[0]) or _in_its_words(question.topic, said[0])):
        return _found(turn, said[:1], theirs, verdict="yes" if _agrees(question, said[0]) else "no")
    ranked = turn.rank(f"Who said that {question.topic.rstrip('?')}?", [one.sentence for one in turn.ranked])
    found = _saying(turn, _said(ranked, ledger, question.topic))
    others = [one for one in found if one.statement.speaker not in speakers and _agrees(question, one)]
    if others and others[0].probability >= turn.threshold and others[0].statement.speaker.kind != "unnamed":
        return _found(turn, others[:1], ranked, verdict="no")
    return _not_found(turn, ledger, speakers[0] if speakers else None) if speakers else _unknown_speaker(turn, ledger)


def _quote(turn: Turn, ledger: Ledger) -> Answer | None:
    """Where a pasted quotation stands, word for word or altered, and who said it."""
    question = turn.question
    near = [one.sentence for one in turn.ranked]
    around = {neighbour for sentence in near for neighbour in (*turn.neighbours(sentence), sentence) if neighbour}
    statements = {id(s): s for sentence in around for s in ledger.at(sentence)}
    finding = quotecheck.check(question.quote or question.text, around, statements.values())
    if finding is None:
        reason = "These words stand in none of the articles."
        return _not_found(turn, ledger, reason=reason, verdict="not_found")
    by = finding.statement or _covering(finding, statements.values())
    sentences = sorted(
        (s for s in around if s.article is finding.article and s.start < finding.span[1] and s.end > finding.span[0]),
        key=lambda one: one.number,
    )
    verdict: Verdict = "exact" if finding.is_exact else "altered"
    expected = ledger.find(question.speaker) if question.speaker else []
    if question.speaker and by is not None and by.speaker.kind != "unnamed" and by.speaker not in expected:
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


def _speakers(turn: Turn, ledger: Ledger) -> list[Speaker]:
    """Whom the question names: the best match, those of the same name, and those who speak for a body of that name."""
    name = (turn.question.speaker or "").casefold().removeprefix("the ")
    found = ledger.find(name)
    others = [one for one in found[1:] if any(name == alias.casefold() for alias in one.aliases)]
    voices = [one for one in ledger.speakers if one.title and name and f" {name} " in f" {one.title.casefold()} "]
    return list(dict.fromkeys([*found[:1], *others, *(voices if found and found[0].kind != "person" else ())]))


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


def _saying(turn: Turn, said: Sequence[Said]) -> list[Said]:
    """Those that can be what the question's claim says: those in its words, then those in others, best first."""
    claim = turn.question.topic.rstrip(" ?.")
    kept: list[Said] = []
    for one in said[:COMPARED]:
        before, _ = turn.neighbours(one.sentence)
        context = f"{before.text if before else ''} {one.sentence.text}"
        likeness = claims.likeness(claim, one.statement.speaker.name, one.sentence.text, context, turn.embed)
        if likeness >= claims.SAME_MEANING:
            kept.append(replace(one, probability=max(one.probability, likeness)))
        elif likeness > 0 and _in_its_words(claim, one):
            kept.append(one)
    return sorted(kept, key=lambda one: (not _in_its_words(claim, one), -one.probability))


def _in_its_words(claim: str, said: Said) -> bool:
    """Whether the sentence has enough of the claim's words that it affirms or denies that very claim."""
    wanted = _stems(claim)
    return len(wanted & _stems(said.sentence.text)) >= MIN_CLAIM_SHARE * len(wanted)


def _stems(text: str) -> set[str]:
    """The beginnings of the words that carry meaning: those of four letters or more, and numbers."""
    return {word[:STEM].casefold() for word in WORD.findall(text) if len(word) >= STEM or word[0].isdigit()}


def _shared_words(statement: Statement, topic: str) -> float:
    wanted = {lemma(word) for word in WORD.findall(topic)}
    text = statement.article.text
    words = [lemma(word) for s, e in statement.content for word in WORD.findall(text[s:e])]
    return len(wanted & set(words)) / math.sqrt(len(words) + 1)


def _agrees(question: Question, said: Said) -> bool:
    """Whether question and statement are turned the same way round: each denial and each negation turns once."""
    statement, sentence = said.statement, said.sentence
    text = statement.article.text
    cue = text[slice(*statement.cue)] if statement.cue else ""
    content = " ".join(text[max(s, sentence.start) : min(e, sentence.end)] for s, e in statement.content)
    asked = question.text.replace(question.topic, "")
    turns = (denies(asked), _negates(question.topic), denies(cue) or _negates(cue), _negates(content))
    return sum(turns) % 2 == 0


def denies(words: str) -> bool:
    """Whether a verb among the words says that something is not so."""
    return any(lemma(word) in DENIALS for word in WORD.findall(words))


def _negates(words: str) -> bool:
    return NEGATION.search(words) is not None


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
    said = _said([first], ledger, turn.question.topic) if first else []
    nearest = (
        cite(turn, [said[0].sentence], said[0].probability, said[0].statement)
        if said
        else (cite(turn, [first.sentence], first.probability) if first else None)
    )
    return Answer(
        turn.question,
        found=False,
        probability=min(first.probability if first else 0.0, turn.threshold),
        verdict=verdict,
        reason=reason or _reason(turn, speaker),
        nearest=nearest,
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
