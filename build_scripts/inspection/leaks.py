"""What must not be in a finished site, and where it is: every file is opened, packed ones too.

Each rule is a generator of findings over one part of one file. Knows the tree, and of the checkout only what an
`Insight` says. Values are masked: what this prints may be read by anyone.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import islice
from pathlib import Path, PurePosixPath

from ..words.personal import find_personal_numbers, has_set_off, mask_personal_numbers
from ..words.phrases import Phrases
from ..workers import map_chunks, open_pool, shared
from .findings import Finding, Rule, sort_findings
from .metadata import find_metadata
from .unpacking import Form, Part, unpack

_MOST_IN_A_PART = 20
_PERSONAL = {"B901": "identity", "B902": "mobile"}

RULES = {
    rule.code: rule
    for rule in (
        Rule(
            "identity",
            "身份证号码",
            "identity-card number",
            "从记录、页面或附件中删去，再重新生成。",
            "Delete it from the record, page or attachment and build again.",
        ),
        Rule(
            "mobile",
            "手机号码",
            "mobile number",
            "删去，改用单位的固定电话；确属公开热线的，写进 belts/allowed-numbers.yml。",
            "Delete it or give an office's line; a public hotline belongs in belts/allowed-numbers.yml.",
        ),
        Rule(
            "metadata",
            "图片带有拍摄信息、位置或文字",
            "picture with camera data, a position or texts",
            "用 belts add-photo 加入照片；content/ 里的图片，用看图软件去掉属性后另存。",
            "Add photos with belts add-photo; save pictures of content/ again without their properties.",
        ),
        Rule(
            "comment",
            "编辑者的批注或署名",
            "editor's comment or name",
            "删去批注；Excel、Word 文件先用“检查文档”去掉批注和作者。",
            "Delete it; inspect Excel and Word files and remove comments and authors first.",
        ),
        Rule(
            "withheld",
            "草稿、已撤下的记录或 YAML 注释里的内容",
            "content of a draft, a withdrawn record or a YAML comment",
            "重新生成网站；仍在的，先发布那条记录，或从引用它的地方删去。",
            "Build again; if it is still there, publish the record or delete the words where they stand.",
        ),
        Rule(
            "path",
            "生成网站的电脑上的路径",
            "path of the machine that built the site",
            "改成相对路径，再重新生成。",
            "Write a relative path and build again.",
        ),
        Rule(
            "token",
            "密钥、令牌或带密码的网址",
            "key, token or address with a password",
            "立即作废这个密钥，换新的；再从文件中删去并重新生成。",
            "Revoke it now and make another; then delete it from the file and build again.",
        ),
        Rule(
            "host",
            "资料里没有写过的网站，或内网地址",
            "host that the data does not name, or a private one",
            "确实要链接的，把网址写进来源记录或页面；内网地址删去。",
            "Name the address in a source or a page if it is meant; delete private addresses.",
        ),
        Rule(
            "stray",
            "不该发布的文件",
            "file that does not belong in a site",
            "从 content/ 或 belts/ 删去这个文件，再重新生成。",
            "Delete the file from content/ or belts/ and build again.",
        ),
        Rule(
            "symlink",
            "符号链接或特殊文件",
            "symbolic link or special file",
            "换成文件本身，再重新生成。",
            "Put the file itself in its place and build again.",
        ),
        Rule(
            "opaque",
            "无法检查内容的文件",
            "file whose content cannot be examined",
            "改成网页、CSV、xlsx，图片用 JPEG、PNG 或 WebP；损坏或加密的换成完好的。",
            "Give a page, CSV or xlsx, pictures as JPEG, PNG or WebP; replace what is damaged or encrypted.",
        ),
    )
}


@dataclass(frozen=True)
class Insight:
    """What a checkout knows that its built site alone does not tell.

    `numbers` may stand, as may the `hosts`; `phrases`, the addresses (`areas/x`) of `drafts` and those at
    which something once was (`old`) may not, nor `secrets`, nor the `places` on this machine, absolute paths.
    """

    numbers: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    phrases: Phrases = field(default_factory=lambda: Phrases(()))
    drafts: frozenset[str] = frozenset()
    old: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    @cached_property
    def unpublished(self) -> frozenset[str]:
        """The addresses that no published record has."""
        return self.drafts | self.old

    @cached_property
    def exact(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The rules that texts known beforehand break, each with their pattern; none without texts."""
        place = "|".join(re.escape(place.rstrip("/")) for place in self.places if place.count("/") > 1)
        secret = "|".join(map(re.escape, filter(None, self.secrets)))
        found = (("path", rf"(?<![\w./])(?:{place})(?![\w-])" if place else ""), ("token", secret))
        return tuple((code, re.compile(pattern)) for code, pattern in found if pattern)


