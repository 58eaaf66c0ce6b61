"""Settings of mkdocs.yml: those that MkDocs takes and a site of ours cannot use, and which files they name."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError

from ..errors import UserError
from ..faults.diagnostics import Diagnostic, Problems
from ..layout import BELTS, CACHE, CONTENT
from ..records.document import Document
from ..settings_files import SETTINGS
from ..words.spelling import closest, suggest

_UNKNOWN = "Unrecognised configuration name"  # as MkDocs begins its warning
_THEME = "material"
_ADDRESS = re.compile(r"https?://[^\s<>\"'/?#:@\\]+(:\d{1,5})?/[^\s<>\"'?#\\]*")
_READERS = ("pymdownx.snippets", "pymdownx.b64")
"""Extensions of Markdown that read files below `base_path`."""

_FAVICON = "assets/images/favicon.png"  # Material's own
_IDLE = {
    "extra_javascript": "site_templates/scripts",
    "copyright": "site_templates/theme/partials/footer.html",
    "site_author": "belts/city.yml",
    "site_description": "belts/city.yml",
    "repo_url": "site_templates/theme/partials",
    "edit_uri": "site_templates/theme/partials",
    "theme.favicon": "site_templates/images",
    "theme.logo": "site_templates/images",
    "theme.icon": "site_templates/images",
}
"""Settings that the theme of a site does not read, and where what they say stands instead."""


def load_config(config_file: Path, documents: Sequence[Document]) -> MkDocsConfig:
    """What MkDocs makes of its settings, which must all be right; `documents` are the files that they stand in.

    Raises `Problems` for each setting that it refuses or does not know, UserError for what it cannot read at all.
    """
    config = MkDocsConfig(str(config_file))
    try:
        with config_file.open("rb") as file:
            config.load_file(file)
        config.load_dict({"strict": True})
        refused, doubtful = config.validate()
    except (ConfigurationError, ValueError) as error:  # the second for what is no address at all
        raise UserError(f"{config_file}: 设置不能用 (the settings cannot be used): {error}") from None
    if faults := [_refuse(documents, *found) for found in _word_refusals(config, (*refused, *doubtful))]:
        raise Problems(faults)
    return config


def _word_refusals(
    config: MkDocsConfig, refused: Collection[tuple[str, object]]
) -> Iterator[tuple[str, str, str]]:
    """The key of each setting that MkDocs refuses, and why, in Chinese and English."""
    unknown = {key for key, why in refused if str(why).startswith(_UNKNOWN)}
    for key, why in refused:
        if key in unknown:
            hint = suggest(closest(key, config.keys() - unknown))
            yield key, f"MkDocs 没有这一项{hint['hint_zh']}", f"MkDocs knows no such key{hint['hint_en']}"
        else:
            yield key, f"MkDocs 说：{why}", f"MkDocs says: {why}"


def check_settings(config: MkDocsConfig, documents: Sequence[Document]) -> None:
    """Refuse settings that MkDocs takes and that would give a broken site.

    Raises `Problems`, and UserError where there is no folder of records.
    """
    root = Path(config.config_file_path).resolve().parent
    if not (root / BELTS).is_dir():
        raise UserError(f"{root}: 没有文件夹 {BELTS}（there is no folder {BELTS}）")
    if faults := [_refuse(documents, *found) for found in _find_unfit(config, root)]:
        raise Problems(faults)


def _refuse(documents: Sequence[Document], key: str, zh: str, en: str) -> Diagnostic:
    """B723 where a setting such as `theme.favicon` stands: in the first of the files that names it."""
    path = tuple(key.split("."))
    found = [document for document in documents if path in document.marks]
    found += [document for document in documents if path[:1] in document.marks]
    document = (*found, *documents, Document(SETTINGS, ""))[0]
    return document.diagnose("B723", document.mark(path), key=key, reason_zh=zh, reason_en=en)


def list_inputs(config: MkDocsConfig, templates: Path) -> tuple[Path, ...]:
    """What mkdocs.yml has MkDocs read beside records, pages and templates: a theme's folder, hooks, what is watched."""
    root = Path(config.config_file_path).resolve().parent
    known = [_plain(folder) for folder in (root / BELTS, root / CONTENT, templates)]
    found: list[Path] = []
    for path in sorted(_plain(root / path) for _, path in _list_named(config)):
        if not _lies_in(path, (*known, *found)):
            found.append(path)
    return tuple(found)


