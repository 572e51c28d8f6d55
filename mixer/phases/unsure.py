"""The rows whose labels the model is least sure of, with what a person needs to judge them.

How sure a row is: the lesser confidence of task type and form. Rows whose task upstream states are
not among them. Small columns choose, then the text of the chosen rows alone is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mixer.errors import InputError
from mixer.phases.rows import Rows
from mixer.report.unsure import Unsure, excerpt
from mixer.similarity.unfolded_calls import unfolded

_LABELS = ("task_type", "task_type_confidence", "form", "form_confidence")
_CHATS = ("prompt", "messages", "chosen", "completion")
_TEXT = (*_CHATS, "answers")
_BATCH_ROWS = 2048
_REMEDY = "build again with `annotate: [task_type]`"


def unsure_in_mixture(folder: Path, most: int) -> list[Unsure]:
    """Of a built mixture; a record that is there twice counts once."""
    parts = []
    for path in sorted((folder / "data").glob("*/*.parquet")):
        with pq.ParquetFile(path) as file:
            if not {"id", *_LABELS} <= set(file.schema_arrow.names):
                raise InputError(f"{path} does not say how sure labels are: {_REMEDY}")
            table = file.read(columns=["id", *_LABELS])
        parts.append(_least_sure(table.to_pandas(), str(path), most))
    return _with_texts(parts, most)


def unsure_in_rows(rows: Rows, most: int) -> list[Unsure]:
    """Of what a build kept after reading and screening."""
    if not all(map(rows.has, _LABELS)):
        raise InputError(f"these records have no task types: {_REMEDY}")
    table = pa.table({name: rows.column(name) for name in ("id", *_LABELS)})
    parts = []
    for number, shard in enumerate(rows.shards):
        span = rows.span(number)
        own = table.slice(span.start, span.stop - span.start).filter(pa.array(rows.kept[span]))
        parts.append(_least_sure(own.to_pandas(), shard.path, most))
    return _with_texts(parts, most)


def _least_sure(frame: pd.DataFrame, path: str, most: int) -> pd.DataFrame:
    """The first `most` ids, least sure first, ties by id."""
    frame = frame[frame["task_type_confidence"].notna()].drop_duplicates("id")
    sure = frame[["task_type_confidence", "form_confidence"]].min(axis=1)
    return frame.assign(sure=sure, path=path).sort_values(["sure", "id"]).head(most)


def _with_texts(parts: list[pd.DataFrame], most: int) -> list[Unsure]:
    if not parts:
        return []
    chosen = pd.concat(parts).sort_values(["sure", "id"]).drop_duplicates("id").head(most)
    texts: dict[str, _Texts] = {}
    for path, ids in chosen.groupby("path")["id"]:
        texts |= _texts(str(path), pa.array(ids, pa.string()))
    labels: Any = chosen[["id", *_LABELS]].to_dict("records")
    return [msgspec.convert(row | texts[row["id"]], Unsure) for row in labels]


_Texts = dict[str, str | None]


def _texts(path: str, ids: pa.Array) -> dict[str, _Texts]:
    """Excerpts of prompt and answer of each of `ids`, from records or a mixture's file."""
    found: dict[str, _Texts] = {}
    with pq.ParquetFile(path) as file:
        columns = ["id", *(name for name in _TEXT if name in file.schema_arrow.names)]
        for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
            own = batch.filter(pc.is_in(batch.column("id"), value_set=ids))
            for name in columns:
                if name in _CHATS:
                    own = own.set_column(columns.index(name), name, unfolded(own.column(name)))
            for row in own.to_pylist():
                found[row["id"]] = _asked_and_said(row)
    return found


def _asked_and_said(row: dict[str, Any]) -> _Texts:
    asked, said = _prompt_and_answer(row)
    people = [message["content"] for message in asked if message["role"] == "user"]
    last = people or [message["content"] for message in asked] or [""]
    answer = None if said is None else excerpt("\n\n".join(one["content"] for one in said))
    return {"prompt": excerpt(last[-1]), "answer": answer}


_Messages = list[dict[str, str]]


def _prompt_and_answer(row: dict[str, Any]) -> tuple[_Messages, _Messages | None]:
    """Of a record, or of a row of a mixture; a conversation is parted after its last question."""
    if "messages" in row:
        messages = row["messages"]
        places = [place for place, one in enumerate(messages) if one["role"] == "user"]
        end = places[-1] + 1 if places else len(messages) - 1
        return messages[:end], messages[end:]
    answers = [answer["messages"] for answer in row.get("answers") or []]
    answers += [row[name] for name in ("chosen", "completion") if name in row]
    return row["prompt"], next(iter(answers), None)
