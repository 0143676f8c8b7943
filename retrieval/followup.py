"""A question and the turn before it → the question that stands on its own.

What stands on its own is left alone, and so is what the turn before does not explain. Takes the ledger and the cited
article as arguments; knows nothing of how answers are found.
"""

import re
from dataclasses import replace

from retrieval.before import Before
from retrieval.details import detail, is_circumstance, placed, shows
from retrieval.ellipsis import Lean, lean, stripped
from retrieval.language import ENGLISH
from retrieval.ledger import Ledger
from retrieval.mentioned import DETERMINED, MARKS, Mentioned, bare, names_of
from retrieval.message import PRONOUN, names_before
from retrieval.question import clean, understand
from retrieval.sayings import denies
from retrieval.scene import GENDERS
from retrieval.schema import Article, Question

ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\s+(?P<topic>[^?]+?)[\s?.!]*\Z", re.IGNORECASE)
MAX_TOPIC_WORDS = 8
QUOTED = '“”"‘’„ ,.'
# With “How much did it cost?”, but not with “How long does it take to fly there?”
LEANING = re.compile(rf"(?<!time is )(?:{PRONOUN.pattern})|\bit(?= (?:take|cost)[\s?]*\Z)", re.IGNORECASE)
# “What did Ruiz say about it?”: a name before it is no name for it
LAST = re.compile(
    r"\b(?:about|on|of|with|for|to|against|from|by|at|meet|met|visit|know)"
    r" (?P<it>it|that|this|these|those|him|her|them)[\s?.!]*\Z",
    re.IGNORECASE,
)
WHO = re.compile(r"\Awho (?!else\b)", re.IGNORECASE)
LEADING = re.compile(r"\A(?:about|on|regarding) ", re.IGNORECASE)
PRONOUNS = frozenset((*GENDERS, "they", "them"))
POSSESSIVES = frozenset(("his", "her", "hers", "their", "theirs", "its"))
OBJECTS = frozenset(
    "in on at by for to from with of about into over after before during since and or that as is was".split()
)
THINGS = frozenset(("it", "its", "itself", "that", "this", "these", "those"))


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
    understood = question.text if question.text != typed else None
    return replace(question, understood=understood, near=near, shown=before.shown)


def is_unclear(question: Question) -> bool:
    """Whether a question means nothing without a turn before that explains it, as “Why?” and “And Trump?” do."""
    if question.kind == "quote" or question.language != ENGLISH or question.understood is not None:
        return False
    found = lean(question.text)
    return found is not None and (found.form != "instead" or found.word == "and")


