"""With which code the command ends: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 conflict or locked, 5 no access.

Every error of ours carries its code; what the operating system says without our translation has it here.
"""

FAILED = 1
USAGE = 2
NOT_FOUND = 3
CONFLICT = 4
NO_ACCESS = 5
INTERRUPTED = 130  # what shells expect after Ctrl-C


def code(error: BaseException) -> int:
    """Return the exit code for an error."""
    if isinstance(found := getattr(error, "exit_code", None), int):
        return found
    if isinstance(error, FileNotFoundError):
        return NOT_FOUND
    return NO_ACCESS if isinstance(error, PermissionError) else FAILED


def is_expected(error: BaseException) -> bool:
    """Whether the message of an error is a sentence for the person who typed the command: ours, or the operating system's."""
    return isinstance(error, OSError) or any(kind.__name__ == "LaminError" for kind in type(error).__mro__)
