"""The site as it would be now, for one reader: a page is made when it is asked for.

After a change only the changed records are read and checked; a fault leaves the last good site in place and is
shown over it. Nothing is written but what the next build can use.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from functools import lru_cache
from html import escape
from pathlib import Path

from ..addresses import DATA, SEARCH
from ..building.making import check_skeleton, prepare_skeleton
from ..building.settings import find_settings
from ..errors import UserError
from ..faults.diagnostics import Diagnostic, Problems, format_diagnostic
from ..faults.rules import Language
from ..layout import BELTS, CONTENT, RESULTS
from ..opendata.feed import FEED
from ..pages.rendering import render_forwarding
from ..project import Prepared, prepare_project
from ..search.index import make_index
from ..settings_files import read_settings_files
from ..storage.cache import Cache
from ..web.templates import forget_templates
from ..workers import uncollected
from ..writing.fill import Skeleton
from ..writing.write import make_profile, make_view

_OVERLAY = """<aside id="belts-faults" role="alertdialog" lang="{lang}" aria-label="{label}" style="position:fixed;inset:auto 0 0 0;
z-index:99999;max-height:70vh;overflow:auto;background:#fffbea;color:#1c1c1c;border-top:4px solid #b3261e;
padding:1rem 1.25rem;font:14px/1.7 ui-monospace,monospace;box-shadow:0 -4px 24px #0004">
<strong style="font:600 16px/1.5 system-ui">{summary}</strong>
<button style="float:right;min:24px;font:14px system-ui;padding:4px 12px" \
onclick="this.parentNode.hidden=true">{close}</button>
<pre style="white-space:pre-wrap;margin:.75rem 0 0;color:inherit;background:none">{faults}</pre></aside>"""
_WORDS = {
    Language.ZH: {
        "lang": "zh",
        "label": "检查结果",
        "summary": "{count} 处错误：改好并保存后，页面会自动更新。下面是上一次没有错误的页面。",
        "close": "收起",
    },
    Language.EN: {
        "lang": "en",
        "label": "What the check found",
        "summary": "Errors: {count}. Mend and save, and the page updates itself. Below is the last one without errors.",
        "close": "Hide",
    },
}


class Preview:
    """A project's site in memory. `refresh` reads what has changed; `read` gives a file of the site.

    `diagnostics` are what the last refresh found, `faults` those that keep the last good site in place, as text in the
    `language` of who edits.
    """

    def __init__(self, root: Path, language: Language = Language.ZH) -> None:
        self._root, self._language = root, language
        self._cache = Cache(root / RESULTS)
        self._prepared: Prepared | None = None
        self._skeleton = Skeleton({}, {}, frozenset())
        self._folder = root
        self._held = ExitStack()
        self._profiles: dict[str, str] = {}
        self._files: Mapping[str, bytes] = {}
        self._pictures: Mapping[str, Path] = {}
        self._templates: dict[Path, int] = {}
        self._lock = threading.Lock()
        self._search: Mapping[str, bytes] | None = None
        self._page = lru_cache(256)(self._make_page)
        self.faults: tuple[str, ...] = ()
        self.diagnostics: tuple[Diagnostic, ...] = ()

    def refresh(self) -> bool:
        """Take over the project as it stands; False when it has faults, which are in `faults`."""
        try:
            with self._lock, uncollected():
                self._take_over()
        except Problems as problems:
            self.diagnostics = problems.diagnostics
            self.faults = tuple(format_diagnostic(d, self._language) for d in problems.diagnostics)
        except (UserError, OSError) as error:
            self.diagnostics, self.faults = (), (str(error),)
        else:
            self.faults = ()
        return not self.faults

    def _take_over(self) -> None:
        known = self._prepared.dataset.entries if self._prepared else ()
        project = find_settings(self._root, self._cache).project
        times = {path: path.stat().st_mtime_ns for path in project.settings.templates.rglob("*")}
        if times != self._templates:
            forget_templates()
            self._templates = times
        prepared = prepare_project(project, self._cache, known)
        with ExitStack() as held:
            kept = held.enter_context(prepare_skeleton(project, prepared))
            check_skeleton(prepared, kept.skeleton)
            pictures, site = prepared.develop(), prepared.site
            files = {**site.plain_files, **render_forwarding(site), **site.atlas.files}
            self._held.close()
            self._held = held.pop_all()
        self._prepared, self._skeleton, self._folder = prepared, kept.skeleton, kept.files
        self._pictures = pictures
        self.diagnostics = prepared.diagnostics
        self._profiles = dict(zip(site.page_urls, site.profile_ids, strict=True))
        self._files = files
        self._search = None
        self._page.cache_clear()
        self._cache.save()

    @property
    def watched(self) -> tuple[Path, ...]:
        """The files and folders that the site is made from."""
        project = find_settings(self._root, self._cache).project
        folders = (project.root / BELTS, project.root / CONTENT, project.settings.templates)
        return (*folders, *project.settings.inputs, *read_settings_files(self._root))

    def read(self, path: str) -> bytes | None:
        """A file of the site by its path, a page by its `…/index.html`; None when there is none."""
        folder = path.rpartition("/")[0]
        url = f"{folder}/" if folder else ""
        with self._lock:
            known = url in self._profiles or url in self._skeleton.views
            if known and (content := self._page(url).get(path)) is not None:
                return content
            if path in self._files:
                return self._files[path]
            if path.startswith(f"{SEARCH}/"):
                return self._search_file(path)
            return self._made_file(path) or _read_inside(self._folder, path)

    def _made_file(self, path: str) -> bytes | None:
        """A picture of a photo, or a file made from many records."""
        if self._prepared is None:
            return None
        if path in self._pictures:
            return self._pictures[path].read_bytes()
        site = self._prepared.site
        is_data = path.startswith(f"{DATA}/") or path == FEED
        if is_data:
            return bytes(site.downloads.files[path]) if path in site.downloads.files else None
        return site.previews.get(path) if path.endswith(".png") else site.browse_files.get(path)

    def _make_page(self, url: str) -> dict[str, bytes]:
        """A page's files by path. One that cannot be made says why."""
        if self._prepared is None:
            return {}
        site = self._prepared.site
        try:
            if profile_id := self._profiles.get(url):
                return make_profile(site, self._skeleton, profile_id)
            return make_view(site, self._skeleton, url)
        except UserError as failure:
            return {f"{url}index.html": self._explain((str(failure),))}

    def _search_file(self, path: str) -> bytes | None:
        """A file of the search index, which is made when it is first asked for after a change."""
        if self._prepared is None:
            return None
        if self._search is None:
            self._search = make_index(self._prepared.site.catalogue, self._cache, self._prepared.written)
            self._cache.save()
        return self._search.get(path)

    def overlay(self) -> bytes:
        """What lies over every page while there are faults; empty without."""
        return self._explain(self.faults) if self.faults else b""

    def _explain(self, faults: tuple[str, ...]) -> bytes:
        words = {name: text.format(count=len(faults)) for name, text in _WORDS[self._language].items()}
        return _OVERLAY.format(**words, faults=escape("\n\n".join(faults))).encode()


def _read_inside(folder: Path, path: str) -> bytes | None:
    """The content of a file below `folder`; None when there is none, or when the path leads out of it."""
    file = folder / path
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
        return file.read_bytes() if inside and file.is_file() else None
    except (OSError, ValueError):  # no file can be called that
        return None
