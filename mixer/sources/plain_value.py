"""Values of tables and of YAML in the words of JSON."""

from __future__ import annotations

import base64
import datetime
from numbers import Real
from typing import Any


def plain_value(value: Any) -> Any:
    """Times and dates as ISO 8601, sets as sorted lists, bytes as text where they are UTF-8, else
    base64; whatever else JSON has no word for as Python writes it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {_key(name): plain_value(item) for name, item in value.items()}
    if isinstance(value, set):
        return sorted((plain_value(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, bytes):
        return _text_of(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return float(value) if isinstance(value, Real) else str(value)


def _key(name: Any) -> str:
    return name if isinstance(name, str) else str(plain_value(name))


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()
