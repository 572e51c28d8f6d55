"""Upstream's names of tasks: every label is one of ours, every name is known or says nothing."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import pytest

from mixer.annotate.upstream import evaluation_sets, flan_collection, instruction_sets, p3, super_ni
from mixer.annotate.upstream.catalogues import label_of
from mixer.annotate.upstream.stated import Names, Stated
from mixer.errors import InputError
from mixer.mixture.presets import INSTRUCTGPT
from mixer.schema import file_stem
from mixer.taxonomy import FORMS, INSTRUCTGPT_USE_CASES, TASK_TYPES

DATA = Path(os.environ.get("MIXER_DATA", Path(__file__).parents[3] / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="no real data: set MIXER_DATA")
TABLE = DATA / "flan-cot" / "flan_collection_info.csv"

MAPS: dict[str, tuple[Names, int]] = {
    "bbh": (evaluation_sets.BBH, 27),
    "cot": (flan_collection.CHAIN_OF_THOUGHT, 9),
    "dolly": (instruction_sets.DOLLY, 8),
    "flan_collection": (flan_collection.FLAN_COLLECTION, 162),
    "instructgpt": (instruction_sets.INSTRUCTGPT, 10),
    "mmlu": (evaluation_sets.MMLU, 57),
    "mt_bench": (evaluation_sets.MT_BENCH, 8),
    "no_robots": (instruction_sets.NO_ROBOTS, 10),
    "super_ni": (super_ni.SUPER_NI, 76),
}


@pytest.mark.parametrize("name", MAPS)
def test_a_map_has_all_of_upstream_s_names_and_only_our_labels(name: str) -> None:
    names, count = MAPS[name]
    assert len(names) == count
    for label in filter(None, names.values()):
        assert label.task_type in TASK_TYPES
        assert label.form is None or label.form in FORMS


def test_labels_of_templates_are_ours() -> None:
    labels = [*p3.DATA_SETS.values(), *(label for _, label in p3.TURNED)]
    assert {label.task_type for label in labels if label} <= set(TASK_TYPES)
    assert {label.form for label in labels if label} <= {None, *FORMS}


def test_every_task_type_has_a_use_case_of_instructgpt_s_table() -> None:
    assert set(INSTRUCTGPT_USE_CASES) == set(TASK_TYPES)
    assert set(INSTRUCTGPT_USE_CASES.values()) == set(INSTRUCTGPT)


@pytest.mark.parametrize(
    ("catalogue", "category", "task", "task_type"),
    [
        (
            "super_ni",
            "Sentiment Analysis",
            "task475_yelp_polarity_classification",
            "classification",
        ),
        # The task writes an emotion, its category gives labels.
        (
            "super_ni",
            "Sentiment Analysis",
            "task293_storycommonsense_emotion_text_generation",
            None,
        ),
        ("super_ni", "Question Generation", "task1637_doqa2.1_cooking_text_summarization", None),
        ("super_ni", "Question Answering", "task918_coqa_answer_generation", None),
        ("super_ni", "A Category of Tomorrow", "task9999_x", None),
        ("dolly", "creative_writing", "", "generation"),
        ("dolly", "general_qa", "", None),
        ("no_robots", "Coding", "", "code"),
        ("p3", "quoref_Find_Answer", "", "closed_qa"),
        ("p3", "quoref_Guess_Title_For_Context", "", "summarization"),
        ("p3", "super_glue_cb_GPT_3_style_score_eval", "", "classification"),
        ("p3", "piqa_finish_sentence_with_correct_choice", "", None),
        ("p3", "quorefs_Find_Answer", "", None),
        ("cot", "gsm8k_train", "", "math"),
        ("cot", "stream_aqua", "", "math"),
        # The model is given the answer and writes the question.
        ("cot", "cot_gsm8k_ii", "", None),
        ("flan2021", "wmt16_translate/de-en:1.0.0", "", "translation"),
        # Two of its ten templates ask to write the e-mail.
        ("flan2021", "aeslc:1.0.0", "", None),
        ("niv2", "task1146_country_capital", "task1146_country_capital", None),
        ("words", " Open QA", "", "open_qa"),
        ("words", "Summarize", "", "summarization"),
        ("words", "other", "", "other"),
        ("words", "tea", "", None),
        ("no such catalogue", "Chat", "", None),
    ],
)
def test_what_upstream_says(
    catalogue: str, category: str, task: str, task_type: str | None
) -> None:
    label = label_of(catalogue, category, task)
    assert (label.task_type if label else None) == task_type


def test_the_table_of_the_flan_collection_decides_what_the_own_word_leaves_open(
    tmp_path: Path,
) -> None:
    table = tmp_path / "info.csv"
    header = "Source,Dataset,Specific Task Category,Generic Task Category,Languages"
    table.write_text(f"{header}\nNIv2,tea,task1_tea,Named Entity Recognition,English\n")
    extraction = Stated("extraction", "short_answer")
    assert label_of("niv2", "task1_tea", "task1_tea", str(table)) == extraction
    assert label_of("super_ni", "Misc.", "task1_tea", str(table)) == extraction
    assert label_of("super_ni", "Misc.", "task2_tea", str(table)) is None
    assert label_of("super_ni", "Paraphrasing", "task1_tea", str(table)) == Stated(
        "rewrite", "short_answer"
    )


@pytest.mark.parametrize(
    "content", [b"", b"task,category\n", b"\xff\xfe\x00", b'a,"' + b"x" * 2**18]
)
def test_another_table_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "info.csv"
    table.write_bytes(content)
    with pytest.raises(InputError, match=r"flan_collection_info\.csv"):
        label_of("niv2", "task1_tea", "task1_tea", str(table))


@needs_data
def test_the_map_has_the_categories_of_upstream_s_table_and_no_others() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Generic Task Category"] for row in rows} == set(flan_collection.FLAN_COLLECTION)
    templates = [row["Specific Task Category"] for row in rows if row["Source"] == "T0"]
    assert [name for name in templates if not _has_data_set(name)] == []


@needs_data
def test_every_real_file_s_category_and_template_is_known() -> None:
    for path in (DATA / "super-natural-instructions" / "tasks").glob("*.json.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            assert set(json.load(file)["Categories"]) <= set(super_ni.SUPER_NI)
    folder = DATA / "self-instruct" / "data" / "finetuning" / "t0_train_50k" / "data_per_template"
    names = [file_stem(path.name) for path in folder.iterdir()]
    assert [name for name in names if not _has_data_set(name)] == []
    cot = [file_stem(path.name) for path in (DATA / "flan-cot").glob("*.tsv.gz")]
    assert all(flan_collection.of_chain_of_thought(name) for name in cot)
    bbh = [file_stem(path.name) for path in (DATA / "evals" / "bbh").glob("*.json*")]
    assert set(bbh) <= set(evaluation_sets.BBH)


def test_every_pattern_of_a_template_is_of_a_known_data_set() -> None:
    assert [pattern for pattern, _ in p3.TURNED if not _has_data_set(pattern)] == []


def _has_data_set(name: str) -> bool:
    return any(name.startswith(f"{each}_") for each in p3.DATA_SETS)