def find_leaks(site: Path, insight: Insight) -> tuple[Finding, ...]:
    """Everything in a built site that should not be there, by rule, file and line."""
    paths = _list_files(site)
    with open_pool(len(paths), _Search(site, insight)) as pool:
        found = {finding for findings in map_chunks(_find_in_files, paths, pool) for finding in findings}
    return sort_findings(found, RULES)


@dataclass(frozen=True)
class _Search:
    """A scan under way. `clean` are digests of pieces of text in which no rule found anything, by sort of file."""

    site: Path
    insight: Insight
    clean: dict[str, set[int]] = field(default_factory=dict)


def _find_in_files(paths: Sequence[str]) -> list[tuple[Finding, ...]]:
    search = shared(_Search)
    return [tuple(_find_in_file(search, path)) for path in paths]


def _list_files(site: Path) -> list[str]:
    """Every file and every link, by its path from the site's root; links are not followed."""
    found = []
    for folder, inner, names in os.walk(site):
        links = [name for name in inner if (Path(folder) / name).is_symlink()]
        found += [os.path.relpath(Path(folder) / name, site).replace(os.sep, "/") for name in names + links]
    return sorted(found)


def _find_in_file(search: _Search, path: str) -> Iterator[Finding]:
    file = search.site / path
    yield from _find_in_name(path, search.insight)
    if file.is_symlink() or not file.is_file():
        yield Finding("symlink", path, "")
        return
    for part in unpack(path, file.read_bytes()):
        if part.form is Form.OPAQUE:
            yield Finding("opaque", part.name, PurePosixPath(part.name).suffix)
        elif part.form is Form.PICTURE:
            yield from (Finding("metadata", part.name, what) for what in find_metadata(part.content))
        else:
            yield from _find_comments(part)
            yield from _find_in_text(part, search)


def _find_in_text(part: Part, search: _Search) -> Iterator[Finding]:
    """What the rules find in one part. A piece of text that was found clean is not looked at again."""
    sort = _sort_of(part, search.insight)
    clean = search.clean.setdefault(sort, set())
    pieces = dict.fromkeys(part.text.replace(">", ">\n").split("\n"))
    fresh = [piece for piece in pieces if hash(piece) not in clean]
    text = _decode_escapes("\n".join(fresh))
    dirty, is_whole = set(), True
    for rule in (*_ALWAYS, *(_IN_TEXTS if part.form is Form.TEXT else ())):
        found = list(islice(rule(part.name, text, search.insight), _MOST_IN_A_PART))
        is_whole = is_whole and len(found) < _MOST_IN_A_PART
        for code, offset, what in found:
            piece = fresh[text.count("\n", 0, offset)]
            dirty.add(piece)
            yield Finding(code, part.name, what, _line_of(part, piece))
    if is_whole:
        clean.update(hash(piece) for piece in fresh if piece not in dirty)
    # A piece ends with each tag, of which there may be some within a number.
    for code, offset, what in (
        _find_personal(part.name, part.text, search.insight) if has_set_off(part.text) else ()
    ):
        if "<" in what:
            yield Finding(code, part.name, what, part.text.count("\n", 0, offset) + 1)


