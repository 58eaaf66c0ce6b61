"""A comparison told in one language, and the account as text, as Markdown and as an A4 sheet in HTML.

`tell` decides every word; the three renderers only place them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..faults.rules import Language
from ..reading.redirects import GONE
from ..web.templates import find_template, render_body
from .comparison import Comparison, Fate, LostAddress, RecordChange, Subject
from .differences import Change, Changed, Moved, Reordered, Words

_CONTEXT = 15
_LONG = 40
_NAMED = 3


class Line(NamedTuple):
    """One change: `old` became `new` between `head` and `tail`, which stayed; or a plain `text`."""

    label: str
    text: str = ""
    head: str = ""
    old: str = ""
    new: str = ""
    tail: str = ""


class Entry(NamedTuple):
    """One record or page: what it is called, where it is, and its changes."""

    title: str
    address: str
    lines: tuple[Line, ...]


class Section(NamedTuple):
    """Entries of one sort."""

    title: str
    entries: tuple[Entry, ...]


class Account(NamedTuple):
    """Everything that a change does, in words; `broken` are the addresses that answer no more."""

    language: Language
    title: str
    before: str
    after: str
    summary: str
    broken: tuple[Entry, ...]
    sections: tuple[Section, ...]

    def say(self, zh: str, en: str) -> str:
        """The words for the account's language."""
        return zh if self.language is Language.ZH else en


def tell(comparison: Comparison, title: str, sides: tuple[str, str], language: Language) -> Account:
    """The account of a comparison; `sides` say what was compared."""
    teller = _Teller(language)
    return Account(
        language=language,
        title=title,
        before=sides[0],
        after=sides[1],
        summary=teller.summary(comparison),
        broken=tuple(teller.broken(lost) for lost in comparison.broken),
        sections=tuple(section for section in teller.sections(comparison) if section.entries),
    )


_FATES = {
    Fate.ADDED: ("新增记录", "Added"),
    Fate.PUBLISHED: ("由草稿发布", "Published from draft"),
    Fate.RENAMED: ("换了编号或栏目", "Renamed"),
    Fate.CHANGED: ("内容有改动", "Changed"),
    Fate.RETIRED: ("撤下", "Retired"),
    Fate.DRAFTED: ("退回草稿", "Withdrawn to draft"),
    Fate.REMOVED: ("删除", "Removed"),
}
_PAGES = ("手写页面有改动", "Hand-written pages changed")
_FILES = ("数据文件有改动", "Data files changed")
_UNREAD = ("读不出、未能比较的文件", "Files that could not be read or compared")


