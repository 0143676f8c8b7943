"""A question and the turn before it → the question that stands on its own.

What stands on its own is left alone, and so is what the turn before does not explain. Takes the ledger and the cited
article as arguments; knows nothing of how answers are found.
"""

import re
from dataclasses import replace

from retrieval.before import Before
from retrieval.ellipsis import Lean, detail, lean
from retrieval.ledger import Ledger
from retrieval.mentioned import Mentioned
from retrieval.message import PRONOUN, names_before
from retrieval.question import clean, understand
from retrieval.scene import GENDERS
from retrieval.schema import Article, Question, Statement

ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\s+(?P<topic>[^?]+?)[\s?.!]*\Z", re.IGNORECASE)
MAX_TOPIC_WORDS = 8
MAX_CONTENT_WORDS = 30
QUOTED = '“”"‘’„ ,.'
# “How much did it cost?”: no phrase about nothing in particular, as in “How long does it take to fly there?”
COSTS = re.compile(r"\bit (?:take|cost)\s*\?*\Z", re.IGNORECASE)
POSSESSIVES = frozenset(("his", "her", "hers", "their", "theirs", "its"))
OBJECTS = frozenset(
    "in on at by for to from with of about into over after before during since and or that as is was".split()
)
THINGS = frozenset(("it", "its", "itself", "that", "this", "these", "those"))
TIME = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)day|today|yesterday|tomorrow|(?:last|this|next|that) (?:year|month|week|night)|\d{4})\b",
    re.IGNORECASE,
)
PLACED = re.compile(
    r"\A(?P<preposition>in|on|at|by|since|until|during|after|before|from|to|for|with|under|near)\s+", re.IGNORECASE
)


def follow(text: str, before: Before, *, ledger: Ledger, article: Article | None) -> Question | None:
    """The question that a follow-up asks, or None where it stands on its own or stays unexplained.

    Args:
        text: The question as typed.
        before: The turn that it follows.
        ledger: Who said what in the archive.
        article: The article that the turn before cites, if it is still what it was.
    """
    typed = clean(text)
    thread = _Thread(before, Mentioned(before, ledger, article))
    found = lean(typed)
    question = thread.read(found) if found else thread.resolve(typed)
    if question is None:
        return None
    near = before.cited[0] if before.cited and article is not None else None
    return replace(question, understood=question.text, near=near, shown=before.shown)