def _sort_of(part: Part, insight: Insight) -> str:
    """Parts of one sort are judged alike: what is clean in one is clean in the other."""
    own = _own_address(part.name)
    if own in insight.unpublished or part.name in _MAY_NAME_OLD_ADDRESSES:
        return part.name
    return f"{part.form} {bool(_LIBRARY.match(part.name))}"


def _line_of(part: Part, words: str) -> int:
    return part.text.count("\n", 0, part.text.find(words)) + 1 if part.form is Form.TEXT else 0


_Found = Iterator[tuple[str, int, str]]
"""The rule's code, the offset in the text, and what to show."""

_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]+);")


def _decode_escapes(text: str) -> str:
    """The text as readers get it: character references and JSON's escapes resolved, line breaks left alone."""
    if "&" in text:
        text = _ENTITY.sub(lambda m: unescape(m[0]).replace("\n", " "), text)
    if "\\u" in text:
        text = _JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)).replace("\n", " "), text)
    return text


def _mask(text: str) -> str:
    """Enough to find it again, not enough to use it."""
    return f"{text[:4]}{'*' * min(8, len(text) - 4)}"


# -- names of files ------------------------------------------------------------------------------

_EXPECTED = (".nojekyll", ".well-known")
_STRAY = re.compile(
    r".*(?:~|\.(?:bak|db|env|key|log|orig|part|pem|py|pyc|rej|sqlite|swp|tmp))|(?:thumbs\.db|desktop\.ini|~\$.*)",
    re.IGNORECASE,
)


def _find_in_name(path: str, insight: Insight) -> Iterator[Finding]:
    for name in path.split("/"):
        if (name.startswith(".") and name not in _EXPECTED) or _STRAY.fullmatch(name):
            yield Finding("stray", path, name)
    for code, _, what in _find_personal(path, PurePosixPath(path).stem, insight):
        yield Finding(code, mask_personal_numbers(path), what)


# -- numbers of people ---------------------------------------------------------------------------

# Digits of drawings and of hashes are no numbers of people.
_DRAWING = re.compile(r"""\b(?:d|points|viewBox|transform)=(?:"[^"<>]*"|'[^'<>]*')""")
_HASH = re.compile(r"(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])[0-9a-f]{16,}(?![0-9A-Za-z])")


def _find_personal(name: str, text: str, insight: Insight) -> _Found:
    for pattern in (_DRAWING, _HASH):
        text = pattern.sub(lambda m: "." * len(m[0]), text)
    for number in find_personal_numbers(text):
        if number.digits not in insight.numbers:
            shown = mask_personal_numbers(text[number.start : number.end])
            yield _PERSONAL[number.code], number.start, shown


# -- comments, and words that are not public -----------------------------------------------------

_COMMENT_FILE = re.compile(r"!(?:xl/(?:threadedC|c)omments|word/comments|xl/persons/)[^!]*$")
_PROPERTY = re.compile(r"<(dc:creator|cp:lastModifiedBy|Manager|Company)>([^<]+)</")
_YAML_COMMENT = re.compile(r"^\s*#.*|(?<=\s)#\s.*", re.MULTILINE)
_DRAWING_METADATA = re.compile(r"<metadata\b|sodipodi:docname|<x:xmpmeta")
HTML_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)


def _find_comments(part: Part) -> Iterator[Finding]:
    """Comments of YAML, HTML and SVG, of workbooks and documents; names of those who wrote them."""
    for code, offset, what in islice(_iter_comments(part.name, part.text), _MOST_IN_A_PART):
        yield Finding(code, part.name, what, part.text.count("\n", 0, offset) + 1)


