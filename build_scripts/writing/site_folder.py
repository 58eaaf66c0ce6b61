"""The folder that a site is built in: what may be replaced by a site, and what must not.

A build takes the whole of `site_dir`, and of two folders beside it. Here it is looked at before anything is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import UserError
from ..layout import BELTS, CONTENT, PROGRAM, Project
from ..provenance.stamp import STAMP, decode_stamp

STAGING = ".building"
PREVIOUS = ".previous"
LOCK = ".lock"
LEDGER = ".ledger"

_PARTS = (
    *(".cache", ".ci", ".forgejo", ".git", ".gitea", ".github", ".venv", ".vscode"),
    *("build_scripts", "node_modules", "requirements", "site_templates", "tests"),
)
"""What a checkout consists of besides the folders that its settings name."""


def beside(target: Path, suffix: str) -> Path:
    """A file or folder of ours beside the site's folder."""
    return target.with_name(f".{target.name}{suffix}")


def check_site_folder(project: Project, target: Path) -> None:
    """Refuse a folder that a build must not replace, and others in the places of those that stand beside it.

    Raises UserError; nothing is touched.
    """
    check_place(project, target)
    for folder in (target, beside(target, STAGING), beside(target, PREVIOUS)):
        if not (_may_be_taken(folder) or _is_known(folder, target)):
            raise UserError(
                f"{project.root / 'mkdocs.yml'}: site_dir: {folder} 不是 belts 生成的网站，里面的东西不会动；"
                "请写另一个文件夹，确实不要它时自己把它移走。"
                f"（{folder} is no site that belts has built and is left alone: name another folder, or move it away）"
            )


def check_place(project: Project, target: Path) -> None:
    """Refuse a folder that is, holds or lies in a part of the project. Raises UserError."""
    place = target.resolve()
    for part in _list_parts(project):
        if place.is_relative_to(part) or part.is_relative_to(place):
            raise UserError(
                f"{project.root / 'mkdocs.yml'}: site_dir: 网站不能写到 {target}：生成时整个文件夹都会换掉，而它与 {part} 重叠；"
                "请写一个单独的文件夹，如 site。"
                f"（the site cannot go to {target}, for a build replaces the whole folder, and it overlaps {part}: "
                "name a folder of its own, such as site）"
            )


def _list_parts(project: Project) -> Iterator[Path]:
    """What a build reads and what the project consists of, links followed."""
    root, settings = project.root, project.settings
    yield from (settings.templates, settings.node_modules, PROGRAM)
    yield from ((root / name).resolve() for name in (BELTS, CONTENT, *_PARTS))


def _may_be_taken(folder: Path) -> bool:
    """Whether a folder can be made, has nothing in it, or holds a site of ours."""
    if folder.is_symlink():
        return False
    if not folder.exists():
        return next(parent for parent in folder.parents if parent.exists()).is_dir()
    return folder.is_dir() and (not any(folder.iterdir()) or _is_stamped(folder))


def _is_stamped(folder: Path) -> bool:
    try:
        decode_stamp((folder / STAMP).read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _is_known(folder: Path, target: Path) -> bool:
    """Whether a folder is what a build of ours has left, though without a stamp: damaged, or not finished."""
    from .ledger import Ledger  # which is seldom needed

    if not folder.is_dir() or folder.is_symlink():
        return False
    ledger = Ledger(target, beside(target, LEDGER))
    if ledger.is_empty or not target.exists():  # so an unfinished build has carried nothing over
        return folder != target and beside(target, LOCK).exists()
    return ledger.knows(folder)
