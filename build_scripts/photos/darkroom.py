"""The site's pictures, made from the originals once and kept in a cache.

One folder per photo, named by the photo's content and the recipe, with a list of digests: a picture that is
not what was written there is found and made again. What no record shows any more is forgotten.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..workers import available_cores
from .originals import FOLDER, Original, PhotoFault, list_prints, make_prints

_LIST = "prints.json"


def develop_photos(
    base: Path, photos: Mapping[str, Original], cache: Path, wanted: Collection[str] | None = None
) -> tuple[dict[str, Path], dict[str, PhotoFault]]:
    """Where each picture lies, by its address on the site; and what is wrong with a photo, by its path.

    `photos` are all sound photos that are shown, by path inside `base`; of some `wanted` ones alone, if so said, are
    pictures made or looked for. They are made on all cores, the same bytes in any order.
    """
    if not photos:
        shutil.rmtree(cache, ignore_errors=True)
        return {}, {}
    some = {path: original for path, original in photos.items() if wanted is None or path in wanted}
    sources = {original: base / path for path, original in some.items()}
    with ThreadPoolExecutor(available_cores()) as executor:
        done = executor.map(lambda item: _develop_or_explain(item[1], item[0], cache), sources.items())
        folders = dict(zip(sources, done, strict=True))
    faults = {path: f for path, original in some.items() if isinstance(f := folders[original], PhotoFault)}
    made = {
        f"{FOLDER}/{picture.name}": folder / picture.name
        for original, folder in folders.items()
        if isinstance(folder, Path)
        for picture in list_prints(original)
    }
    _forget(cache, {_folder_of(original) for original in photos.values()})
    return made, faults


def _develop_or_explain(source: Path, original: Original, cache: Path) -> Path | PhotoFault:
    try:
        return _develop(source, original, cache)
    except PhotoFault as fault:
        return fault


def _develop(source: Path, original: Original, cache: Path) -> Path:
    """The folder of a photo's pictures; made now unless it is there and whole."""
    names = [p.name for p in list_prints(original)]
    folder = cache / _folder_of(original)
    if _is_whole(folder, names):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=cache) as scratch:
        digests = {}
        for name, content in make_prints(original, _read(source, original)):
            (Path(scratch) / name).write_bytes(content)
            digests[name] = hashlib.sha256(content).hexdigest()
        (Path(scratch) / _LIST).write_text(json.dumps(digests, sort_keys=True), encoding="utf-8")
        folder.mkdir(exist_ok=True)
        for name in (*names, _LIST):
            (Path(scratch) / name).replace(folder / name)
    return folder


def _folder_of(original: Original) -> str:
    return list_prints(original)[0].name.partition("-")[0]


def _read(source: Path, original: Original) -> bytes:
    """The photo that was checked, no other. Raises B707."""
    try:
        content = source.read_bytes()
    except OSError as error:
        raise PhotoFault("B707", reason=error.strerror or str(error)) from None
    if hashlib.sha256(content).hexdigest() != original.digest:
        raise PhotoFault("B707", reason="检查之后又变了 (it changed after it was checked)")
    return content


def _is_whole(folder: Path, names: list[str]) -> bool:
    try:
        digests = json.loads((folder / _LIST).read_bytes())
        return all(hashlib.sha256((folder / n).read_bytes()).hexdigest() == digests[n] for n in names)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _forget(cache: Path, used: set[str]) -> None:
    for folder in cache.iterdir() if cache.is_dir() else ():
        if folder.name not in used and not folder.name.startswith("."):  # another build may be at work there
            shutil.rmtree(folder, ignore_errors=True)
