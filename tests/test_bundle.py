"""Modules and style sheets joined by their imports."""

import pytest

from build_scripts.errors import UserError
from build_scripts.web.bundle import join_scripts, join_styles


def test_a_module_travels_inside_the_one_that_imports_it() -> None:
    """Names do not clash, whole modules and renamed imports work, and each module is there once."""
    sources = {
        "page.js": 'import { name as first } from "./a.js"\nimport * as b from "./b.js"\nuse(first, b.name)\n',
        "a.js": 'import { name as other } from "./b.js"\nexport const name = other\n',
        "b.js": "export async function name() {}\n",
    }
    joined = join_scripts(sources)
    assert list(joined) == ["page.js"]
    assert joined["page.js"] == (
        "const $b = (() => {\nasync function name() {}\nreturn { name }\n})()\n"
        "const $a = (() => {\nconst { name: other } = $b\nconst name = other\nreturn { name }\n})()\n"
        "const { name: first } = $a\nconst b = $b\nuse(first, b.name)\n"
    )


def test_a_module_asked_for_later_stays_a_file_of_its_own() -> None:
    """A dynamic import is left as it is, and what it names is published though another file imports it."""
    sources = {
        "page.js": 'import "./a.js"\nimport("./b.js")\n',
        "a.js": 'import "./b.js"\n',
        "b.js": "export function run() {}\n",
    }
    joined = join_scripts(sources)
    assert set(joined) == {"page.js", "b.js"}
    assert 'import("./b.js")' in joined["page.js"]
    assert joined["b.js"] == sources["b.js"]


@pytest.mark.parametrize(
    "source",
    [
        'import x from "./a.js"',
        "import {\n  x } from './a.js'",
        'import "./none.js"',
        'export { x } from "./a.js"',
        "export let x = 1",
        'import "./page.js"',
    ],
)
def test_what_cannot_be_joined_is_refused(source: str) -> None:
    """Another form of import or export, a missing module or a circle is an error, never a broken page."""
    with pytest.raises(UserError, match=r"page\.js|a\.js"):
        join_scripts({"page.js": f"{source}\n", "a.js": "export const x = 1\n"})


def test_comments_stay_behind() -> None:
    """Those that have lines of their own, of scripts and style sheets; what else looks like one is kept."""
    script = '// one\nconst a = "// two" // three\n  // four\nload("https://a.b")\n'
    assert join_scripts({"a.js": script}) == {"a.js": 'const a = "// two" // three\nload("https://a.b")\n'}
    style = "/* one\n * two */\na { color: red } /* three */\n  /* four */\nb { color: blue }\n"
    assert join_styles({"a.css": style}) == {"a.css": "a { color: red } /* three */\nb { color: blue }\n"}


def test_style_sheets_are_placed_where_they_are_imported() -> None:
    """In order, and inside a media rule when the import names a medium."""
    sources = {
        "all.css": '@import "a.css";\n@import "b.css" print;\np { margin: 0 }\n',
        "a.css": "a { color: red }\n",
        "b.css": "b { color: blue }\n",
    }
    assert join_styles(sources) == {
        "all.css": "a { color: red }\n@media print {\nb { color: blue }\n}\np { margin: 0 }\n"
    }


def test_a_missing_style_sheet_is_an_error() -> None:
    """A typing error in an import shows at build time."""
    with pytest.raises(UserError, match=r"none\.css"):
        join_styles({"all.css": '@import "none.css";\n'})
