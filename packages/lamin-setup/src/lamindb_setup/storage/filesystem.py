"""Whether a folder lies on a network file system, where SQLite's WAL mode can damage a database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# f_type of statfs(2) on Linux, as in linux/magic.h and the file systems' own sources. FUSE counts: it is mostly sshfs and kin.
NETWORK_MAGIC = {
    0x6969: "nfs",
    0x517B: "smb",
    0xFE534D42: "smb2",
    0xFF534D42: "cifs",
    0x01021997: "9p",
    0x65735546: "fuse",
    0x5346414F: "afs",
    0x6B414653: "kafs",
    0x73757245: "coda",
    0x00C36400: "ceph",
    0x0BD00BD0: "lustre",
    0x47504653: "gpfs",
    0x19830326: "beegfs",
    0x20030528: "orangefs",
    0x01161970: "gfs2",
    0x7461636F: "ocfs2",
    0x564C: "ncp",
    0x786F4256: "vboxsf",
    0xAAD7AAEA: "panfs",
    0xBACBACBC: "vmhgfs",
}
_MNT_LOCAL = 0x1000  # f_flags on macOS


def network_filesystem(path: Path) -> str | None:
    """The kind of network file system that holds an existing path, None where it is local or unknown."""
    import ctypes  # 4 ms, and needed only where a WAL database is made or opened

    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(4096)
    call = getattr(libc, "statfs$INODE64", libc.statfs) if sys.platform == "darwin" else libc.statfs
    if call(os.fsencode(path), buffer) != 0:
        return None
    if sys.platform == "darwin":
        flags = int.from_bytes(buffer.raw[64:68], sys.byteorder)
        return None if flags & _MNT_LOCAL else buffer.raw[72:88].split(b"\0")[0].decode("ascii", "replace")
    kind = int.from_bytes(buffer.raw[: ctypes.sizeof(ctypes.c_long)], sys.byteorder) & 0xFFFFFFFF
    return NETWORK_MAGIC.get(kind)
