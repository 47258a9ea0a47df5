"""Runs a command where no network is, so that nothing can come to depend on one.

`without_network(command)` is the command line to run; where this machine cannot make a network namespace (macOS, some
containers) it is the command itself. Run as a script inside the new namespace, this file brings the loopback interface
up, which tests of servers need, and becomes the command.
"""

import os
import subprocess
import sys
from pathlib import Path

SET_INTERFACE_FLAGS = 0x8914  # SIOCSIFFLAGS of linux/sockios.h
UP = 1  # IFF_UP of linux/if.h


def without_network(command: list[str]) -> list[str]:
    """The command, in a network namespace of its own where this machine allows one."""
    # Root keeps its privileges, which tests of other users and of full disks need; others get those of a namespace of their own.
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    prefix = ["unshare", *as_root, "--net", sys.executable, str(Path(__file__).resolve())]
    try:
        tried = subprocess.run([*prefix, sys.executable, "-c", "pass"], capture_output=True)
    except FileNotFoundError:
        return command
    return [*prefix, *command] if tried.returncode == 0 else command


def raise_loopback() -> None:
    """Bring `lo` up; needs no program of the system, not even `ip`."""
    import fcntl
    import socket
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_INTERFACE_FLAGS, struct.pack("16sh14x", b"lo", UP))


if __name__ == "__main__":
    raise_loopback()
    os.execvp(sys.argv[1], sys.argv[1:])
