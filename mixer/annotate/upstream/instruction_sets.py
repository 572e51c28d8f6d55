"""Names of tasks in sets that people wrote along InstructGPT's use cases, and our own.

Dolly (databricks-dolly-15k): the eight values of `category`. `general_qa` was the free category, so
it decides nothing. No Robots (HuggingFaceH4/no_robots): the ten values of `category`. InstructGPT:
the ten use cases of Table 1 (Ouyang et al. 2022); its "other" holds code, mathematics and more.
"""

from __future__ import annotations

from mixer.annotate.upstream.stated import Names, Stated
from mixer.taxonomy import TASK_TYPES

DOLLY: Names = {
    "brainstorming": Stated("brainstorming"),
    "classification": Stated("classification"),
    "closed_qa": Stated("closed_qa"),
    "creative_writing": Stated("generation"),
    "general_qa": None,
    "information_extraction": Stated("extraction"),
    "open_qa": Stated("open_qa"),
    "summarization": Stated("summarization"),
}

# The one task that Self-Instruct states (`is_classification`): a label from a limited set.
SELF_INSTRUCT: Names = {"classification": Stated("classification", "short_answer")}

NO_ROBOTS: Names = {
    "Brainstorm": Stated("brainstorming"),
    "Chat": Stated("chat"),
    "Classify": Stated("classification"),
    "Closed QA": Stated("closed_qa"),
    "Coding": Stated("code"),
    "Extract": Stated("extraction"),
    "Generation": Stated("generation"),
    "Open QA": Stated("open_qa"),
    "Rewrite": Stated("rewrite"),
    "Summarize": Stated("summarization"),
}

INSTRUCTGPT: Names = {
    "Generation": Stated("generation"),
    "Open QA": Stated("open_qa"),
    "Brainstorming": Stated("brainstorming"),
    "Chat": Stated("chat"),
    "Rewrite": Stated("rewrite"),
    "Summarization": Stated("summarization"),
    "Classification": Stated("classification"),
    "Other": None,
    "Closed QA": Stated("closed_qa"),
    "Extract": Stated("extraction"),
}


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


# For a table whose owner named the tasks: any of the words above, however they are written.
WORDS: Names = {
    **{_plain(name): label for name, label in INSTRUCTGPT.items()},
    **{_plain(name): label for name, label in (*DOLLY.items(), *NO_ROBOTS.items())},
    **{name: Stated(name) for name in TASK_TYPES},
}


def of_words(category: str) -> Stated | None:
    """The label of a word that the owner of a table wrote; None for one that is in no list."""
    return WORDS.get(_plain(category))
