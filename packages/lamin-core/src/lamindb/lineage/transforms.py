"""Transforms: the code that made data, known by key and version."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import lamindb_setup
import sqlalchemy as sa

from lamindb._registries.columns.transform import TransformColumns
from lamindb.errors import FieldValidationError, InvalidArgument
from lamindb.lineage import resolution, source
from lamindb.lineage.resolution import NOTE, Verdict, Wanted
from lamindb.lineage.source import Code, Source
from lamindb.lineage.tracked_uid import tracked_uid
from lamindb.records import construction, context, deleting, families, identity, revising, saving
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.artifact import Artifact
    from lamindb._registries.branch import Branch
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space


class TransformBehavior(TransformColumns):
    """A piece of code that turns data into other data: a script, a notebook, a function, a pipeline.

    A transform with a key that exists is that transform as long as its source code is the same or was never given;
    other source code makes a new version.
    """

    __abstract__ = True
    _accepts: ClassVar[frozenset[str]] = frozenset({"uid"})
    _saved_one_by_one: ClassVar[bool] = True
    _source: Source | None = None
    """Where the code comes from, if it was read from a file or from a running program."""

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        *,
        key: str | None = None,
        kind: str | None = None,
        version: str | None = None,
        description: str | None = None,
        reference: str | None = None,
        reference_type: str | None = None,
        source_code: str | None = None,
        revises: Self | None = None,
        skip_hash_lookup: bool = False,
        uid: str | None = None,
        version_tag: str | None = None,
        environment: Artifact | None = None,
        plan: Artifact | None = None,
        run: Run | None = None,
        branch: Branch | str | None = None,
        space: Space | str | None = None,
    ) -> None:
        """Describe a piece of code; nothing is written before `save`.

        Parameters
        ----------
        key
            A path-like name that all versions share.
        kind
            `pipeline` (if nothing else is said), `script`, `notebook` or `function`.
        version
            A name for the version, as `2`; by default it is counted. `version_tag` is the same.
        description
            What the code does.
        reference, reference_type
            Where else the code can be found, and what kind of reference that is, as `url`.
        source_code
            The code; secrets in it are hidden.
        revises
            The transform of which this is the next version; by default the latest one with the same key.
        skip_hash_lookup
            Not needed: equal code is looked for under its own key only.
        uid
            The uid that the transform shall have, or the first 12 characters of it, which all versions share.
        environment, plan
            Artifacts: the software that the code needs, the plan that led to it.
        run
            The run in which the code was written.
        branch, space
            Where the row lives.

        Raises
        ------
        FieldValidationError: an argument is unknown, of the wrong type or too long, or neither key nor revises is passed.
        InvalidArgument: the uid is none, or `revises` is not saved.
        """
        if version is not None and version_tag is not None:
            raise FieldValidationError("pass version or version_tag, not both")
        given = locals()
        if revises is not None:
            revising.check_revises(self, revises)
            given |= {"key": key or revises.key, "uid": uid or revises.uid[: -families.COUNTER], "kind": kind or revises.kind}
        given["version_tag"] = version_tag if version is None else version
        values = {name: given[name] for name in construction.signature(type(self)).names if given.get(name) is not None}
        if "uid" in values:
            resolution.check_uid(values["uid"])
        if source_code is not None and not construction.check_value(type(self).__table__.c.source_code, source_code):
            code = Code.of(source_code)
            values |= {"source_code": code.text, "hash": code.hash}
        construction.fill(self, (), values)
        if revises is not None:
            revising.revise(self, revises, lamindb_setup.current())

    @classmethod
    def from_path(
        cls,
        path: str | os.PathLike[str],
        *,
        key: str | None = None,
        kind: str | None = None,
        version: str | None = None,
        description: str | None = None,
    ) -> Self:
        """Save the code in a file as a transform, as `track()` would, without a run.

        Where the code itself calls `track()` with a uid, it is a version of the transform with that uid.

        Parameters
        ----------
        path
            A script or a notebook.
        key, kind, version, description
            As for `Transform`; key and kind are told by the file where they are not passed.

        Raises
        ------
        ArtifactMissing: there is no such file.
        ArtifactUnreadable: it cannot be read.
        """
        found = source.of_file(Path(path), lamindb_setup.current(), key, kind)
        uid = tracked_uid(found) if key is None else None
        return cls._of(found, uid=uid, version=version, description=description).save()

    @classmethod
    def _of(cls, found: Source, *, uid: str | None = None, version: str | None = None, description: str | None = None) -> Self:
        """Return a new transform for source code that was found."""
        record = cls(key=found.keys[0], kind=found.kind, version=version, description=description or found.title, uid=uid)
        record._source = found
        return record

    @property
    def latest_run(self) -> Run | None:
        """The run of this version that started last."""
        return self.runs.all().order_by("-started_at").first()

    def _save_new(self, transaction: Transaction, database: Database) -> None:
        found, uid = self._source or self._own_source(), self.__dict__.pop("uid", None)
        wanted = Wanted(
            source=found,
            branch_id=revising.branch_of(self, database),
            user_id=context.current_user_id(database),
            uid=uid,
            version=self.__dict__.get("version_tag"),
        )
        connection = transaction.connection
        verdict = resolution.decide(resolution.find(connection, database, type(self), wanted), wanted)
        if verdict.same is None:  # look again when nobody else can write this key
            table = type(self).__table__.name
            database.lock(f"{table}:key={found.keys[0]}", shared=(table,))
            verdict = resolution.decide(resolution.find(connection, database, type(self), wanted), wanted)
        self._complete_from(found, verdict)
        if verdict.same is not None:
            self._become(verdict.same, transaction, database)
        else:
            self._join(verdict, transaction, database)

    def _own_source(self) -> Source:
        """What the columns say: code under a key."""
        values = self.__dict__
        code = Code(values["source_code"], values["hash"]) if values.get("source_code") is not None else None
        return Source((values["key"],), values.get("kind"), code)

    def _complete_from(self, found: Source, verdict: Verdict) -> None:
        self.key = verdict.key
        if found.code is not None:
            self.source_code, self.hash = found.code.text, found.code.hash
        before = (verdict.same or {}).get("_aux") or {}
        if found.root is not None and not (NOTE in before and found.root.finds(**before[NOTE]) is None):
            self._aux = {**before, NOTE: found.note}

    def _become(self, row: dict[str, Any], transaction: Transaction, database: Database) -> None:
        """Make this the version that exists; what the caller passed applies."""
        tag = self.__dict__.get("version_tag")
        if tag is not None and row["version_tag"] not in (None, tag):
            raise InvalidArgument(f"this code is version {row['version_tag']!r} of {row['key']!r} already, not {tag!r}")
        if tag is not None and row["version_tag"] is None:
            families.check_tag(families.Family.read(transaction.connection, type(self), row["uid"][:-4]), tag, type(self))
        if "source_code" not in row:
            table = type(self).__table__
            query = sa.select(table.c.source_code).where(table.c.id == row["id"])
            row["source_code"] = transaction.connection.execute(query).scalar()
        identity.adopt(self, database, row)
        if row["branch_id"] == context.TRASH:
            deleting.restore(self)
        saving.update(transaction, self)

    def _join(self, verdict: Verdict, transaction: Transaction, database: Database) -> None:
        """Insert this as the next version of a family, or as the first of a new one."""
        if verdict.stem is not None:
            families.lock(database, type(self), verdict.stem)
            if verdict.uid is not None:
                resolution.check_next(transaction.connection, type(self), verdict.uid)
        elif verdict.uid is not None:
            self.__dict__["uid"] = verdict.uid
        revising.join_family(transaction.connection, database, self, verdict.stem, self._revised_head)
        saving.insert(transaction.connection, database, self)
        revising.show_revised(transaction, self)
