"""The errors of lamin. Each is also the built-in that a Python person would catch.

::

    LaminError
    ├── InstanceError …, DatabaseError …             from lamindb_setup.errors
    ├── InvalidArgument (ValueError)                  from lamindb_setup.errors
    │   ├── FieldError
    │   ├── WrongType (TypeError)
    │   ├── ValidationError
    │   │   └── FieldValidationError (TypeError)
    │   ├── UnsavedRecord
    │   ├── DatabaseMismatch
    │   ├── InconsistentKey
    │   ├── UpdateContext
    │   └── UnknownStorageLocation
    ├── ObjectDoesNotExist (LookupError)              also DoesNotExist, and one subclass per registry
    ├── MultipleObjectsReturned (LookupError)         also MultipleResultsFound
    ├── RegistryNotFound (LookupError, AttributeError)
    ├── ModuleNotInDatabase (LookupError)
    ├── ColumnNotInDatabase (AttributeError)
    ├── ProtectedError (IntegrityError)
    ├── BranchAlreadyExists (UniqueViolation)
    ├── BranchEnded (RuntimeError)
    ├── MergeConflict (ValueError)
    ├── LockedRecord, StaleRecord
    ├── TrackNotCalled, RunInProgress, IllegalTransition (RuntimeError)
    ├── UnknownSource (NotImplementedError)
    ├── NoWriteAccess (PermissionError)
    ├── ArtifactMissing (FileNotFoundError)
    ├── ArtifactUnreadable (OSError)
    │   └── ArtifactIncomplete
    └── MissingDependency (ImportError)
"""

from __future__ import annotations

from lamindb_setup.errors import *  # noqa: F403
from lamindb_setup.errors import IntegrityError, InvalidArgument, LaminError, UniqueViolation, closest


class FieldError(InvalidArgument):
    """A field, relation or lookup that the registry does not have."""


class WrongType(InvalidArgument, TypeError):
    """A value of another type than what it is compared with, or a method that belongs to the registry and not to its records."""


class ValidationError(InvalidArgument):
    """Data that does not fit what the schema says."""


class FieldValidationError(ValidationError, TypeError):
    """Arguments of a constructor: unknown, missing, of the wrong type, too long or not among the choices."""


class UnsavedRecord(InvalidArgument):
    """A record that must be saved before it can be used like this."""


class DatabaseMismatch(InvalidArgument):
    """Records of two databases in one operation."""


class InconsistentKey(InvalidArgument):
    """A key that contradicts where or what the bytes are."""


class UnknownStorageLocation(InvalidArgument):
    """A path outside of every storage location that the database knows."""


class UpdateContext(InvalidArgument):
    """A uid that was asked for stands for other source code than what is run."""


class ObjectDoesNotExist(LaminError, LookupError):
    """No row matches."""

    exit_code = 3


class MultipleObjectsReturned(LaminError, LookupError):
    """More rows match than the one that was asked for."""

    exit_code = 4


DoesNotExist = ObjectDoesNotExist
MultipleResultsFound = MultipleObjectsReturned


class RegistryNotFound(LaminError, LookupError, AttributeError):
    """No installed module has a registry of that name."""

    exit_code = 3


class ModuleNotInDatabase(LaminError, LookupError):
    """The module is installed here, but this database does not have its tables."""

    exit_code = 3


class ColumnNotInDatabase(LaminError, AttributeError):
    """The database is older than the installed package and does not have this column yet."""


class ProtectedError(IntegrityError):
    """Rows that other rows refer to, so that they cannot be deleted."""

    exit_code = 4


class BranchAlreadyExists(UniqueViolation):
    """A branch of that name is there, and another one was to be made."""


class BranchEnded(LaminError, RuntimeError):
    """A branch that was merged or closed: nothing new is put on it, and it is not merged again."""

    exit_code = 4


class MergeConflict(LaminError, ValueError):
    """What lives on one branch is in the way of what another one brings; nothing was moved."""

    exit_code = 4


class LockedRecord(LaminError, PermissionError):
    """A record with `is_locked=True`, which cannot be edited or deleted."""

    exit_code = 4


class StaleRecord(LaminError, RuntimeError):
    """The row was deleted or changed by someone else since it was loaded."""

    exit_code = 4


class TrackNotCalled(LaminError, RuntimeError):
    """No run is tracked where one is needed."""


class RunInProgress(LaminError, RuntimeError):
    """A run is tracked already, and it must end before another one begins."""

    exit_code = 4


class IllegalTransition(LaminError, RuntimeError):
    """A run that cannot change its status like this: it has ended, or not begun."""

    exit_code = 4


class UnknownSource(LaminError, NotImplementedError):
    """The code that runs is in no file, as in an interactive session, so that it must be named."""


class NoWriteAccess(LaminError, PermissionError):
    """The database, space or row cannot be written by the current user."""

    exit_code = 5


class ArtifactMissing(LaminError, FileNotFoundError):
    """The bytes of an artifact are neither in storage nor in the cache."""

    exit_code = 3


class ArtifactUnreadable(LaminError, OSError):
    """The bytes of an artifact exist, but cannot be read as what their suffix says."""


class ArtifactIncomplete(ArtifactUnreadable):
    """The bytes of an artifact were never stored completely."""


class MissingDependency(LaminError, ImportError):
    """An optional package is needed for this."""


__all__ = ["closest"] + [
    name for name, value in list(globals().items()) if isinstance(value, type) and issubclass(value, Exception)
]
