"""The Flan Collection: 162 categories of 1,945 tasks, and the names of tasks in its dumps.

`flan_collection_info.csv` (github.com/google-research/FLAN, flan/v2) gives each task a generic
category; most are those of Super-NaturalInstructions. An "Inverted" category turns the data set
round: the model is given the answer and writes the question, review or article.

A dump names the task of each row, and its part of Flan says how. Rows of Flan 2021 decide nothing
but translation: the templates of one data set run both ways under one name, so that two of the ten
of an e-mail summary ask to write the e-mail. A chain-of-thought task with `_ii` is inverted.
"""

from __future__ import annotations

import re

from mixer.annotate.upstream.stated import Names, Stated, by_name
from mixer.annotate.upstream.super_ni import SUPER_NI, contradicts

_FACTS = tuple(
    f"Country {fact} Prediction"
    for fact in (
        *("Abbreviation", "Call Code", "Capital", "Continent", "Currency", "Government Type"),
        *("ISO", "Independence Year", "National Dish", "Prefix Barcode", "Region"),
        *("Surface Area", "Top Level Domain"),
    )
)
_KNOWLEDGE = (
    *(f"Answer Generation -- Jeopardy Difficulty {level}" for level in ("All", "Double")),
    *(f"Answer Generation -- Jeopardy Difficulty {level}" for level in ("Final", "Normal")),
    "Closed-Book QA",
    "Common Sense Reasoning Question Answering",
    "Emotion Word Generation",
    "Emotional Reaction Generation",
    "Intent Generation",
)
_LABELS = (
    "Common Sense Reasoning over Entity Knowledge",
    "Context Verb Time Anchoring",
    "Date Validity Prediction",
    "Edible Prediction",
    "Food Classification",
    "Grammatical Acceptability",
    "Leap Year Prediction",
    "Natural Language Inference",
    "Paraphrasing Identification",
    "Sense Making and Explanation",
    "Topic Classification",
    "Word Sense Disambiguation",
)
_PASSAGES = (
    "Adversarial QA",
    "Answer Index Prediction",
    "Extractive QA",
    "Passage-Based Question Answering / NLI",
)
_CODE = (
    "Code Error Generation",
    "Code Generation",
    "Code Repair",
    "Coding Instruction Generation",
    "Count For Loops",
)
_COMPUTED = ("Algebraic Question Answering", "Grade School Math Word Problems")
_CHANGES = ("Casing Selection", "Clock Format Conversion", "Punctuation Fixing")
_QUESTIONS = (
    "Generate Question and Answer from Explanation",
    "Inverted Closed-Book QA",
    "Inverted Extractive QA",
    "Inverted Mathematical QA",
    "Inverted Multiple-Choice QA (no trivia knowledge required)",
    "Inverted Question Answering",
    "Question Context Generation",
)
_COMPOSED = (
    "Dialog Context Generation",
    "Dialog Turn Prediction",
    "Inverted Coreference Resolution",
    "Inverted Grammatical Acceptability",
    "Inverted Language Modeling",
    "Inverted Natural Language Inference",
    "Inverted Next Sentence Prediction",
    "Inverted Paraphrasing Identification",
    "Inverted Sentiment Analysis",
    "Inverted Summarization",
    "Inverted Topic Classification",
    "Inverted Word Sense Disambiguation",
    "Rhyme Generation",
    "Sentence Generation",
)
_UNDECIDED = (
    "Answer Incomplete Questions",
    "Conversational Question Answering",
    "Dialog Next Turn Prediction",
    "Explanation Generation",
    "Inverted Casing Selection",
    "Inverted Punctuation Fixing",
    "Inverted Structured Data to Text",
    "Inverted Word Segmentation",
    "Language Modeling",
    "Mathematical QA",  # DROP asks about a passage, math_dataset computes
    "Multiple-Choice QA (no trivia knowledge required)",
    "Next Sentence Prediction",
    "Span Generation",
    "Structured Data to Text",
    "Temporal Reasoning",
)


FLAN_COLLECTION: Names = {
    **{name: label for name, label in SUPER_NI.items() if name != "Misc."},
    **by_name(
        [
            (Stated("open_qa", "short_answer"), (*_FACTS, *_KNOWLEDGE)),
            (Stated("classification", "short_answer"), _LABELS),
            (Stated("closed_qa", "short_answer"), _PASSAGES),
            (Stated("code"), _CODE),
            (Stated("math"), _COMPUTED),
            (Stated("rewrite", "short_answer"), _CHANGES),
            (Stated("generation", "short_answer"), _QUESTIONS),
            (Stated("generation"), _COMPOSED),
            (Stated("generation", "creative"), ("Context Generation",)),
            (Stated("translation"), ("Inverted Translation",)),
            (Stated("other", "short_answer"), ("Word Segmentation",)),
            (None, _UNDECIDED),
        ]
    ),
}

CHAIN_OF_THOUGHT: Names = {
    "aqua": Stated("math"),
    "creak": Stated("classification", "short_answer"),
    "ecqa": Stated("open_qa", "short_answer"),
    "esnli": Stated("classification", "short_answer"),
    "gsm8k": Stated("math"),
    "qasc": Stated("open_qa", "short_answer"),
    "qed": Stated("closed_qa", "short_answer"),
    "sensemaking": Stated("classification", "short_answer"),
    "strategyqa": Stated("open_qa"),
}
_COT_NAME = re.compile(r"(?:cot_|stream_)?([a-z\d]+?)(?:_train)?(?:\.tsv)?")


def of_generic_category(category: str, task: str = "") -> Stated | None:
    """The label of a generic category of the csv, unless the task's name contradicts it."""
    label = FLAN_COLLECTION.get(category)
    return label if label is None or not contradicts(task, label) else None


def of_chain_of_thought(name: str) -> Stated | None:
    """The label of `gsm8k_train` (a file) or `cot_gsm8k` (a task of a dump)."""
    found = _COT_NAME.fullmatch(name)
    return CHAIN_OF_THOUGHT.get(found[1]) if found else None


def of_flan_2021(name: str) -> Stated | None:
    """Translation, the one task that is the same whichever way a template runs."""
    return Stated("translation") if name.startswith(("wmt", "para_crawl")) else None
