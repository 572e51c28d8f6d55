"""What is said of a mixture's licences where it is passed on."""

from __future__ import annotations

import msgspec
import pytest

from mixer.cards.licensing import hindrances, plain_verdict
from mixer.cards.summary import Licensing, Summary
from mixer.licenses.verdict import verdict


def licensed(*stated: str) -> Licensing:
    return Licensing(dict.fromkeys(stated, 1), verdict(stated), {"OpenAI": ["alpaca"]})


def summary(**found: Licensing) -> Summary:
    counts = dict.fromkeys(("seed", "read", "quarantined", "not_drawn", "drawn", "drawn_rows"), 0)
    mix = {"size": "", "outcome": "met", "cells": 0, "records": 0, "epochs": 0, "repeated_rows": 0}
    lists = {"short": [], "notes": [], "axes": []}
    maps: dict[str, dict[str, object]] = {
        name: {} for name in ("configs", "dropped", "splits", "composition")
    }
    rest = {"name": "t", "mixer": "1", "sources": [], "languages": [], "licenses": []}
    told = {**counts, **maps, **rest, "annotated": [], "mix": {**mix, **lists}, "licensing": found}
    return msgspec.convert(msgspec.to_builtins(told), Summary)


def test_the_verdict_in_a_few_lines() -> None:
    assert plain_verdict("sft", licensed("cc-by-nc-4.0", "cc-by-sa-4.0")) == [
        "sft: no commercial use (because of cc-by-nc-4.0)",
        "sft: name the authors; pass on what is made of it under the same licence",
        "sft: cc-by-nc-4.0 and cc-by-sa-4.0 cannot be put under one licence",
        "sft: answers of alpaca come from a model of OpenAI, under its terms",
    ]


def test_many_licences_do_not_make_many_lines() -> None:
    stated = ["cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "a", "b", "c", "d"]
    found = plain_verdict("sft", licensed(*stated))
    assert found[0] == (
        "sft: no permission can be read from what is stated (because of a, b, c and 1 more)"
    )
    assert found[2] == (
        "sft: 4 pairs of licences cannot be put under one, such as cc-by-nc-3.0 and cc-by-sa-3.0"
    )
    assert len(found) == 4


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        (["mit", "cc-by-nc-4.0"], []),
        (["mit", "unknown"], ["sft: no permission can be read from what is stated (unknown)"]),
        (["cc-by-nd-4.0"], ["sft: pass it on unchanged only (cc-by-nd-4.0)"]),
        (
            ["cc-by-nc-4.0", "cc-by-sa-4.0"],
            ["sft: cc-by-nc-4.0 and cc-by-sa-4.0 cannot be put under one licence"],
        ),
    ],
)
def test_what_hinders_giving_it_to_everybody(stated: list[str], why: list[str]) -> None:
    assert hindrances(summary(sft=licensed(*stated))) == why


def test_a_mixture_that_says_nothing_of_licences_is_not_given_to_everybody() -> None:
    assert hindrances(summary()) == ["it does not say what its licences allow"]
