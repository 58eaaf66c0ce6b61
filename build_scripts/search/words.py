"""The words that a text is found by, spelt in letters that no search engine will split, stem or segment.

Chinese has no spaces, so each run of it is indexed as its overlapping two-character slices, names by pinyin and initials
too. `site_templates/scripts/search_query.js` spells a query the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise

_HAN = r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
_RUNS = re.compile(rf"{_HAN}|[a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f'’]")
_MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff'’]")
_U_UMLAUT = str.maketrans("üǖǘǚǜ", "vvvvv")
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")  # hexadecimal digits
_SLICE, _SINGLE = "v0", "v1"  # no pinyin begins so, nor any word but v, which is left out
_INNER_SYLLABLES = 6  # of a reading that begins inside a name; a longer query still finds it by its start

# Characters of place names that are read in two ways: the reading that a dictionary puts second.
_OTHER_READINGS = {"长": "chang zhang", "重": "chong zhong", "行": "hang xing", "乐": "le yue"}
_OTHER_READINGS |= {"朝": "chao zhao", "巷": "xiang hang", "堰": "yan", "会": "hui kuai", "绿": "lv lu"}
_OTHER_READINGS |= {"应": "ying", "车": "che ju", "大": "da dai", "都": "du dou", "曾": "zeng ceng"}


def name_words(names: Iterable[str], name_en: str | None = None) -> tuple[str, ...]:
    """The words that find names: slices, single characters, pinyin and initials from any syllable.

    A name of several runs is also read as one, from the start of each run, for who types no mark that stands in it.
    An English one is found by its words.
    """
    found = [*text_words(name_en or "")]
    for name in names:
        runs = _split(name)
        found += _spell_runs(runs)
        for run in filter(_is_chinese, runs):
            found += [_SINGLE + letters for letters in _spell(run)]
            for reading in _readings(run):
                found += _spoken(reading)
        for start in range(len(runs) - 1):
            for reading in _readings_across(runs[start:]):
                part = reading[: _INNER_SYLLABLES if start else None]
                found += ("".join(part), _initials(part))
    return tuple(dict.fromkeys(found))


def place_words(names: Iterable[str]) -> tuple[str, ...]:
    """The words that find places: slices, pinyin and initials from the first syllable."""
    found: list[str] = []
    for name in dict.fromkeys(names):
        runs = _split(name)
        found += _spell_runs(runs)
        for run in filter(_is_chinese, runs):
            for reading in _readings(run):
                found += [word for word in ("".join(reading), _initials(reading)) if len(word) > 1]
    return tuple(dict.fromkeys(found))


def text_words(text: str) -> tuple[str, ...]:
    """The words of any text: two-character slices of Chinese, and whatever is written in letters or digits.

    A Chinese run of one character gives a word for that character.
    """
    return tuple(dict.fromkeys(_spell_runs(_split(text))))


def _split(text: str) -> list[str]:
    """The runs of a text, of Chinese or of letters and digits, these without accents and apostrophes; ü is v."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if _MARKED.search(plain):
        letters = unicodedata.normalize("NFD", plain.translate(_U_UMLAUT))
        plain = unicodedata.normalize("NFC", _MARKS.sub("", letters))
    return _RUNS.findall(plain)


def _is_chinese(run: str) -> bool:
    return run[0] > "z"


def _spell_runs(runs: Iterable[str]) -> list[str]:
    found: list[str] = []
    for run in runs:
        if not _is_chinese(run):
            found += [run] * (run != "v")
        elif len(run) == 1:
            found.append(_SINGLE + _spell_character(run))
        else:
            found += [_SLICE + first + second for first, second in pairwise(map(_spell_character, run))]
    return found


def _spell(run: str) -> list[str]:
    """Each character as letters: its code point in hexadecimal, the digits as a–p."""
    return [*map(_spell_character, run)]


@cache
def _spell_character(character: str) -> str:
    return f"{ord(character):04x}".translate(LETTERS)


@cache
def _read_word(word: str) -> tuple[str, ...]:
    """The syllables of a word of pypinyin's dictionary, or of a single character."""
    from pypinyin import lazy_pinyin

    return tuple(syllable.replace("ü", "v") for syllable in lazy_pinyin(word, errors="ignore"))


def split_syllables(name: str) -> tuple[str, ...]:
    """How a name is read aloud, syllable by syllable; nothing where it is not Chinese throughout."""
    syllables = next(iter(_readings(name)), ())
    return syllables if len(syllables) == len(name) else ()


@lru_cache(maxsize=100_000)
def _readings(run: str) -> tuple[tuple[str, ...], ...]:
    """How a run is read aloud, syllable by syllable; again for each character that has a second reading."""
    from pypinyin.seg.mmseg import seg

    usual = [syllable for word in seg.cut(run) for syllable in _read_word(word)]
    if len(usual) != len(run):
        return (tuple(usual),) if usual else ()
    others = (
        (*usual[:n], reading, *usual[n + 1 :])
        for n, character in enumerate(run)
        if character in _OTHER_READINGS
        for reading in _OTHER_READINGS[character].split()
        if reading != usual[n]
    )
    return (tuple(usual), *others)


def _readings_across(runs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """How several runs are read as one, a letter or digit as a syllable; again for each other reading of a run."""
    if len(runs) > 1:
        known = [_readings(run) or ((),) if _is_chinese(run) else (tuple(run),) for run in runs]
        usual = [readings[0] for readings in known]
        yield tuple(chain(*usual))
        for n, (_, *others) in enumerate(known):
            yield from (tuple(chain(*usual[:n], other, *usual[n + 1 :])) for other in others)


def opening_words(name: str) -> tuple[str, ...]:
    """The pinyin of a name and of its first run of Chinese, and their initials: of two, of three, of all syllables.

    Who types `tt` most likely means a name that begins so.
    """
    found: list[str] = []
    runs = _split(name)
    first = [*filter(_is_chinese, runs)][:1]
    for reading in chain(*map(_readings, first), _readings_across(runs)):
        initials = _initials(reading)
        found += [
            "".join(reading),
            *(word for word in (initials[:2], initials[:3], initials) if len(word) > 1),
        ]
    return tuple(dict.fromkeys(found))


def _spoken(reading: tuple[str, ...]) -> Iterator[str]:
    """Pinyin and initials, whole and from each later syllable; each syllable alone, for who types with spaces."""
    initials = _initials(reading)
    yield from reading
    for start in range(len(reading)):
        end = start + _INNER_SYLLABLES if start else None
        yield "".join(reading[start:end])
        if start + 1 < len(reading):
            yield initials[start:end]


def _initials(reading: tuple[str, ...]) -> str:
    return "".join(syllable[0] for syllable in reading)


def without(known: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the words that are not known already, each once."""
    seen = set(known)
    return tuple(dict.fromkeys(word for word in words if word not in seen))
