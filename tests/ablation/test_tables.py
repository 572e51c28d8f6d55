"""Results are read in both shapes; what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixer.ablation.tables import Result, read_design, read_results
from mixer.errors import InputError

MEMBERS = ["full", "without-feedback"]


def _write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "results.csv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def test_long_and_wide_tables_say_the_same(tmp_path: Path) -> None:
    long = "member,run,metric,value\nfull,1,a,0.5\nfull,1,b,2\nwithout-feedback,1,a,\n"
    wide = "member,run,a,b\r\nfull,1,0.5,2\r\nwithout-feedback,1,,\r\n"
    expected = [Result("full", "1", "a", 0.5), Result("full", "1", "b", 2.0)]
    one = read_results(_write(tmp_path, long), MEMBERS)
    assert one.measured == expected
    assert one.empty == 1
    two = read_results(_write(tmp_path, wide, "utf-8-sig"), MEMBERS)
    assert two.measured == expected
    assert two.empty == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("member,run,metric,value\nful,1,a,1\n", "results.csv:2: no member 'ful'.*'full'"),
        ("member,run,metric,value\nfull,1,a,good\n", "results.csv:2: 'good' is not a number"),
        ("member,run,metric,value\nfull,1,a,nan\n", "'nan' is not a number"),
        ("member,run,metric,value\nfull,1,a,1\nfull,1,a,2\n", "results.csv:3: full has a .* twice"),
        ("member,run,metric,value\nfull,1,a,\n", "nothing is measured yet"),
        ("run,value\n1,2\n", "results.csv:1: the header needs `member`; it has run, value"),
        ("", "it has nothing"),
        ("member,run\nfull,1\n", "needs the columns member, run, metric, value"),
        ("member,run,metric,value\nfull,1\n", "not as many fields"),
    ],
)
def test_one_sentence_with_the_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_results(_write(tmp_path, text), MEMBERS)


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "design.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot read"):
        read_design(tmp_path / "design.csv")
    with pytest.raises(InputError, match="cannot read"):
        read_design(tmp_path / "nothing.csv")
