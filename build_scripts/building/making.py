"""A finished site in a staging folder: by the fill path, or with every page through MkDocs.

MkDocs itself is loaded only when it has to run (`publisher`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..layout import CACHE, Project
from ..project import Prepared, prepare_project
from ..provenance.checkout import find_origin
from ..provenance.worktree import Worktree
from ..publishing.refusals import check_anchor_links, read_page
from ..storage.files import list_files
from ..storage.looks import Row
from ..writing.fill import Skeleton
from ..writing.ledger import Stores
from ..writing.warmup import WarmUp
from ..writing.write import make_profile, open_writer
from .skeletons import KeptSkeleton, keep_skeleton, skeleton_key

SKELETONS = f"{CACHE}/skeletons"


class MadeSite(NamedTuple):
    """A finished site: from what, the path of each file, and what those look like that nothing was done to."""

    prepared: Prepared
    files: Sequence[str]
    known: Mapping[str, Row]


def fill_site(
    project: Project,
    staging: Path,
    stores: Stores,
    worktree: Worktree,
    await_staging: Callable[[], None],
    warm_up: WarmUp | None = None,
) -> MadeSite:
    """Make the site by the fill path in `staging`, which holds the last one's whole files after `await_staging`.

    `worktree` is what is checked out; `warm_up` makes what all pages share. Raises UserError.
    """
    origin = find_origin(project.root, worktree, stores.cache)
    prepared = prepare_project(project, stores.cache)
    # While the skeleton is made, words of the search are looked up.
    with open_writer(prepared, stores, warm_up) as writer, prepare_skeleton(project, prepared) as kept:
        await_staging()
        files = writer.write_site(staging, kept.skeleton, origin, kept.files)
    check_anchor_links(project.root, partial(read_page, staging), kept.skeleton.anchor_links)
    return MadeSite(prepared, files, stores.ledger.rows)


def publish_site(project: Project, staging: Path, stores: Stores) -> MadeSite:
    """Make the site in `staging`, an empty folder then, with every page through MkDocs. Raises UserError."""
    from ..publishing.publisher import load_settings, run_mkdocs

    prepared = prepare_project(project, stores.cache)
    shutil.rmtree(staging, ignore_errors=True)
    run_mkdocs(*load_settings(project.root), prepared, staging)
    return MadeSite(prepared, list_files(staging), {})


def check_skeleton(prepared: Prepared, skeleton: Skeleton) -> None:
    """Render a record of each kind and a district, and look for the parts of profiles that hand-written pages link to.

    Raises UserError for a page that cannot be rendered, `Problems` for parts that are not there.
    """
    site = prepared.site
    profiles = dict(zip(site.page_urls, site.profile_ids, strict=True))
    for url in {url.partition("/")[0]: url for url in profiles}.values():
        make_profile(site, skeleton, profiles[url])

    def read(url: str) -> str:
        return make_profile(site, skeleton, profiles[url])[f"{url}index.html"].decode()

    check_anchor_links(prepared.project.root, read, skeleton.anchor_links)


def prepare_skeleton(
    project: Project, prepared: Prepared, store: Path | None = None
) -> AbstractContextManager[KeptSkeleton]:
    """The skeleton of the last build, or what MkDocs makes now; its files stay within the block.

    It is kept in the folder `store`, the project's own unless given. Raises `Problems` for what MkDocs refuses, UserError.
    """
    root = project.root

    def make(folder: Path) -> Skeleton:
        from ..publishing.publisher import run_for_skeleton

        return run_for_skeleton(root, prepared, folder)

    return keep_skeleton(store or root / SKELETONS, skeleton_key(root, prepared), make)
