"""Whatever goes wrong at the hub → one sentence, in which no token stands.

huggingface_hub has changed the library that it speaks HTTP with more than once, so errors are told
apart by its own classes and by the status of the answer; all others are of the connection.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from mixer.errors import InputError, MixerError, OutputError

# What a bearer token may consist of (RFC 6750): one that holds anything else stands in errors of
# HTTP libraries, in a spelling that could not be found and taken out.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Place(msgspec.Struct, frozen=True):
    """What is being pushed to, and whose token must not be told."""

    repository: str
    branch: str
    endpoint: str
    token: str


def find_token() -> str:
    """From where huggingface_hub keeps it: HF_TOKEN, or what `hf auth login` stored."""
    from huggingface_hub import get_token

    token = get_token()
    if not token:
        raise InputError(
            "no token for the hub: run `hf auth login`, or set HF_TOKEN to one with write access"
        )
    if not _TOKEN.fullmatch(token):
        raise InputError(
            "the token for the hub holds characters that no token has: set HF_TOKEN again"
        )
    return token


@contextmanager
def failures_told(place: Place) -> Iterator[None]:
    """OutputError for every failure inside; the cause is kept for --debug unless it tells the
    token."""
    try:
        yield
    except MixerError:
        raise
    except Exception as error:
        told = OutputError(_sentence(error, place).replace(place.token, "<token>"))
        if place.token in "".join(traceback.format_exception(error)):
            raise told from None
        raise told from error


def _sentence(error: Exception, place: Place) -> str:
    from huggingface_hub.errors import OfflineModeIsEnabled, RevisionNotFoundError

    name, branch = place.repository, place.branch
    if isinstance(error, OfflineModeIsEnabled):
        return "the hub is switched off: unset HF_HUB_OFFLINE to push"
    if isinstance(error, RevisionNotFoundError):
        return f"{name} has no branch {branch}: make it on the hub, or leave --revision away"
    status = _status(error)
    if status is not None:
        return _of_status(status, error, place)
    return (
        f"cannot push to {name} at {place.endpoint}: {_told(error)}. Check the network and push "
        "again: a commit is made whole or not at all"
    )


def _of_status(status: int, error: Exception, place: Place) -> str:
    name = place.repository
    if status == 401:
        return (
            f"the hub does not accept the token for {name}: run `hf auth login`, or set HF_TOKEN "
            "to one with write access"
        )
    if status == 403:
        return (
            f"the token may not write to {name}: {_told(error)}. Use a token with write access, "
            "or a name of your own"
        )
    if status == 404:
        return f"{name} is not there, or the token may not see it: check the name and the token"
    if status in (409, 412):
        return f"{name} was changed by someone else meanwhile: push again"
    if status == 429:
        return "the hub asks to wait, it had too many requests: push again later"
    return (
        f"the hub refused the push to {name} ({status}): {_told(error)}. A commit is made whole or "
        "not at all: push again when that is mended"
    )


def _status(error: BaseException | None) -> int | None:
    """Of the answer that an error, or one that it comes from, is about."""
    while error is not None:
        status = getattr(getattr(error, "response", None), "status_code", None)
        if isinstance(status, int):
            return status
        error = error.__cause__ or error.__context__
    return None


def _told(error: BaseException) -> str:
    """The server's own words, else the first line of the innermost error."""
    innermost = error
    while (cause := innermost.__cause__ or innermost.__context__) is not None:
        if said := getattr(innermost, "server_message", None):
            return _first_line(said)
        innermost = cause
    said = getattr(innermost, "server_message", None)
    return _first_line(said or f"{type(innermost).__name__}: {innermost}")


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else "no reason given"
