"""The one writer of the built site: filled pages, files beside pages, search index and stamp.

Everything is UTF-8 with LF and in a fixed order; no clock is read. What a ledger says would come out the same
is kept from the last site; what has to be made is shared out among processes when there is much of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..addresses import REPORT, SITEMAP
from ..catalogue import find_latest_day
from ..opendata.downloads import part_of
from ..pages.site import RenderFailed, Site
from ..photos.originals import FOLDER as PHOTOS
from ..photos.originals import list_prints
from ..project import Prepared
from ..provenance.bill import BILL
from ..provenance.stamp import STAMP, Origin, build_stamp, encode_stamp, hash_files
from ..search.index import Part, plan_index
from ..storage.blocks import Composed
from ..storage.cache import NO_CACHE, Cache, Findings, digest_of
from ..storage.digests import content_digest
from ..storage.files import is_page, link_files, list_files, write_file, write_parts
from ..web.offline import SHELL, WORKER, render_worker
from ..workers import open_pool, shared
from .dependencies import Dependencies
from .fill import Skeleton, ViewPage
from .ledger import Ledger, Stores
from .lists import render_report, render_sitemap
from .warmup import WarmUp

_PAGE = "index.html"
_DATA = "data"  # the view of what can be downloaded
_TOGETHER = 100  # pages that travel to a process at a time
_BLOCKS = 4  # blocks of the open data that do, where there are many


class Output(NamedTuple):
    """Files that are made together: their name in the ledger, their key, who makes them and from what.

    Outputs of one `part` are made by one process; pages of records by any.
    """

    name: str
    key: bytes
    maker: str
    subject: str = ""
    part: str = "views"


class _Made(NamedTuple):
    """What a process reports: for each output the digests of its files, or why it cannot be made."""

    outputs: list[Mapping[str, str] | str]
    findings: Findings


class SiteWriter(NamedTuple):
    """A site about to be written: the processes are there, the words of the search are being looked up.

    The `blocks` of the open data that have changed are being made as well.
    """

    prepared: Prepared
    stores: Stores
    pool: Executor
    search: Callable[[], tuple[Part, ...]]
    warm_up: WarmUp | None
    blocks: Sequence[Future[Findings]]

    def write_site(
        self, target: Path, skeleton: Skeleton, origin: Origin, base: Path | None = None
    ) -> tuple[str, ...]:
        """Write all that comes from records into `target`; returns the path of every file there, sorted.

        The skeleton's files stand in `target` already, or in the folder `base`: then nothing else is left in
        `target` but what the last build has made and this one would make again. Raises RenderFailed for pages
        that cannot be made, UserError when there can be no search index.
        """
        site, ledger = self.prepared.site, self.stores.ledger
        if self.warm_up:
            self.warm_up.wait()
            _draw_maps(site)  # now, should that process have been stopped
            self.stores.cache.show()
        needs, below = Dependencies(site), _link_skeleton(target, skeleton, base) if base else ()
        outputs: list[Output] = []
        pending: list[tuple[Sequence[Output], Future[_Made]]] = []
        kept: dict[str, Mapping[str, str] | None] = {}
        for some in self._outputs(needs, skeleton):
            kept |= {output.name: ledger.keep(output.name, output.key) for output in some}
            parts = _share_out([output for output in some if kept[output.name] is None])
            pending += [(part, self.pool.submit(_make_some, target, skeleton, part)) for part in parts]
            outputs += some
        lists = [*_lists(self.prepared, needs, [*(output.name for output in outputs), *below])]
        kept |= {output.name: ledger.keep(output.name, output.key) for output in lists}
        besides = {**site.plain_files, **({BILL: origin.bill} if origin.bill else {})}
        for path, content in besides.items():
            write_file(f"{target}/{path}", content)
        self._write_pictures(target)
        self._write_index(target)
        made = self._gather(pending)
        _write_worker(target, site)
        there = {*ledger.digests, *below, *besides, WORKER}
        there |= {*list_files(target)} if base is None else set()
        files = {name: found or {} for name, found in {**kept, **made}.items()}
        for output in lists:
            if kept[output.name] is None:
                written = write_files(target, _LISTS[output.maker](self.prepared, files, there))
                ledger.note(output.name, output.key, written)
        there |= ledger.digests.keys()
        hashes = hash_files(target, there, ledger.digests)
        data_date = find_latest_day(site.catalogue.records.values())
        write_file(target / STAMP, encode_stamp(build_stamp(hashes, data_date, origin)))
        ledger.drop(target, there)
        return tuple(sorted({*there, STAMP}))

    def _outputs(self, needs: Dependencies, skeleton: Skeleton) -> Iterator[list[Output]]:
        """Everything that is made from records, in the order in which processes come free.

        After an edit one has made the blocks of the open data while another loaded what renders pages, so the first of
        the data is followed by the views; the pages of records come last, found while these are made.
        """
        site, is_kept = self.prepared.site, self.stores.cache.is_kept
        views = [*_view_outputs(needs, skeleton)]
        self._take_blocks()
        data = [*_data_outputs(site, needs, skeleton, is_kept=is_kept)]
        yield from (data[:1], views, data[1:])
        yield [*_profile_outputs(site, needs, skeleton)]

    def _take_blocks(self) -> None:
        """Wait until the cache holds all pieces of the open data."""
        if self.blocks:
            for made in self.blocks:
                self.stores.cache.merge(made.result())
            self.stores.cache.show()

    def _write_pictures(self, target: Path) -> None:
        """The pictures of photos: what they are called says what they hold. Raises Problems where none can be made."""
        ledger, photos = self.stores.ledger, self.prepared.site.catalogue.photos
        prints = {path: [f"{PHOTOS}/{p.name}" for p in list_prints(photo)] for path, photo in photos.items()}
        wanted = [path for path, names in prints.items() if ledger.keep(names[0], b"") is None]
        pictures = self.prepared.develop(wanted)
        for names in (prints[path] for path in wanted):
            made = {name: pictures[name].read_bytes() for name in names}
            ledger.note(names[0], b"", write_files(target, made))

    def _write_index(self, target: Path) -> None:
        """The parts of the search that cannot stay."""
        ledger = self.stores.ledger
        for part in self.search():
            if ledger.keep(part.name, part.key) is None:
                ledger.note(part.name, part.key, write_files(target, part.files))

    def _gather(
        self, pending: Iterable[tuple[Sequence[Output], Future[_Made]]]
    ) -> dict[str, Mapping[str, str]]:
        """The digests of what was made, by output, for the ledger too. Raises RenderFailed with all that could not be."""
        made: dict[str, Mapping[str, str]] = {}
        failures: list[str] = []
        for part, future in pending:
            result = future.result()
            self.stores.cache.merge(result.findings)
            for output, found in zip(part, result.outputs, strict=True):
                if isinstance(found, str):
                    failures.append(found)
                else:
                    made[output.name] = found
                    self.stores.ledger.note(output.name, output.key, found)
        if failures:
            raise RenderFailed("\n".join(failures))
        return made


@contextmanager
def open_writer(
    prepared: Prepared, stores: Stores | None = None, warm_up: WarmUp | None = None
) -> Iterator[SiteWriter]:
    """The processes that make a site, begun with what needs no skeleton; without stores everything is made."""
    stores = stores or Stores(Ledger(Path(), None), NO_CACHE)
    site, catalogue = prepared.site, prepared.site.catalogue
    if not warm_up:
        _draw_maps(site)  # before the processes are there
    missing = [*_missing_blocks(site)] if stores.cache.is_kept else []  # likewise
    with _aside(stores.cache), open_pool(len(catalogue.records), site, catalogue) as pool:
        blocks = [pool.submit(_make_blocks, keys) for keys in missing]
        pool.submit(_get_ready)
        search = plan_index(catalogue, stores.cache, prepared.written).start(pool)
        yield SiteWriter(prepared, stores, pool, search, warm_up, blocks)


def _draw_maps(site: Site) -> None:
    """See to it that what all maps share is drawn once, for all processes."""
    if not site.drawings_plan.is_kept(site.cache):
        site.atlas  # noqa: B018 (drawn when it is first asked for)


def _get_ready() -> None:
    """Load what renders pages: in a process of a pool, while the first one still plans; others do when they have to."""
    from ..pages import rendering  # noqa: F401


def _missing_blocks(site: Site) -> Iterator[Sequence[bytes]]:
    """The blocks of the open data that have to be made, in parts for the processes."""
    keys = site.downloads_plan.stock.missing
    step = _BLOCKS if len(keys) > 4 * _BLOCKS else 1
    return (keys[start : start + step] for start in range(0, len(keys), step))


def _make_blocks(keys: Iterable[bytes]) -> Findings:
    """Some blocks of the open data, made in whichever process, for the cache."""
    site = shared(Site)
    for key in keys:
        site.downloads_plan.stock.make(key)
    site.cache.show()
    return site.cache.take()


@contextmanager
def _aside(cache: Cache) -> Iterator[None]:
    """What has been found so far is put aside, so that processes forked now do not report it."""
    found = cache.take()
    yield
    cache.merge(found)


# -- outputs -------------------------------------------------------------------------------------


def _link_skeleton(target: Path, skeleton: Skeleton, base: Path) -> list[str]:
    """Link the files of the skeleton that no record has a part in; returns their paths."""
    made = {*(f"{url}{_PAGE}" for url in skeleton.views), SITEMAP, f"{SITEMAP}.gz"}
    below = [path for path in list_files(base) if path not in made]
    for path in below:
        (target / path).unlink(missing_ok=True)
    link_files(str(base), str(target), below)
    return below


def _view_outputs(needs: Dependencies, skeleton: Skeleton) -> Iterator[Output]:
    """What shows many records, but for the open data."""
    for url, page in skeleton.views.items():
        if page.view != _DATA:
            yield _view_output(needs, skeleton, url, page)
    yield Output("forwarding", needs.forwarding, "forwarding")
    yield Output("maps", needs.maps, "maps")
    yield Output("previews", digest_of(needs.outlines, b"previews"), "previews")
    yield Output("browse", digest_of(needs.outlines, b"browse"), "browse")


def _data_outputs(site: Site, needs: Dependencies, skeleton: Skeleton, *, is_kept: bool) -> Iterator[Output]:
    """The open data and the page that lists it.

    Unless anything `is_kept` between builds, one process makes both, and what they will be is not known before.
    """
    pages = {url: page for url, page in skeleton.views.items() if page.view == _DATA}
    if is_kept:
        for url, file in site.downloads.files.items():
            yield Output(url, file.key, "file", url, part_of(url))
        for url, page in pages.items():
            yield _view_output(needs, skeleton, url, page)
    else:
        yield Output("data", b"", "data", part=_DATA)
        for url in pages:
            yield Output(url or ".", b"", "view", url, part=_DATA)


def _view_output(needs: Dependencies, skeleton: Skeleton, url: str, page: ViewPage) -> Output:
    around = (text.encode() for text in (*page.pattern.pieces, *sorted(skeleton.hand_written)))
    return Output(url or ".", digest_of(needs.of_view(page.view), *around), "view", url)


def _profile_outputs(site: Site, needs: Dependencies, skeleton: Skeleton) -> Iterator[Output]:
    shapes = {kind: digest_of(*(t.encode() for t in p.pieces)) for kind, p in skeleton.profiles.items()}
    for profile_id, url in zip(site.profile_ids, site.page_urls, strict=True):
        key = digest_of(needs.of_profile(profile_id), shapes.get(site.pattern_of(profile_id), b""))
        yield Output(url, key, "profile", profile_id, "")


def _lists(prepared: Prepared, needs: Dependencies, names: Iterable[str]) -> Iterator[Output]:
    """The report and the sitemap: from what others show of records, their states, and `names` for all that is made."""
    dataset = prepared.dataset
    states = "\n".join(f"{entry.path} {entry.record.status}" for entry in dataset.entries)
    found = repr((dataset.redirects, len(dataset.inputs), len(prepared.diagnostics)))
    key = digest_of(needs.outlines, *(text.encode() for text in ("\n".join(names), states, found)))
    yield Output(REPORT, key, "report")
    yield Output(SITEMAP, key, "sitemap")


def _share_out(outputs: Sequence[Output]) -> Iterator[Sequence[Output]]:
    """Parts for the processes, the pages of records last: those of districts, which take longest, before the others."""
    parts: dict[str, list[Output]] = defaultdict(list)
    for output in outputs:
        parts[output.part].append(output)
    profiles = parts.pop("", [])
    yield from parts.values()
    starts = range(0, len(profiles), _TOGETHER)
    yield from (profiles[start : start + _TOGETHER] for start in reversed(starts))


def _make_some(target: Path, skeleton: Skeleton, outputs: Sequence[Output]) -> _Made:
    """Some outputs made and written, in whichever process."""
    site = shared(Site)
    made = [_make(site, skeleton, target, output) for output in outputs]
    return _Made(made, site.cache.take())


def _make(site: Site, skeleton: Skeleton, target: Path, output: Output) -> Mapping[str, str] | str:
    try:
        files = _MAKERS[output.maker](site, skeleton, output.subject)
    except RenderFailed as failure:
        return str(failure)
    return write_files(target, files)


def make_profile(site: Site, skeleton: Skeleton, profile_id: str) -> dict[str, bytes]:
    """A profile page and the files beside it; these alone where the theme has rendered the page itself."""
    from ..pages.rendering import render_one

    page = render_one(site, profile_id)
    files = {f"{page.url}{name}": content for name, content in page.files.items()}
    if pattern := skeleton.profiles.get(page.pattern):
        filled = pattern.fill({"title": page.title, "head": page.head, "body": page.body})
        files[f"{page.url}{_PAGE}"] = filled.encode()
    return files


def make_view(site: Site, skeleton: Skeleton, url: str) -> dict[str, bytes]:
    """The page of a view at its address, and the files beside it."""
    from ..pages.rendering import render_view

    page = skeleton.views[url]
    body, beside = render_view(site, page.view, "../" * url.count("/"), skeleton.hand_written)
    return {url + name: content for name, content in beside.items()} | {
        f"{url}{_PAGE}": page.pattern.fill({"view": body}).encode()
    }


def _make_forwarding(site: Site, *_: object) -> Mapping[str, bytes]:
    from ..pages.rendering import render_forwarding

    return render_forwarding(site)


_MAKERS: Mapping[str, Callable[[Site, Skeleton, str], Mapping[str, bytes | Composed]]] = {
    "profile": make_profile,
    "view": make_view,
    "data": lambda site, *_: site.downloads.files,
    "file": lambda site, _, address: {address: site.downloads.files[address]},
    "forwarding": _make_forwarding,
    "maps": lambda site, *_: site.atlas.files,
    "previews": lambda site, *_: site.previews,
    "browse": lambda site, *_: site.browse_files,
}


# -- files ---------------------------------------------------------------------------------------


def write_files(target: Path, files: Mapping[str, bytes | Composed]) -> dict[str, str]:
    """Write files by their paths in `target`, one after another; returns their digests."""
    return {path: _write(f"{target}/{path}", content) for path, content in files.items()}


def _write(path: str, content: bytes | Composed) -> str:
    if isinstance(content, Composed):
        write_parts(path, content)
        return content.digest
    write_file(path, content)
    return content_digest(content)


def _write_worker(target: Path, site: Site) -> None:
    """The service worker at the site's root, for the shell page as it was built."""
    shell = (target / SHELL).read_bytes()
    write_file(target / WORKER, render_worker(site.settings.templates, shell))


_LISTS: Mapping[
    str, Callable[[Prepared, Mapping[str, Collection[str]], Collection[str]], Mapping[str, bytes]]
] = {
    "report": lambda prepared, files, _: {REPORT: render_report(prepared, files)},
    "sitemap": lambda prepared, _, there: render_sitemap(filter(is_page, there), prepared.site),
}
"""What is made last, from the files of each output and the paths of all."""
