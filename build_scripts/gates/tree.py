"""Gates over the finished files: they are those that were built, nothing is linked in vain, nothing is foreign."""

from __future__ import annotations

from collections.abc import Iterator

from ..inspection.finished import find_bad_pictures, find_broken, find_foreign_parts
from ..provenance.stamp import STAMP, decode_stamp, hash_manifest, hash_tree
from ..storage.files import is_regular, list_files
from ..web.hosting import HEADERS_FILE
from ..web.policy import find_weaknesses
from .candidate import Candidate
from .rebuild import compare_trees
from .verdict import NotRun


def check_whole(candidate: Candidate) -> Iterator[str]:
    """The files are those that build.json was written for."""
    try:
        stamp = decode_stamp((candidate.site / STAMP).read_bytes())
    except (OSError, ValueError) as error:
        yield f"{STAMP}: {error}"
        return
    if links := [name for name in list_files(candidate.site) if not is_regular(candidate.site / name)]:
        yield from (f"{name}: not a file of its own but a link or a special file" for name in links)
        return
    hashes = hash_tree(candidate.site)
    if len(hashes) != stamp.files:
        yield f"{len(hashes)} files, {STAMP}: {stamp.files}"
    elif hash_manifest(hashes) != stamp.manifest:
        yield f"SHA-256 {hash_manifest(hashes)[:12]}…, {STAMP}: {stamp.manifest[:12]}…"


def check_links(candidate: Candidate) -> Iterator[str]:
    """Each link, anchor and picture of each page and style sheet is there."""
    yield from (f"{name} → {link}" for name, link in find_broken(candidate.site, candidate.pages))
    yield from find_bad_pictures(candidate.site, candidate.pages)


def check_hosts(candidate: Candidate) -> Iterator[str]:
    """No file makes a browser ask another host."""
    yield from (f"{name} → {link}" for name, link in find_foreign_parts(candidate.site, candidate.pages))


def check_policy(candidate: Candidate) -> Iterator[str]:
    """No page holds inline code, the site's own headers are as strict as the policy, and a browser meets no refusal."""
    for name, page in candidate.pages.items():
        yield from (f"{name}: <{breach}>" for breach in dict.fromkeys(page.breaches))
    policy = candidate.headers.get("Content-Security-Policy", "")
    yield from (f"{HEADERS_FILE}: {weakness}" for weakness in find_weaknesses(policy))
    yield from candidate.visits.refusals


def check_access(candidate: Candidate) -> Iterator[str]:
    """What axe finds on one page of each sort, on a dark phone and a light desktop."""
    yield from candidate.visits.barriers


def check_strict(candidate: Candidate) -> Iterator[str]:
    """A build from nothing succeeds, MkDocs strict."""
    yield from candidate.rebuilt.faults


def check_equal(candidate: Candidate) -> Iterator[str]:
    """That build, elsewhere and in other surroundings, left the same bytes. Raises NotRun when it failed."""
    if candidate.rebuilt.faults:
        raise NotRun("the second build failed")
    yield from compare_trees(hash_tree(candidate.site), candidate.rebuilt.hashes)
