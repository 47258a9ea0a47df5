"""Secrets in source code, arguments and parameters: values of names that sound like one, and passwords in URLs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

REDACTED = "***REDACTED***"
SECRETS = {
    *(("secret",), ("token",), ("password",), ("passwd",), ("passphrase",), ("credential",), ("credentials",), ("apikey",)),
    *(("api", "key"), ("access", "key"), ("private", "key"), ("client", "secret"), ("secret", "key"), ("auth", "key")),
}
"""Words, or words in a row, that make a name sound like a secret."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_URL = re.compile(r"(?P<before>\b[a-zA-Z][\w+.-]*://[^\s/:@'\"]*:)(?P<password>[^\s/@'\"]+)(?=@)")
_NAME = r"(?P<name>[A-Za-z_][\w.-]*)"
_ANNOTATION = r"(?:\s*[A-Za-z_][\w\[\], .|]*=(?!=))?"
_BETWEEN = rf"(?P<between>['\"]?\]?\s*(?::=|<-|=(?!=)|:(?!:){_ANNOTATION})\s*[rRbBuUfF]{{0,2}})"
_LONG = r"(?P<quotes>\"{3}|'{3})(?P<text>(?:\\.|(?!(?P=quotes))[\s\S])+?)(?P=quotes)"
_SHORT = r"(?P<quote>\"|')(?P<line>(?:\\.|(?!(?P=quote))[^\\\n])+)(?P=quote)"
_ASSIGNMENT = re.compile(f"{_NAME}{_BETWEEN}(?:{_LONG}|{_SHORT})")
_OPTION = re.compile(r"(?P<name>-{0,2}[A-Za-z][\w.-]*)=(?P<value>.+)", re.DOTALL)


def is_secret(name: str) -> bool:
    """Whether a name sounds like that of a secret, as `apiKey`, `DB_PASSWORD` or `client-secret` do."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return any(tuple(words[start : start + n]) in SECRETS for n in (1, 2) for start in range(len(words) - n + 1))


def in_source(text: str) -> tuple[str, int]:
    """Return source code without the secrets that are written in it, and how many there were.

    Literals that are assigned to a name, a key or an environment variable that sounds like a secret, and passwords in URLs.
    Look-ups and annotations stay.
    """
    count = 0

    def hidden(found: re.Match[str]) -> str:
        nonlocal count
        quote, value = found["quotes"] or found["quote"], found["text"] or found["line"]
        if value == REDACTED or not is_secret(found["name"]):
            return found[0]
        count += 1
        return f"{found['name']}{found['between']}{quote}{REDACTED}{quote}"

    text = _ASSIGNMENT.sub(hidden, text)
    text, in_urls = in_text(text)
    return text, count + in_urls


def in_text(text: str) -> tuple[str, int]:
    """Return a text without the passwords of URLs, and how many there were."""
    return _URL.subn(lambda found: f"{found['before']}{REDACTED}" if found["password"] != REDACTED else found[0], text)


def in_arguments(arguments: Sequence[str]) -> tuple[list[str], int]:
    """Return the arguments of a command without secrets, and how many there were: `--token=x`, `--token x`, `TOKEN=x`."""
    shown: list[str] = []
    count, hide_next = 0, False
    for argument in arguments:
        option = _OPTION.fullmatch(argument)
        if hide_next and not argument.startswith("-"):
            shown.append(REDACTED)
            count += 1
        elif option is not None and is_secret(option["name"]):
            shown.append(f"{option['name']}={REDACTED}")
            count += 1
        else:
            text, in_urls = in_text(argument)
            shown.append(text)
            count += in_urls
        hide_next = argument.startswith("-") and option is None and is_secret(argument)
    return shown, count


def in_json(value: Any, name: str = "") -> tuple[Any, int]:
    """Return JSON without secrets at any depth, and how many there were."""
    if name and is_secret(name) and value not in (None, "", True, False):
        return REDACTED, 1
    match value:
        case str():
            return in_text(value)
        case dict():
            pairs = {key: in_json(item, key) for key, item in value.items()}
            return {key: item for key, (item, _) in pairs.items()}, sum(count for _, count in pairs.values())
        case list():
            items = [in_json(item) for item in value]
            return [item for item, _ in items], sum(count for _, count in items)
    return value, 0
