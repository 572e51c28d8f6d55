"""Super-NaturalInstructions: the 76 values of `Categories` (Wang et al. 2022).

A category groups tasks by the field's name for them, and a few of its tasks ask for something else:
under Sentiment Analysis one task writes the emotion it finds. The name of the task tells, so where
it contradicts the category (`…_answer_generation` under a category of labels, `…_classification`
under one of texts) nothing is decided.
"""

from __future__ import annotations

from mixer.annotate.upstream.stated import Names, Stated, by_name

_LABELS = (
    "Answer Verification",
    "Answerability Classification",
    "Cause Effect Classification",
    "Coherence Classification",
    "Commonsense Classification",
    "Dialogue Act Recognition",
    "Discourse Relation Classification",
    "Entity Relation Classification",
    "Ethics Classification",
    "Fact Verification",
    "Gender Classification",
    "Grammar Error Detection",
    "Intent Identification",
    "Irony Detection",
    "Language Identification",
    "Linguistic Probing",
    "Negotiation Strategy Detection",
    "Paper Review",
    "Pos Tagging",
    "Punctuation Error Detection",
    "Question Understanding",
    "Section Classification",
    "Sentiment Analysis",
    "Spam Classification",
    "Speaker Identification",
    "Speaker Relation Classification",
    "Stance Detection",
    "Stereotype Detection",
    "Text Categorization",
    "Text Matching",
    "Text Quality Evaluation",
    "Textual Entailment",
    "Toxic Language Detection",
    "Word Relation Classification",
)
_SENTENCES = (
    "Data to Text",
    "Dialogue Generation",
    "Question Generation",
    "Sentence Composition",
)
_CHANGES = (
    "Grammar Error Correction",
    "Number Conversion",
    "Paraphrasing",
    "Question Rewriting",
    "Sentence Perturbation",
    "Style Transfer",
    "Text Simplification",
)
_SPANS = (
    "Information Extraction",
    "Keyword Tagging",
    "Named Entity Recognition",
    "Overlap Extraction",
)
# With a passage or without, computed, chosen or written: the category does not say.
_UNDECIDED = (
    "Code to Text",
    "Coreference Resolution",
    "Dialogue State Tracking",
    "Discourse Connective Identification",
    "Entity Generation",
    "Explanation",
    "Fill in The Blank",
    "Misc.",
    "Preposition Prediction",
    "Program Execution",
    "Question Answering",
    "Question Decomposition",
    "Spelling Error Detection",
    "Text Completion",
)

SUPER_NI: Names = by_name(
    [
        (Stated("classification", "short_answer"), _LABELS),
        (Stated("generation", "short_answer"), _SENTENCES),
        (Stated("generation"), ("Wrong Candidate Generation",)),
        (Stated("generation", "creative"), ("Poem Generation", "Story Composition")),
        (Stated("rewrite", "short_answer"), _CHANGES),
        (Stated("rewrite"), ("Sentence Expansion",)),
        (Stated("summarization", "short_answer"), ("Sentence Compression", "Title Generation")),
        (Stated("summarization"), ("Summarization",)),
        (Stated("extraction", "short_answer"), _SPANS),
        (Stated("open_qa", "short_answer"), ("Word Analogy", "Word Semantics")),
        (Stated("translation"), ("Translation",)),
        (Stated("code"), ("Text to Code",)),
        (Stated("math", "short_answer"), ("Mathematics",)),
        (Stated("other", "short_answer"), ("Sentence Ordering",)),
        (None, _UNDECIDED),
    ]
)

# Word in the name of a task → the task types that it fits.
_FITTING = {
    "classification": {"classification"},
    "choose": {"classification"},
    "summarization": {"summarization"},
    "translation": {"translation"},
    "text_modification": {"rewrite"},
}


def of_category(category: str, task: str = "") -> Stated | None:
    """The label of a category, unless the name of the task contradicts it."""
    label = SUPER_NI.get(category)
    return label if label is None or not contradicts(task, label) else None


def contradicts(task: str, label: Stated) -> bool:
    """Whether the name of a task says that it is not what its category is."""
    fitting = [types for word, types in _FITTING.items() if word in task]
    if fitting:
        return not any(label.task_type in types for types in fitting)
    return label.task_type == "classification" and "generation" in task
