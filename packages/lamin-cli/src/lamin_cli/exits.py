"""With which code the command ends: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 conflict or locked, 5 no access.

Every error of ours carries its code; what the operating system says without our translation has it here.
"""

FAILED = 1
USAGE = 2
NOT_FOUND = 3
NO_ACCESS = 5
INTERRUPTED = 130  # what shells expect after Ctrl-C


def code(error: Exception) -> int:
    """Return the exit code for an error."""
    if isinstance(found := getattr(error, "exit_code", None), int):
        return found
    if isinstance(error, FileNotFoundError):
        return NOT_FOUND
    return NO_ACCESS if isinstance(error, PermissionError) else FAILED


def is_expected(error: Exception) -> bool:
    """Whether the message of an error is a sentence for the person who typed the command: ours, or the operating system's."""
    return hasattr(error, "exit_code") or isinstance(error, OSError)


def sentence(error: Exception) -> str:
    """Return the message of an error in one line; the operating system's without its number."""
    if isinstance(error, OSError) and not hasattr(error, "exit_code") and error.strerror:
        reason = error.strerror[:1].lower() + error.strerror[1:]
        return f"{reason}: {str(error.filename)!r}" if error.filename is not None else reason
    return " ".join(str(error).split("\n"))