def is_courtesy(text: str) -> bool:
    """Whether a message is nothing but a greeting, thanks or assent, and asks nothing."""
    typed = clean(text)
    return any(letter.isalpha() for letter in typed) and not stripped(typed)[0]


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
        pieces, end = [], 0
        for match in LEANING.finditer(typed):
            if not _leans(typed, match):
                continue
            meant = self._meaning(match.group().lower(), typed[: match.start()], typed[match.end() :])
            if meant is None:
                return None
            pieces += [typed[end : match.start()], meant]
            end = match.end()
        return understand("".join([*pieces, typed[end:]])) if pieces else None

    def _meaning(self, word: str, typed: str, rest: str) -> str | None:
        """What a pronoun stands for, in the form that its place asks for."""
        meant = self._thing() if word in THINGS else self._known.person(word, besides=names_of(typed))
        if meant is None:
            return None
        follows = rest.split(maxsplit=1)[0].lower().strip(",.?!") if rest.strip(" ?.!") else ""
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
        if found.word == "who" and before.kind != "who_said":
            source = self._source(found)
            return replace(source, further=True) if source else None
        again = found.word == "who" if before.kind == "who_said" else not self._is_saying and not found.pronoun
        if again and not about:
            question = understand(WHO.sub("Who else ", before.question))
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
        content = self._known.content
        if statement is None or name is None or content is None:
            return None
        if self._known.denied:
            return understand(f"Did {name} deny that {_lowered(content)}?")
        if statement.kind == "direct":
            return _quoting(name, content)
        return understand(f"Did {name} say that {_lowered(content)}?")

    def _source(self, _: Lean) -> Question | None:
        """Who said what is cited; a denial is asked for as one."""
        before = self._before
        cited = self._known.content or bare(self._known.cited or "")
        if cited and self._known.denied:
            return understand(f"Who denied that {_lowered(cited)}?")
        if cited:
            text = f"Who said that {_lowered(cited)}?" if set(cited) & MARKS else f"Who said “{cited}”?"
            return Question(text, "who_said", cited, quote=cited)
        return understand(f"Who said that {before.topic.rstrip('?. ')}?") if before.kind == "did_say" else None

    def _detail(self, found: Lean) -> Question:
        """The question before, asked for a detail; what was cited is no answer again unless it shows such a detail."""
        before, name = self._before, self._name()
        fresh = not shows(found.word, self._known.cited or "")
        if before.kind == "fact" or name is None:
            return replace(_fact(detail(found.word, before.question, before.short), before.asked), further=fresh)
        claim = f"{found.word[0].upper()}{found.word[1:]} did {name} {self._claim()}?"
        return replace(_fact(claim, name), further=fresh)

    def _claim(self) -> str:
        """What was said, with its verb: “say that …”, “deny that …”."""
        before, statement = self._before, self._known.statement
        if before.kind == "who_said" and before.quote is None:
            return f"{self._verb} that {before.topic.rstrip('?. ')}"
        content = self._known.content
        if content is None or statement is None:
            about = ABOUT.search(before.question)
            return f"say this about {about['topic']}" if about else "say this"
        if self._known.denied:
            return f"deny that {_lowered(content)}"
        return f"say “{content}”" if statement.kind == "direct" else f"say that {_lowered(content)}"

    @property
    def _verb(self) -> str:
        """The verb of the claim asked about before: “deny” where it was a denial."""
        return "deny" if denies(self._before.question.replace(self._before.topic, "")) else "say"

    def _instead(self, found: Lean) -> Question | None:
        """The question before, of somebody or something else."""
        named, before = found.named, self._before
        if named.lower() in PRONOUNS:
            person = self._known.person(named.lower(), besides=[name for name in (before.asked,) if name])
            return self._of(person) if person else None
        topic = LEADING.sub("", named)
        if is_circumstance(named):
            return understand(placed(before.question, named)) if before.quote is None else None
        if topic == named and (speaker := self._speaks(named)):
            return self._of(speaker)
        if not self._is_saying:
            return self._swapped(named) or (_fact(f"What about {topic}?", None) if found.word else None)
        name = self._name()
        topic = topic.lower() if self._known.is_word(topic.lower()) else topic
        return understand(f"What did {name} say about {topic}?" if name else f"Who spoke about {topic}?")

    @property
    def _is_saying(self) -> bool:
        """Whether the question before is about what somebody said, or about a detail of that."""
        return self._before.kind != "fact" or self._before.asked is not None

    def _of(self, name: str) -> Question | None:
        """The question before, of another person."""
        before = self._before
        if not self._is_saying:
            return self._swapped(name)
        match = ABOUT.search(before.question)
        if before.kind in ("what_said", "fact"):
            return understand(f"What did {name} say{' about ' + match['topic'] if match else ''}?")
        if before.quote:
            return Question(
                f"Did {name} say “{before.quote}”?", "quote", before.quote, speaker=name, quote=before.quote
            )
        return understand(f"Did {name} {self._verb} that {before.topic.rstrip('?. ')}?")

    def _speaks(self, name: str) -> str | None:
        """The name as the articles have it, of a speaker or of another person in them; None of a topic."""
        bare = re.sub(r"\A(?:the|a|an|mr|mrs|ms|dr)\.? ", "", name, flags=re.IGNORECASE)
        known = self._known.speaker(name)
        if known is not None and known.kind != "unnamed" and not (name.islower() and self._known.is_word(bare)):
            return known.name
        return name if name[:1].isupper() and self._known.is_person(name) else None

    def _swapped(self, named: str) -> Question | None:
        """The question of fact before, with the person or thing in it replaced; None where that is not plain."""
        question = self._before.question
        old = self._known.alike(named)
        return understand(question.replace(old, named, 1)) if old else None

    def _name(self) -> str | None:
        return next(
            (name for name in (self._before.speaker, self._before.asked) if name and "not named here" not in name), None
        )


def _leans(typed: str, pronoun: re.Match[str]) -> bool:
    """Whether a pronoun means nobody and nothing in its own question."""
    last = LAST.search(typed)
    if last and last.start("it") == pronoun.start():
        return True
    ends = typed[pronoun.end() :].strip(" ?!.") == ""
    told = names_before(typed[: pronoun.start()]) or (not ends and DETERMINED.search(typed[: pronoun.start()]))
    return not told


def _quoting(name: str, quote: str) -> Question:
    return Question(f"Did {name} say “{quote}”?", "quote", quote, speaker=name, quote=quote)


def _fact(text: str, speaker: str | None) -> Question:
    """A question of fact; with the speaker whose saying it is about, for what may follow."""
    return replace(understand(text), kind="fact", topic=text, speaker=speaker)


def _lowered(content: str) -> str:
    content = re.sub(r"\Athat ", "", content, flags=re.IGNORECASE)
    first = content.split()[0] if content else ""
    return content[0].lower() + content[1:] if first.lower() in LOWERED else content


LOWERED = frozenset("the a an he she it they his her its their this that there no not any".split())
