"""Answers that repeat what was asked."""

from mixer.schema import Record, assistant, user, utf8_bytes

from .screened import reasons

ASKED = "Name three teas that grow in India."


def _reason(answer: str, asked: str = ASKED, instruction: str | None = None) -> str | None:
    length = None if instruction is None else utf8_bytes(instruction)
    record = Record([user(asked)], [assistant(answer)], instruction_bytes=length)
    return reasons("echo", [record])[0]


def test_the_prompt_again_whatever_its_case_and_punctuation() -> None:
    assert _reason(ASKED) == "answer repeats the prompt"
    assert _reason("name three teas, that grow in INDIA: Assam") == "answer repeats the prompt"
    assert _reason("Assam. " + ASKED) is None
    assert _reason("Name three teas that grow in Indonesia.") is None


def test_the_instruction_again_but_not_its_input() -> None:
    given = "She have two cup of tea."
    instruction = "Correct the sentence that follows."
    asked = f"{instruction}\n\n{given}"
    assert _reason(instruction, asked, instruction) == "answer repeats the instruction"
    assert _reason(given, asked, instruction) is None


def test_greetings_and_comments_of_code_may_repeat() -> None:
    assert _reason("Good morning!", "Good morning") is None
    assert _reason(f'"""{ASKED}"""\nprint("Assam")') is None


def test_characters_are_counted_not_bytes() -> None:
    assert _reason("你好，请问你是谁？", "你好，请问你是谁？") is None
