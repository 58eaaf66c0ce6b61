"""The web form as a folder of its own, apart from the public site: Sveltia CMS, our scripts, one configuration.

Sveltia's npm package is meant for a bundler: it asks for other packages by name. The few it needs here are put
beside it and named by path, so that the folder runs as it is, asks no third party, and needs no bundler.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..kinds.registry import find_kinds
from ..maps.base_map import build_base_map
from ..reading.load import Dataset
from ..records.city import GitHost, unnamed_city
from .fields import build_backend, build_form_config, build_formats

_CMS = "@sveltia/cms"
_ENTRY = "npm/index.js"
_LOCALE = "locales/zh-CN.json"
_WORDS = "words.json"
"""Ours beside Sveltia's Chinese words: those it lacks, and those that say something else here."""

_SLUG = ("别名", "编号")
"""What Sveltia calls a slug, and what it is called here."""

_CONFLICT = (
    re.compile(
        r"let\{isNew:(\w+),originalEntry:(\w+)\}=\w+;if\(!\1&&\2\)\{"
        r"(try\{await \w+\(\)\}catch\(\w+\)\{console\.error\(`Failed to check the repository for changes\.`,\w+\)\})"
        r"return \w+\(\2\)\}\}"
    ),
    r"\3}",
)
"""Where Sveltia looks for a change of somebody else's and asks whether to save over it. Here it looks before a new
record too and never asks: our scripts put both together."""

_LATE_LOOK = (
    re.compile(
        r"(savingEntries:(\w+)=\[\],savingAssets:\w+=\[\],options:\w+\}\)=>\{let\{[^{}]*\}=[\w.]+;try\{)(await \w+\(\))"
    ),
    r"\1\2.length||\3",
)
"""Where Sveltia looks again, with the text of a record made: what came meanwhile would be saved over unseen."""

_RENAMING = (re.compile(r"(\.replace\(/-\$/,``\)\)),\w+\((\w+),\w+\(\w+,\w+\)\)\)\}"), r"\1,\2)}")
"""Where Sveltia counts on from an id that is taken, or looks like one that ends in a number."""

_PATCHES = {
    "the check for changes": _CONFLICT,
    "the check before a commit": _LATE_LOOK,
    "the renaming of new records": _RENAMING,
}

_COPIED = ("npm/chunks", "npm/assets")
_MODULES = {
    "immutable": "immutable/dist/immutable.es.js",
    "exifr/dist/lite.esm.mjs": "exifr/dist/lite.esm.mjs",
    "turndown/lib/turndown.browser.es.js": "turndown/lib/turndown.browser.es.js",
}
"""What Sveltia may load while our fields are edited, by the name it asks for, with its place in node_modules."""

_LIBRARIES = {"leaflet.js": "leaflet/dist/leaflet-src.esm.js", "leaflet.css": "leaflet/dist/leaflet.css"}
_REMOTE_FONT = re.compile(
    r"url\(https://cdn\.jsdelivr\.net/fontsource/fonts/([a-z0-9-]+)(?::vf)?@[0-9.]+/([a-z0-9-]+)\.woff2\)"
)
_LICENCES = {
    "sveltia-cms": f"{_CMS}/LICENSE.txt",
    "immutable": "immutable/LICENSE",
    "leaflet": "leaflet/LICENSE",
    "turndown": "turndown/LICENSE",
    "yaml": "yaml/LICENSE",
}


_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:{hosts}; connect-src 'self' blob: data:{hosts}; font-src 'self'; frame-src blob:; "
    "worker-src 'self' blob:; base-uri 'none'; form-action 'none'"
)
_HEADERS = ("X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Cache-Control: no-cache")
_META = '<meta charset="utf-8">'
_LOCAL = {"name": "gitea", "repo": "belts/belts", "branch": "main", "auth_methods": ["token"]}


