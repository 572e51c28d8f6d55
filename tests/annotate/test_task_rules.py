"""The task rules on prompts of our own: two or three for each class, and the edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.annotate.rules.request import HEAD_CHARS, TAIL_CHARS, bounded
from mixer.annotate.rules.task_rules import Label, classify, component
from mixer.annotate.rules.task_table import RULES
from mixer.annotate.rules.taxonomy import COMPONENTS, FORMS, INSTRUCTGPT_USE_CASES, TASK_TYPES

HARBOUR = (
    "The harbour of Lindvik froze over in 1912 for the first time in eighty years. Fishermen "
    "dragged their boats ashore with horses, and the baker sold hot rolls on the ice."
)

EXAMPLES = [
    ("generation", "Write a poem about a lighthouse afraid of the dark.", "The lamp said"),
    (
        "generation",
        "Compose a letter to the landlord about the broken lift.",
        "Dear Mr Holm, " * 30,
    ),
    ("generation", f"Create a question that this passage answers.\n\n{HARBOUR}", "What froze?"),
    ("brainstorming", "Suggest some ideas for a rainy afternoon with toddlers.", "Build a fort."),
    ("brainstorming", "Come up with new names for a bakery that only sells rye.", "Rye Society"),
    ("brainstorming", "What are some good board games for two?", "You could try Hive."),
    ("open_qa", "Why do cats purr?", "Nobody is quite certain. " * 12),
    ("open_qa", "How do I get candle wax out of a carpet?", "Freeze it first, then scrape."),
    ("open_qa", "Who painted the ceiling of the Sistine Chapel?", "Michelangelo"),
    ("closed_qa", f"{HARBOUR}\n\nWhat did the baker sell on the ice?", "hot rolls"),
    ("closed_qa", f"Passage: {HARBOUR}\nQuestion: When did the harbour freeze?", "in 1912"),
    ("summarization", f"Summarize the following text in one sentence.\n\n{HARBOUR}", "It froze."),
    ("summarization", f"Write a headline for this article.\n\n{HARBOUR}", "Harbour on ice"),
    ("rewrite", "Rewrite this sentence in the past tense.\n\nShe bakes rye bread.", "She baked."),
    ("rewrite", "Correct the grammar of the sentence.\n\nHe go home early.", "He goes home early."),
    ("extraction", f"Extract all the dates from the text.\n\n{HARBOUR}", "1912"),
    ("extraction", f"List the places mentioned in the paragraph.\n\n{HARBOUR}", "Lindvik"),
    ("classification", "Classify the sentiment of the review.\n\nThe soup was cold.", "negative"),
    ("classification", "Decide whether the two lines agree.\n\nIt rains.\nIt is dry.", "No"),
    ("classification", "Is the review kind?\n\nI loved each page of it.\n- yes\n- no", "yes"),
    ("code", "Write a Python function that doubles each number.", "def double(xs):\n  pass"),
    ("code", "Debug this:\n\nfor (i = 0; i < n; i--) print(i)", "Count upwards instead."),
    ("code", "How can I undo my last commit in git?", "Run git reset."),
    ("math", "Calculate 17 * 4 + 2.", "70"),
    ("math", "Ann has 12 plums and eats 5. How many plums are left?", "7"),
    ("math", "Solve the equation 3x = 12.", "x = 4"),
    ("translation", "Translate to German: good evening", "Guten Abend"),
    ("translation", "请把这句话翻译成英文：你好", "Hello"),
    ("chat", "Hello!", "Hi, how can I help?"),
    ("chat", "What is your favourite colour?", "I have none, but blue is popular."),
    ("other", "Sort these words by length: kiwi, fig, banana", "fig, kiwi, banana"),
    ("other", "Unscramble the letters: t a c", "cat"),
    ("other", "", "What can I do for you?"),
    ("summarization", "总结下面的文章。\n\n港口结冰了，渔民把船拖上岸。", "港口结冰。"),
    ("generation", "写一首关于秋天的诗", "秋风起"),
]


@pytest.mark.parametrize(("task_type", "prompt", "answer"), EXAMPLES)
def test_task_type(task_type: str, prompt: str, answer: str) -> None:
    assert classify([("user", prompt)], answer).task_type == task_type


@pytest.mark.parametrize(
    ("form", "prompt", "answer"),
    [
        ("short_answer", "Who painted the ceiling of the Sistine Chapel?", "Michelangelo"),
        ("short_answer", f"{HARBOUR}\n\nWhat did the baker sell?", "hot rolls"),
        ("short_answer", f"Create a question on this passage.\n\n{HARBOUR}", "What froze?"),
        ("long_form", "How do I prune an old apple tree?", "Wait for winter. Then cut."),
        ("long_form", "Write an essay on tides.", "Tides rise and fall. " * 40),
        ("long_form", "Write a Python script that counts words.", "import sys\nprint(1)\n"),
        ("creative", "Write a story about a lost umbrella.", "It rained. " * 30),
        ("creative", "Pretend you are a pirate and greet the harbour master.", "Ahoy! " * 20),
        ("creative", "Give me ideas for a costume party.", "Come as a comet."),
    ],
)
def test_form(form: str, prompt: str, answer: str) -> None:
    assert classify([("user", prompt)], answer).form == form


def test_component() -> None:
    assert component("short_answer", is_feedback=False) == "instruction"
    assert component("long_form", is_feedback=False) == "open_ended"
    assert component("creative", is_feedback=False) == "open_ended"
    assert component("short_answer", is_feedback=True) == "feedback"


def conversation(*texts: str) -> list[tuple[str, str]]:
    return [(("user", "assistant")[place % 2], text) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("task_type", "texts"),
    [
        ("chat", ("Why do cats purr?", "They are content.", "Thank you, good to know!")),
        ("brainstorming", ("Suggest a film.", "Try Playtime.", "Anything else?")),
        ("open_qa", ("How do I prune a tree?", "What kind of tree?", "An old apple tree.")),
        ("math", ("Tell me about rye.", "It is a grain.", "Calculate 12 / 5.")),
        ("chat", ("Name a river.", "The Oder.", "My aunt lives there.")),
    ],
)
def test_the_last_human_turn_is_judged_in_its_context(
    task_type: str, texts: tuple[str, ...]
) -> None:
    assert classify(conversation(*texts), "Certainly.").task_type == task_type


def test_without_an_answer_the_prompt_decides() -> None:
    assert classify([("user", "Why do cats purr?")], None) == Label("open_qa", "long_form")
    assert classify([("user", "When was Lindvik founded?")], None).form == "short_answer"
    assert classify([], None) == Label("other", "short_answer")


def test_a_template_says_what_is_asked() -> None:
    definition = "You are given a review. Your task is to classify it as kind or unkind."
    prompt = f"{definition}\n\nWrite to the author? I would rather not."
    assert classify([("user", prompt)], "unkind", definition).task_type == "classification"


def test_only_head_and_tail_of_a_long_prompt_matter() -> None:
    head = "Summarize the following text.\n\n" + "The harbour froze. " * (HEAD_CHARS // 10)
    tail = "The boats stayed ashore. " * (TAIL_CHARS // 10)
    plain = classify([("user", head + "rye " * 250_000 + tail)], "It froze.")
    other = classify([("user", head + "def f(): Translate! 1 + 1?\n" * 40_000 + tail)], "It froze.")
    assert plain == other == Label("summarization", "short_answer")


@given(st.text(max_size=3 * HEAD_CHARS))
def test_bounded_texts_are_short(text: str) -> None:
    assert len(bounded(text)) <= HEAD_CHARS + TAIL_CHARS + 1


TEXTS = st.text(max_size=400) | st.sampled_from([prompt for _, prompt, _ in EXAMPLES])
TURNS = st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), TEXTS), max_size=6)


@given(turns=TURNS, answer=st.none() | TEXTS, template=st.none() | TEXTS)
def test_every_label_is_in_the_taxonomy(
    turns: list[tuple[str, str]], answer: str | None, template: str | None
) -> None:
    label = classify(turns, answer, template)
    assert label.task_type in TASK_TYPES
    assert label.form in FORMS
    assert component(label.form, is_feedback=False) in COMPONENTS
    assert label == classify(turns, answer, template)


def test_rules_have_names_of_their_own_and_known_types() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {rule.task_type for rule in RULES} <= set(TASK_TYPES)


def test_instructgpt_has_ten_use_cases() -> None:
    assert set(INSTRUCTGPT_USE_CASES) == set(TASK_TYPES)
    assert len(set(INSTRUCTGPT_USE_CASES.values())) == 10
    assert set(INSTRUCTGPT_USE_CASES.values()) <= set(TASK_TYPES)
