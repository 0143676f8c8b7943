"""Answers, articles and people → the blocks of a reply, in the person's words.

Says what was found and what was not; article text goes in as citations only. Knows no channel.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from bot.blocks import Block, Compared, Entry, Listing, Quoted, Text
from bot.words import Words, marked, shortened
from retrieval import (
    Answer,
    Article,
    Citation,
    Question,
    Speaker,
    Statement,
    differences,
    is_unclear,
    needs_after,
    needs_before,
)

# A longer excerpt is not a short answer.
SHORT_CHARS = 80
# So much of a question is said again.
ASKED_CHARS = 200
LACKING_CHARS = 60
ANSWER, SAYINGS, LISTED = 1, 3, 5
# What helps somebody who asked in another language.
BEST_IN = marked("Please ask in English: that is what I understand best.")
# A question that is answered with yes or no, by its first clause or a later one; “Can you tell me …” is none.
YES_NO = re.compile(
    r"(?:[^?]*[,;:] )?(?:(?:and|but|so|or) )?(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|shall"
    r"|should|may|might|must)(?:n['’]?t)?\b(?! (?:you|we|i)\b)",
    re.IGNORECASE,
)
OPENING, CLOSING = "“«„", "”»"
Why = Callable[[Answer], str]


def archives_reason(answer: Answer) -> str:
    """Why nothing was found, in English, with what an operator can do about it."""
    return answer.reason or "The articles do not say."


def page_size(answer: Answer) -> int:
    """How many citations of an answer are shown at a time: sayings are read together, and what was asked for as a list.

    A fact has more than one citation only where several things were asked for.
    """
    sizes = {"what_said": SAYINGS, "who_said": SAYINGS, "fact": LISTED}
    return sizes.get(answer.question.kind, ANSWER)


def answered(
    answer: Answer, words: Words, *, shown: range | None = None, context: bool = False, why: Why = archives_reason
) -> tuple[Block, ...]:
    """The blocks of an answer: what it comes to, then the citations in `shown`, all without it; else `why` not."""
    understood = answer.question.understood
    opening: list[Block] = [Text(words.say("Understood as: “{question}”", question=understood))] if understood else []
    if not answer.found:
        return (*opening, *_not_found(answer, words, why))
    cited = answer.citations if shown is None else answer.citations[shown.start : shown.stop]
    names = {citation.speaker.name for citation in answer.citations if citation.speaker}
    opening += _heading(answer, words)
    return (
        *opening,
        *(_quoted(one, answer, named=len(names) > 1, context=context) for one in _in_order(answer, cited)),
    )


def numbered(
    answers: Sequence[Answer],
    words: Words,
    *,
    shown: range | None = None,
    context: bool = False,
    why: Why = archives_reason,
) -> tuple[Block, ...]:
    """The answers to the questions of one message, each under its question where there is more than one.

    A list of facts is shown whole.
    """
    if len(answers) == 1:
        return answered(answers[0], words, shown=shown, context=context, why=why)
    return tuple(
        block
        for number, answer in enumerate(answers, 1)
        for block in (
            Text(f"{number}. {answer.question.text}", strong=True),
            *answered(answer, words, shown=None if answer.question.kind == "fact" else shown, context=context, why=why),
        )
    )


def reason(answer: Answer, words: Words, *, name: str | None = None, within: Article | None = None) -> str:
    """Why nothing was found, as a reader is told.

    Args:
        answer: What was not found.
        words: The reader's words.
        name: What whoever is asked about is called in the articles.
        within: The only article that was asked.
    """
    question = answer.question
    if is_unclear(question):
        return words.say("It is not clear what that refers to; please ask in full.")
    only = within and words.say("Only “{title}” was asked; /article alone asks all again.", title=within.title)
    english = words.say(BEST_IN) if question.kind != "quote" and not question.is_english else None
    if answer.nearly:
        unsaid = words.say("Perhaps the articles do not say.")
    else:
        unsaid = _unsaid(question, name or question.speaker, words, everywhere=within is None)
    return " ".join(part for part in (unsaid, only, english) if part)


def asked(question: Question, words: Words) -> tuple[Block, ...]:
    """What was asked, where the reason why nothing was found does not tell; nothing where it is plain."""
    if question.understood or is_unclear(question):
        return ()
    is_long = question.kind == "fact" and len(question.text) > SHORT_CHARS
    if question.kind not in ("who_said", "did_say") and not is_long:
        return ()
    return (Text(words.say("You asked: “{question}”", question=shortened(question.text, ASKED_CHARS))),)


def _unsaid(question: Question, name: str | None, words: Words, *, everywhere: bool) -> str:
    """What the articles do not say; `everywhere`: all of them were asked."""
    if question.kind == "quote" and everywhere:
        return words.say("These words stand in none of the articles.")
    if question.kind == "did_say" and name:
        return words.say("The articles do not say that {name} said so.", name=name)
    if question.kind == "what_said" and name:
        return _unsaid_by(name, question, words)
    return words.say("The articles do not say.")


def _unsaid_by(name: str, question: Question, words: Words) -> str:
    """What somebody does not say in the articles, or not besides what was cited already."""
    if question.topic == question.text:
        if question.further:
            return words.say("The articles do not say what else {name} said.", name=name)
        return words.say("The articles do not say what {name} said.", name=name)
    topic = shortened(question.topic.rstrip("?. "), ASKED_CHARS)
    if question.further:
        return words.say("The articles do not say what else {name} said about {topic}.", name=name, topic=topic)
    return words.say("The articles do not say what {name} said about {topic}.", name=name, topic=topic)


def described(article: Article, words: Words) -> str:
    """An article by title, source and date."""
    return words.beside(article.title, *placed(article, words))


def placed(article: Article, words: Words) -> tuple[str, ...]:
    """Source and date of an article, as far as they are known."""
    return tuple(part for part in (article.source, words.day(article.published)) if part)


def cited_in(citation: Citation, words: Words) -> tuple[str, ...]:
    """Source and date of a citation's article, and in how many others of its story the same stands."""
    others = len(citation.also)
    also = (words.many("also in {n} other", "also in {n} others", others),) if others else ()
    return (*placed(citation.article, words), *also)


