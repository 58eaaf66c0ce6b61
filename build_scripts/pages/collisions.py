"""Addresses of the site that two things would have, one of them a file of content/.

The publisher would keep whichever it writes last. Reads nothing: the records and the paths of the files are given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from ..addresses import BROWSE, DATA, MAP, PREVIEW, REPORT, ROUTES, SEARCH, SITEMAP, district_url, record_url
from ..faults.diagnostics import Diagnostic, diagnose_file, printable
from ..kinds.registry import find_kinds
from ..opendata.feed import FEED
from ..provenance.bill import BILL
from ..provenance.stamp import STAMP
from ..reading.load import Dataset
from ..reading.manuscripts import published_path
from ..storage.files import is_page
from ..web.hosting import HEADERS_FILE
from ..web.offline import MANIFEST, WORKER
from .site import DISTRICT, list_pages, pattern_url

Owner = tuple[str, str]  # what has an address, in both languages

_FILES = (
    *("404.html", SITEMAP, f"{SITEMAP}.gz", STAMP, REPORT, BILL, HEADERS_FILE, MANIFEST, WORKER, FEED),
    *(BROWSE, PREVIEW),
)
_FOLDERS = ("assets", DATA, SEARCH)  # whose files are named by the site alone; pages may stand below data/
_LEFT_OUT = "templates"


class _Register:
    """Who has which file of the site, and which folders it has."""

    def __init__(self) -> None:
        self._files: dict[str, Owner] = {}
        self._folders: set[str] = set()

    def add(self, path: str, owner: Owner) -> None:
        """Note a file; with a page the data of its map."""
        for name in (path, path.removesuffix("index.html") + MAP) if is_page(path) else (path,):
            self._files.setdefault(name, owner)
        self._folders.update(_folders_above(path))

    def find(self, path: str) -> Owner | None:
        """Who has a file already, or a folder in its place, or a file in the place of a folder above it."""
        top = path.partition("/")[0]
        is_inside = top in _FOLDERS and not (top == DATA and is_page(path))
        if is_inside or path in self._folders:
            folder = top if is_inside else path
            return f"网站的文件夹 {folder}/", f"the site's folder {folder}/"
        found = (self._files.get(place) for place in (path, *_folders_above(path)))
        return next(filter(None, found), None)


def _folders_above(path: str) -> list[str]:
    return [folder.as_posix() for folder in PurePosixPath(path).parents][:-1]


def find_collisions(dataset: Dataset, files: Iterable[str]) -> Iterator[Diagnostic]:
    """A fault for each file of content/ (its path with that folder's name) that has no address of its own."""
    ordered = sorted(files, key=lambda path: (PurePosixPath(path).stem == "README", path))
    paths = {path: published_path(path.partition("/")[2]) for path in ordered}
    ids = {path.split("/")[1] for path in paths.values() if "/" in path}
    register = _Register()
    for path, owner in (*_list_pages(paths), *_list_others(dataset, ids)):
        register.add(path, owner)
    for source, path in paths.items():
        shown = printable(source)
        if source.split("/")[1] == _LEFT_OUT and source.count("/") > 1:
            yield diagnose_file(shown, "B617", file=shown)
        elif found := register.find(path):
            address = path.removesuffix("index.html") or "/"
            yield diagnose_file(shown, "B616", address=address, owner_zh=found[0], owner_en=found[1])
        else:
            register.add(path, (f" {shown}", shown))


def _list_pages(written: Collection[str]) -> Iterator[tuple[str, Owner]]:
    """The pages that are generated where nobody has written them."""
    folder = next((path.partition("/")[0] for path in written), "")
    for name in list_pages():
        if (place := f"{folder}/{name}") not in written:
            zh, en = (
                f"自动生成的页面（要自己写，就写在 {place}）",
                f"a generated page (write your own in {place})",
            )
            yield published_path(name), (zh, en)


def _list_others(dataset: Dataset, ids: Collection[str]) -> Iterator[tuple[str, Owner]]:
    """All else that the site makes: of records those with these ids, which are all that can matter."""
    patterns = (pattern_url(key) for key in (DISTRICT, *(kind.name for kind in find_kinds())))
    own = (*_FILES, *(f"{url}index.html" for url in patterns))
    yield from ((path, ("网站自己的文件", "a file of the site itself")) for path in own)
    for entry in dataset.entries:
        if entry.record.id in ids and entry.record.is_published:
            names = ("index.html", PREVIEW, *(f"{entry.record.id}.{ending}" for ending in ROUTES))
            owner = (f"记录 {entry.path} 的页面", f"the page of the record {entry.path}")
            yield from ((record_url(entry.record) + name, owner) for name in names)
    for district in dataset.city.districts if dataset.city else ():
        owner = (f"{district.name}的页面（belts/city.yml）", f"the page of {district.id} (belts/city.yml)")
        yield from ((district_url(district) + name, owner) for name in ("index.html", PREVIEW))
    for redirect in dataset.redirects:
        zh, en = f"旧地址 {redirect.address} 的转到页", f"the page at the old address {redirect.address}"
        yield redirect.page, (f"{zh}（belts/redirects.yml）", f"{en} (belts/redirects.yml)")