class _Teller(NamedTuple):
    """Puts a comparison into one language."""

    language: Language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language is Language.ZH else en

    def word(self, words: Words | None) -> str:
        return "" if words is None else self.say(words.zh, words.en)

    def summary(self, comparison: Comparison) -> str:
        """The counts in one sentence, with settings and data files by name."""
        if not comparison:
            return self.say("公开网站没有变化。", "Nothing changes on the public site.")
        counts = [(self.say(*_FATES[fate]), len(comparison.of(fate))) for fate in Fate]
        counts += [
            (self.say("增加地址", "Addresses gained"), len(comparison.gained)),
            (self.say("失去地址", "Addresses lost"), len(comparison.lost)),
            (self.say("没有转址", "without a redirect"), len(comparison.broken)),
            (self.say(*_PAGES), len(comparison.pages)),
        ]
        numbers = (self.say(f"{name} {count}", f"{name.lower()}: {count}") for name, count in counts if count)
        settings = tuple(self.word(change.field) for change in comparison.city)
        named = (
            (self.say("城市设置有改动", "City settings changed"), settings),
            (self.say(*_FILES), comparison.files),
            (self.say(*_UNREAD), comparison.unread),
        )
        names = (self.named(title, names) for title, names in named if names)
        return self.say("，", ", ").join((*numbers, *names)) + self.say("。", ".")

    def named(self, title: str, names: Sequence[str]) -> str:
        """What changed, with the first names of it."""
        listed = self.say("、", ", ").join(names[:_NAMED]) + " …" * (len(names) > _NAMED)
        return self.say(f"{title}（{listed}）", f"{title.lower()} ({listed})")

    def sections(self, comparison: Comparison) -> Iterator[Section]:
        for fate in Fate:
            entries = tuple(self.record(change) for change in comparison.of(fate))
            yield Section(self.say(*_FATES[fate]), entries)
        if comparison.city:
            title, name = self.say("城市设置", "City settings"), self.say("全站", "The whole site")
            yield Section(title, (Entry(name, "city.yml", self.lines(comparison.city)),))
        edited = (Entry(name, address or "/", ()) for address, name in comparison.pages)
        yield Section(self.say(*_PAGES), tuple(edited))
        files = (Entry(name, "", ()) for name in comparison.files)
        yield Section(self.say(*_FILES), tuple(files))
        gained = (Entry(name, address, ()) for address, name in comparison.gained)
        yield Section(self.say("增加的地址", "Addresses gained"), tuple(gained))
        lost = (self.forwarded(lost) for lost in comparison.lost if not lost.is_broken)
        yield Section(self.say("换去别处的地址", "Addresses that lead elsewhere now"), tuple(lost))
        unread = (Entry(path, "", ()) for path in comparison.unread)
        yield Section(self.say(*_UNREAD), tuple(unread))

    # -- entries ---------------------------------------------------------------------------------

    def record(self, change: RecordChange) -> Entry:
        subject = change.after or change.before
        if subject is None:
            raise ValueError("a change of no record")
        lines = [*self.lines(change.changes)]
        if change.fate is Fate.RENAMED and change.before:
            label = self.say("地址", "address")
            lines.insert(0, Line(label, old=change.before.address, new=subject.address))
        if change.successor:
            lines.append(Line(self.say("由它接替", "replaced by"), text=self.subject(change.successor)))
        return Entry(self.subject(subject), subject.address, tuple(lines))

    def subject(self, subject: Subject) -> str:
        return f"{subject.kind} {subject.name}"

    def broken(self, lost: LostAddress) -> Entry:
        mend = Line(
            self.say("怎么办", "mend"), text=f"{lost.file}{self.say('：', ': ')}{self.word(lost.mend)}"
        )
        return Entry(lost.name, lost.address, (mend,))

    def forwarded(self, lost: LostAddress) -> Entry:
        gone = self.say("显示“记录已撤下”", "says that the record was withdrawn")
        text = gone if lost.target == GONE else lost.target
        return Entry(lost.name, lost.address, (Line(self.say("现在", "now"), text=text),))

    # -- lines -----------------------------------------------------------------------------------

    def lines(self, changes: Iterable[Change]) -> tuple[Line, ...]:
        return tuple(self.line(change) for change in changes)

    def line(self, change: Change) -> Line:
        label = self.word(change.field)
        match change:
            case Changed():
                before, after = self.word(change.before), self.word(change.after)
                return Line(label, old=before, new=after) if change.is_figure else _spot(label, before, after)
            case Reordered():
                between = self.say("、", ", ")
                old, new = (between.join(map(self.word, order)) for order in (change.before, change.after))
                return Line(self.say(f"{label}（次序）", f"{label} (order)"), old=old, new=new)
            case Moved():
                return Line(label, text=self.moved(change))

    def moved(self, move: Moved) -> str:
        near = 1000
        zh = f"{move.metres} 米" if move.metres < near else f"{move.metres / 1000:.1f} 公里"
        en = f"{move.metres} m" if move.metres < near else f"{move.metres / 1000:.1f} km"
        if not move.metres:
            return self.say("坐标改了写法，位置不变", "written otherwise, the same point")
        before, after = (
            name or self.say("本市各区县之外", "no district") for name in (move.before, move.after)
        )
        if before == after:
            return self.say(f"移动 {zh}，仍在{after}", f"moved {en}, still in {after}")
        return self.say(f"移动 {zh}，从{before}到{after}", f"moved {en}, out of {before} into {after}")


def _spot(label: str, before: str, after: str) -> Line:
    """A change of a value, of a long text only the part that differs."""
    if not before or not after or max(len(before), len(after)) <= _LONG:
        return Line(label, old=before, new=after)
    head = _whole_words(before, _common(before, after))
    tail = _common(before[head:][::-1], after[head:][::-1])
    tail = _whole_words(before[::-1], tail)
    end = len(before) - tail, len(after) - tail
    return Line(label, "", before[:head], before[head : end[0]], after[head : end[1]], before[end[0] :])


