"""What stops a command and can be mended by who typed it: told in words, without a traceback. Any other exception is a bug."""

from __future__ import annotations


class UserError(Exception):
    """What cannot be done and why, in words; `exit_code` is what the command then ends with."""

    exit_code = 1


class UsageError(UserError):
    """A command was asked for what it cannot do; nothing was changed."""

    exit_code = 2
