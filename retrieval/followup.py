"""A question and the turn before it → the question that stands on its own.

What stands on its own is left alone, and so is what the turn before does not explain. Takes the ledger and the cited
article as arguments; knows nothing of how answers are found.
"""

import re
from dataclasses import replace

from retrieval.before import Before
from retrieval.details import ASKED, detail, is_circumstance, placed, shows
from retrieval.ellipsis import CLAUSE, SAID_IT, SPEAKING, Lean, lean, stripped
from retrieval.forms import QUESTION_WORDS, QUOTED
from retrieval.language import ENGLISH
from retrieval.ledger import Ledger
from retrieval.lexicon import ORDINARY
from retrieval.mentioned import DETERMINED, MARKS, OPENING, PLURAL, Mentioned, bare, names_of
from retrieval.message import OPENS, PRONOUN, names_before
from retrieval.question import clean, understand
from retrieval.scene import GENDERS
from retrieval.schema import Article, Question
from retrieval.verdicts import denies

ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\s+(?P<topic>[^?]+?)[\s?.!]*\Z", re.IGNORECASE)
SAID_ABOUT = re.compile(r"\bsay this about (?P<topic>[^?]+?)[\s?.!]*\Z")
MAX_TOPIC_WORDS = 8
# With so few words of its own, and no name, a question is about what its pronouns stand for
MAX_OPEN_WORDS = 1
WORD = re.compile(r"[^\W_]+")
NAMES = re.compile(r"(?<=\s)[A-Z]\w|\d|\b(?:the|The) \w")
# “When was Neil Armstrong?”
BARE = re.compile(r".+? (?:is|was|are|were) (?P<named>[^?]+)\?")
SAYS = frozenset("say said says tell told think thought mean meant".split())
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
    if question is None or (question.text != typed and is_unclear(question)):
        return None
    near = before.cited[0] if before.cited and article is not None else None
    understood = question.text if question.text != typed else None
    return replace(question, understood=understood, near=near, shown=before.shown)


