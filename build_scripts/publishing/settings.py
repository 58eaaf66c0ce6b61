"""Settings of mkdocs.yml: those that MkDocs takes and a site of ours cannot use, and which files they name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError

from ..errors import UserError
from ..layout import BELTS, CACHE, CONTENT

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


def check_settings(config: MkDocsConfig) -> None:
    """Refuse settings that MkDocs takes and that would give a broken site. Raises UserError, a line for each."""
    root = Path(config.config_file_path).resolve().parent
    lines = [word_setting(config.config_file_path, key, why) for key, why in _find_unfit(config, root)]
    if not (root / BELTS).is_dir():
        lines.append(f"{root}: 没有文件夹 {BELTS}（there is no folder {BELTS}）")
    if lines:
        raise UserError("\n".join(lines))


def word_setting(config_file: str, key: str, reason: object) -> str:
    """A line for a setting that is refused: the file, the key, what is wrong."""
    return f"{config_file}: {key}: 这项设置不能用 (this setting cannot be used): {reason}"


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


def _find_unfit(config: MkDocsConfig, root: Path) -> Iterator[tuple[str, str]]:
    if not config.use_directory_urls:
        yield (
            "use_directory_urls",
            "只能是 true：每页的地址是一个文件夹（it must be true: the address of each page is a folder）",
        )
    if (address := config.site_url) and not _ADDRESS.fullmatch(address):
        example = "https://www.example.org/"
        zh, en = f"“{address}”不是网站的地址，如 {example}", f"`{address}` is no address such as {example}"
        yield "site_url", f"{zh}（{en}）"
    if config.theme.name != _THEME or not config.theme.custom_dir:
        yield (
            "theme",
            f"name 必须是 {_THEME}，custom_dir 必须有（name must be {_THEME}, and custom_dir be there）",
        )
    if Path(config.docs_dir).resolve() != (root / CONTENT).resolve():
        yield "docs_dir", f"只能是 {CONTENT}（it must be {CONTENT}）"
    yield from _find_idle(config)
    yield from _find_circular(config, root)
    yield from _find_unwatched(config, root)


def _find_idle(config: MkDocsConfig) -> Iterator[tuple[str, str]]:
    """Settings that someone has written and nothing would come of."""
    written = {**config, **{f"theme.{key}": value for key, value in config.theme.items()}}
    for key, place in _IDLE.items():
        if written.get(key) not in (None, "", [], {}, _FAVICON):
            zh, en = (
                f"它在这里不起作用；请删去，改写 {place}",
                f"it has no effect here: remove it and edit {place}",
            )
            yield key, f"{zh}（{en}）"


def _find_circular(config: MkDocsConfig, root: Path) -> Iterator[tuple[str, str]]:
    """Folders to be read that hold what a build writes: each build would find them changed."""
    written = (_plain(config.site_dir), root / CACHE)
    for key, name in _list_named(config):
        if any(path.is_relative_to(_plain(root / name)) for path in written):
            zh, en = (
                f"{name} 里有生成的东西，请写里面的文件夹",
                f"a build writes into {name}: name folders in it",
            )
            yield key, f"{zh}（{en}）"


def _find_unwatched(config: MkDocsConfig, root: Path) -> Iterator[tuple[str, str]]:
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
            yield "markdown_extensions", f"{zh}（{en}）"


def _list_bases(value: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    """The folders that files are read from, but for that of the page itself (a bare `!relative`)."""
    for base in [value] if isinstance(value, str | os.PathLike) else value:
        with suppress(ConfigurationError):
            yield _plain(os.fspath(base))


def _lies_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
