"""The one thin adapter to MkDocs: each event calls one plain function of the core.

With `fill: true` (the default) the theme renders one pattern page per kind and the profile pages are that
pattern with its slots filled; with `fill: false` every profile page goes through MkDocs. The bytes are equal.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config import config_options
from mkdocs.config.base import BaseConfigOption, Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from ..editing.handbook import REFERENCES
from ..errors import UserError
from ..faults.diagnostics import Diagnostic, Problems, format_diagnostic
from ..faults.rules import Severity
from ..layout import BELTS, CONTENT, Project, SiteSettings
from ..pages.rendering import Page, render_page_head, render_profiles
from ..pages.site import Site, list_pages, page_policy, pattern_url
from ..project import Prepared, prepare_project
from ..provenance.checkout import find_origin
from ..provenance.worktree import find_worktree
from ..reading.front_matter import read_front_matter
from ..reading.site_settings import load_site_settings
from ..records.document import Document
from ..web.head import PageInfo
from ..words.markup import blank_code
from ..writing.fill import VIEW_SLOTS, AnchorLink, Pattern, Skeleton, ViewPage, slot_mark, split_pattern
from ..writing.site_folder import check_place
from ..writing.write import open_writer
from .documents import Manuscript, document_text, mark_key, pattern_page, view_document
from .inert import find_live_markup
from .refusals import check_anchor_links, read_page
from .settings import check_settings, list_inputs

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.livereload import LiveReloadServer  # a server, which no build needs

_UNUSED_THEME_FILES = ("assets/javascripts/", "assets/images/")

_NAMED_HEADING = re.compile(
    r"^#{1,6} [^\n]*\{[^{}\n]{0,99}?#([\w-]{1,99})[^{}\n]{0,99}\}[ \t]*$", re.MULTILINE
)

log = logging.getLogger("mkdocs.plugins.belts")

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.INFO}


class Folder(BaseConfigOption[str]):
    """A folder that must be there, relative to mkdocs.yml, kept as it is written."""

    def __init__(self, default: str) -> None:
        super().__init__()
        self.default = default

    def pre_validation(self, config: Config, key_name: str) -> None:  # noqa: ARG002 (MkDocs' signature)
        """Note where mkdocs.yml is."""
        self._root = Path(config.config_file_path or "").resolve().parent

    def run_validation(self, value: object) -> str:
        """The folder's name; ValidationError where there is none."""
        if not isinstance(value, str) or not (self._root / value).is_dir():
            raise ValidationError(f"没有文件夹 {value}（there is no folder {value}）")
        return value


class BeltsConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves __init_subclass__ untyped
    """The plugin's options; paths are relative to mkdocs.yml."""

    templates = Folder("site_templates")
    node_modules = config_options.Type(str, default="node_modules")
    fill = config_options.Type(bool, default=True)
    policy_in_pages = config_options.Type(bool, default=False)


