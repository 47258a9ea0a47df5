"""`ln.settings`: typed, listed, and switched for a block."""

import logging
import subprocess
import sys
import threading

import pytest

import lamindb as ln
from lamindb import verbosity
from lamindb.records import context, hinting


@pytest.fixture(autouse=True)
def as_before():
    before = ln.settings.creation.search_names, ln.settings.track_run_inputs, ln.settings.annotation.n_max_records
    level = verbosity.log.level
    yield
    assert before == (ln.settings.creation.search_names, ln.settings.track_run_inputs, ln.settings.annotation.n_max_records)
    verbosity.log.setLevel(level)


def test_settings_are_switched_for_a_block():
    with ln.settings.using(creation_search_names=False, track_run_inputs=False, annotation_n_max_records=5) as settings:
        assert settings is ln.settings
        assert (hinting.search_names, context.track_inputs, settings.annotation.n_max_records) == (False, False, 5)
        with ln.settings.creation.using(search_names=True):
            assert hinting.search_names is True
        assert hinting.search_names is False
    assert (hinting.search_names, context.track_inputs, ln.settings.annotation.n_max_records) == (True, True, 1000)


def test_settings_are_put_back_however_the_block_ends():
    with pytest.raises(ln.errors.ObjectDoesNotExist), ln.settings.using(creation_search_names=False, verbosity="error"):
        raise ln.errors.ObjectDoesNotExist(ln.settings.verbosity)
    assert (hinting.search_names, ln.settings.verbosity) == (True, "warning")
    with pytest.raises(ln.errors.InvalidArgument), ln.settings.using(creation_search_names=False, track_run_inputs=1):
        pytest.fail("the block was entered")
    assert hinting.search_names is True


def test_a_block_holds_in_all_threads():
    seen = []
    with ln.settings.using(creation_search_names=False):
        thread = threading.Thread(target=lambda: seen.append(ln.settings.creation.search_names))
        thread.start()
        thread.join()
    assert seen == [False]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"creation_serch_names": False},
            "ln.settings has no setting 'creation_serch_names'; did you mean 'creation_search_names'",
        ),
        ({"search_names": False}, "ln.settings has no setting 'search_names'; did you mean 'creation_search_names'"),
        ({"user": "me"}, "ln.settings has no setting 'user'"),
        ({"branch": "main"}, r"branch outlives this process, so it is not switched for a block; ln.track\(branch=…"),
        ({"creation_search_names": 0}, "search_names must be True or False, not 0"),
        ({"annotation_n_max_records": -1}, "n_max_records must be a whole number from 0, not -1"),
        ({"annotation_n_max_records": True}, "n_max_records must be a whole number from 0, not True"),
        ({"verbosity": "hnt"}, "verbosity is one of error, warning, success, info, hint, debug, or 0 to 5, not 'hnt'; did you"),
        ({"verbosity": 6}, "or 0 to 5, not 6"),
        ({"creation_artifact_silence_missing_run_warning": "yes"}, "artifact_silence_missing_run_warning must be True or False"),
    ],
)
def test_what_cannot_be_switched(arguments, message):
    with pytest.raises(ln.errors.InvalidArgument, match=message), ln.settings.using(**arguments):
        pytest.fail("the block was entered")


def test_unknown_names_and_what_is_only_shown():
    with pytest.raises(AttributeError, match=r"ln.settings has no setting 'verbosty'; did you mean 'verbosity'"):
        ln.settings.verbosty = "hint"
    with pytest.raises(AttributeError, match=r"ln.settings.creation has no setting 'serch_names'; did you mean 'search_names'"):
        ln.settings.creation.serch_names = False
    with pytest.raises(AttributeError, match=r"ln.settings.user is only shown: it cannot be set"):
        ln.settings.user = "me"
    with pytest.raises(AttributeError, match=r"ln.settings has no setting 'verbosty'; did you mean 'verbosity'"):
        ln.settings.verbosty  # noqa: B018


def test_every_setting_is_listed_with_its_value_and_what_it_does(database):
    text = repr(ln.settings)
    title, *rows = text.splitlines()
    assert title == f"settings of {database.slug}"
    names = [row.split()[0] for row in rows]
    for name in (
        *("annotation.n_max_records", "branch", "cache_dir", "creation.artifact_silence_missing_run_warning"),
        *("creation.search_names", "space", "track_run_inputs", "verbosity", "instance", "modules", "storage", "user"),
    ):
        assert name in names
    listed = {row.split()[0]: " ".join(row.split()[1:]) for row in rows}
    assert (
        listed["branch"] == "main Name of the branch to which new records go, per project, or per instance outside of projects."
    )
    assert listed["instance"].startswith(f"{database.slug} The current instance.")
    assert listed["storage"].startswith(str(database.instance.storage.root))
    for group in (ln.settings, ln.settings.creation, ln.settings.annotation):
        assert [name for name, found in type(group)._properties().items() if not found.__doc__] == []
    html = ln.settings._repr_html_()
    assert html.startswith(f"<div><div><b>settings of {database.slug}</b></div><table><tr><td")
    assert html.count("<tr>") == len(rows)
    assert repr(ln.settings.creation).splitlines()[0] == "ln.settings.creation"


def test_listing_settings_connects_to_nothing(tmp_path):
    code = "import lamindb as ln; print(repr(ln.settings)); print(ln.settings.is_connected)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    first, *rows, last = done.stdout.splitlines()
    assert (first, last) == ("settings, no instance connected", "False")
    assert next(row for row in rows if row.split()[0] == "branch").split()[1] == "–"


def test_no_setting_shows_a_password(database):
    password = database.instance.database_url.partition("://")[2].partition("@")[0]
    assert not password or "@" not in repr(ln.settings)
    assert database.instance.database_url not in repr(ln.settings)


@pytest.mark.parametrize(("value", "name"), [(0, "error"), (1, "warning"), ("info", "info"), (4, "hint"), ("debug", "debug")])
def test_verbosity_has_names_and_numbers(value, name):
    ln.settings.verbosity = value
    assert ln.settings.verbosity == name
    assert logging.getLogger("lamindb").isEnabledFor(verbosity.LEVELS[name])
    assert not logging.getLogger("lamindb").isEnabledFor(verbosity.LEVELS[name] - 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [("warning", ""), ("info", "ULabel 'a' exists already; it is used\n"), ("error", "")],
)
def test_verbosity_decides_what_a_script_prints(database, before, after):
    code = (
        f"import lamindb as ln; ln.connect({str(database.instance.folder)!r}); ln.settings.verbosity = {before!r}\n"
        "ln.ULabel(name='a').save(); ln.ULabel(name='a').save()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", after)


def test_nothing_is_said_about_missing_runs_where_nobody_wants_to_know(database, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(context, "_warned", False)
    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(path, key="a.txt").save()
    with ln.settings.using(creation_artifact_silence_missing_run_warning=True):
        artifact.cache()
    assert "no run is tracked" not in caplog.text
    artifact.cache()
    assert caplog.text.count("no run is tracked") == 1
