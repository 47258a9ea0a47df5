"""Secrets are found in source code, arguments and parameters, and nothing else is."""

import pytest

from lamindb.lineage import redaction
from lamindb.lineage.redaction import REDACTED


@pytest.mark.parametrize(
    "code",
    [
        'api_key = "{}"',
        "API_KEY='{}'",
        'accessKey: "{}"',
        'my.secret := "{}"',
        'config = {{"client-secret": "{}", "x": 1}}',
        'os.environ["DB_PASSWORD"] = "{}"',
        'password: str = "{}"',
        'connect(host="h", passwd="{}")',
        'token = f"{}"',
        'private_key = """{}"""',
        'token <- "{}"',
        'url = "postgresql://me:{}@host:5432/db"',
    ],
)
def test_a_secret_in_source_is_hidden(code: str) -> None:
    assert redaction.in_source(code.format('s3cr\\"et') if "@" not in code else code.format("s3cret")) == (
        code.format(REDACTED),
        1,
    )
    assert redaction.in_source(code.format(REDACTED))[0] == code.format(REDACTED)


@pytest.mark.parametrize(
    "code",
    [
        'token = os.environ["API_TOKEN"]',
        'password = getpass("password: ")',
        "token: str",
        'if token == "abc": pass',
        'tokenizer = "bpe"',
        'max_tokens = "100"',
        'monkey = "x"; keys = "y"',
        "secret = read()",
        'url = "https://example.org/a@b"',
        'key = "plates/a.csv"',
    ],
)
def test_what_is_no_secret_stays(code: str) -> None:
    assert redaction.in_source(code) == (code, 0)


def test_a_long_secret_over_lines() -> None:
    code = 'private_key = """-----BEGIN\nabc\n-----END"""\nx = "y"\n'
    assert redaction.in_source(code) == (f'private_key = """{REDACTED}"""\nx = "y"\n', 1)


def test_arguments() -> None:
    given = [
        "--token=a",
        "--password",
        "b",
        "API_KEY=c",
        "--depth",
        "3",
        "--tokens",
        "5",
        "redis://u:p@h/0",
        "--secret",
        "--flag",
    ]
    shown, count = redaction.in_arguments(given)
    assert shown == [
        *(f"--token={REDACTED}", "--password", REDACTED, f"API_KEY={REDACTED}", "--depth", "3", "--tokens", "5"),
        *(f"redis://u:{REDACTED}@h/0", "--secret", "--flag"),
    ]
    assert count == 4


def test_json_at_any_depth() -> None:
    given = {"a": [{"password": "x", "n": 1}], "secretKey": {"deep": 1}, "token": None, "use_token": True, "url": "a://b:c@d"}
    assert redaction.in_json(given) == (
        {
            "a": [{"password": REDACTED, "n": 1}],
            "secretKey": REDACTED,
            "token": None,
            "use_token": True,
            "url": f"a://b:{REDACTED}@d",
        },
        3,
    )