class FilledFile(File):
    """A page that the fill path writes: links to it resolve, but MkDocs neither reads nor copies it."""

    def is_documentation_page(self) -> bool:
        """Keep it out of MkDocs' own rendering."""
        return False

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 (MkDocs' signature)
        """Leave the writing to the fill path."""


class BeltsPlugin(BasePlugin[BeltsConfig]):  # type: ignore[no-untyped-call]  # as above
    """Adds the generated pages and files to a MkDocs build."""

    prepared: Prepared | None = None
    given: Prepared | None = None  # what a build of ours has read already; it tells its faults itself
    destination: Path | None = None  # where the site goes in the end, when it is made elsewhere
    skeleton_only: bool = False  # leave what comes from records to who asked
    patterns: dict[str, Pattern]
    views: dict[str, ViewPage]
    pages: dict[str, Page]
    manuscripts: dict[str, Manuscript]
    hand_written: frozenset[str]
    files: Files
    live: list[Diagnostic]  # what is not inert in hand-written pages
    anchor_links: tuple[AnchorLink, ...]

    @property
    def skeleton(self) -> Skeleton:
        """What the theme has made, once the build is done."""
        return Skeleton(self.patterns, self.views, self.hand_written, self.anchor_links)

    @property
    def anchors(self) -> dict[str, set[str]]:
        """The anchors of each page by its path in the folder of pages, as far as MkDocs has rendered them."""
        pages = self.files.documentation_pages()
        return {file.src_uri: (file.page and file.page.present_anchor_ids) or set() for file in pages}

    @property
    def site(self) -> Site:
        """The site being built."""
        if self.prepared is None:
            raise PluginError("belts: no data was read before the build")
        return self.prepared.site

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and check the data before MkDocs touches the last good site."""
        self.prepared = self.given or self._prepare(config)
        self.patterns, self.views, self.pages, self.manuscripts, self.files = {}, {}, {}, {}, Files([])
        self.live = []
        city = self.site.catalogue.city
        config.site_name = city.title
        config.extra["city"] = city
        config.extra["policy"] = page_policy(self.site.catalogue, self.site.settings)
        config.extra["assets"] = self.site.published.addresses
        return config

    def _prepare(self, config: MkDocsConfig) -> Prepared:
        project = project_of(config, self.config)
        check_settings(config, load_site_settings(project.root))
        check_place(project, Path(config.site_dir))
        prepared = prepare_project(project)
        prepared.develop()
        _log(prepared.diagnostics)
        return prepared

    def on_build_error(self, *, error: Exception, **_: Any) -> None:
        """Tell in MkDocs' log what can be mended, without a traceback."""
        if self.given or not isinstance(error, UserError):
            return
        if isinstance(error, Problems):
            _log(error.diagnostics)
        else:
            log.error(str(error))
        raise Abort("belts: 网站没有做成 (the site was not made)")

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add profile pages, list pages that nobody wrote by hand, and shared files."""
        for unused in [file for file in files if file.src_uri.startswith(_UNUSED_THEME_FILES)]:
            files.remove(unused)
        self.hand_written = frozenset(_iter_targets(files.documentation_pages()))
        for path, text in list_pages().items():
            if files.get_file_from_path(path) is None:
                files.append(_generated(config, path, text))
        config.extra["pages"] = sorted(_iter_targets(files.documentation_pages()))
        for file in self._profile_files(config):
            files.append(file)
        for path in self.site.addresses:
            files.append(FilledFile(path, None, config.site_dir, use_directory_urls=False, dest_uri=path))
        self.files = files
        return files

    def _profile_files(self, config: MkDocsConfig) -> list[File]:
        if self.config.fill:
            pages: Iterable[Page] = (pattern_page(self.site, key) for key in self.site.patterns)
            filled = [_filled(config, f"{url.rstrip('/')}.md") for url in self.site.page_urls]
        else:
            pages, filled = render_profiles(self.site), []
        self.pages = {page.path: page for page in pages}
        return filled + [_generated(config, page.path, document_text(page)) for page in self.pages.values()]

    def on_page_read_source(self, *, page: MkDocsPage, **_: Any) -> str:
        """End the last line, without which MkDocs finds no front matter in a page that holds nothing else."""
        return f"{page.file.content_string}\n"

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, **_: Any) -> str:
        """Give a hand-written page its head, and a mark where the view it asks for will stand."""
        if page.file.src_uri in self.pages:
            return markdown
        # As typed: MkDocs reads 007 as 7 and `yes` as true.
        page.meta = read_front_matter(page.file.content_string)
        head = render_page_head(self.site, _page_info(page))
        page.meta.update(head=head, title=escape(str(page.meta.get("title", page.title))))
        # A generated part of the handbook passes through Markdown, so that links to its anchors are checked.
        reference = REFERENCES[str(name)]() if (name := page.meta.get("reference")) else ""
        manuscript = Manuscript(page.url, dict(page.meta), markdown, reference)
        self.manuscripts[page.file.src_uri] = manuscript
        if name := manuscript.view:
            return view_document(manuscript.text, slot_mark(mark_key(self.site, name), "view"))
        return manuscript.text

    def on_page_content(self, html: str, *, page: MkDocsPage, **_: Any) -> str:
        """Look at what became of a hand-written page."""
        if page.file.src_uri in self.manuscripts:
            path = f"{CONTENT}/{page.file.src_uri}"
            self.live += find_live_markup(Document(path, page.file.content_string), html)
        return html

    def on_env(self, env: Environment, **_: Any) -> Environment:
        """Stop before any page is written that is not inert. Raises `Problems`."""
        if self.live:
            raise Problems(self.live)
        self.anchor_links = tuple(self._find_anchor_links())
        return env

    def _find_anchor_links(self) -> Iterator[AnchorLink]:
        """The links to parts of profile pages that MkDocs, which does not render them, leaves unchecked."""
        for path in self.manuscripts:
            file = self.files.get_file_from_path(path)
            found = file.page.links_to_anchors if file and file.page else None
            for target, links in (found or {}).items():
                if isinstance(target, FilledFile):
                    for anchor, link in links.items():
                        yield AnchorLink(path, link, target.src_uri, target.url, anchor)

    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Keep a pattern page for the fill path instead of writing it, and a page with a view to be filled."""
        output = _without_theme_faults(output)
        for key in self.site.patterns if self.config.fill else ():
            if page.url == pattern_url(key):
                self.patterns[key] = split_pattern(mark_key(self.site, key), output)
                return ""
        if name := page.meta.get("view"):
            pattern = split_pattern(mark_key(self.site, str(name)), output, VIEW_SLOTS)
            self.views[page.url] = ViewPage(str(name), pattern)
        return output

    def on_post_template(self, output_content: str, **_: Any) -> str:
        """Mend the theme's page for what is not found."""
        return _without_theme_faults(output_content)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what comes from records: filled pages, files beside pages, search index, sitemap, report."""
        if self.prepared is None or self.skeleton_only:
            return
        root = Path(config.config_file_path).resolve().parent
        folder = Path(config.site_dir)
        origin = find_origin(root, find_worktree(root, os.environ, self.destination or folder))
        with open_writer(self.prepared) as writer:
            writer.write_site(folder, self.skeleton, origin)
        check_anchor_links(root, partial(read_page, folder), self.anchor_links)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
        """Rebuild the preview when data or templates change."""
        project = project_of(config, self.config)
        server.watch(str(project.root / BELTS))
        server.watch(str(project.settings.templates))
        return server


def project_of(config: MkDocsConfig, options: BeltsConfig) -> Project:
    """The project that a MkDocs configuration describes."""
    root = Path(config.config_file_path).resolve().parent
    settings = SiteSettings(
        templates=(root / options.templates).resolve(),
        node_modules=(root / options.node_modules).resolve(),
        site_url=config.site_url or "",
        tianditu_key=os.environ.get("TIANDITU_KEY", ""),
        policy_in_pages=options.policy_in_pages,
        inputs=list_inputs(config, root / options.templates),
    )
    return Project(root, settings)


def _without_theme_faults(html: str) -> str:
    """A rendered page without what the theme prints against the HTML standard, out of reach of its blocks.

    That is `autocomplete` on the checkboxes of its drawer and its search.
    """
    return html.replace(
        'type="checkbox" id="__drawer" autocomplete="off"', 'type="checkbox" id="__drawer"'
    ).replace('type="checkbox" id="__search" autocomplete="off"', 'type="checkbox" id="__search"')


def _log(diagnostics: tuple[Diagnostic, ...]) -> None:
    """Diagnostics in MkDocs' log, where its strict mode counts them."""
    for diagnostic in diagnostics:
        log.log(_LEVELS[diagnostic.severity], format_diagnostic(diagnostic))


def _generated(config: MkDocsConfig, path: str, content: str | bytes) -> File:
    return File.generated(config, path, content=content, inclusion=InclusionLevel.NOT_IN_NAV)


def _filled(config: MkDocsConfig, path: str) -> File:
    return FilledFile(
        path,
        None,
        config.site_dir,
        config.use_directory_urls,
        dest_uri=f"{path.removesuffix('.md')}/index.html",
        inclusion=InclusionLevel.NOT_IN_NAV,
    )


def _iter_targets(pages: Iterable[File]) -> Iterator[str]:
    """The address of each page, and of every heading in it that has been given a name: `about/`, `about/#marks`."""
    for file in pages:
        yield file.url
        names = _NAMED_HEADING.findall(blank_code(file.content_string))
        yield from (f"{file.url}#{name}" for name in names)


def _page_info(page: MkDocsPage) -> PageInfo:
    meta = page.meta
    return PageInfo(
        title=str(meta.get("title", page.title)),
        description=str(meta.get("description", "")),
        url=page.url,
        column=str(meta.get("title", page.title)),
        date=str(meta.get("date", "")),
    )
