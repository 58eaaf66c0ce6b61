"""The site as a plain docs folder: Markdown, static files, a theme and settings that need nothing of this project.

What MkDocs made of the same documents here is what any publisher makes of them there. It knows MkDocs only
through the plugin and the build.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import nest_paths

from ..addresses import REPORT, SITEMAP
from ..errors import UsageError, UserError
from ..pages.rendering import render_profiles, render_view
from ..project import Prepared, prepare_project
from ..provenance.checkout import find_origin
from ..provenance.stamp import STAMP, hash_tree
from ..provenance.worktree import find_worktree
from ..publishing.documents import document_text, folder_path, manuscript_text, move_links
from ..publishing.mkdocs_plugin import BeltsPlugin
from ..publishing.publisher import load_settings, project_of, run_mkdocs
from ..storage.files import write_file
from ..writing.write import open_writer

SUMS = "SHA256SUMS"
_OUTPUT = ("site/", ".cache/")  # what publishers write beside the documents
_OURS_ALONE = ("moved.html",)  # of the theme folder: filled by this project, not by a publisher
_PUBLISHERS = ("404.html", SITEMAP, f"{SITEMAP}.gz", "assets/stylesheets/", REPORT)
_REQUIRED = ("mkdocs", "mkdocs-material")


def export_docs(root: Path, target: Path) -> int:
    """Write the folder in one step; returns the number of documents.

    Raises UserError, of which UsageError is for a folder with other files in it; what was there stays.
    """
    check_target(target)
    config, plugin = load_settings(root)
    prepared = prepare_project(project_of(config, plugin.config))
    with TemporaryDirectory() as folder:
        site = Path(folder)
        plugin.skeleton_only = True
        origin = find_origin(root, find_worktree(root, os.environ, Path(config.site_dir)))
        run_mkdocs(config, plugin, prepared, site)
        with open_writer(prepared) as writer:
            writer.write_site(site, plugin.skeleton, origin)
        with replaced(target) as staging:
            documents = set()
            for path, url, text in iter_documents(prepared, plugin, hash_tree(site)):
                write_file(staging / "docs" / path, text.encode())
                documents.add(f"{url}index.html")
            copy_static(site, staging / "docs", documents)
            shutil.copytree(
                find_theme(config), staging / "theme", ignore=shutil.ignore_patterns(*_OURS_ALONE)
            )
            written = [path for path in plugin.manuscripts if Path(config.docs_dir, path).is_file()]
            for name, text in settings_files(root, prepared, config, written).items():
                write_file(staging / name, text.encode())
            write_file(staging / SUMS, encode_sums(hash_tree(staging)).encode())
    return len(documents)


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A place for a new folder, which takes that of `target` at the end; nothing else beside it is touched."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        staging = Path(folder, "new")
        yield staging
        if target.exists():
            target.rename(Path(folder, "old"))
        staging.rename(target)


def find_theme(config: MkDocsConfig) -> Path:
    """The folder of our theme's templates. Raises UserError."""
    if not config.theme.custom_dir:
        raise UserError("mkdocs.yml: theme 里没有 custom_dir (the theme names no custom_dir)")
    return Path(config.theme.custom_dir)


# -- the folder that is there ----------------------------------------------------------------------


def check_target(target: Path) -> None:
    """Refuse a folder with anything but an export that nobody has changed, and what was built from it.

    Raises UsageError.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise _not_ours(target, target)
    sums = target / SUMS
    written = decode_sums(sums.read_text(encoding="utf-8")) if sums.is_file() else {}
    there = {path: digest for path, digest in hash_tree(target).items() if not path.startswith(_OUTPUT)}
    for path, digest in there.items():
        if path != SUMS and written.get(path) != digest:
            raise _not_ours(target, path)


def _not_ours(target: Path, name: object) -> UsageError:
    return UsageError(
        f"{target} 里的 {name} 不是本命令写的，或已被改动；请换一个文件夹"
        f" (holds {name}, which this command did not write or which was changed since: name another folder)"
    )


def encode_sums(hashes: Mapping[str, str]) -> str:
    """Digests by path, as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))


def decode_sums(text: str) -> dict[str, str]:
    """Digests by path; a line that is none of these is left out."""
    lines = (line.partition("  ") for line in text.splitlines())
    return {path: digest for digest, _, path in lines}


# -- documents and static files --------------------------------------------------------------------


