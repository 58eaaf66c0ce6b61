"""The one writer of belts/: changes of several files, tried on a copy first and then written whole.

A change that would leave an error touches nothing. Each file is written beside its place and renamed into
it, so that a kill at any moment leaves every file as it was or as it shall be.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from .checks import check_dataset
from .diagnostics import Diagnostic, Problems, select_errors
from .load import load_dataset

Edits = Mapping[str, bytes | None]
"""The new bytes of files by their path inside the project, in the order they are written; None deletes."""


def carry_out(root: Path, edits: Edits, folder: str = "belts") -> tuple[Diagnostic, ...]:
    """Write the edits; what the checks say afterwards. Raises `Problems` and touches nothing on any error."""
    diagnostics = rehearse_edits(root, edits, folder)
    if select_errors(diagnostics):
        raise Problems(select_errors(diagnostics))
    apply_edits(root, edits)
    return diagnostics


def rehearse_edits(root: Path, edits: Edits, folder: str = "belts") -> tuple[Diagnostic, ...]:
    """What `belts check` would say after the edits; works on a copy."""
    with tempfile.TemporaryDirectory(prefix="belts-") as scratch:
        copy = Path(scratch)
        shutil.copytree(root / folder, copy / folder, ignore=_unusual, symlinks=True)
        apply_edits(copy, {path: content for path, content in edits.items() if path.startswith(f"{folder}/")})
        return check_dataset(load_dataset(copy, folder))


def _unusual(folder: str, names: list[str]) -> list[str]:
    """What a copy does without: pipes, sockets, devices, which would block it."""
    paths = {name: Path(folder) / name for name in names}
    return [
        name for name, path in paths.items() if not (path.is_symlink() or path.is_file() or path.is_dir())
    ]


def apply_edits(root: Path, edits: Edits) -> None:
    """Write files in order, then delete; killed half-way, the same edits can be applied again."""
    for path, content in edits.items():
        if content is not None:
            write_whole(root / path, content)
    for path, content in edits.items():
        if content is None:
            (root / path).unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Put bytes in a file's place in one step, keeping its permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".", suffix="~", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
