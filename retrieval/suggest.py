"""Questions that the articles can answer, made from who said what in them, and asked before they are offered.

Takes statements, articles and what asks as arguments; knows nothing of how answers are found.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import zip_longest

from retrieval.mentioned import BOUNDARY, CAPITALISED, NO_NAMES
from retrieval.people import name_words
from retrieval.schema import Answer, Article, Statement
from retrieval.several import QUANTITIES

# Longer ones do not fit a button.
MAX_CHARS = 70
MIN_QUOTED_WORDS, MAX_QUOTED_WORDS = 3, 9
# Of each statement so many questions are tried, and for each that is wanted so many in all.
MAX_TOPICS = 2
MAX_TRIED = 3
QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")
DETERMINED = re.compile(r"\b(?:the|a|an) ([a-z][\w’-]+(?: [a-z][\w’-]+)?)(?=[\s,.;:?!”—–-]|\Z)")
LEANING = frozenset("but and or so yet then that this it he she they".split())
# With “the” before them these stand for things named elsewhere
NO_THINGS = QUANTITIES | frozenset(
    """one ones ten eleven twelve dozen hundred thousand million first second third last next former latter same others
    rest""".split()
)
# A name ends here; before a noun it may be an adjective, before another name a part of it
BOUNDED = re.compile(rf"\Z|[,.;:?!”\"’)]| (?:{'|'.join(BOUNDARY - {'and'})})\b| and (?![A-Z])")
# After these a capital may be a unit, the rest of a name, or one of a people
UNITED = re.compile(r"(?:\d|[A-Z]\w+ and|\b[Aa]n?) \Z")
ENDS = re.compile(r"[.!?:“”\"]\s*\Z")
Asks = Callable[[str], Answer]


class Suggester:
    """Suggests questions about the statements of one moment's archive, and remembers which of them are answered.

    Args:
        statements: Who said what.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        # Each once for a statement: both go through its whole article.
        self._is_named = cache(_is_named)
        self._questions = cache(_questions)
        self._statements = [one for one in statements if self._is_named(one)]
        self._answered: dict[tuple[str, str | None], bool] = {}

    def varied(self, ask: Asks, *, within: str | None, limit: int) -> tuple[str, ...]:
        """A few questions of different articles, the latest first, and different speakers."""
        latest = [one for one in self._latest if within in (None, one.article.id)]
        return tuple(self._answerable(latest, ask, within=within, limit=limit, varied=True))

    @cached_property
    def _latest(self) -> list[Statement]:
        """One statement of each article by turns, the latest article first; of each those first that ask best."""
        groups: dict[str, list[Statement]] = {}
        for statement in sorted(self._statements, key=lambda one: one.article.published or "", reverse=True):
            groups.setdefault(statement.article.id, []).append(statement)
        turns = zip_longest(*(sorted(group, key=_promise, reverse=True) for group in groups.values()))
        return [one for turn in turns for one in turn if one]

    def near(
        self,
        groups: Iterable[Sequence[Statement]],
        ask: Asks,
        *,
        within: str | None,
        limit: int,
        hurried: bool = False,
    ) -> tuple[str, ...]:
        """Questions about the statements of the first group, in their order, then about those of the next.

        `hurried`: of questions that must be looked for, only those that are known to be answered.
        """
        found: list[str] = []
        for group in groups:
            named = [one for one in group if self._is_named(one)]
            asked = self._answerable(named, ask, within=within, limit=limit, varied=False, hurried=hurried)
            found += [question for question in asked if not any(_alike(question, other) for other in found)]
        return tuple(found[:limit])

    def _answerable(
        self,
        statements: Sequence[Statement],
        ask: Asks,
        *,
        within: str | None,
        limit: int,
        varied: bool,
        hurried: bool = False,
    ) -> list[str]:
        """The first questions that are answered; `varied`: of different speakers, about topics and words by turns."""
        found: dict[str, str] = {}
        ways: tuple[Callable[..., list[str]], ...] = (self._questions, _plain)
        for questions in ways:
            left = MAX_TRIED * limit
            asks = None if hurried and questions is not _plain else ask
            for statement in statements:
                if len(found) >= limit or left <= 0:
                    break
                if varied and statement.speaker.id in found.values():
                    continue
                asked = questions(statement, quoting=varied and len(found) % 2 == 1)
                fresh = [question for question in asked if not any(_alike(question, other) for other in found)]
                left -= len(fresh)
                answered = next((question for question in fresh if self._is_answered(question, asks, within)), None)
                if answered:
                    found[answered] = statement.speaker.id
        return list(found)

    def _is_answered(self, question: str, ask: Asks | None, within: str | None) -> bool:
        key = question, within
        if key not in self._answered and ask:
            self._answered[key] = ask(question).found
        return self._answered.get(key, False)