def _list_named(config: MkDocsConfig) -> Iterator[tuple[str, str]]:
    """Each file or folder that is named, by its setting."""
    yield from (("theme", folder) for folder in [config.theme.custom_dir] if folder)
    yield from (("hooks", str(hook)) for hook in config.hooks)
    yield from (("watch", path) for path in config.watch)


def _plain(path: str | Path) -> Path:
    """Without `..`, but with the links that the path goes through."""
    return Path(os.path.abspath(path))  # noqa: PTH100 (which follows them)


def _find_unfit(config: MkDocsConfig, root: Path) -> Iterator[tuple[str, str, str]]:
    """The key of each, and why, in Chinese and English."""
    if not config.use_directory_urls:
        yield (
            "use_directory_urls",
            "只能是 true：每页的地址是一个文件夹",
            "it must be true: the address of each page is a folder",
        )
    if (address := config.site_url) and not _ADDRESS.fullmatch(address):
        example = "https://www.example.org/"
        yield (
            "site_url",
            f"“{address}”不是网站的地址，如 {example}",
            f"`{address}` is no address such as {example}",
        )
    if config.theme.name != _THEME or not config.theme.custom_dir:
        yield (
            "theme",
            f"name 必须是 {_THEME}，custom_dir 必须有",
            f"name must be {_THEME}, and custom_dir be there",
        )
    if Path(config.docs_dir).resolve() != (root / CONTENT).resolve():
        yield "docs_dir", f"只能是 {CONTENT}", f"it must be {CONTENT}"
    for style in config.extra_css:
        if not (root / CONTENT / style).is_file():
            zh, en = f"{CONTENT}/ 里没有 {style}", f"there is no {style} in {CONTENT}/"
            yield "extra_css", f"{zh}；样式只能是本站的文件", f"{en}: a style is a file of this site"
    for key in ("exclude_docs", "draft_docs"):
        if config[key] is not None:
            zh = "别的页面还会链接到它们；不发布的页面，请移出 content/"
            yield (
                key,
                zh,
                "other pages would still lead there: move out of content/ what is not to be published",
            )
    yield from _find_idle(config)
    yield from _find_circular(config, root)
    yield from _find_unwatched(config, root)


def _find_idle(config: MkDocsConfig) -> Iterator[tuple[str, str, str]]:
    """Settings that someone has written and nothing would come of."""
    written = {**config, **{f"theme.{key}": value for key, value in config.theme.items()}}
    for key, place in _IDLE.items():
        if written.get(key) not in (None, "", [], {}, _FAVICON):
            yield (
                key,
                f"它在这里不起作用；请删去，改写 {place}",
                f"it has no effect here: remove it and edit {place}",
            )


def _find_circular(config: MkDocsConfig, root: Path) -> Iterator[tuple[str, str, str]]:
    """Folders to be read that hold what a build writes: each build would find them changed."""
    written = (_plain(config.site_dir), root / CACHE)
    for key, name in _list_named(config):
        if any(path.is_relative_to(_plain(root / name)) for path in written):
            yield (
                key,
                f"{name} 里有生成的东西，请写里面的文件夹",
                f"a build writes into {name}: name folders in it",
            )


def _find_unwatched(config: MkDocsConfig, root: Path) -> Iterator[tuple[str, str, str]]:
    """Extensions that read files of which no build would see that they have changed, or what a network has."""
    watched = [_plain(root / path) for path in (CONTENT, *config.watch)]
    for name in config.markdown_extensions:
        if name.partition(":")[0] not in _READERS:
            continue
        options = config.mdx_configs.get(name, {})
        bases = _list_bases(options.get("base_path", "."))
        if options.get("url_download") or any(not _lies_in(base, watched) for base in bases):
            zh = f"{name} 只能读 {CONTENT} 和 watch 所列文件夹里的文件：base_path 写成 !relative $docs_dir 这样"
            en = f"{name} may read files of {CONTENT} and of folders in `watch` alone: base_path: !relative $docs_dir"
            yield "markdown_extensions", zh, en


def _list_bases(value: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    """The folders that files are read from, but for that of the page itself (a bare `!relative`)."""
    for base in [value] if isinstance(value, str | os.PathLike) else value:
        with suppress(ConfigurationError):
            yield _plain(os.fspath(base))


def _lies_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