def form_files(dataset: Dataset, backend: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """The data files of the form, by name: its configuration, the base map, the index of all records.

    Without a `backend` (Sveltia's own settings of a Git host) it is the form of this machine.
    """
    city = dataset.city or unnamed_city()
    box = city.map.frame.box
    settings = {
        "config": {**build_form_config(), "backend": dict(backend or _LOCAL)},
        "formats": build_formats(),
        "frame": [[box.south, box.west], [box.north, box.east]],
        "local": backend is None,
    }
    base_map = build_base_map(city, dataset.files)
    files = {"form.json": settings, "records.json": list_records(dataset)}
    return {
        **{name: encode_json(value) for name, value in files.items()},
        "base.geojson": base_map.geojson.content,
    }


def list_records(dataset: Dataset) -> list[list[str]]:
    """Id, name, kind and the kind's name of every record that can be read, kind by kind."""
    ranks = {kind.name: rank for rank, kind in enumerate(find_kinds())}
    entries = sorted(dataset.entries, key=lambda entry: (ranks[entry.kind.name], entry.record.id))
    return [[e.record.id, e.record.name, e.kind.name, e.kind.title] for e in entries]


def form_policy(backend: Mapping[str, Any] | None = None) -> str:
    """The form's security policy: it speaks to its own origin and, when there is one, to its Git host."""
    addresses = [str((backend or {}).get(name, "")) for name in ("api_root", "base_url")]
    origins = sorted({"/".join(address.split("/")[:3]) for address in addresses if address})
    return _POLICY.format(hosts="".join(f" {origin}" for origin in origins))


def build_form(target: Path, node_modules: Path, templates: Path, files: Mapping[str, bytes]) -> None:
    """Write the folder anew; `files` are the data files that go with it. Raises UserError."""
    if not (node_modules / _CMS / _ENTRY).is_file():
        raise UserError(
            f"缺少 {_CMS}：请先运行 make edit。 / {_CMS} is missing: run `make edit`, which installs it."
        )
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(templates / "form", target, ignore=shutil.ignore_patterns(_WORDS))
    shutil.copy(templates / "styles" / "tokens.css", target)
    shutil.copy(templates / "images" / "mark.svg", target)
    _copy_cms(node_modules, target)
    (target / "cms" / _LOCALE).write_text(build_words(node_modules, templates), encoding="utf-8")
    shutil.copytree(node_modules / "yaml/browser/dist", target / "yaml")
    for name, content in files.items():
        (target / name).write_bytes(content)


def build_hosted_form(
    target: Path, node_modules: Path, templates: Path, dataset: Dataset, host: GitHost
) -> None:
    """The form of a Git host: static files for an origin of their own. Raises UserError."""
    backend = build_backend(host)
    build_form(target, node_modules, templates, form_files(dataset, backend))
    for name in ("workbench.html", "workbench.js", "workbench.css", "missing.html"):
        (target / name).unlink()
    policy = form_policy(backend)
    page = target / "index.html"
    meta = f'{_META}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page.write_text(page.read_text(encoding="utf-8").replace(_META, meta, 1), encoding="utf-8")
    headers = (f"Content-Security-Policy: {policy}; frame-ancestors 'none'", *_HEADERS)
    (target / "_headers").write_text("\n  ".join(("/*", *headers)) + "\n", encoding="utf-8")


def _copy_cms(node_modules: Path, target: Path) -> None:
    package, cms, libraries = node_modules / _CMS, target / "cms", target / "lib"
    for folder in _COPIED:
        shutil.copytree(package / folder, cms / folder, ignore=shutil.ignore_patterns("*.map", "*shiki*"))
    (cms / "locales").mkdir()
    script = patch_script(_name_by_path((package / _ENTRY).read_text(encoding="utf-8")))
    fonts = [path.name for path in (cms / "npm/assets").glob("*.woff2")]
    (cms / _ENTRY).write_text(_use_own_fonts(script, fonts), encoding="utf-8")
    libraries.mkdir()
    for name, place in (
        *_LIBRARIES.items(),
        *((_file_name(name), place) for name, place in _MODULES.items()),
    ):
        shutil.copy(node_modules / place, libraries / name)
    for name, place in _LICENCES.items():
        shutil.copy(node_modules / place, libraries / f"{name}.LICENSE.txt")


def build_words(node_modules: Path, templates: Path) -> str:
    """The words of the form in Chinese, as JSON: Sveltia's, with ours put in."""
    theirs = (node_modules / _CMS / _LOCALE).read_text(encoding="utf-8").replace(*_SLUG)
    ours = (templates / "form" / _WORDS).read_text(encoding="utf-8")
    return json.dumps(_put_in(json.loads(theirs), json.loads(ours)), ensure_ascii=False)


def _put_in(words: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Nested words with others added or in their place."""
    return {
        **words,
        **{
            name: _put_in(words.get(name, {}), value) if isinstance(value, dict) else value
            for name, value in more.items()
        },
    }


def _file_name(module: str) -> str:
    return f"{module.split('/', 1)[0]}.js"


def _name_by_path(script: str) -> str:
    """The script with the modules it asks for by name asked for by path, and its Chinese texts as JSON."""
    paths = {f"import(`{name}`)": f"import(`../../lib/{_file_name(name)}`)" for name in _MODULES}
    paths[f"import(`../{_LOCALE}`)"] = f"import(`../{_LOCALE}`,{{with:{{type:`json`}}}})"
    for asked, given in paths.items():
        if script.count(asked) != 1:
            raise ValueError(f"{_CMS}: {asked} stands {script.count(asked)} times in {_ENTRY}")
        script = script.replace(asked, given)
    return script.replace("//# sourceMappingURL=index.js.map", "")


def patch_script(script: str) -> str:
    """The script as we need it: changes are merged before a save, and a new record keeps its id."""
    for name, (pattern, given) in _PATCHES.items():
        script, count = pattern.subn(given, script)
        if count != 1:
            raise ValueError(f"{_CMS}: {name} stands {count} times in {_ENTRY}")
    return script


def _use_own_fonts(script: str, fonts: Iterable[str]) -> str:
    """The script with the package's own font files in the place of those of a public server."""

    def find(match: re.Match[str]) -> str:
        name = next(font for font in fonts if font.startswith(f"{match[1]}-{match[2]}-"))
        return f"url(cms/npm/assets/{name})"

    return _REMOTE_FONT.sub(find, script)


def encode_json(value: Any) -> bytes:
    """JSON as the form's files hold it."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
