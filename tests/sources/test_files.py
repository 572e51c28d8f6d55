"""Labels of files are stable names in ids, whatever machine or disk."""

from pathlib import Path

import pytest

from mixer.errors import InputError
from mixer.sources.files import find_files


def _labels(tmp_path: Path, *patterns: str) -> list[str]:
    return [file.label for file in find_files([str(tmp_path / each) for each in patterns], "s")]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("hh/helpful/b.jsonl", "hh/helpful/a.jsonl", "hh/harmless/a.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_labels_keep_the_folder_that_holds_the_files(tree: Path) -> None:
    assert _labels(tree, "hh/helpful/*.jsonl") == ["helpful/a.jsonl", "helpful/b.jsonl"]
    assert _labels(tree, "hh/helpful/a.jsonl") == ["helpful/a.jsonl"]


def test_labels_begin_where_the_wildcards_do(tree: Path) -> None:
    expected = ["harmless/a.jsonl", "helpful/a.jsonl", "helpful/b.jsonl"]
    assert _labels(tree, "hh/*/*.jsonl") == expected
    assert _labels(tree, "hh") == expected
    assert _labels(tree, "hh/helpful/*", "hh/harmless/*") == expected


def test_a_file_that_two_patterns_match_is_read_once(tree: Path) -> None:
    assert _labels(tree, "hh/helpful/*", "hh/helpful/a*") == ["helpful/a.jsonl", "helpful/b.jsonl"]


def test_a_pattern_without_files_is_one_sentence(tree: Path) -> None:
    with pytest.raises(InputError, match="source 's': no file matches"):
        _labels(tree, "hh/*.json")
