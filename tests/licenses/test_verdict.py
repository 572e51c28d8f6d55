"""Every cell of the tables in recipes/LICENSES.md, and what a mixture's licences come to."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from mixer.licenses.names import HUB_LICENSES, OTHER_LICENSES, license_text
from mixer.licenses.terms import USES, Terms, strictest, terms
from mixer.licenses.verdict import conflict, row_terms, verdict

TEXT = (Path(__file__).parents[2] / "recipes" / "LICENSES.md").read_text(encoding="utf-8")


def _table(after: str) -> list[list[str]]:
    lines = TEXT.split(after)[1].split("\n\n|", 1)[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines]


TERMS = _table("## What each allows and asks")
USE = {"c": "commercial", "n": "non_commercial", "a": "academic_only", "u": "unspecified"}


@pytest.mark.parametrize(("license", "use", "conditions"), TERMS[:-1])
def test_each_licence_of_the_table(license: str, use: str, conditions: str) -> None:
    asked = tuple(each.replace(" ", "_") for each in conditions.split(", ") if each)
    assert terms(license) == Terms(use.replace(" ", "_"), asked)  # type: ignore[arg-type]


def test_the_table_has_every_known_licence() -> None:
    assert {row[0] for row in TERMS[:-1]} == HUB_LICENSES | OTHER_LICENSES
    assert terms("anything else") == Terms("unspecified")


@pytest.mark.parametrize("license", sorted(HUB_LICENSES | OTHER_LICENSES))
def test_creative_commons_means_what_its_letters_say(license: str) -> None:
    letters = license.split("-")
    if letters[0] != "cc" or len(letters) == 1:
        return
    found = terms(license)
    assert ("nc" in letters) == (found.use == "non_commercial")
    for letter, condition in (("by", "attribution"), ("sa", "share_alike"), ("nd", "no_deriv")):
        assert (letter in letters) == any(each.startswith(condition) for each in found.conditions)


@pytest.mark.parametrize("row", _table("## Several together"))
def test_the_strictest_use_counts(row: list[str]) -> None:
    first, *cells = (cell.replace(" ", "_") for cell in row)
    for second, cell in zip(USES, cells, strict=True):
        assert strictest([first, second]) == cell  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("stated", "use"),
    [
        ("mit", "c"),
        ("mit AND cc-by-nc-4.0", "n"),
        ("mit OR cc-by-nc-4.0", "c"),
        ("Custom OR academic-only", "a"),
        ("mit AND Custom", "u"),
        ("mit OR apache-2.0 AND cc-by-nc-4.0", "c"),
        # Read without its brackets, this would be a choice of MIT alone.
        ("(MIT OR Apache-2.0) AND CC-BY-NC-4.0", "u"),
        ("CC-BY-NC-4.0 AND (BSD OR MIT OR ISC)", "u"),
        ("unknown", "u"),
    ],
)
def test_expressions(stated: str, use: str) -> None:
    assert row_terms(license_text(stated)).use == USE[use]


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("cc-by-sa-3.0", "cc-by-sa-4.0", True),
        ("cc-by-sa-4.0", "gpl-3.0", True),
        ("cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", True),
        ("cc-by-sa-4.0", "mit", True),
        ("cc-by-nc-sa-4.0", "cc-by-nc-4.0", True),
        ("mit", "cc-by-nc-4.0", True),
        ("cc-by-sa-4.0", "unknown", True),
        ("cc-by-sa-4.0", "cc-by-nc-sa-4.0", False),
        ("cc-by-sa-4.0", "cc-by-nc-4.0", False),
        ("cc-by-nc-sa-4.0", "academic-only", False),
        ("cc-by-sa-4.0", "cdla-sharing-1.0", False),
        ("cc-by-sa-4.0", "gfdl", False),
        ("cc-by-sa-4.0", "cc-by-nd-4.0", False),
        ("gpl-3.0", "openrail", False),
        ("gpl-2.0", "gpl-3.0", False),
    ],
)
def test_which_licences_meet(one: str, other: str, meets: bool) -> None:
    assert (conflict(one, other) is None) == (conflict(other, one) is None) == meets


@pytest.mark.parametrize(("license", "becomes"), _table("AllCompatibility"))
def test_each_row_of_what_may_become_what(license: str, becomes: str) -> None:
    assert not [other for other in becomes.split(", ") if conflict(license, other)]


def test_a_mixture_is_as_strict_as_its_strictest_row() -> None:
    stated = ["mit", "cc-by-sa-4.0", "cc-by-nc-4.0", "Apache Custom"]
    found = [verdict(order) for order in permutations(stated)]
    assert all(each == found[0] for each in found)
    assert found[0].use == "unspecified"
    assert found[0].decided_by == ["Apache Custom"]
    assert found[0].conditions["share_alike"] == ["cc-by-sa-4.0"]
    assert [(each.one, each.other) for each in found[0].conflicts] == [
        ("cc-by-nc-4.0", "cc-by-sa-4.0")
    ]


def test_nothing_stated_is_no_permission() -> None:
    assert verdict([]).use == verdict(["unknown"]).use == "unspecified"
