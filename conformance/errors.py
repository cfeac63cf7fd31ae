"""What can go wrong, named by who is at fault.

    ConformanceError
    ├── UsageError           the user: a bad option, an unreadable file, an unknown name      exit 2
    ├── TargetUnreachable    the target: not there, refuses us, can't be provisioned          exit 3
    └── HarnessError         we: the verdicts are void                                        exit 4

Each carries a stable ``code``, a ``message`` (what happened, where) and a ``hint`` (what to do);
the command line prints them in one line, never a traceback.
"""

from __future__ import annotations

from typing import ClassVar


class ConformanceError(Exception):
    """A failure with a code, a message and a hint; use one of its subclasses.

    Attributes:
        code: a stable word for scripts, such as ``spec-invalid``.
        message: what happened and where, one line.
        hint: what to do about it, one line; may be empty.
    """

    exit_code: ClassVar[int] = 4

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def render(self) -> str:
        """Return the line for a terminal: code, message and hint."""
        return f"{self.code}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class UsageError(ConformanceError):
    """The user asked for something that can't be done as asked."""

    exit_code: ClassVar[int] = 2


class TargetUnreachable(ConformanceError):  # noqa: N818  the name says more than TargetUnreachableError
    """Nothing can be judged: the target is not there, refuses us, or its fixtures can't be made."""

    exit_code: ClassVar[int] = 3


class HarnessError(ConformanceError):
    """We are at fault; what was judged meanwhile is void."""

    exit_code: ClassVar[int] = 4