def _is_named(statement: Statement) -> bool:
    """Whether a speaker has a name that a question can be asked with: not “the company”, nor “officials”."""
    name = statement.speaker.name
    common = re.search(rf"\b{re.escape(name.lower())}\b", statement.article.text)
    return statement.speaker.kind != "unnamed" and name[:1].isupper() and not common


def _alike(question: str, other: str) -> bool:
    """Whether one of two questions has all words of the other."""
    words, others = ({word.casefold() for word in one.rstrip("?").split()} for one in (question, other))
    return words <= others or others <= words


def _promise(statement: Statement) -> tuple[bool, float]:
    first = next(_topics(statement), "")
    return first.removeprefix("the ")[:1].isupper(), statement.confidence


def _questions(statement: Statement, *, quoting: bool) -> list[str]:
    """The questions that a statement answers: by its words first, or by what it is about."""
    topical = [question for question, _ in zip(_topical(statement), range(MAX_TOPICS), strict=False)]
    quoted = list(_quoted(statement))[:1]
    asked = [*quoted, *topical] if quoting else [*topical, *quoted]
    return [question for question in asked if len(question) <= MAX_CHARS]


def _plain(statement: Statement, *, quoting: bool) -> list[str]:  # noqa: ARG001 - a way to ask, like the other
    """What the speaker said at all, for one whose words give no better question."""
    return [f"What did {_shown(statement.speaker.name, statement.article)} say?"]


def _topical(statement: Statement) -> Iterator[str]:
    name = _shown(statement.speaker.name, statement.article)
    for topic in _topics(statement):
        yield f"What did {name} say about {topic}?"


def _quoted(statement: Statement) -> Iterator[str]:
    """“Who said …?” of a quotation that is a sentence by itself."""
    for span in statement.content:
        for match in QUOTED.finditer(statement.article.text[slice(*span)]):
            quote = " ".join((match[1] or match[2]).split())
            whole = quote[0].isupper() and quote.split()[0].casefold() not in LEANING
            ended = quote[-1] in ".!?" or (quote[-1] == "," and len(statement.content) == 1)
            words = quote.rstrip(",") if quote[-2:-1].isupper() else quote.rstrip(",.")
            if whole and ended and MIN_QUOTED_WORDS <= len(words.split()) <= MAX_QUOTED_WORDS:
                yield f"Who said “{words}”?"


def _topics(statement: Statement) -> Iterator[str]:
    """What a statement is about: names in it, then things that its article speaks of more than once."""
    own = set(name_words(statement.speaker.name))
    content = " ".join(statement.article.text[slice(*span)] for span in statement.content)
    content = " ".join(content.split())
    seen: set[str] = set()
    for topic in (*_names(content, statement.article), *_things(content, statement.article)):
        if topic not in seen and not own & set(name_words(topic)):
            seen.add(topic)
            yield topic


def _names(content: str, article: Article) -> Iterator[str]:
    for match in CAPITALISED.finditer(content):
        before, after = content[: match.start()], content[match.end() :]
        name = re.sub(r"['’]s\Z", "", match.group())
        told = match.start() and not ENDS.search(before) and not UNITED.search(before) and BOUNDED.match(after)
        common = re.search(rf"\b{re.escape(name.lower())}\b", article.text) or len(name) == 1
        if told and not common and re.split(r"[ ’']", name.casefold())[0] not in NO_NAMES:
            yield f"the {name}" if f" {before.lower()}".endswith(" the ") else name


def _things(content: str, article: Article) -> Iterator[str]:
    text = " ".join(article.text.lower().split())
    for match in DETERMINED.finditer(content):
        words = match[1].split()
        for length in range(len(words), 0, -1):
            thing = f"the {' '.join(words[:length])}"
            bounded = re.findall(rf"\b{re.escape(thing)}(?:[,.;:?!”]| (?:{'|'.join(BOUNDARY)})\b)", text)
            whole = words[length - 1] not in NO_THINGS and not BOUNDARY.intersection(words[:length])
            if whole and len(bounded) > 1:
                yield thing
                break


def _shown(name: str, article: Article) -> str:
    """A name with the article that it mostly has in the text: “the Coast Guard”."""
    text = " ".join(article.text.split())
    total = text.count(name)
    return f"the {name}" if total and 2 * len(re.findall(rf"\b[Tt]he {re.escape(name)}", text)) > total else name
