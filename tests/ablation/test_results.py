"""design.csv and results.csv: both shapes, what spreadsheets do to them, and every error."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixer.ablation.results import Design, read_design, read_results
from mixer.errors import InputError

DESIGN = """\
member,design,factor,level,rows,tokens,share:instruction,share:feedback
full,leave-one-out,,,10000,812345,0.5,0.5
without-feedback,leave-one-out+one-at-a-time,feedback,out,10000,801111,1,0
random-003,simplex,,,10000,801111,0.25,0.75
"""
LONG = "member,run,metric,value\nfull,1,accuracy,0.5\nfull,2,accuracy,0.6\nfull,1,win_rate,\n"


def design_of(folder: Path, text: str = DESIGN) -> Design:
    path = folder / "design.csv"
    path.write_text(text, encoding="utf-8")
    return read_design(path)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "results.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def measured(folder: Path, text: str | bytes) -> list[tuple[str, str, str, float]]:
    found = read_results(written(folder, text), design_of(folder))
    return [(one.member, one.run, one.metric, one.value) for one in found.measurements]


def test_a_design_is_read(tmp_path: Path) -> None:
    design = design_of(tmp_path)
    assert design.components == ("instruction", "feedback")
    second = design.members[1]
    assert second.designs == ("leave-one-out", "one-at-a-time")
    assert (second.factor, second.level) == ("feedback", "out")
    assert second.shares == {"instruction": 1.0, "feedback": 0.0}
    assert [one.name for one in design.of("simplex")] == ["random-003"]


def test_other_words_for_the_same_design_are_read(tmp_path: Path) -> None:
    text = DESIGN.replace("member,design", "member,kind").replace(
        "full,leave-one-out", "full,reference"
    )
    design = design_of(tmp_path, text.replace("leave-one-out", "leave_one_out"))
    assert [one.name for one in design.of("leave-one-out")] == ["full", "without-feedback"]
    assert design.members[0].is_reference


def test_long_and_wide_files_say_the_same(tmp_path: Path) -> None:
    long = "member,run,metric,value\nfull,1,accuracy,0.5\nfull,1,win_rate,2e-1\n"
    wide = "member,run,accuracy,win_rate\nfull,1,0.5,2e-1\n"
    expected = [("full", "1", "accuracy", 0.5), ("full", "1", "win_rate", 0.2)]
    assert measured(tmp_path, long) == measured(tmp_path, wide) == expected


@pytest.mark.parametrize("text", [LONG, "member,run,accuracy,win_rate\nfull,1,0.5,\nfull,2,0.6\n"])
def test_empty_values_are_counted(tmp_path: Path, text: str) -> None:
    found = read_results(written(tmp_path, text), design_of(tmp_path))
    assert len(found.measurements) == 2
    assert found.not_measured == (1 if text == LONG else 2)


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + LONG.encode(),
        LONG.replace("\n", "\r\n"),
        LONG.replace("\n", "\r"),
        LONG.replace(",", " , "),
        LONG.replace("\n", "\n\n,,,\n"),
        LONG.replace("\n", ",\n"),
        LONG.removesuffix("\n"),
        '"member","run","metric","value"\n"full","1","accuracy","0.5"\n"full",2,"accuracy",0.6',
    ],
    ids=["bom", "crlf", "cr", "spaces", "blank lines", "empty column", "no last newline", "quotes"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str | bytes) -> None:
    assert measured(tmp_path, text) == [
        ("full", "1", "accuracy", 0.5),
        ("full", "2", "accuracy", 0.6),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fulll,1,a,1\n", "2: unknown member 'fulll'; did you mean 'full'? known: full, "),
        ("\nfull,1,a,1\nful,1,a,1\n", "4: unknown member 'ful'; did you mean 'full'?"),
        ("full,1,loss,nan\n", "2: loss of member 'full' is 'nan', not a finite number"),
        ("full,1,loss,inf\n", "2: loss of member 'full' is 'inf', not a finite number"),
        ("full,1,loss,1_0\n", "2: loss of member 'full' is '1_0', not a finite number"),
        ("full,1,loss,1e200\n", "2: loss of member 'full' is 1e200, above 1e+100"),
        ("full,1,loss,0,85\n", "2: 5 cells, but the header names 4 columns (a decimal comma"),
        ("full,1,a,1\nfull,1,a,2\n", "3: member 'full' has two values of 'a' for run '1'"),
        ("full,,a,1\nfull,,a,2\n", "3: member 'full' has two values of 'a' without a run"),
        ("full,1,,1\n", "2: a value of member 'full' without the name of a metric"),
        ("full,1,a,\n", " nothing measured yet: fill in the column 'value'"),
        ("", " nothing measured yet: fill in the column 'value'"),
    ],
)
def test_bad_lines_are_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    _check(tmp_path, f"member,run,metric,value\n{text}", sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("member,run,a\nfull,1,85%\n", "2: a of member 'full' is '85%', not a finite number"),
        ("member,run,metric\nfull,1,a\n", "1: no column 'value'; the file has: member, run"),
        ("run,metric,value\n1,a,1\n", "1: no column 'member'"),
        ("member,accuracy\nfull,1\n", "1: no column 'run'"),
        ("member,run\nfull,1\n", "1: no column with values"),
        ("", "1: no column 'member' or 'run'; the file has: nothing"),
        ("member,run,a,a\nfull,1,1,1\n", "1: two columns are named 'a'"),
        ("member;run;metric;value\n", "1: columns are separated by ';'; save the file with"),
        ('member,run,a\nfull,1,"2\n', "2: not CSV: unexpected end of data"),
        (b"member,run,a\nfull,1,\xff\n", " not UTF-8 at byte 20"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    _check(tmp_path, text, sentence)


def _check(folder: Path, text: str | bytes, sentence: str) -> None:
    path = written(folder, text)
    design = design_of(folder)
    with pytest.raises(InputError) as caught:
        read_results(path, design)
    assert str(caught.value).startswith(f"{path}:{sentence}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("simplex", "simplx", "4: unknown design 'simplx'; did you mean 'simplex'?"),
        ("feedback,out", "feedbck,out", "3: unknown factor 'feedbck'; did you mean 'feedback'?"),
        ("0.25,", "much,", "4: share of 'instruction' is 'much', not a finite number"),
        ("0.25,", "1.5,", "4: share of 'instruction' is 1.5; a share lies in 0-1"),
        ("random-003", "full", "4: member 'full' has two lines"),
        ("random-003", "", "4: a member without a name"),
        ("level", "grade", "1: no column 'level'"),
        ("member,design", "member,plan", "1: no column 'design'"),
        ("share:", "", "1: no column 'share:<component>'"),
        (DESIGN[DESIGN.index("full,") :], "", " no members beneath the header"),
    ],
)
def test_a_bad_design_is_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        design_of(tmp_path, DESIGN.replace(old, new))
    assert str(caught.value).startswith(f"{tmp_path / 'design.csv'}:{sentence}")


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file"):
        read_design(tmp_path / "none.csv")


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mixer.ablation.csv_rows.MAX_FILE_BYTES", 10)
    with pytest.raises(InputError, match="too large for a table"):
        design_of(tmp_path)
