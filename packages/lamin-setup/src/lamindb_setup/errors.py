"""The root of the error tree and everything that set-up and databases raise.

Each error is also the built-in that a Python person would catch, and knows with which code the command line ends.

    LaminError
    ├── InvalidArgument (ValueError)                  2  a value that cannot be used: name, URL, path, combination
    │   └── HomeIsNoProject                           2  the home folder as project or storage
    ├── InstanceError
    │   ├── CurrentInstanceNotConfigured (RuntimeError)  3  a database is needed and none is connected
    │   ├── InstanceNotFoundError (LookupError)       3  no known instance, project or database of that name
    │   ├── InstanceConflict (ValueError)             4  something else lives where the instance should
    │   │   └── StorageAlreadyManaged                 4  the folder belongs to another instance
    │   ├── InstanceNotCreated (RuntimeError)         1  a module could not set up its part
    │   ├── DescriptorInvalid (ValueError)            1  a lamin.toml that cannot be read
    │   ├── CannotSwitchDefaultInstance (RuntimeError)  4  a run is tracked in the current one
    │   └── ConnectWithinDevDirError (RuntimeError)   1  the project folder decides here, not the user's default
    ├── ModuleError
    │   ├── ModuleNotInstalled (ModuleNotFoundError)  3  no installed distribution offers the module
    │   ├── ModuleBroken (ImportError)                1  installed, but its generated code cannot be loaded
    │   ├── RevisionFailed (RuntimeError)             1  a step in Python went wrong; nothing was kept
    │   ├── InvalidSchema (ValueError)                1  mistakes in a module's schema or project; nothing was written
    │   ├── ModuleInUse (ValueError)                  4  the database has tables of the module
    │   └── ModuleWasntConfigured (RuntimeError)      1  installed, but not part of this database
    ├── PeerInstalled (ImportError)                   1  LaminDB in the same environment
    ├── IdentityError
    │   ├── ProfileNotFound (LookupError)             3  no local profile of that handle
    │   └── HandleTaken (ValueError)                  4  somebody else has the handle in this database
    ├── SettingsNotWritable (PermissionError)         5  the settings directory cannot be written
    ├── StorageError
    │   ├── StorageNotWritable (PermissionError)      5  the storage root cannot be written
    │   └── StorageMarkerInvalid (ValueError)         1  a storage marker that cannot be read
    └── DatabaseError
        ├── IntegrityError (ValueError)               1  a constraint of the database; has .table, .columns, .constraint
        │   ├── UniqueViolation
        │   ├── NotNullViolation
        │   ├── ForeignKeyViolation
        │   └── CheckViolation
        ├── InvalidValue (ValueError)                 1  the database cannot store the value
        │   └── ValueTooLong                          1
        ├── DatabaseLocked (TimeoutError)             4  another process holds the lock for too long
        │   └── TransactionConflict                   4  deadlock or serialization failure: try again
        ├── DatabaseReadOnly (PermissionError)        5  the file, folder, server or handle is read-only
        ├── NoDatabaseAccess (PermissionError)        5  wrong password, unknown role, missing privilege
        ├── DatabaseMissing (FileNotFoundError)       3  no such file, folder or database
        ├── DatabaseUnreachable (ConnectionError)     1  the server or disk does not answer
        ├── DatabaseCorrupt (OSError)                 1  the file is damaged
        │   └── NotADatabase                          1  the file is something else
        ├── NotALaminDatabase (ValueError)            4  a database, but of another program
        ├── DiskFull (OSError)                        1  no space left, nothing was written
        ├── SchemaMismatch (RuntimeError)             1  a table or column that this database does not have
        │   ├── DatabaseTooNew                        1  made by a newer version of a module
        │   └── DatabaseTooOld                        1  `lamin migrate deploy` is needed
        ├── TransactionBroken (RuntimeError)          1  part of the transaction failed, so none of it was kept
        ├── StatementCancelled (RuntimeError)         1  stopped by a timeout or by an administrator
        ├── OutOfResources (RuntimeError)             1  memory, connections or limits of the database
        ├── UnsupportedServer (RuntimeError)          1  a SQLite library or Postgres server that is too old
        └── StatementRefused (RuntimeError)           1  anything else the database objects to
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(value: str, names: Iterable[str]) -> str:
    """A hint for the end of a sentence: `; did you mean 'bionty'?`, or nothing where no name is near."""
    near = get_close_matches(value, list(names), n=3, cutoff=0.6)
    if not near:
        return ""
    return f"; did you mean {' or '.join(repr(name) for name in near)}?"


class LaminError(Exception):
    """Root of every error that lamin raises on purpose."""

    exit_code: int = 1
    """What the command line ends with: 1 failed, 2 usage, 3 not found, 4 conflict or locked, 5 no access."""


class LaminWarning(UserWarning):
    """Something was left out that is not needed for the result."""


class InvalidArgument(LaminError, ValueError):
    """A value that cannot be used, with what to write instead."""

    exit_code = 2


class HomeIsNoProject(InvalidArgument):
    """The home folder was named as project or storage."""


class InstanceError(LaminError):
    """Something about an instance as a whole."""


class CurrentInstanceNotConfigured(InstanceError, RuntimeError):
    """A database is needed, and no instance is connected."""

    exit_code = 3


class InstanceNotFoundError(InstanceError, LookupError):
    """Nothing is known under the given name, path or URL."""

    exit_code = 3


class InstanceConflict(InstanceError, ValueError):
    """Something else lives where the instance should be made or connected."""

    exit_code = 4


class StorageAlreadyManaged(InstanceConflict):
    """The storage folder carries the marker of another instance."""


class InstanceNotCreated(InstanceError, RuntimeError):
    """A module could not make its tables or its first rows; nothing was kept."""


class DescriptorInvalid(InstanceError, ValueError):
    """A lamin.toml that is no TOML or lacks a needed key."""


class CannotSwitchDefaultInstance(InstanceError, RuntimeError):
    """The default instance cannot change while a run is tracked in it."""

    exit_code = 4


class ConnectWithinDevDirError(InstanceError, RuntimeError):
    """Inside a project folder its lamin.toml decides, so that another default would have no effect."""


class ModuleError(LaminError):
    """Something about a schema module."""


class ModuleNotInstalled(ModuleError, ModuleNotFoundError):
    """No installed distribution offers the module."""

    exit_code = 3


class ModuleBroken(ModuleError, ImportError):
    """The module is installed, but its generated code cannot be loaded."""


class RevisionFailed(ModuleError, RuntimeError):
    """A step of a revision that is no statement went wrong; nothing was kept."""


class InvalidSchema(ModuleError, ValueError):
    """The schema of a module, or its project, cannot be used; nothing was written."""


class ModuleInUse(ModuleError, ValueError):
    """A module is not removed from a database that has its tables."""

    exit_code = 4


class ModuleWasntConfigured(ModuleError, RuntimeError):
    """The module is installed, but the database does not have its tables."""


class PeerInstalled(LaminError, ImportError):
    """LaminDB is installed in the same environment; its packages have the same import names."""


class IdentityError(LaminError):
    """Something about the local user profiles."""


class ProfileNotFound(IdentityError, LookupError):
    """No local profile has the handle."""

    exit_code = 3


class HandleTaken(IdentityError, ValueError):
    """The handle belongs to another user of this database."""

    exit_code = 4


class SettingsNotWritable(LaminError, PermissionError):
    """The settings directory cannot be written."""

    exit_code = 5


class StorageError(LaminError):
    """Something about a storage location."""


class StorageNotWritable(StorageError, PermissionError):
    """The storage root cannot be created or written."""

    exit_code = 5


class StorageMarkerInvalid(StorageError, ValueError):
    """A storage marker that does not begin with a uid."""


class DatabaseError(LaminError):
    """Whatever a database or its driver reports, and what we find wrong with a database."""


class IntegrityError(DatabaseError, ValueError):
    """A constraint of the database was violated.

    Parameters
    ----------
    message: the sentence to show.
    table: name of the table, where the database tells.
    columns: names of the columns, in the order of the constraint, where the database tells.
    constraint: name of the constraint or index, where the database tells.
    """

    def __init__(
        self, message: str, *, table: str | None = None, columns: Iterable[str] = (), constraint: str | None = None
    ) -> None:
        super().__init__(message)
        self.table = table
        self.columns = tuple(columns)
        self.constraint = constraint


class UniqueViolation(IntegrityError):
    """A row with these values is already there."""

    exit_code = 4


class NotNullViolation(IntegrityError):
    """A value is missing."""


class ForeignKeyViolation(IntegrityError):
    """A row points to one that does not exist, or is still pointed to."""


class CheckViolation(IntegrityError):
    """A value breaks a rule of its table."""


class InvalidValue(DatabaseError, ValueError):
    """The database cannot store or compare the value."""


class ValueTooLong(InvalidValue):
    """The text is longer than the column."""


class DatabaseLocked(DatabaseError, TimeoutError):
    """Another process holds the lock for longer than we wait."""

    exit_code = 4


class TransactionConflict(DatabaseLocked):
    """The database gave another transaction precedence; the same work may succeed when repeated."""


class DatabaseReadOnly(DatabaseError, PermissionError):
    """The file, its folder, the server or this handle allows reading only."""

    exit_code = 5


class NoDatabaseAccess(DatabaseError, PermissionError):
    """The password is wrong, the role is unknown, or a privilege is missing."""

    exit_code = 5


class DatabaseMissing(DatabaseError, FileNotFoundError):
    """The database file, its folder, or the database on the server does not exist."""

    exit_code = 3


class DatabaseUnreachable(DatabaseError, ConnectionError):
    """The server or the disk does not answer."""


class DatabaseCorrupt(DatabaseError, OSError):
    """The database file is damaged."""


class NotADatabase(DatabaseCorrupt):
    """The file is not a database at all."""


class NotALaminDatabase(DatabaseError, ValueError):
    """A healthy database that belongs to another program."""

    exit_code = 4


class DiskFull(DatabaseError, OSError):
    """No space is left; what was being written was rolled back."""


class SchemaMismatch(DatabaseError, RuntimeError):
    """The database lacks a table or column that the statement names."""


class DatabaseTooNew(SchemaMismatch):
    """The database was migrated by a version of a module that this client does not know and may not use it with."""


class DatabaseTooOld(SchemaMismatch):
    """The database needs `lamin migrate deploy` before this client can use it."""


class TransactionBroken(DatabaseError, RuntimeError):
    """A part of the transaction failed and the failure was swallowed, so nothing of it was kept."""


class StatementCancelled(DatabaseError, RuntimeError):
    """A timeout or an administrator stopped the statement."""


class OutOfResources(DatabaseError, RuntimeError):
    """The database ran out of memory or connections, or the statement exceeds one of its limits."""


class UnsupportedServer(DatabaseError, RuntimeError):
    """The SQLite library or the Postgres server is older than what lamin works with."""


class StatementRefused(DatabaseError, RuntimeError):
    """The database refuses a statement for a reason without a class of its own."""
