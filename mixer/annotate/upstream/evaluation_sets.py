"""Tasks of evaluation sets that have more than one: MT-Bench, MMLU, BIG-Bench Hard.

MT-Bench: eight categories, for the first turn alone; the second often asks to change the answer.
MMLU: subjects of mathematics are computed, those with a passage or a verdict decide nothing, the
rest are questions of knowledge. BIG-Bench Hard: 27 tasks, each with its own set of answers.
"""

from __future__ import annotations

from mixer.annotate.upstream.stated import Names, Stated, by_name

MT_BENCH: Names = {
    "writing": Stated("generation"),
    "roleplay": None,  # a persona may be asked for a story, a proof or advice
    "reasoning": None,
    "math": Stated("math"),
    "coding": Stated("code"),
    "extraction": Stated("extraction"),
    "stem": Stated("open_qa", "long_form"),
    "humanities": Stated("open_qa", "long_form"),
}

_CLASSIFICATION = Stated("classification", "short_answer")
_OPEN_QA = Stated("open_qa", "short_answer")
_MATH = Stated("math", "short_answer")
_OTHER = Stated("other", "short_answer")

BBH: Names = by_name(
    [
        (
            _CLASSIFICATION,
            ("causal_judgement", "formal_fallacies", "snarks", "sports_understanding"),
        ),
        (_MATH, ("boolean_expressions", "multistep_arithmetic_two")),
        (_OTHER, ("dyck_languages", "object_counting", "word_sorting")),
        (Stated("closed_qa", "short_answer"), ("penguins_in_a_table",)),
        (
            None,
            (
                "date_understanding",
                "disambiguation_qa",
                "geometric_shapes",
                "hyperbaton",
                "logical_deduction_five_objects",
                "logical_deduction_seven_objects",
                "logical_deduction_three_objects",
                "movie_recommendation",
                "navigate",
                "reasoning_about_colored_objects",
                "ruin_names",
                "salient_translation_error_detection",
                "temporal_sequences",
                "tracking_shuffled_objects_five_objects",
                "tracking_shuffled_objects_seven_objects",
                "tracking_shuffled_objects_three_objects",
                "web_of_lies",
            ),
        ),
    ]
)

_MMLU_MATH = (
    "abstract_algebra",
    "college_mathematics",
    "elementary_mathematics",
    "high_school_mathematics",
    "high_school_statistics",
)
_MMLU_UNDECIDED = (
    "high_school_european_history",  # questions on a passage
    "high_school_us_history",
    "high_school_world_history",
    "moral_scenarios",  # a verdict on two cases
    "formal_logic",
    "college_physics",  # partly computed
    "high_school_physics",
    "econometrics",
    "electrical_engineering",
    "college_chemistry",
    "high_school_chemistry",
)
_MMLU_KNOWLEDGE = (
    "anatomy",
    "astronomy",
    "business_ethics",
    "clinical_knowledge",
    "college_biology",
    "college_computer_science",
    "college_medicine",
    "computer_security",
    "conceptual_physics",
    "global_facts",
    "high_school_biology",
    "high_school_computer_science",
    "high_school_geography",
    "high_school_government_and_politics",
    "high_school_macroeconomics",
    "high_school_microeconomics",
    "high_school_psychology",
    "human_aging",
    "human_sexuality",
    "international_law",
    "jurisprudence",
    "logical_fallacies",
    "machine_learning",
    "management",
    "marketing",
    "medical_genetics",
    "miscellaneous",
    "moral_disputes",
    "nutrition",
    "philosophy",
    "prehistory",
    "professional_accounting",
    "professional_law",
    "professional_medicine",
    "professional_psychology",
    "public_relations",
    "security_studies",
    "sociology",
    "us_foreign_policy",
    "virology",
    "world_religions",
)
MMLU: Names = by_name([(_MATH, _MMLU_MATH), (None, _MMLU_UNDECIDED), (_OPEN_QA, _MMLU_KNOWLEDGE)])
