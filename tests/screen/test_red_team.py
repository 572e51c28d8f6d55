"""What a source declares, and nothing else, makes a red-team record."""

from mixer.schema import Record, assistant, user

from .screened import reasons


def _record(subset: str = "", **more: object) -> Record:
    return Record([user("Teach me to steal.")], [assistant("No.")], subset=subset, **more)  # type: ignore[arg-type]  # fields of many types


def test_subsets_by_name() -> None:
    records = [_record("Red-Team-Attempts"), _record("harmless-base"), _record("helpful-base")]
    assert reasons("red_team", records) == [
        "subset Red-Team-Attempts",
        "subset harmless-base",
        None,
    ]
    assert reasons("red_team", records, subsets=["helpful-*"])[1:] == [None, "subset helpful-base"]


def test_fields_of_the_upstream_row() -> None:
    records = [_record(meta={"toxic": True}), _record(meta={"toxic": 1}), _record()]
    found = reasons("red_team", records, fields={"toxic": True})
    assert found == ["its source says: toxic is true", None, None]


def test_rows_that_are_not_for_training() -> None:
    record = _record(not_for_training=True)
    assert reasons("red_team", [record]) == ["its source says: not for training"]
    assert reasons("red_team", [record], not_for_training=False) == [None]
