"""The one writer of belts/: changes of several files, tried on a copy first and then written whole.

A change that would leave an error touches nothing, nor does one of a file that somebody else has written since it was
begun. All files are written beside their places first and then renamed into them, so that a full disk changes nothing,
and a kill at any moment leaves every file as it was or as it shall be: typed again, the same command finishes what it
began.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ..checks import check_dataset
from ..faults.diagnostics import Diagnostic, Problems, diagnose_file, select_errors
from ..layout import BELTS, CONTENT
from ..reading.inventory import PHOTOS_FOLDER
from ..reading.load import Dataset, Photos, load_dataset
from ..settings_files import read_settings_files
from ..storage.locks import locked
from ..storage.looks import Look, look_again, look_at

Edits = Mapping[str, bytes | None]
"""The new bytes of files by their path inside the project, in the order they are written; None deletes."""


class Snapshot(NamedTuple):
    """What the files that may be edited looked like before they were read, by path inside the project at `root`."""

    root: Path
    files: Mapping[str, Look]

    def find_changed(self, paths: Iterable[str]) -> Iterator[str]:
        """Those of the paths at which another file stands by now, or none, or one where none stood."""
        return (path for path in paths if not self._is_same(path))

    def _is_same(self, path: str) -> bool:
        look = self.files.get(path)
        if look is None:
            return not os.path.lexists(self.root / path)
        with suppress(OSError):  # it goes at this moment
            return look_again(look).seen == look.seen
        return False


class Changed(Problems):
    """Files that somebody else has written since the edits of them were begun (B720)."""


def take_snapshot(root: Path) -> Snapshot:
    """What stands in belts/, content/ and the settings now. What cannot be looked at counts as not there."""
    files = {}
    for path in _list_editable(root):
        with suppress(OSError):
            files[path.relative_to(root).as_posix()] = look_at([str(path)])
    return Snapshot(root, files)


def _list_editable(root: Path) -> Iterator[Path]:
    for top in (BELTS, CONTENT):
        for folder, _, names in os.walk(root / top):
            yield from (Path(folder) / name for name in names)
    with suppress(OSError):
        yield from (path for path in read_settings_files(root) if path.is_relative_to(root))


@contextmanager
def writing(before: Snapshot, edits: Edits) -> Iterator[None]:
    """Write the edits after the block, which judges them while no other command writes, and may raise to stop it.

    `before` was taken before anything was read that the edits are made from. Raises `Changed`, and touches nothing,
    when a file of theirs has been written since.
    """
    with locked(before.root):  # of the folder, which writes no file that might be left
        _refuse_changed(before, edits)
        yield
        _refuse_changed(before, edits)
        write_files(before.root, edits)


def _refuse_changed(before: Snapshot, edits: Edits) -> None:
    if paths := list(before.find_changed(edits)):
        raise Changed(diagnose_file(path, "B720", file=path) for path in paths)


def carry_out(before: Snapshot, edits: Edits) -> tuple[Diagnostic, ...]:
    """Write the edits; what the checks say afterwards. Raises `Problems` and touches nothing on any error."""
    with writing(before, edits):
        diagnostics = rehearse_edits(before.root, edits)
        if select_errors(diagnostics):
            raise Problems(select_errors(diagnostics))
    return diagnostics


def rehearse_edits(root: Path, edits: Edits) -> tuple[Diagnostic, ...]:
    """What `belts check` would say after the edits; works on a copy."""
    with edited_dataset(root, edits) as dataset:
        return check_dataset(dataset)


@contextmanager
def edited_dataset(root: Path, edits: Edits) -> Iterator[Dataset]:
    """What belts/ holds after the edits, of a copy that lasts as long as it is looked at."""
    with scratch_copy(root) as copy:
        inside = {path: content for path, content in edits.items() if path.startswith(f"{BELTS}/")}
        write_files(copy, inside)
        gone = [path.removeprefix(f"{BELTS}/") for path, content in inside.items() if content is None]
        yield load_dataset(copy, photos=Photos(root / BELTS, gone))


def _left_out(folder: str, names: list[str]) -> list[str]:
    """What a copy does without: photos, which are large; pipes, sockets, devices, which would block it."""
    return [name for name in names if _is_left_out(Path(folder) / name)]


def _is_left_out(path: Path) -> bool:
    if path.is_symlink():
        return False
    return path.parts[-2:] == (BELTS, PHOTOS_FOLDER) if path.is_dir() else not path.is_file()


def write_files(root: Path, edits: Edits) -> None:
    """Write every file beside its place, then rename them all into place, then delete.

    A full disk, and most else that can go wrong, shows before the first file changes: `Problems` with B709 then,
    and nothing was touched. Killed at any moment, each file is whole, as it was or as it shall be; files named
    `.*~` may be left, which nothing reads, and the same command finishes what it began.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, content in edits.items():
            if content is not None:
                with explain_refusals(root / path):
                    staged.append((_stage(root / path, content), root / path))
        for written, place in staged:
            with explain_refusals(place):
                written.replace(place)
        for path in (path for path, content in edits.items() if content is None):
            with explain_refusals(root / path):
                (root / path).unlink(missing_ok=True)
    finally:
        for written, _ in staged:
            with suppress(OSError):
                written.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Put bytes in a file's place in one step, keeping its permissions. Raises `Problems` with B709."""
    write_files(path.parent, {path.name: content})


@contextmanager
def explain_refusals(path: Path) -> Iterator[None]:
    """A refusal of the system's, said as a fault of the file that could not be written."""
    try:
        yield
    except OSError as error:
        raise Problems([describe_refusal(error, path)]) from error


def describe_refusal(error: OSError, path: Path) -> Diagnostic:
    """B709: the system would not let a file be written."""
    copies = error.args[0] if isinstance(error, shutil.Error) else []
    reason = error.strerror or next((why for *_, why in copies), str(error))
    return diagnose_file(path.as_posix(), "B709", file=path, reason=reason)


@contextmanager
def scratch_copy(root: Path) -> Iterator[Path]:
    """A project with a copy of belts/ but for its photos, to try edits on."""
    with explain_refusals(root / BELTS):
        scratch = tempfile.TemporaryDirectory(prefix="belts-")
    with scratch as name:
        copy = Path(name)
        with explain_refusals(copy):
            shutil.copytree(root / BELTS, copy / BELTS, ignore=_left_out, symlinks=True)
            for folder, _, _ in os.walk(copy):
                Path(folder).chmod(0o700)  # what may not be written is told where it stands
        yield copy


def _stage(path: Path, content: bytes) -> Path:
    """Write bytes beside a path, with its permissions; nothing is left when that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".", suffix="~", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)
