"""Forks of a program that has set Django up once, for tests that kill them: each does one thing and dies, or leaves."""

import os
import signal
import traceback
from collections.abc import Callable

from django.db import connections


def forked(run: Callable[[], None]) -> int:
    """The number of a process of its own that does `run` and leaves. The caller has no thread that holds a lock."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            run()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> int:
    """Its exit code, once it has ended; below zero: the signal by which it died."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die() -> None:
    """This process is no more, and cleans nothing up."""
    os.kill(os.getpid(), signal.SIGKILL)
