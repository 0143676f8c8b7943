"""Questions that ask for several things, and sentences that open a list or go on with one."""

import pytest

from retrieval.several import adds, announced, asks_for_several, opens_further


@pytest.mark.parametrize(
    "question",
    [
        "Which countries sent help?",
        "which two european countries sent boats",
        "What conditions did the residents set?",
        "What kinds of help were sent?",
        "Which things does the town need?",
        "What are the reasons for the flood?",
        "What were the study’s conclusions?",
        "Who were the guests?",
        "Who attended the opening?",
        "Who was injured?",
        "WHO HAS CONDEMNED THE PLAN",
        "Name the guests at the opening.",
        "Could you list all the buildings that were damaged?",
        "Please give me some examples",
        "Which people were hurt?",
    ],
)
def test_asks_for_several(question: str) -> None:
    """Plural questions, lists asked for and “who” with a plain verb may have more than one answer."""
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "When did the river rise?",
        "How old is Anders Lund?",
        "Who is the mayor?",
        "Who was John Larson?",
        "How many boats were sent?",
        "Which country sent boats?",
        "Which analysis was wrong?",
        "Which series was the best?",
        "Which company makes telephones?",
        "What happened in May?",
        "What does the plan say about boats?",
        "What was one of the reasons?",
        "Where do the boats come from?",
        "Why did the engineers resign?",
        "bridge repairs costs",
        "",
    ],
)
def test_asks_for_one(question: str) -> None:
    """What is not plain to ask for several asks for one."""
    assert not asks_for_several(question)


@pytest.mark.parametrize(
    ("question", "sentence", "count"),
    [
        ("What were the reasons for the flood?", "Engineers gave three reasons for the flood.", 3),
        ("Which groups opposed the plan?", "Several groups had opposed the plan.", 4),
        ("Which cities are watching?", "Other cities are watching.", 4),
        ("What conditions did they set?", "Residents had set conditions before they agreed.", 4),
        ("What conditions did they set?", "The residents asked for this:", 4),
        ("What were the reasons?", "First, the ground was full of water.", 4),
        ("Who opposed the plan?", "Two parties opposed it.", 2),
        ("Which countries took part?", "Three countries took part: Spain, France and Italy.", 0),
        ("Which countries took part?", "Countries including Spain took part.", 0),
        ("Which countries took part?", "The countries met in May.", 0),
        ("Which countries took part?", "No countries took part.", 0),
        ("Which countries took part?", "Sweden sent two boats.", 0),
        ("Who opposed the plan?", "Two ministers of Spain opposed it.", 0),
        ("Who opposed the plan?", "Dina Osei opposed it.", 0),
        ("How did the plan fail?", "Several groups had opposed the plan.", 0),
    ],
)
def test_announced(question: str, sentence: str, count: int) -> None:
    """A sentence that only counts what was asked for announces so many, one that names them or refers back none."""
    assert announced(question, sentence) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Another boat came from Norway.", True),
        ("Also there was Tomas Varga.", True),
        ("It will also listen for pulsars.", True),
        ("Crisps come off the menu as well.", True),
        ("Crisps come off the menu, too.", True),
        ("The rest was paid by the government.", True),
        ("It rained. Finally, the gate was stuck.", True),
        ("As well as boats, pumps were needed.", False),
        ("It came too late.", False),
        ("The rest of the day was dry.", False),
        ("The award, which the Russians had also claimed, went to Japan.", False),
        ("Finland has lent four pumps.", False),
    ],
)
def test_adds(text: str, *, expected: bool) -> None:
    """A sentence that goes on with a list says so near its beginning or at its end."""
    assert adds(text) is expected


def test_opens_further_only_at_the_beginning() -> None:
    """What goes on from its first word leans on the sentence before; what says “also” later need not."""
    assert opens_further("Another boat came from Norway.")
    assert not opens_further("Norway also sent a boat.")
