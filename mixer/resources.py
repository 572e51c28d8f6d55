"""What ships with mixer: recipes, data cards, samples.

In a wheel they lie inside the package; in a checkout recipes/ and data_cards/ lie beside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The shipped folder `recipes`, `data_cards` or `samples`."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