def is_unclear(question: Question) -> bool:
    """Whether a question means nothing without a turn before that explains it, as “Why?” and “And Trump?” do."""
    if question.kind == "quote" or question.language != ENGLISH or question.understood is not None:
        return False
    found = lean(question.text)
    if found is not None:
        return found.form != "instead" or found.word == "and"
    return _is_open(question)


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
        """A whole question with its pronouns replaced by what they stand for; None where it stays as it is.

        Of several pronouns that may mean the same only the first is replaced: the others refer to it.
        """
        said = SAID_IT.fullmatch(stripped(typed)[0])
        if said:
            return self._said_by(said["name"])
        pieces, end, kinds = [], 0, set()
        for match in _leaning(typed):
            word = match.group().lower()
            if (kind := _kind(word)) in kinds:
                continue
            kinds.add(kind)
            meant = self._meaning(word, typed[: match.start()], typed[match.end() :], speaks=_speaks(typed, match))
            if meant is not None:
                pieces += [typed[end : match.start()], meant]
                end = match.end()
        return understand("".join([*pieces, typed[end:]])) if pieces else None

    def _meaning(self, word: str, typed: str, rest: str, *, speaks: bool) -> str | None:
        """What a pronoun stands for, in the form that its place asks for; only a body is an “it” that speaks."""
        if word in THINGS and not speaks:
            thing = self._thing()
            meant = thing if thing and thing.lower() not in f"{typed}{rest}".lower() else None
        else:
            meant = self._known.person("they" if word in THINGS else word, besides=names_of(typed))
        if meant is None:
            return None
        follows = rest.split(maxsplit=1)[0].lower().strip(",.?!") if rest.strip(" ?.!") else ""
        owns = word in POSSESSIVES and (word != "her" or (follows != "" and follows not in OBJECTS))
        return f"{meant}’s" if owns else meant

    def _thing(self) -> str | None:
        """What “it” stands for: what was talked about, or the first thing that the question before names."""
        topic = self._topic or ""
        somebody = topic[:1].isupper() and self._known.is_person(topic)
        if topic and len(topic.split()) <= MAX_TOPIC_WORDS and not somebody:
            return topic
        return self._known.things[0] if self._known.things else None

    @property
    def _topic(self) -> str | None:
        """What the question before asks somebody’s words about."""
        before = self._before
        pattern = ABOUT if before.kind == "what_said" else SAID_ABOUT
        match = pattern.search(before.question)
        return match["topic"] if match else None

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
            topic = self._topic if not found.pronoun else None
            about = about or (f" about {topic}" if topic else "")
            question = understand(f"What else did {name} say{about}?")
        return replace(question, further=True)

    def _doubt(self, _: Lean) -> Question | None:
        """Whether the cited sentence was really said by who said it."""
        name = self._name()
        return self._doubted(name) if name else None

    def _said_by(self, name: str) -> Question | None:
        """Whether somebody said what is cited, or what was asked about."""
        return self._doubted(name) or (self._of(name) if self._before.kind in ("who_said", "did_say") else None)

    def _doubted(self, name: str) -> Question | None:
        """Whether somebody said the cited sentence: its quotation checked, or what it reports asked for."""
        statement, content = self._known.statement, self._known.content
        if statement is None or content is None:
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
        if cited.startswith(OPENING):
            cited = bare(max((match.group() for match in QUOTED.finditer(cited)), key=len, default=cited))
        if cited:
            text = f"Who said that {_lowered(cited)}?" if set(cited) & MARKS else f"Who said “{cited}”?"
            return Question(text, "who_said", cited, quote=cited)
        return understand(f"Who said that {before.topic.rstrip('?. ')}?") if before.kind == "did_say" else None

    def _detail(self, found: Lean) -> Question | None:
        """The question before, asked for a detail; what was cited is no answer again unless it shows such a detail."""
        before, name = self._before, self._name()
        fresh = not shows(found.word, self._known.cited or "")
        if before.kind == "fact" or name is None:
            asked = self._asked_for(found.word)
            return replace(_fact(asked, before.asked), further=fresh) if asked else None
        claim = f"{found.word[0].upper()}{found.word[1:]} did {name} {self._claim()}?"
        return replace(_fact(claim, name), further=fresh)

    def _asked_for(self, word: str) -> str | None:
        """The question of fact before, asked for a detail; None where it tells of nothing that has one.

        Somebody has a place and an age, but no reason; what happened is not asked with the clause that tells it.
        """
        before = self._before
        told = before.short is not None and CLAUSE.search(before.short) is not None
        opening = before.question.partition(" ")[0].lower()
        if told and opening in ("what", "which") and not ASKED.fullmatch(stripped(before.question)[0]):
            return None
        asked = detail(word, before.question, None if told else before.short)
        named = BARE.fullmatch(asked)
        idle = named and (named["named"] == self._known.identified or self._known.is_name(named["named"]))
        return None if idle and not word.startswith(("where", "how ")) else asked

    def _claim(self) -> str:
        """What was said, with its verb: “say that …”, “deny that …”."""
        before, statement = self._before, self._known.statement
        if before.kind == "who_said" and before.quote is None:
            return f"{self._verb} that {before.topic.rstrip('?. ')}"
        content = self._known.content
        if content is None or statement is None:
            return f"say this about {self._topic}" if self._topic else "say this"
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
        if topic == named and found.word != "about" and (speaker := self._speaks(named)):
            return self._of(speaker)
        if not found.word and self._known.names_more(named):
            return None
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
        if before.kind in ("what_said", "fact"):
            return understand(f"What did {name} say{' about ' + self._topic if self._topic else ''}?")
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
        shown = name.title() if name.islower() and not self._known.is_word(bare) else name
        return shown if shown[:1].isupper() and self._known.is_person(shown) else None

    def _swapped(self, named: str) -> Question | None:
        """The question of fact before, with the person or thing in it replaced; None where that is not plain."""
        question = self._before.question
        old = self._known.alike(named)
        return understand(question.replace(old, named, 1)) if old else None

    def _name(self) -> str | None:
        return next(
            (name for name in (self._before.speaker, self._before.asked) if name and "not named here" not in name), None
        )


def _is_open(question: Question) -> bool:
    """Whether a whole question leaves open whom or what it is about: “What did he say about it?”, “How old is she?”."""
    text, leaning = question.text, _leaning(question.text)
    if SAID_IT.fullmatch(stripped(text)[0]) or any(_speaks(text, match) for match in leaning):
        return True
    if not leaning:
        return False
    if question.kind != "fact":
        return question.topic.lower() in {match.group().lower() for match in leaning}
    own = [word for word in WORD.findall(text.lower()) if word not in ORDINARY | QUESTION_WORDS | SAYS]
    return len(own) <= MAX_OPEN_WORDS and not NAMES.search(text)


def _leaning(typed: str) -> list[re.Match[str]]:
    """The pronouns of a question that mean nobody and nothing in it; those of a statement or quotation are its own."""
    if _is_statement(typed):
        return []
    quoted = [match.span() for match in QUOTED.finditer(typed)]
    outside = (m for m in LEANING.finditer(typed) if not any(start < m.start() < end for start, end in quoted))
    return [match for match in outside if _leans(typed, match)]


def _is_statement(typed: str) -> bool:
    """Whether a text asks nothing, as a sentence that was copied."""
    if "?" in typed[-3:] or OPENS.match(stripped(typed)[0]):
        return False
    return typed[-1:] in (".", "!", "…") or understand(typed, max_chars=len(typed)).quote is not None


def _speaks(typed: str, pronoun: re.Match[str]) -> bool:
    """Whether a pronoun stands for who says something."""
    speaking = SPEAKING.search(typed)
    return speaking is not None and speaking.start("who") == pronoun.start()


def _kind(pronoun: str) -> str:
    """What two pronouns share that may mean the same."""
    return GENDERS.get(pronoun) or ("they" if pronoun in PLURAL else "it")


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