def with_context(citation: Citation) -> Quoted:
    """A citation with the sentences around it."""
    return Quoted(citation, context=True)


def articles_listed(articles: Iterable[Article], words: Words, *, first: int | None = None) -> Listing:
    """Articles, with the keys that commands know them by, numbered from `first`."""
    return Listing(
        tuple(
            Entry(article.title, key=article.id, note=words.beside(*placed(article, words)), link=article.url)
            for article in articles
        ),
        first,
    )


def people_listed(speakers: Iterable[Speaker], words: Words) -> Listing:
    """Speakers: name, title, other names."""
    return Listing(tuple(Entry(speaker.name, note=_also(speaker, words)) for speaker in speakers))


def article_card(article: Article, words: Words, *, speakers: Sequence[Speaker]) -> tuple[Block, ...]:
    """An article: where it comes from and who speaks in it."""
    lines = [
        words.beside(*placed(article, words)),
        words.say("By {author}", author=article.author) if article.author else "",
        words.say("Who speaks: {names}", names=words.listed(one.name for one in speakers)) if speakers else "",
    ]
    heading = Listing((Entry(article.title, link=article.url),)) if article.url else Text(article.title, strong=True)
    return (heading, Text("\n".join(line for line in lines if line)))


def speaker_card(
    speaker: Speaker, statements: Sequence[Statement], words: Words, *, shown: range | None = None
) -> tuple[Block, ...]:
    """A speaker and what they said, each statement marked as in their own words or reported."""
    articles = len({one.article.id for one in statements})
    counted = words.beside(
        words.many("{n} statement", "{n} statements", len(statements)),
        words.many("{n} article", "{n} articles", articles),
    )
    kept = statements if shown is None else statements[shown.start : shown.stop]
    also = _also(speaker, words)
    card = Text(f"{also}\n{counted}" if also else counted)
    return (Text(speaker.name, strong=True), card, *(statement(one, words) for one in kept))


def statement(one: Statement, words: Words, *, named: bool = False) -> Quoted:
    """A statement by the sentences that hold it."""
    marks = {
        "direct": words.say("in their own words"),
        "mixed": words.say("partly in their own words"),
        "indirect": words.say("reported"),
    }
    start, end = one.sentences[0].start, one.sentences[-1].end
    citation = Citation(one.article, start, end, one.confidence, context_start=start, context_end=end, statement=one)
    return Quoted(citation, name=one.speaker.name if named else None, note=marks[one.kind])


def _heading(answer: Answer, words: Words) -> list[Block]:
    """What the answer comes to: verdict, speakers, or the answer's own words."""
    name = answer.speaker.name if answer.speaker else None
    kind, verdict = answer.question.kind, answer.verdict
    if kind == "quote" or verdict in ("exact", "altered", "other_speaker"):
        return _checked(answer, words)
    if kind == "did_say":  # without a verdict a fact answers it, and what of that is yes or no is not known
        return [Text(_confirmed(answer, words), strong=True)] if verdict else []
    if kind in ("who_said", "what_said") and name:
        names = dict.fromkeys(citation.speaker.name for citation in answer.citations if citation.speaker)
        return [Text(words.listed(names), strong=True)]
    short = _whole(" ".join(answer.short.text.split())) if answer.short else ""
    is_told = 0 < len(short) <= SHORT_CHARS and not YES_NO.match(answer.question.text)
    return [Text(short, strong=True)] if is_told else []


