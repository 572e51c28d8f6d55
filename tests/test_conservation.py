"""No character of a real file is lost, and each file has as many rows as it had."""

from __future__ import annotations

import json

import pytest
from conservation import COUNTS, DATA, REAL, Real, name_of, read_file, real_files

from mixer import formats

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real data: set MIXER_DATA")

# Of these there is no file at hand, or none of text alone.
WITHOUT = {
    "aya",
    "constitutional",
    "dolly",
    "flan",
    "lima",
    "messages",
    "mmlu",
    "mt_bench",
    "no_robots",
    "pku_saferlhf",
    "preference",
    "prompt_only",
    "stepwise",
    "summarize_feedback",
    "truthfulqa",
    "ultrafeedback",
    "unnatural",
    "webgpt",
    "wildchat",
    "wizardlm",
}
GOLDEN = json.loads(COUNTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("real", REAL, ids=lambda real: f"{real.format} {real.path}")
def test_every_character_is_in_a_record_or_in_quarantine(real: Real) -> None:
    for file in real_files(real):
        read = read_file(real, file)
        assert (name_of(file), read.lost) == (name_of(file), {})
        assert (name_of(file), read.counts) == (name_of(file), GOLDEN[name_of(file)])


def test_every_format_with_real_data_is_looked_at() -> None:
    assert {real.format for real in REAL} | WITHOUT == set(formats.names())