class _Thread:
    """The turn before, asked what a follow-up means."""

    def __init__(self, before: Before, known: Mentioned) -> None:
        self._before = before
        self._known = known

    def read(self, found: Lean) -> Question | None:
        """The question of a text that has one of the forms that lean on the turn before."""
        readers = {
            "who_is": self._who_is,
            "further": self._further,
            "doubt": self._doubt,
            "source": self._source,
            "detail": self._detail,
            "instead": self._instead,
        }
        return readers[found.form](found)

    def resolve(self, typed: str) -> Question | None:
        """A whole question with its pronouns replaced by what they stand for; None where it has none of its own."""
        leaning = COSTS.search(typed) or PRONOUN.search(typed)
        if leaning is None or names_before(typed[: leaning.start()]):
            return None
        understood = self._replaced(typed)
        return understand(understood) if understood and understood != typed else None

    def _replaced(self, typed: str) -> str | None:
        """The text with every pronoun replaced; None where one of them stays unexplained."""
        pieces, end = [], 0
        for match in re.finditer(f"(?:{PRONOUN.pattern})|{COSTS.pattern}", typed, re.IGNORECASE):
            word = match.group().split()[0]
            meant = self._meaning(word.lower(), typed[match.end() :])
            if meant is None:
                return None
            pieces += [typed[end : match.start()], meant, match.group()[len(word) :]]
            end = match.end()
        return "".join([*pieces, typed[end:]])

    def _meaning(self, word: str, rest: str) -> str | None:
        meant = self._thing() if word in THINGS else self._known.person(word)
        if meant is None:
            return None
        follows = rest.split(maxsplit=1)[0].lower().strip(",.?!") if rest.split() else ""
        owns = word in POSSESSIVES and (word != "her" or (follows != "" and follows not in OBJECTS))
        return f"{meant}’s" if owns else meant

    def _thing(self) -> str | None:
        """What “it” stands for: what was talked about, or the first thing that the question before names."""
        match = ABOUT.search(self._before.question)
        if self._before.kind == "what_said" and match and len(match["topic"].split()) <= MAX_TOPIC_WORDS:
            return match["topic"]
        return self._known.things[0] if self._known.things else None

    def _who_is(self, found: Lean) -> Question | None:
        name = self._known.person(found.word) if found.word in GENDERS else next(iter(self._known.people), None)
        return understand(f"Who is {name}?") if name else None

    def _further(self, found: Lean) -> Question | None:
        before = self._before
        about = f" about {found.about}" if found.about else ""
        name = self._known.person(found.pronoun) if found.pronoun not in ("", "it") else self._name()
        again = found.word == "who" if before.kind == "who_said" else before.kind == "fact" and not found.pronoun
        if again and not about:
            question = understand(before.question)
        elif name is None:
            return None
        else:
            topic = ABOUT.search(before.question) if not found.pronoun and before.kind == "what_said" else None
            about = about or (f" about {topic['topic']}" if topic else "")
            question = understand(f"What else did {name} say{about}?")
        return replace(question, further=True)

    def _doubt(self, _: Lean) -> Question | None:
        """Whether the cited sentence was really said: its quotation checked, or what it reports asked for."""
        statement = self._known.statement
        name = self._name()
        content = _content(statement)
        if statement is None or name is None or content is None:
            return None
        if statement.kind == "direct":
            return Question(f"Did {name} say “{content}”?", "quote", content, speaker=name, quote=content)
        return understand(f"Did {name} say that {_lowered(content)}?")

    def _source(self, _: Lean) -> Question | None:
        before = self._before
        cited = _content(self._known.statement) or (self._known.cited or "").strip(QUOTED)
        if cited:
            return Question(f"Who said “{cited}”?", "who_said", cited, quote=cited)
        return (
            understand(f"Who said that {before.topic.rstrip('?. ')}?") if before.kind in ("did_say", "quote") else None
        )

    def _detail(self, found: Lean) -> Question:
        before, name = self._before, self._name()
        if before.kind == "fact" or name is None:
            return understand(detail(found.word, before.question, before.short))
        asking = found.word[0].upper() + found.word[1:]
        if before.kind == "who_said" and before.quote is None:
            return _fact(f"{asking} did {name} say that {before.topic.rstrip('?. ')}?")
        content = _content(self._known.statement)
        if content is None:
            about = ABOUT.search(before.question)
            return _fact(f"{asking} did {name} say this{' about ' + about['topic'] if about else ''}?")
        statement = self._known.statement
        direct = statement is not None and statement.kind == "direct"
        return _fact(f"{asking} did {name} say {f'“{content}”' if direct else 'that ' + _lowered(content)}?")

    def _instead(self, found: Lean) -> Question | None:
        """The question before, of somebody or something else."""
        named, before = found.named.strip(), self._before
        if named.lower() in GENDERS or named.lower() == "them":
            person = self._known.person(named.lower(), other_than=before.asked or before.speaker)
            return self._of(person) if person else None
        topical = re.sub(r"\A(?:about|on|regarding)\s+", "", named, flags=re.IGNORECASE)
        if topical == named and (speaker := self._speaks(named)):
            return self._of(speaker)
        if before.kind == "fact":
            return self._fact_of(named)
        if PLACED.match(topical) or TIME.fullmatch(topical):
            return understand(_placed(before.question, topical))
        name = self._name()
        return understand(f"What did {name} say about {topical}?" if name else f"Who spoke about {topical}?")

    def _of(self, name: str) -> Question | None:
        """The question before, of another person."""
        before = self._before
        if before.kind == "fact":
            return self._swapped(name)
        match = ABOUT.search(before.question)
        if before.kind == "what_said":
            return understand(f"What did {name} say{' about ' + match['topic'] if match else ''}?")
        if before.quote:
            return Question(
                f"Did {name} say “{before.quote}”?", "quote", before.quote, speaker=name, quote=before.quote
            )
        return understand(f"Did {name} say that {before.topic.rstrip('?. ')}?")

    def _speaks(self, name: str) -> str | None:
        """The name as the articles have it, of a speaker or of another person in them; None of a topic."""
        bare = re.sub(r"\A(?:the|a|an|mr|mrs|ms|dr)\.? ", "", name, flags=re.IGNORECASE)
        known = self._known.speaker(name)
        if known is not None and known.kind != "unnamed" and not (name.islower() and self._known.is_word(bare)):
            return known.name
        return name if name[:1].isupper() and self._known.is_person(name) else None

    def _fact_of(self, named: str) -> Question | None:
        if PLACED.match(named) or TIME.fullmatch(named):
            return understand(_placed(self._before.question, named))
        return self._swapped(named)

    def _swapped(self, named: str) -> Question | None:
        """The question of fact before, with the person or thing in it replaced; None where that is not plain."""
        question = self._before.question
        old = self._known.alike(named)
        return understand(question.replace(old, named, 1)) if old else None

    def _name(self) -> str | None:
        return next(
            (name for name in (self._before.speaker, self._before.asked) if name and "not named here" not in name), None
        )


def _placed(question: str, named: str) -> str:
    """A question with its time or place replaced by another, or with that at its end."""
    bare = question.rstrip(" ?")
    timed = TIME.search(named) is not None
    for match in re.finditer(
        r"\b(?:in|on|at|during|since) [^?]+?(?=\Z| (?:in|on|at|during|since|by|for|to)\b)", bare, re.IGNORECASE
    ):
        if (TIME.search(match.group()) is not None) == timed:
            return f"{bare[: match.start()]}{named}{bare[match.end() :]}?"
    return f"{bare} {named}?"


def _content(statement: Statement | None) -> str | None:
    """What was said, where it stands in one piece that is short enough to be asked."""
    if statement is None or len(statement.content) != 1:
        return None
    content = " ".join(statement.article.text[slice(*statement.content[0])].split()).strip(QUOTED)
    return content if len(content.split()) <= MAX_CONTENT_WORDS else None


def _fact(text: str) -> Question:
    return replace(understand(text), kind="fact", topic=text, speaker=None)


def _lowered(content: str) -> str:
    content = re.sub(r"\Athat ", "", content, flags=re.IGNORECASE)
    first = content.split()[0] if content else ""
    return content[0].lower() + content[1:] if first.lower() in LOWERED else content


LOWERED = frozenset("the a an he she it they his her its their this that there no not any".split())
