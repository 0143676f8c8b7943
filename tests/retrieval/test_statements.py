"""Who said what: the table of tricky sentences, a real article, and texts that try to break the reader."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from retrieval import sentences
from retrieval.schema import Article, Statement
from retrieval.statements import StatementReader

TABLE: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "statements.yaml").read_text(encoding="utf-8"))
MARK = re.compile(r"⟦([scq])(\d+)(?:=[^|]*)?\||⟧")
# How much of the table must come out right, source and content; the tagger's misses are listed in its card
FLOOR = 0.9


def unmarked(marked: str) -> tuple[str, dict[str, dict[str, str]]]:
    """The text, and for each statement its source and content as written."""
    text = ""
    stack: list[tuple[str, str, int]] = []
    found: dict[str, dict[str, str]] = {}
    at = 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        at = match.end()
        if match.group(1):
            stack.append((match.group(1), match.group(2), len(text)))
        else:
            role, number, start = stack.pop()
            parts = found.setdefault(number, {})
            parts[role] = f"{parts[role]} {text[start:]}" if role in parts else text[start:]
    return text + marked[at:], found


def words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if word != "that"]


def likeness(one: str, other: str) -> float:
    """F1 of words."""
    first, second = words(one), words(other)
    common = sum(min(first.count(word), second.count(word)) for word in set(first))
    return 2 * common / max(1, len(first) + len(second))


def content_of(statement: Statement) -> str:
    return " ".join(statement.article.text[start:end] for start, end in statement.content)


def source_of(statement: Statement) -> str:
    return statement.article.text[slice(*statement.speaker_span)] if statement.speaker_span else ""


def read(reader: StatementReader, *texts: str, language: str = "en") -> list[tuple[Statement, ...]]:
    articles = [Article(f"a{number}", "v", "", text, language=language) for number, text in enumerate(texts)]
    return reader.read([(article, sentences.split(article)) for article in articles])


@pytest.fixture(scope="module")
def reader() -> StatementReader:
    return StatementReader.load()


@pytest.fixture(scope="module")
def table(reader: StatementReader) -> dict[str, list[bool]]:
    """Which sentences of the table come out right, by construction."""
    flat = [(kind, *unmarked(marked)) for kind, rows in TABLE.items() for marked in rows]
    right: dict[str, list[bool]] = {}
    for (kind, _, wanted), found in zip(flat, read(reader, *(text for _, text, _ in flat)), strict=True):
        right.setdefault(kind, []).append(_is_right(list(wanted.values()), found))
    return right


def _is_right(wanted: Sequence[dict[str, str]], found: Sequence[Statement]) -> bool:
    if len(found) > len(wanted):
        return False
    source = next((gold["s"] for gold in wanted if "s" in gold), "")  # "X praised A but criticised B" names X once
    return all(
        any(
            likeness(gold["q"], content_of(s)) >= 0.8 and likeness(gold.get("s", source), source_of(s)) >= 0.5
            for s in found
        )
        for gold in wanted
    )


def test_table_has_at_least_120_sentences() -> None:
    """The table is as large as was asked for."""
    assert sum(map(len, TABLE.values())) >= 120


def test_table_is_mostly_right(table: dict[str, list[bool]]) -> None:
    """Sources and contents of the tricky sentences come out as marked."""
    results = [result for row in table.values() for result in row]

    assert sum(results) >= FLOOR * len(results)


@pytest.mark.parametrize(
    "kind", ["direct, said after", "direct, said before", "split", "indirect, that", "indirect, bare"]
)
def test_plain_constructions_hardly_fail(table: dict[str, list[bool]], kind: str) -> None:
    """What newspapers write most comes out right nearly always."""
    assert table[kind].count(False) <= 1


def test_statement_rests_on_its_sentence(reader: StatementReader) -> None:
    """Spans are offsets into the article and the sentences are those that the content touches."""
    text = "It rained. The mayor said the bridge was shut. Nobody came."
    (statement,) = read(reader, text)[0]

    assert [s.text for s in statement.sentences] == ["The mayor said the bridge was shut."]
    assert content_of(statement) == "the bridge was shut"
    assert statement.kind == "indirect"


def said(reader: StatementReader, text: str) -> list[tuple[str, str]]:
    return [(statement.speaker.name, content_of(statement)) for statement in read(reader, text)[0]]


def test_backing_a_position_is_a_statement(reader: StatementReader) -> None:
    """Who supports, backs or opposes a position says so, whatever the tagger makes of the verb."""
    text = (
        "Mayor Ana Ruiz said the pier should close. Colin Peake supported this position, saying the beams were rotten. "
        "The traders opposed the plan. A plan supported by nobody was dropped."
    )

    assert ("Colin Peake", "this position") in said(reader, text)
    assert ("The traders", "the plan") in said(reader, text)
    assert not [content for _, content in said(reader, text) if "nobody" in content]


def test_a_belief_told_in_a_statement_is_one(reader: StatementReader) -> None:
    """Who says that he believes it says it; what somebody is only thought to believe nobody said."""
    text = (
        "Colin Peake met Mayor Tom Hale on Monday. Peake told reporters that he believed the pier was “past saving.” "
        "Hale believed the pier could be mended."
    )

    assert ("Colin Peake", "the pier was “past saving.”") in said(reader, text)
    assert "Tom Hale" not in [speaker for speaker, _ in said(reader, text)]


def test_according_to_a_paper_that_somebody_said_it(reader: StatementReader) -> None:
    """Both are statements: what the paper reports and what the person said."""
    found = said(reader, "According to The Harbor Times, Mara Quill said the sale was off.")

    assert {speaker for speaker, _ in found} == {"Harbor Times", "Mara Quill"}


def test_pronoun_that_opens_a_statement_is_its_speaker(reader: StatementReader) -> None:
    """In "X said that he was late" he is X, whoever was named last."""
    text = "Colin Peake rang Tom Hale before the vote. Peake said after meeting Tom Hale that he would resign."
    article = Article("a", "v", "", text)
    (reading,) = reader.read_closely([(article, sentences.split(article))])

    assert [name for _, name in reading.pronouns] == ["Colin Peake"]


def test_pronoun_is_resolved_to_a_name(reader: StatementReader) -> None:
    """He who speaks is shown by his name."""
    text = "Mayor Thomas Reed opened the library on Monday. “It took nine years,” he said."

    assert [s.speaker.name for s in read(reader, text)[0]] == ["Thomas Reed"]


def test_pronoun_of_nobody_named_stays_open(reader: StatementReader) -> None:
    """An honest answer where the article names nobody."""
    statements = read(reader, "“It took nine years,” he said.")[0]

    assert [s.speaker.name for s in statements] == ["he, not named here"]
    assert statements[0].speaker.kind == "unnamed"


WHO_SPEAKS = [
    (  # he was told it, and the speaker goes on
        (
            "For months Colin Peake said that he had never taken the money. This week the retired diver admitted that "
            "he had. He told Arthur Dunn, the judge who leads the inquiry, that he had been taking it since May. “I "
            "lied,” he said, “and I was ashamed for my family and friends.”"
        ),
        "“I lied,”",
        "Colin Peake",
    ),
    (  # he is spoken of in what “he added”
        (
            "Mayor Tom Hale spoke with Governor Paul Stone for an hour on Monday. In the evening, the governor’s "
            "spokesman Colin Peake said that the talk had been friendly. Hale had used it to ask for money, he added."
        ),
        "Hale had used it",
        "Colin Peake",
    ),
    (  # another was meant since, by his office
        (
            "Mayor Tom Hale opened the bridge in May. “Nobody should fear for the beams,” Colin Peake, spokesman of "
            "the harbour board, said on the radio in July. At the end of August the mayor, too, was against closing "
            "it. “I have not supported a closure,” he said."
        ),
        "“I have not",
        "Tom Hale",
    ),
    (  # another was meant since, by his name
        (
            "Mayor Tom Hale opened the bridge in May. Colin Peake, the engineer, says that the council had approved "
            "it. He points to “a vote of seven to one”. Hale denies that. What the council backed that day, he says, "
            "was the road."
        ),
        "What the council",
        "Tom Hale",
    ),
    (  # two may be meant
        (
            "The gold went to Colin Peake, who did not gloat. Tom Hale came last. “I feel sorry for Tom and his "
            "family,” he said."
        ),
        "“I feel sorry",
        "he, not named here",
    ),
    (  # narrative has turned to another
        (
            "Tom Hale opened the bridge. A retired diver, Colin Peake, announced that he had found a crack. His next "
            "words were those of a builder.\n\n“The surface is fine and dry. I can scrape it up loosely with my shoe.”"
        ),
        "“The surface",
        "not named here",
    ),
]


@pytest.mark.parametrize(("text", "words", "speaker"), WHO_SPEAKS)
def test_doubtful_words_are_nobodys(reader: StatementReader, text: str, words: str, speaker: str) -> None:
    """Who cannot have said it is not given the words; where two can, nobody is."""
    assert [name for name, content in said(reader, text) if content.startswith(words)] == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Chief Justice Earl Brandt said the law was clear.", "Earl Brandt"),
        ("A retired diver, Colin Peake, said the beams were rotten.", "Colin Peake"),
        ("One of those who came, the Reverend Colin Peake, asked how long the repair would take.", "Colin Peake"),
        ("They will close it in an operation that its engineers call “dry plugging”.", "its engineers"),
        ("“It was a lie from the first day to the last,” the Ohio Democrat said.", "the Ohio Democrat"),
        (
            (
                "Two crews working independently at HARBOR, the European laboratory for marine physics near the old "
                "lighthouse of Eastport, reported that the tide had turned."
            ),
            "Two crews",
        ),
        ("Ana Ruiz left. The governor said on Phoenix radio that the vote was fair.", "The governor"),
    ],
)
def test_speaker_is_shown_by_his_name(reader: StatementReader, text: str, speaker: str) -> None:
    """A name is whole, without what stands beside it, and a description is not taken for one."""
    assert [name for name, _ in said(reader, text)] == [speaker]


def test_place_called_by_its_name_says_nothing(reader: StatementReader) -> None:
    """What a place is called nobody says."""
    text = (
        "Half a century ago today, two Americans came down in a grey plain called the Sea of Tranquility with less "
        "than a minute’s fuel to spare. “Houston, Tranquility Base here,” Neil Armstrong reported."
    )

    assert [name for name, _ in said(reader, text)] == ["Neil Armstrong"]


def test_joined_speakers_both_say_it(reader: StatementReader) -> None:
    """What two persons say together is said by each."""
    statements = read(reader, "Senator Ann Low and Senator Joe Park said the bill was dead.")[0]

    assert {s.speaker.name for s in statements} == {"Ann Low", "Joe Park"}


def test_another_language_has_no_statements(reader: StatementReader) -> None:
    """The tagger reads English only and says nothing of the rest."""
    assert read(reader, "„Das ist falsch“, sagte der Minister.", language="de") == [()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "“",
        "”””",
        '"' * 501,
        "‘“‘“ he said ”’”’",
        "said said said said",
        "According to",
        "— – — : said",
        "He said: ““nested “deeper” marks” never end",
        "\u200b\ufeff\x00 he said",
        "a" * 50_000,
        "🦊 said “🦊🦊🦊🦊🦊”.",
        "Él dijo que no. Она сказала: «нет». 彼は言った。",
    ],
)
def test_odd_text_does_not_crash(reader: StatementReader, text: str) -> None:
    """Whatever the text, there is an answer, and every span lies inside it."""
    for statement in read(reader, text)[0]:
        assert all(0 <= start < end <= len(text) for start, end in statement.content)


def test_batches_do_not_mix_articles(reader: StatementReader) -> None:
    """Articles read together give what they give alone."""
    texts = ["The mayor said the bridge was shut.", "It rained.", "“We lost,” said Ilse Brandt. “We will win.”"]
    together = read(reader, *texts)

    assert [len(statements) for statements in together] == [len(read(reader, text)[0]) for text in texts]


def test_reading_grows_with_the_text_alone(reader: StatementReader) -> None:
    """Twice the text in one paragraph takes about twice the time."""
    line = (
        "The mayor said the bridge was shut. “We will wait,” she told them. It rained for nine days and then stopped. "
    )
    times = []
    for count in (100, 200):
        started = time.perf_counter()
        read(reader, line * count)
        times.append(time.perf_counter() - started)

    assert times[1] < 4 * times[0]


def test_words_that_are_named_are_not_said(reader: StatementReader) -> None:
    """A quotation that a sentence names, and nobody utters, is no statement."""
    assert read(reader, "The shop moved in 1921, adding the words “and Sons” to its sign.")[0] == ()


PHONE_CALL = Path(__file__).parents[3] / "shared" / "articles" / "phone-call.txt"
ON_THE_PHONE = [
    ("Donald Trump", "reported", "a productive phone call with Vladimir Putin"),
    ("Donald Trump", "hinted at", "future meetings in Saudi Arabia"),
    ("Donald Trump", "emphasizing", "collaboration for peace"),
    ("Pete Hegseth", "criticized", "Ukraine’s NATO membership aspirations as impractical"),
    ("Donald Trump", "criticized", "Ukraine’s NATO membership aspirations as impractical"),
    ("Donald Trump", "emphasizing", "their mutual desire to end the ongoing war in Ukraine"),
    ("Kremlin", "confirmed", "the call lasted approximately one and a half hours"),
    ("Donald Trump", "indicated", "a desire for reciprocal visits"),
    ("Donald Trump", "noting", "he expects their first meeting to occur in Saudi Arabia"),
    ("Donald Trump", "mentioned", "following his discussions with Putin"),
    ("Volodymyr Zelensky", "acknowledged", "the positive nature of the call"),
    ("Volodymyr Zelensky", "indicating", "readiness for negotiations at the team level"),
    ("Volodymyr Zelensky", "declared", "“No one wants peace more than Ukraine,”"),
    ("Volodymyr Zelensky", "reaffirming", "Ukraine’s pivotal role in resolving the conflict with Russia"),
    ("Pete Hegseth", "remarked on", "the unrealistic nature of restoring Ukraine’s pre-2014 borders"),
    ("Pete Hegseth", "suggested", "NATO membership for Ukraine may not be a feasible goal"),
    ("Donald Trump", "supported", "this position"),
    ("Donald Trump", "believed", "NATO membership for Ukraine was “not practical.”"),
    ("Donald Trump", "claimed", "he could resolve the war in Ukraine swiftly if elected"),
    ("Donald Trump", "thanked", "Putin for this release"),
    ("Donald Trump", "highlighting", "his administration’s commitment to fostering diplomatic relations"),
    ("Donald Trump", "expressing", "a commitment to ending the hostilities through negotiation"),
]


@pytest.mark.skipif(not PHONE_CALL.exists(), reason="the article is not there")
def test_every_statement_of_the_phone_call_has_its_speaker(reader: StatementReader) -> None:
    """Each is found and said by the right one; nobody else is given the words."""
    found = read(reader, PHONE_CALL.read_text(encoding="utf-8"))[0]
    said_by = [(one.speaker.name, one.article.text[slice(*one.cue or (0, 0))], content_of(one)) for one in found]

    for name, cue, content in ON_THE_PHONE:
        assert any(name == who and cue.split()[0] in how and what.startswith(content) for who, how, what in said_by), (
            content
        )
    assert {who for who, _, _ in said_by} == {
        "Donald Trump",
        "Pete Hegseth",
        "Volodymyr Zelensky",
        "Kremlin",
        "both leaders",
    }


def test_saying_not_whether_is_saying_nothing(reader: StatementReader) -> None:
    """What somebody did not say, and what nobody disputes, are no statements."""
    assert said(reader, "She did not say whether a second round would follow.") == []
    assert said(reader, "Nobody disputed that the rope was cotton.") == []