def _iter_comments(name: str, text: str) -> _Found:
    if _COMMENT_FILE.search(name):
        yield "comment", 0, name.rpartition("!")[2]
    if name.endswith((".yml", ".yaml")):
        yield from (("comment", m.start(), _mask(m[0].strip())) for m in _YAML_COMMENT.finditer(text))
    if name.endswith((".html", ".htm", ".svg", ".xml")):
        yield from (
            ("comment", m.start(), f"<!-- {_mask(m[1].strip())}") for m in HTML_COMMENT.finditer(text)
        )
    for match in _PROPERTY.finditer(text) if "!docProps/" in name else ():
        yield "comment", match.start(), f"{match[1]} {_mask(match[2])}"
    if name.endswith(".svg") and (found := _DRAWING_METADATA.search(text)):
        yield "metadata", found.start(), found[0].strip("<")


_ADDRESS = re.compile(r"(?<![\w-])(?=([a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*)(?:/|\.yml\b))[a-z]+")
_MAY_NAME_OLD_ADDRESSES = ("build-report.json", "_redirects", "_headers")


def _find_withheld(name: str, text: str, insight: Insight) -> _Found:
    for phrase, offset in insight.phrases.find(text).items():
        yield "withheld", offset, _mask(phrase)
    banned = insight.drafts if name in _MAY_NAME_OLD_ADDRESSES else insight.unpublished
    if not banned:
        return
    own = _own_address(name)
    for match in _ADDRESS.finditer(text):
        if match[1] in banned and match[1] != own:
            yield "withheld", match.start(), match[1]
    if own in banned and (offset := text.find("ArticleTitle")) >= 0:
        yield "withheld", offset, own


def _own_address(name: str) -> str:
    """The address `areas/x` of the page that a file belongs to, if it belongs to a record's."""
    return "/".join(name.split("/")[:2])


# -- machines, keys and hosts --------------------------------------------------------------------

