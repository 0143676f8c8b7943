"""Whether statements make a claim: those about it, each with “yes”, “no”, or neither where that cannot be told.

Holds the claim of a “did … say” against the very words of a statement; knows nothing of who may have made it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval import claims
from retrieval.answer import Turn
from retrieval.forms import is_clause
from retrieval.reporting import WORD, is_reporting, lemma
from retrieval.schema import Question, Sentence, Statement, Verdict

# How many of a speaker's statements are compared with a claim by their meaning
COMPARED = 8
MENTIONED_SHARE = 0.3
# Verbs that say nothing of how something was said: what is asked with them may be reported with any other
PLAIN = frozenset("say tell claim state call describe mention quote declare speak talk write maintain".split())
RULED_OUT = re.compile(r"\brul(?:e|es|ed|ing)\b(?: \w+)? out\b", re.IGNORECASE)
PRONOUN = re.compile(r"\b(?:he|she|they|him|his|her|them|their|its|it|one|ones|this|these)\b", re.IGNORECASE)
THING = re.compile(r"\b(?:it|one|ones|them|this|these)\b", re.IGNORECASE)
NOT_SAID = re.compile(r"(?:\bnot|\bnever|n['’]t)\s*\Z", re.IGNORECASE)
DENIALS = frozenset("deny reject dispute refute rebut dismiss contradict refuse decline disagree oppose doubt".split())


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the probability that it is what was asked for, and the sentence of it that shows so."""

    statement: Statement
    sentence: Sentence
    probability: float


def claimed(turn: Turn, said: Sequence[Said]) -> list[tuple[Said, Verdict | None]]:
    """Those that are about the question's claim, best first, each with whether it makes it."""
    about = [(close, _verdict(turn, close)) for one in said[:COMPARED] if (close := _close(turn, one))]
    return sorted(about, key=lambda pair: -pair[0].probability)


def _close(turn: Turn, one: Said) -> Said | None:
    """A saying with the probability that it is about the question's claim; None where it is about another."""
    claim, told, stands = _claim(turn), claims.spelled(_told(one)), claims.spelled(one.sentence.text)
    before = _meant(turn, one, told)
    context = f"{before} {stands}"
    share = claims.share(claim, told, turn.stems)
    if share < claims.MIN_SHARE or _is_unsaid(one) or not _has_verb(turn.question, told):
        return None
    likeness = claims.likeness(claim, one.statement.speaker.name, stands, context, turn.embed)
    if likeness >= claims.SAME_MEANING:
        return replace(one, probability=max(one.probability, likeness))
    in_full = claims.share(claim, f"{told} {before}" if PRONOUN.search(told) else told, turn.stems) == 1
    is_literal = in_full and not claims.differs(claim, context) and not claims.turns_round(claim, told)
    return one if is_literal and one.probability >= turn.threshold * MENTIONED_SHARE else None


def _meant(turn: Turn, one: Said, told: str) -> str:
    """What a statement's pronouns may stand for: the sentence before and, where “it” is meant, the title."""
    before, _ = turn.neighbours(one.sentence)
    parts = (one.sentence.article.title if THING.search(told) else "", before.text if before else "")
    return claims.spelled(" ".join(part for part in parts if part))


def _verdict(turn: Turn, said: Said) -> Verdict | None:
    """Whether what is asked about was said; None where question and statement cannot be held against each other.

    Each denial and each negation turns a claim once. A denial that is asked about is not disproved by what was said at
    another time.
    """
    question, text = turn.question, said.statement.article.text
    negated = claims.negated(_claim(turn), claims.spelled(_content(said)), turn.stems)
    if negated is None:
        return None
    cue = text[slice(*said.statement.cue)] if said.statement.cue else ""
    asked = denies(_asked(question))
    if (asked + negated + denies(cue)) % 2 == 0:
        return "yes"
    return None if asked else "no"


def _claim(turn: Turn) -> str:
    return claims.spelled(turn.question.topic.rstrip(" ?."))


def _asked(question: Question) -> str:
    """What a question has beside its claim: the speaker and the verb."""
    return question.text.replace(question.topic, "")


def _content(said: Said) -> str:
    """What was said in the sentence, without who said it."""
    statement, sentence = said.statement, said.sentence
    pieces = [(max(start, sentence.start), min(end, sentence.end)) for start, end in statement.content]
    return ", ".join(statement.article.text[start:end] for start, end in pieces if start < end)


def _told(said: Said) -> str:
    """The part of the sentence from what was said to the verb that reports it, or the other way round."""
    statement, sentence = said.statement, said.sentence
    spans = [*statement.content, *((statement.cue,) if statement.cue else ())]
    within = [(start, end) for start, end in spans if start < sentence.end and end > sentence.start]
    first, last = min(start for start, _ in within), max(end for _, end in within)
    return statement.article.text[max(first, sentence.start) : min(last, sentence.end)]


def _is_unsaid(said: Said) -> bool:
    """Whether the sentence reports that something was not said: “He did not say …”."""
    cue = said.statement.cue
    return cue is not None and NOT_SAID.search(said.statement.article.text[max(0, cue[0] - 8) : cue[0]]) is not None


def _has_verb(question: Question, told: str) -> bool:
    """Whether what was done with words was done with the verb asked about, where its object alone does not tell."""
    asked = _asked(question)
    verbs = {lemma(word) for word in WORD.findall(asked) if is_reporting(word)}
    if is_clause(question.text[question.text.find(question.topic) :]) or denies(asked) or verbs & PLAIN:
        return True
    return not verbs or bool(verbs & {lemma(word) for word in WORD.findall(told)})


def denies(words: str) -> bool:
    """Whether a verb among the words says that something is not so."""
    return any(lemma(word) in DENIALS for word in WORD.findall(words)) or RULED_OUT.search(words) is not None