def _whole_words(text: str, count: int) -> int:
    """As many of the first `count` characters as leave no number or Latin word in two."""
    match = re.search(r"[0-9A-Za-z.]*\Z", text[:count])
    is_split = count < len(text) and re.match(r"[0-9A-Za-z]", text[count])
    return match.start() if match and is_split else count


def _common(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


# -- text ------------------------------------------------------------------------------------------


def render_text(account: Account) -> str:
    """The account for the terminal."""
    return "\n".join(_text_lines(account))


def _text_lines(account: Account) -> Iterator[str]:
    yield f"{account.title}{account.say('：', ': ')}{account.before} → {account.after}"
    yield account.summary
    if account.broken:
        yield ""
        yield account.say(
            "!! 打不开的地址：没有转址，收藏和链接都会落空", "!! BROKEN ADDRESSES: nothing answers there"
        )
        yield from _text_entries(account, account.broken)
    for section in account.sections:
        yield ""
        yield _counted(account, section)
        yield from _text_entries(account, section.entries)


def _counted(account: Account, section: Section) -> str:
    """A section's title with the number of its entries."""
    count = len(section.entries)
    return account.say(f"{section.title}（{count}）", f"{section.title} ({count})")


def _text_entries(account: Account, entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield f"  {entry.title}" + (f"  {entry.address}" if entry.address not in ("", entry.title) else "")
        for line in entry.lines:
            yield f"    {line.label}{account.say('：', ': ')}{_plain(account, line)}"


def _plain(account: Account, line: Line) -> str:
    """A line's change as plain text, with a little of what stands around it."""
    if line.text:
        return line.text
    before = min(len(line.head), _CONTEXT)
    head = "…" * (len(line.head) > before) + line.head[len(line.head) - before :]
    tail = line.tail[:_CONTEXT] + "…" * (len(line.tail) > _CONTEXT)
    old, new = (f"{head}{value}{tail}".replace("\n", "↵") for value in (line.old, line.new))
    if not old:
        return account.say(f"新增 {new}", f"added {new}")
    if not new:
        return account.say(f"删去 {old}", f"removed {old}")
    return f"{old} → {new}"


# -- Markdown --------------------------------------------------------------------------------------

_MARKDOWN = re.compile(r"([\\`*_\[\]#!|~$]|^[-+]|^\d+(?=[.)]))")


def render_markdown(account: Account) -> str:
    """The account as a comment on a pull request; nothing in a record's text can format or notify."""
    return "\n".join(_markdown_lines(account)) + "\n"


def _markdown_lines(account: Account) -> Iterator[str]:
    yield f"### {_escape(account.title)}\n\n{_escape(account.before)} → {_escape(account.after)}\n"
    yield f"**{_escape(account.summary)}**"
    if account.broken:
        yield "\n> [!CAUTION]"
        yield f"> **{account.say('打不开的地址，没有转址：', 'Broken addresses, without a redirect:')}**"
        yield from (f"> {line}" for line in _markdown_entries(account, account.broken))
    for section in account.sections:
        yield f"\n#### {_escape(_counted(account, section))}\n"
        yield from _markdown_entries(account, section.entries)


def _markdown_entries(account: Account, entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        address = f" `{entry.address}`" if entry.address not in ("", entry.title) else ""
        yield f"- {_escape(entry.title)}{address}"
        for line in entry.lines:
            yield f"  - {_escape(line.label)}{account.say('：', ': ')}{_escape(_plain(account, line))}"


def _escape(text: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False).replace("\n", " "))
    return re.sub(r"@|#|:(?=//)|www(?=\.)", r"\g<0><!-- -->", escaped)


# -- HTML ------------------------------------------------------------------------------------------


def render_sheet(account: Account, templates: Path) -> str:
    """A page of its own to print on A4, for whoever approves the change."""
    template = find_template(templates, "sheets/changes.html")
    return render_body(template, account=account, zh=account.language is Language.ZH) + "\n"
