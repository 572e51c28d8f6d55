"""Labels of files are stable names in ids, whatever machine or disk; nothing outside is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mixer.errors import InputError
from mixer.sources.files import check_unchanged, find_files


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
    for pattern in ("hh/*/*.jsonl", "hh", "hh/**", "hh/**/*.jsonl", "hh/h*/[ab].jsonl"):
        assert _labels(tree, pattern) == expected
    assert _labels(tree, "hh/helpful/*", "hh/harmless/*") == expected


def test_a_file_that_two_patterns_match_is_read_once(tree: Path) -> None:
    assert _labels(tree, "hh/helpful/*", "hh/helpful/a*") == ["helpful/a.jsonl", "helpful/b.jsonl"]


@pytest.mark.parametrize("pattern", ["hh/*.json", "no/*.json", "no.json", "hh/helpful/c.jsonl"])
def test_a_pattern_without_files_is_one_sentence(pattern: str, tree: Path) -> None:
    with pytest.raises(InputError, match="source 's': no file matches"):
        _labels(tree, pattern)


def test_a_name_with_signs_of_patterns_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "a[1].jsonl").touch()
    assert _labels(tmp_path, "a[1].jsonl") == [f"{tmp_path.name}/a[1].jsonl"]


def test_hidden_files_and_those_about_the_data_are_passed_over(tree: Path) -> None:
    for name in (".git/config", ".hidden.jsonl", "README.md", "helpful/LICENSE"):
        path = tree / "hh" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert len(_labels(tree, "hh")) == 3
    assert _labels(tree, "hh/*.md") == ["hh/README.md"]


def test_a_link_out_of_the_folder_is_refused_and_named_it_is_read(tree: Path) -> None:
    (tree / "secret.jsonl").touch()
    (tree / "hh/helpful/link.jsonl").symlink_to(tree / "secret.jsonl")
    for pattern in ("hh", "hh/*/*", "hh/helpful/l*"):
        with pytest.raises(
            InputError, match=r"link\.jsonl is a link that leads out of .*name that"
        ):
            _labels(tree, pattern)
    assert _labels(tree, "hh/helpful/link.jsonl") == ["helpful/link.jsonl"]


def test_a_folder_linked_out_is_not_entered(tree: Path) -> None:
    (tree / "outside").mkdir()
    (tree / "outside/x.jsonl").touch()
    (tree / "hh/linked").symlink_to(tree / "outside")
    assert len(_labels(tree, "hh")) == 3
    with pytest.raises(InputError, match="leads out of"):
        _labels(tree, "hh/*/*.jsonl")


def test_links_inside_do_not_double_a_file(tree: Path) -> None:
    (tree / "hh/a_link.jsonl").symlink_to(tree / "hh/helpful/a.jsonl")
    for name in ("loop", "loop2"):
        (tree / "hh" / name).symlink_to(tree / "hh")
    assert _labels(tree, "hh") == ["harmless/a.jsonl", "helpful/a.jsonl", "helpful/b.jsonl"]


def test_a_link_that_leads_nowhere_is_one_sentence(tree: Path) -> None:
    (tree / "hh/helpful/gone.jsonl").symlink_to(tree / "gone.jsonl")
    (tree / "hh/helpful/self.jsonl").symlink_to(tree / "hh/helpful/self.jsonl")
    for pattern in ("hh", "hh/helpful/gone.jsonl", "hh/helpful/self.jsonl"):
        with pytest.raises(InputError, match="source 's': cannot read "):
            _labels(tree, pattern)


def test_pipes_are_passed_over_and_named_they_are_refused(tree: Path) -> None:
    os.mkfifo(tree / "hh/helpful/pipe.jsonl")
    assert len(_labels(tree, "hh")) == 3
    with pytest.raises(InputError, match="is no regular file"):
        _labels(tree, "hh/helpful/pipe.jsonl")


def test_a_folder_that_is_called_like_a_file(tree: Path) -> None:
    (tree / "hh/out.jsonl").mkdir()
    (tree / "hh/out.jsonl/part-0.json").touch()
    with pytest.raises(InputError, match=r"out\.jsonl is a folder"):
        _labels(tree, "hh/*.jsonl")
    assert _labels(tree, "hh/out.jsonl") == ["out.jsonl/part-0.json"]
    assert len(_labels(tree, "hh")) == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_one_sentence(tree: Path) -> None:
    (tree / "hh/helpful").chmod(0)
    with pytest.raises(InputError, match=r"cannot read .*helpful: Permission denied"):
        _labels(tree, "hh")


def test_a_file_that_changed_is_told(tree: Path) -> None:
    (file,) = find_files([str(tree / "hh/helpful/a.jsonl")], "s")
    check_unchanged(file)
    Path(file.path).write_text("{}")
    with pytest.raises(InputError, match="changed while it was read"):
        check_unchanged(file)
    Path(file.path).unlink()
    with pytest.raises(InputError, match="cannot read"):
        check_unchanged(file)


def test_a_name_that_is_not_utf8_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"th\xe9.jsonl")).write_text("{}\n")
    with pytest.raises(InputError, match=r"the name of .*th\\udce9\.jsonl is not UTF-8: rename it"):
        find_files([str(tmp_path)], "s")
