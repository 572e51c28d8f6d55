"""Licences get one id however they are written; what names none keeps its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.licenses.names import HUB_LICENSES, OTHER_LICENSES, license_id, license_text, on_the_hub


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Apache 2.0", "apache-2.0"),
        ("Licensed under the Apache License, Version 2.0", "apache-2.0"),
        ("MIT License (https://example.org/LICENSE)", "mit"),
        ("The MIT License (MIT)", "mit"),
        ("CC BY-SA 4.0", "cc-by-sa-4.0"),
        ("CC BY- SA 4.0", "cc-by-sa-4.0"),
        ("Attribution-NonCommercial 4.0 International", "cc-by-nc-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0 Unported License", "cc-by-sa-3.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "cc-by-nc-sa-4.0"),
        ("Computational Use of Data Agreement (C-UDA) License", "c-uda"),
        ("GNU Affero General Public License v3.0", "agpl-3.0"),
        ("Public Domain", "public-domain"),
        ("CC0: Public Domain", "cc0-1.0"),
        ("Custom (research-only)", "academic-only"),
        ("Unknown", "unknown"),
        ("Apache", "apache"),
        ("Apache 2", "apache-2.0"),
        ("GPL-3.0-or-later", "gpl-3.0"),
        ("AGPL-3.0-only", "agpl-3.0"),
        ("CC0 1.0 Universal (CC0 1.0)", "cc0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.txt", "apache-2.0"),
        ("https://opensource.org/licenses/MIT", "mit"),
        (
            "Creative Commons Attribution (https://creativecommons.org/licenses/by/4.0/)",
            "cc-by-4.0",
        ),
        # What names no licence, or not for certain, is not guessed.
        ("Creative Commons Public License (CCPL)", "Creative Commons Public License (CCPL)"),
        ("Modified MIT License", "Modified MIT License"),
        ("CC BY 4.0 (MIT)", "CC BY 4.0 (MIT)"),
        ("Quora Terms of Service", "Quora Terms of Service"),
        ("404: Not Found", "404: Not Found"),
        ("Licensed by", "Licensed by"),
        ("https://opensource.org/licenses/MIT-0", "https://opensource.org/licenses/MIT-0"),
        ("", ""),
    ],
)
def test_one_id_for_each_way_of_writing(written: str, meant: str) -> None:
    assert license_id(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "https://creativecommons.org/licenses/by/4.0/ for texts, pictures are NC",
        "CC BY 4.0 (https://creativecommons.org/licenses/by-nc/4.0/)",
        "https://opensource.org/licenses/MIT https://creativecommons.org/licenses/by-nc/4.0/",
    ],
)
def test_an_address_decides_nothing_against_what_else_is_said(text: str) -> None:
    assert license_id(text) == text


def test_expressions_keep_their_shape() -> None:
    assert license_text("CC BY 4.0 AND MIT OR Custom") == "cc-by-4.0 AND mit OR Custom"


def test_brackets_around_parts_are_kept() -> None:
    assert license_text(" (MIT OR Apache-2.0) AND BSD") == "(MIT OR Apache-2.0) AND BSD"
    assert license_text("CC BY 4.0 (CC-BY-4.0) AND MIT") == "cc-by-4.0 AND mit"


def test_the_hub_gets_its_own_ids_alone() -> None:
    assert [on_the_hub(name) for name in ("mit", "oanc", "Custom")] == ["mit", "other", "other"]


@pytest.mark.parametrize("name", sorted(HUB_LICENSES | OTHER_LICENSES))
def test_an_id_means_itself(name: str) -> None:
    assert license_id(name) == license_id(name.upper()) == name


@given(st.text(max_size=60))
def test_any_text_has_an_id_which_means_itself(text: str) -> None:
    assert license_id(license_id(text)) == license_id(text)


@pytest.mark.parametrize("text", ["." * 100_000, "x" + " " * 100_000 + "y", "(" * 100_000])
def test_a_text_that_is_no_name_is_not_looked_into(text: str) -> None:
    assert license_text(f" {text} ") == text
