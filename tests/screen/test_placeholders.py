"""What was to be filled in, and the marks of formats."""

from .screened import dropped


def test_each_kind() -> None:
    answers = ["<noinput>", "I am {{name}}.", "Tea.<|endoftext|>", "Dear [Your Name],"]
    assert dropped("placeholders", answers) == [True, True, True, False]
    assert dropped("placeholders", answers, kinds=["fill_in"]) == [False, False, False, True]


def test_text_that_is_no_placeholder() -> None:
    answers = ["if a < b and c > d", "f(x) = {{1, 2}, {3}}", "[1] Tea", "<mask>", "a <b>b</b>"]
    everything = ["no_value", "template", "special_token", "fill_in"]
    assert not any(dropped("placeholders", answers, kinds=everything))
