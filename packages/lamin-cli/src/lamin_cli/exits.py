"""With which code the command ends: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 conflict or locked, 5 no access.

Errors of `lamindb_setup` carry their code. Those of `lamindb` have it here, by name, so that asking for it imports nothing.
"""

FAILED = 1
USAGE = 2
NOT_FOUND = 3
CONFLICT = 4
NO_ACCESS = 5
INTERRUPTED = 130  # what shells expect after Ctrl-C

# The nearest class in the order of inheritance decides.
CODES: dict[str, int] = {
    "InvalidArgument": USAGE,
    "ObjectDoesNotExist": NOT_FOUND,
    "RegistryNotFound": NOT_FOUND,
    "ModuleNotInDatabase": NOT_FOUND,
    "ArtifactMissing": NOT_FOUND,
    "MultipleObjectsReturned": CONFLICT,
    "ProtectedError": CONFLICT,
    "LockedRecord": CONFLICT,
    "StaleRecord": CONFLICT,
    "NoWriteAccess": NO_ACCESS,
    "FileNotFoundError": NOT_FOUND,
    "PermissionError": NO_ACCESS,
}


def code(error: BaseException) -> int:
    """Return the exit code for an error."""
    for kind in type(error).__mro__:
        if kind.__name__ in CODES:
            return CODES[kind.__name__]
        if "exit_code" in vars(kind):
            return int(vars(kind)["exit_code"])
    return FAILED


def is_expected(error: BaseException) -> bool:
    """Whether the message of an error is a sentence for the person who typed the command: ours, or the operating system's."""
    return isinstance(error, OSError) or any(kind.__name__ == "LaminError" for kind in type(error).__mro__)