def iter_documents(
    prepared: Prepared, plugin: BeltsPlugin, static: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Path, address and text of every page as a document; `static` are the paths of all other files."""
    site = prepared.site
    documents = (*(f"{url.rstrip('/')}.md" for url in site.page_urls), *plugin.manuscripts)
    places = {path: path for path in static} | {path: folder_path(path) for path in documents}
    for page in render_profiles(site):
        yield places[page.path], page.url, document_text(page)
    for path, manuscript in plugin.manuscripts.items():
        root, view = "../" * manuscript.url.count("/"), manuscript.view
        body = render_view(site, view, root, plugin.hand_written)[0] if view else ""
        text = manuscript._replace(markdown=move_links(manuscript.markdown, path, places))
        yield places[path], manuscript.url, manuscript_text(text, body)


def copy_static(site: Path, docs: Path, replaced: set[str]) -> None:
    """Copy all of a built site that neither a document nor the publisher and its theme stand for."""
    for path in (*hash_tree(site), STAMP):
        if path not in replaced and not path.startswith(_PUBLISHERS):
            write_file(docs / path, (site / path).read_bytes())


# -- settings --------------------------------------------------------------------------------------


def settings_files(
    root: Path, prepared: Prepared, config: MkDocsConfig, written: Iterable[str]
) -> dict[str, str]:
    """mkdocs.yml, requirements.txt and the README, by name; `written` are the hand-written pages' paths."""
    city = prepared.site.catalogue.city
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(find_theme(config).rglob("*.html")))
    extra = config.extra
    facts = {
        "city": city.model_dump(mode="json", include={"tagline", "identity", "language"}, exclude_none=True),
        "policy": extra["policy"],
        "assets": {name: address for name, address in extra["assets"].items() if f"'{name}'" in source},
        "pages": extra["pages"],
    }
    settings = {
        "site_name": city.title,
        "site_description": city.tagline,
        "docs_dir": "docs",
        "site_dir": "site",
        "extra": facts,
        "nav": config.nav or nest_paths(written),  # type: ignore[no-untyped-call]
    }
    requirements = "".join(f"{name}=={version(name)}\n" for name in _REQUIRED)
    return {
        "mkdocs.yml": plain_settings((root / "mkdocs.yml").read_text(encoding="utf-8"), settings),
        "requirements.txt": requirements,
        "README.md": _README % {"title": city.title},
    }


def plain_settings(text: str, settings: Mapping[str, Any]) -> str:
    """A mkdocs.yml without our plugin and with other `settings`; tags such as `!!python/name` stay as they are."""
    node = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise TypeError("mkdocs.yml is no mapping")
    entries = {key.value: (key, value) for key, value in node.value}
    entries["plugins"][1].value = [item for item in entries["plugins"][1].value if not _is_ours(item)]
    entries["theme"][1].value = [pair for pair in entries["theme"][1].value if pair[0].value != "custom_dir"]
    entries["theme"][1].value += _compose({"custom_dir": "theme", "variant": "classic"}).value
    entries |= {pair[0].value: pair for pair in _compose(settings).value}
    for page in iter_pages(entries["nav"][1]):
        page.value = folder_path(page.value)
    node.value = list(entries.values())
    return _HEAD + yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=1_000_000)


def iter_pages(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """The documents that a navigation names."""
    if isinstance(node, yaml.ScalarNode):
        if node.value.endswith(".md"):
            yield node
    else:
        for item in node.value:
            yield from iter_pages(item[1] if isinstance(item, tuple) else item)


def _compose(value: Mapping[str, Any]) -> Any:
    return yaml.compose(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), yaml.SafeLoader)


def _is_ours(item: yaml.Node) -> bool:
    """Whether an entry of `plugins` is our own, with options or without."""
    name: object = item.value[0][0].value if isinstance(item, yaml.MappingNode) else item.value
    return name == "belts"


_HEAD = "# Written by `belts export-docs`. Plain MkDocs with Material, and the theme in theme/.\n"

_README = """\
# %(title)s：文档文件夹

由 `belts export-docs` 写出。不需要 belts，任何人都可以用通用的工具生成同样的网站：

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt
    .venv/bin/mkdocs build --strict

网站写在 `site/`。用 ProperDocs：装上 `properdocs`，运行 `properdocs build --strict`。用 Zensical：装上 `zensical`，
运行 `zensical build`。

| 这里 | 是什么 |
| --- | --- |
| `docs/**/index.md` | 每页一篇文档；由记录生成的部分是 `<div class="generated">` 里的 HTML，`head` 是该页的题名和元数据 |
| `docs/` 的其他文件 | 原样随网站发布：样式、脚本、地图、图片、下载、搜索索引、旧地址上的转到页、`_headers` |
| `theme/` | 页眉、页脚、版式。不要它时，去掉 mkdocs.yml 的 `custom_dir`，再去掉网站地图那篇的 `template`，就是 Material 自己的样子 |
| `mkdocs.yml` | 设置和导航，没有 belts 插件 |
| `SHA256SUMS` | 本文件夹写出时每个文件的摘要：`sha256sum --check SHA256SUMS` |

**不会自己更新的。** 搜索索引（`docs/pagefind/`）、下载（`docs/data/`）、地图（`map.geojson`）、浏览页的筛选
（`docs/browse/`）、订阅（`docs/feed.xml`）、离线阅读（`docs/worker.js`）和版本信息（`docs/build.json`）都是写出那一刻的。改了页面
以后，请用自己的工具重做或删掉；`docs/build.json` 说的是导出时的那个网站。

**没有的。** 网站的 sitemap.xml 由各工具自己生成，不含每页的更新日期；没有 `build-report.json`；没有预压缩的
`.gz`、`.br`。Material 在两个复选框上多写一个 `autocomplete`，除此以外，`mkdocs build` 生成的页面与 belts 的逐字节相同。

## In English

Written by `belts export-docs`: the site as documents, static files, a theme and plain settings. The three commands
above build it without belts; ProperDocs and Zensical read the same mkdocs.yml. What stands in `docs/` besides
documents (search index, maps, downloads, pictures, pages at old addresses, service worker, feed, build.json) is as it
was when this was written and does not follow later edits: make it anew by other means, or take it out. The publisher
makes its own sitemap.xml, without days of change; there is no build-report.json and nothing precompressed. But for an
`autocomplete` on two checkboxes, the pages that `mkdocs build` makes equal those of belts byte for byte.
"""
