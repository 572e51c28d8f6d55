"""Licences that the hub knows are written one way; others keep their words."""

import pytest

from mixer.licenses import written_as_on_the_hub


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Apache 2.0", "apache-2.0"),
        ("CC BY-SA 4.0", "cc-by-sa-4.0"),
        ("MIT", "mit"),
        ("Unknown", "unknown"),
        ("Quora Terms of Service", "Quora Terms of Service"),
        ("CC BY 4.0 AND MIT", "CC BY 4.0 AND MIT"),
    ],
)
def test_known_licences_are_written_one_way(written: str, meant: str) -> None:
    assert written_as_on_the_hub(written) == meant