# Each pattern with a text that every match holds: looking for that is a hundred times as fast.
_FOLDERS = ("home", "Users", "builds", "github/workspace", "var/folders", "tmp", "root")
_PLACES = (
    *((f"/{name}/", re.compile(rf"(?<![\w./:-])/{name}/[A-Za-z]")) for name in _FOLDERS),
    ("file:/", re.compile(r"file:/{3}\w")),
    (":\\", re.compile(r"\b[A-Za-z]:\\+(?:Users|Documents and Settings)\\")),
)
_TOKENS = tuple(
    (needle, re.compile(pattern))
    for needle, pattern in (
        ("PRIVATE KEY", r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY"),
        ("gh", r"\bgh[opusr]_[A-Za-z0-9]{36}"),
        ("github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{40,}"),
        ("gl", r"\bgl(?:pat|dt|rt|cbt|ptt|soat)-[\w-]{20,}"),
        ("AKIA", r"\bAKIA[A-Z0-9]{16}\b"),
        ("ASIA", r"\bASIA[A-Z0-9]{16}\b"),
        ("LTAI", r"\bLTAI[A-Za-z0-9]{12,26}\b"),
        ("AKID", r"\bAKID[A-Za-z0-9]{28,}\b"),
        ("AIza", r"\bAIza[\w-]{35}"),
        ("ya29.", r"\bya29\.[\w-]{20,}"),
        ("k_live_", r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
        ("sk-", r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}"),
        ("xox", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
        ("npm_", r"\bnpm_[A-Za-z0-9]{36}"),
        ("pypi-", r"\bpypi-AgE[\w-]{40,}"),
        ("dckr_pat_", r"\bdckr_pat_[\w-]{20,}"),
        (".eyJ", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
        ("@", r"\bhttps?://[^\s/:@\"'<>]+:[^\s/@\"'<>]+@"),
        ("uthorization", r"\b[Aa]uthorization[\"']?\s*[:=]\s*[\"']?(?:Bearer |Basic |token )[\w+/.=-]{16,}"),
        ("TOKEN", r"\bPRIVATE-TOKEN[\"']?\s*[:=]\s*[\"']?[\w.-]{16,}"),
    )
)


def _find_patterns(text: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[re.Match[str]]:
    for needle, pattern in patterns:
        if needle in text:
            yield from pattern.finditer(text)


def _find_places(name: str, text: str, insight: Insight) -> _Found:
    for match in _find_patterns(text, _PLACES):
        yield "path", match.start(), text[match.start() : match.end() + 3]


def _find_tokens(name: str, text: str, insight: Insight) -> _Found:
    yield from (("token", m.start(), _mask(m[0])) for m in _find_patterns(text, _TOKENS))


def _find_known(name: str, text: str, insight: Insight) -> _Found:
    """This machine's own paths and secrets."""
    for code, pattern in insight.exact:
        for match in pattern.finditer(text):
            yield code, match.start(), _mask(match[0]) if code == "token" else match[0]


# In ROT13: this file is among those that must not name them.
REGISTRY_HOSTS = tuple(
    codecs.decode(name, "rot13")
    for name in (
        "clcv.bet",
        "clgubaubfgrq.bet",
        "aczwf.bet",
        "aczwf.pbz",
        "lneacxt.pbz",
        "aczzveebe.pbz",
        "acz.gnbonb.bet",
        "clcv.ghan.gfvatuhn.rqh",
        "zveebef.nyvlha.pbz",
        "qro.qrovna.bet",
        "pengrf.vb",
    )
)
_HOST = re.compile(
    r"\b(?:https?|wss?|ftps?|ssh|git)://(?:[\w.-]+@)?([A-Za-z0-9.-]++|\[[0-9a-fA-F:]+\])(?![{$])", re.ASCII
)
_LOADED_HOST = re.compile(r"\b(?:src|href|action)=[\"']?//([A-Za-z0-9.-]++)", re.ASCII)
_PRIVATE = re.compile(
    r"localhost|[^.]+|\[.*\]|(?:127|10)\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+"
    r"|.*\.(?:internal|intranet|lan|local|localdomain|corp|home)"
)
# The program's own: names of formats, licences, map services, registers that a footer links to.
_OWN_HOSTS = frozenset(
    (
        *(
            "www.w3.org",
            "schema.org",
            "purl.org",
            "xmlns.com",
            "www.iana.org",
            "json-schema.org",
            "cyclonedx.org",
        ),
        *("www.topografix.com", "www.opengis.net", "www.sitemaps.org", "schemas.openxmlformats.org"),
        *("creativecommons.org", "opendatacommons.org", "squidfunk.github.io"),
        *("uri.amap.com", "api.map.baidu.com", "maps.apple.com", "www.openstreetmap.org"),
        *("beian.miit.gov.cn", "beian.mps.gov.cn"),
    )
)
_EXAMPLES = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|net|org|edu))?|invalid|test)")  # RFC 2606
# Where files of others stand, which name their authors and the faults of browsers.
_LIBRARY = re.compile(r"assets/(?:lib|stylesheets|javascripts)/|pagefind/engine\.wasm")


def list_hosts(text: str) -> Iterator[tuple[int, str]]:
    """Every host that a text names in an address, with its offset."""
    for pattern in (_HOST, _LOADED_HOST):
        yield from ((m.start(), m[1].lower().strip(".")) for m in pattern.finditer(text) if m[1].strip(".-"))


def _find_hosts(name: str, text: str, insight: Insight) -> _Found:
    lower = text.lower()
    yield from (("host", lower.index(host), host) for host in REGISTRY_HOSTS if host in lower)
    if _LIBRARY.match(name):
        return
    for offset, host in list_hosts(text):
        known = host in insight.hosts or host in _OWN_HOSTS or _EXAMPLES.fullmatch(host)
        if _PRIVATE.fullmatch(host) or not known:
            yield "host", offset, host


_ALWAYS = (_find_personal, _find_withheld, _find_tokens, _find_known)
_IN_TEXTS = (_find_places, _find_hosts)
