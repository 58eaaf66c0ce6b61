"""Nothing in a hand-written page runs or loads anything from elsewhere, however it is written."""

from pathlib import Path

import pytest
from conftest import copy_site

from build_scripts.building.build import build_site
from build_scripts.faults.diagnostics import Problems
from build_scripts.publishing.inert import find_live_markup
from build_scripts.records.document import Document

HEAD = "---\ntitle: 甲\ndescription: 乙。\n---\n"
SCRIPT = '<script src="../evil.js"></script>'
LIVE = {
    "an open fence": (f"```\n\n{SCRIPT}\n", "B613"),
    "a fence set in": (f"   ```\n{SCRIPT}\n   ```\n", "B613"),
    "a fence with more behind it": (f"``` {{.a}} b c\n\n{SCRIPT}\n\n```\n", "B613"),
    "a closing fence too long": (f"```\n\n{SCRIPT}\n\n````\n", "B613"),
    "escaped backticks": (f"\\`{SCRIPT}\\`\n", "B602"),
    "a comment begun in code": (f"`<!--` 甲\n\n{SCRIPT}\n", "B602"),
    "a very long tag": (f'<a title="{"x" * 3000}" onclick="x()">甲</a>\n', "B602"),
    "a link's attribute list": ('[甲](about.md){: href="javascript:alert(9)" }\n', "B603"),
    "a picture's attribute list": ("![图](x.png){: src=https://evil.example/t.gif }\n", "B614"),
    "a picture elsewhere": ("![图](https://evil.example/t.gif)\n", "B614"),
    "a picture without a scheme": ('<img src="//evil.example/t.gif" alt="甲">\n', "B607"),
    "a film elsewhere": ('<video src="https://evil.example/t.mp4"></video>\n', "B602"),
    "a password": ('<input type="password">\n', "B602"),
    "a window": ("<dialog open>甲</dialog>\n", "B602"),
    "the rest as text": ("甲 <plaintext> 乙\n", "B602"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = copy_site("second-city", tmp_path)
    (project / "content/x.png").write_bytes(b"")
    return project


@pytest.mark.parametrize("text", LIVE.values(), ids=LIVE)
def test_no_page_goes_live(project: Path, text: tuple[str, str]) -> None:
    """Whether the check has seen it in the Markdown or the build in what became of it."""
    (project / "content/new.md").write_text(f"{HEAD}\n{text[0]}", encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project)
    assert text[1] in {d.code for d in problems.value.diagnostics if d.path == "content/new.md"}
    assert not (project / "site/new").exists()


def test_all_pages_are_told_with_what_mkdocs_refuses(project: Path) -> None:
    """At the line where the words stand, beside a link that leads nowhere."""
    (project / "content/new.md").write_text(f"{HEAD}\n甲\n\n\\`{SCRIPT}\\`\n", encoding="utf-8")
    (project / "content/other.md").write_text(f"{HEAD}\n\\`<iframe>\\` [a\nb](nope.md)\n", encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project)
    assert [(d.path, d.line, d.column, d.code) for d in problems.value.diagnostics] == [
        ("content/new.md", 8, 3, "B602"),
        ("content/other.md", 6, 3, "B602"),
        ("content/other.md", 7, 4, "B609"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("<div>甲</div>\n\n</div></article>\n", "B618", 8, 1),
        ("甲 <b>乙</b> `<b>`\n\n丙 <b>丁\n", "B618", 8, 3),
        ("<br>\n\n</p>\n", "B618", 8, 1),
        ("<table>\n<tr><td>甲\n</table>\n\n<table><tr>\n", "B618", 10, 1),
        ("甲 <i><b>乙</i></b>\n", "B618", 6, 6),
        ("甲 <span/> 乙\n", "B618", 6, 3),
        ("## 甲 {#a}\n\n文\n\n## 乙 {#a}\n", "B620", 6, 7),
        ("文 b 字\n\n## 甲 {#a b}\n", "B602", 8, 10),
        ("[](about.md)\n", "B619", 6, 1),
        ("[甲](about.md)\n\n## \n\n文\n", "B619", 8, 1),
        ("![](x.png) 甲 [](about.md)\n", "B605", 6, 1),
        ("甲\n\n乙 [丙]()\n", "B603", 8, 7),
        ("甲\n\n乙 [丙](#)\n", "B603", 8, 7),
        ("甲 [丙](https:evil.example)\n", "B603", 6, 7),
        ("甲 [丙](//evil.example/a)\n", "B603", 6, 7),
    ],
)
def test_a_page_is_whole_and_its_links_can_be_read(
    project: Path, text: str, code: str, line: int, column: int
) -> None:
    """Tags have partners, names are given once, links and headings have words: else it is told where."""
    (project / "content/new.md").write_text(f"{HEAD}\n{text}", encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project)
    found = [(d.code, d.line, d.column) for d in problems.value.diagnostics if d.path == "content/new.md"]
    assert (code, line, column) in found
    assert not (project / "site").exists()


def test_what_markdown_makes_passes(project: Path) -> None:
    """Everything that the site's extensions make, code that shows tags, and HTML without life."""
    text = """## 标题 {#mark .wide title="甲"}

段落**强调**`<script>`，<kbd>Ctrl</kbd>[链接](about.md "题")，<me@example.org>。[^1]

```html
<script src="a.js"></script>
```

~~~
<iframe>
~~~

!!! note "题"
    文字 <br> 文字

甲
:   乙

| 列 | 列 |
| :- | -: |
| 1  | 2  |

![图](x.png){ width="20" }

3. 三

[^1]: 注
"""
    (project / "content/new.md").write_text(f"{HEAD}\n{text}", encoding="utf-8")
    build_site(project)
    html = (project / "site/new/index.html").read_text(encoding="utf-8")
    assert "&lt;iframe&gt;" in html


@pytest.mark.parametrize(
    "html",
    ["<!--x-->", "<!DOCTYPE x>", "<![CDATA[x]]>", "<?x?>", '<a title="', "<p>a</p><scr", "<svg/onload=x>"],
)
def test_what_is_no_element_is_not_inert(html: str) -> None:
    """Nor what a browser might take for one."""
    assert {d.code for d in find_live_markup(Document("content/x.md", ""), html)} == {"B602"}


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ("<ul>" + "<li>甲" * 500 + "</ul>", []),
        ("<p>甲" * 500, []),
        ("<b>甲" * 30_000, ["B618"]),
        ("<div>" * 30_000 + "</div>" * 30_000, ["B618", "B618"]),
        ("".join(f'<a href="javascript:{n}">甲</a>' for n in range(5_000)), [*["B603"] * 50, "B116"]),
    ],
    ids=["items", "paragraphs", "open tags", "a deep page", "many links"],
)
def test_many_tags_are_judged_in_their_number(html: str, codes: list[str]) -> None:
    """Items and paragraphs may end with the next one; what is too deep or too much is told once."""
    assert [d.code for d in find_live_markup(Document("content/x.md", html), html)] == codes


def test_texts_are_inert() -> None:
    """Brackets that are written as references are texts."""
    assert (
        find_live_markup(
            Document("content/x.md", ""), '<p title="&lt;b onclick=x&gt;">1 &lt; 2 &lt;b&gt;</p>'
        )
        == ()
    )
