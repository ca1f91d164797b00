"""The local socket on which processes of one machine speak to the hub. Imports nothing of the server."""

import socket
from pathlib import Path


def unix_socket(path: Path) -> socket.socket:
    """A listening local socket at `path` that only this user may open; what lay there of a dead process is removed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.bind(str(path))
    path.chmod(0o600)
    made.listen(512)
    return made