def _whole(short: str) -> str:
    """A short answer without a quotation mark at its ends that has lost its partner; empty where one stands inside."""
    if _is_paired(short):
        return short
    marks = f'{OPENING}{CLOSING}"'
    bare = (short.lstrip(marks), short.rstrip(marks), short.strip(marks))
    return next((one.strip(" ,;:") for one in bare if _is_paired(one)), "")


def _is_paired(text: str) -> bool:
    """Whether every double quotation mark has its partner."""
    depth = 0
    for char in text:
        depth += (char in OPENING) - (char in CLOSING)
        if depth < 0:
            return False
    return depth == 0 and text.count('"') % 2 == 0


def _confirmed(answer: Answer, words: Words) -> str:
    name = answer.speaker.name if answer.speaker else None
    if answer.verdict == "yes":
        return words.say("Yes. {name}:", name=name or words.say("somebody not named here"))
    if name and answer.question.speaker:
        is_meant = answer.speaker is not None and _is_called(answer.speaker, answer.question.speaker)
        return words.say("No. {name}:", name=name) if is_meant else words.say("No, it was {name}.", name=name)
    return words.say("No.")


def _is_called(speaker: Speaker, typed: str) -> bool:
    """Whether a name as somebody typed it is the speaker's."""
    names = " ".join((speaker.name, speaker.title or "", *speaker.aliases))
    return set(typed.casefold().split()) <= set(names.casefold().split())


def _checked(answer: Answer, words: Words) -> list[Block]:
    """The verdict on a quotation, with what differs."""
    name = answer.speaker.name if answer.speaker else None
    if answer.verdict == "other_speaker":
        return [Text(words.say("No, it was {name}.", name=name or ""), strong=True)]
    if answer.verdict == "exact":
        said = words.say("Word for word, said by {name}.", name=name) if name else ""
        return [Text(said or words.say("Word for word, as the article puts it."), strong=True)]
    if answer.verdict != "altered":
        return []
    told = words.say("Not word for word; {name} said:", name=name) if name else words.say("Not word for word:")
    return [Text(told, strong=True), *_compared(answer)]


def _compared(answer: Answer) -> list[Block]:
    if not (answer.short and answer.question.quote):
        return []
    return [Compared(tuple(differences(answer.question.quote, answer.short.text)))]


def _in_order(answer: Answer, cited: Sequence[Citation]) -> Sequence[Citation]:
    """A list in the order of its articles, whichever has the best first; anything else best first."""
    if answer.question.kind != "fact":
        return cited
    articles = [one.article.id for one in cited]
    return sorted(cited, key=lambda one: (articles.index(one.article.id), one.start))


def _quoted(citation: Citation, answer: Answer, *, named: bool, context: bool = False) -> Quoted:
    """A citation with what has to be read with it, as far as that is not cited itself."""
    name = citation.speaker.name if citation.speaker and named else None
    if context:
        return Quoted(citation, context=True, name=name)
    question = answer.question.text
    told = citation.speaker is not None and citation.speaker.kind != "unnamed"
    others = [one.start for one in answer.citations if one.article == citation.article]
    before = not told and not any(citation.context_start <= start < citation.start for start in others)
    after = citation.statement is None and not any(citation.end <= start < citation.context_end for start in others)
    return Quoted(
        citation,
        before=before and needs_before(citation, question),
        after=after and needs_after(citation, question),
        name=name,
    )


def _not_found(answer: Answer, words: Words, why: Why) -> tuple[Block, ...]:
    said = Text(why(answer))
    if answer.nearest is None:
        return (said,)
    speaker = answer.nearest.speaker
    nearest = Quoted(answer.nearest, name=speaker.name if speaker and speaker.kind != "unnamed" else None)
    return (said, Text(_nearest(answer, words)), nearest)


def _nearest(answer: Answer, words: Words) -> str:
    """What the nearest sentence is, and which words of the question it does not have."""
    lacking = words.listed(words.say("“{text}”", text=shortened(text, LACKING_CHARS)) for text in answer.lacks)
    if answer.nearly and lacking:
        return words.say("The nearest sentence, which may answer but does not mention {words}:", words=lacking)
    if answer.nearly:
        return words.say("The nearest sentence, which may answer:")
    if lacking:
        return words.say("The nearest sentence, which does not mention {words}:", words=lacking)
    return words.say("The nearest sentence, which does not answer:")


def _also(speaker: Speaker, words: Words) -> str:
    """A title and other names, without those that only shorten what is shown already."""
    known = set(f"{speaker.name} {speaker.title or ''}".split())
    others = words.listed(alias for alias in speaker.aliases if not known.issuperset(alias.split()))
    also = words.say("also {names}", names=others) if others else ""
    return words.beside(speaker.title, also)
