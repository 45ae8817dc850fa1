"""What a page starts with, in one script: it says what the modules said, and what comes later shares with it."""

import json
from pathlib import Path

import pytest

from operator_panel.joining import join_scripts, join_sheets
from operator_panel.static import Statics

PAGE = "js/inbox/main.js"


def _statics(folder: Path, **files: str) -> Statics:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Statics(folder)


def test_modules_become_functions_in_the_order_they_run(tmp_path: Path) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const one = 1;\nexport function two() {\n  return one;\n}\n",
        js__core__b="import {one as first} from 'mostik/core/a.js';\nconst x = 1;\nexport {x as shown};\n",
        js__inbox__main="import {shown} from 'mostik/core/b.js';\nimport {two} from 'mostik/core/a.js';\n"
        "// a remark\nshown(two);\n",
    )
    joined = join_scripts(statics, PAGE)
    assert statics.text("js/inbox/main.joined.js").replace("$core_", "$") == (
        "const $a = (() => {\nconst one = 1;\nfunction two() {\nreturn one;\n}\nreturn {one, two};\n})();\n"
        "const {two} = $a;\n"
        "const $b = (() => {\nconst {one: first} = $a;\nconst x = 1;\nreturn {shown: x};\n})();\n"
        "const {shown} = $b;\n{\nshown(two);\n}\nexport {$a, $b};\n"
    )
    assert json.loads(joined.import_map) == {"imports": {"mostik/inbox/main.js": joined.url}}


def test_names_that_would_meet_are_taken_where_they_are_needed(tmp_path: Path) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const put = 1;\nexport const open = 2;\n",
        js__core__b="export const put = 3;\n",
        js__core__c="import {put} from 'mostik/core/a.js';\nimport {open} from 'mostik/core/a.js';\nput(open);\n",
        js__inbox__main="import {put} from 'mostik/core/b.js';\nimport {} from 'mostik/core/c.js';\nput();\n",
    )
    join_scripts(statics, PAGE)
    text = statics.text("js/inbox/main.joined.js").replace("$core_", "$")
    assert "const $c = (() => {\nconst {put} = $a;\nconst {open} = $a;\nput(open);" in text
    assert "{\nconst {put} = $b;\n\nput();\n}\n".replace("\n\n", "\n") in text


def test_what_is_fetched_on_demand_shares_what_the_page_has(tmp_path: Path) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const a = 1;\n",
        js__inbox__late="import {a} from 'mostik/core/a.js';\nimport {b} from 'mostik/inbox/beside.js';\nb(a);\n",
        js__inbox__beside="export const b = (x) => x;\n",
        js__inbox__main="import {a} from 'mostik/core/a.js';\nconst late = () => import('mostik/inbox/late.js');\n",
    )
    joined = join_scripts(statics, PAGE)
    imports = json.loads(joined.import_map)["imports"]
    assert imports == {"mostik/inbox/main.js": joined.url, "mostik/": imports["mostik/"]}
    assert "import('mostik/inbox/late.late.js')" in joined.first
    assert f"{imports['mostik/']}inbox/late.late.js" == statics.url("js/inbox/late.late.js")
    assert f"{imports['mostik/']}inbox/beside.late.js" == statics.url("js/inbox/beside.late.js")
    assert statics.text("js/inbox/late.late.js") == (
        'import {$core_a} from "mostik/inbox/main.js"; const {a} = $core_a;\n'
        "import {b} from 'mostik/inbox/beside.late.js';\nb(a);\n"
    )


def test_what_a_document_asks_for_by_itself_comes_late_too(tmp_path: Path) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const a = 1;\n",
        js__inbox__named="import {a} from 'mostik/core/a.js';\na();\n",
        js__inbox__main="import {a} from 'mostik/core/a.js';\na();\n",
    )
    joined = join_scripts(statics, PAGE, (), ("js/inbox/named.js",))
    assert "named" not in joined.first
    assert joined.places == {"js/inbox/named.js": "js/inbox/named.late.js"}
    assert 'from "mostik/inbox/main.js"' in statics.text("js/inbox/named.late.js")


def test_what_comes_later_stands_under_another_hash_once_any_of_it_changed(tmp_path: Path) -> None:
    files = {
        "js__inbox__one": "export const a = 1;\n",
        "js__inbox__two": "export const b = 2;\n",
        "js__inbox__main": "import('mostik/inbox/one.js');\nimport('mostik/inbox/two.js');\n",
    }
    before = _statics(tmp_path, **files)
    joined = join_scripts(before, PAGE)
    after = _statics(tmp_path, **files | {"js__inbox__two": "export const b = 3;\n"})
    assert join_scripts(after, PAGE).url == joined.url
    assert after.url("js/inbox/one.late.js") != before.url("js/inbox/one.late.js")
    assert after.url("js/inbox/one.late.js").split("/")[2] == after.url("js/inbox/two.late.js").split("/")[2]


def test_what_comes_soon_is_one_script_under_all_its_names(tmp_path: Path) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const a = 1;\n",
        js__inbox__beside="import {a} from 'mostik/core/a.js';\nexport const b = (x) => x + a;\n",
        js__inbox__soon="import {b as c} from 'mostik/inbox/beside.js';\nexport function d() {\n  return c(2);\n}\n",
        js__inbox__main="import {a} from 'mostik/core/a.js';\nconst go = () => import('mostik/inbox/soon.js');\n",
    )
    joined = join_scripts(statics, PAGE, ["js/inbox/soon.js"])
    imports = json.loads(joined.import_map)["imports"]
    assert set(joined.places.values()) == {"js/inbox/soon.late.js"}
    assert "import('mostik/inbox/soon.late.js')" in joined.first
    assert f"{imports['mostik/']}inbox/soon.late.js" == statics.url("js/inbox/soon.late.js")
    assert statics.text("js/inbox/soon.late.js").replace("$core_", "$") == (
        'import {$a} from "mostik/inbox/main.js";\n'
        "const $beside = (() => {\nconst {a} = $a;\nconst b = (x) => x + a;\nreturn {b};\n})();\n"
        "const $soon = (() => {\nconst {b: c} = $beside;\nfunction d() {\nreturn c(2);\n}\nreturn {d};\n})();\n"
        "export const {b} = $beside;\nexport const {d} = $soon;\n"
    )
    assert set(joined.late) == {"js/inbox/soon.js", "js/inbox/beside.js"}
    (tmp_path / "js/inbox/beside.js").write_text("export const d = 1;\nexport const b = 2;\n", "utf-8")
    with pytest.raises(ValueError, match="both export d"):
        join_scripts(Statics(tmp_path), PAGE, ["js/inbox/soon.js"])


def test_two_pages_fetch_one_module_on_demand_each_in_its_own_form(tmp_path: Path) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const a = 1;\n",
        js__core__late="import {a} from 'mostik/core/a.js';\na();\n",
        js__inbox__main="import {a} from 'mostik/core/a.js';\nimport('mostik/core/late.js');\n",
        js__kb__main="import {a} from 'mostik/core/a.js';\nimport('mostik/core/late.js');\n",
    )
    pages = {page: join_scripts(statics, page) for page in (PAGE, "js/kb/main.js")}
    for page, joined in pages.items():
        place = joined.places["js/core/late.js"]
        assert f'from "{statics.names[page]}"' in statics.text(place)
        root = json.loads(joined.import_map)["imports"]["mostik/"]
        assert statics.url(place) == place.replace("js/", root, 1)
        assert f"import('{place.replace('js/', 'mostik/', 1)}')" in joined.first


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import * as all from 'mostik/core/a.js';\n", r"cannot join: import \* as all"),
        ("import {a} from 'mostik/core/b.js';\n", "import each other"),
        ("import {a} from 'mostik/core/a.js';\nimport('mostik/core/a.js');\n", "fetches on demand what"),
        ("export default 1;\n", "cannot join: export default"),
        ("export let a = 1;\n", "cannot join: export let"),
    ],
)
def test_what_cannot_be_joined_is_a_fault_at_start(tmp_path: Path, text: str, why: str) -> None:
    statics = _statics(
        tmp_path,
        js__core__a="export const a = 1;\n",
        js__core__b="import {m} from 'mostik/inbox/main.js';\nexport const a = m;\n",
        js__inbox__main=text,
    )
    with pytest.raises(ValueError, match=why):
        join_scripts(statics, PAGE)


def test_sheets_stand_in_their_order_without_remarks(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css/a.css").write_text("/* one\n two */\n\na {\n  color: red;\n}\n", "utf-8")
    (tmp_path / "css/b.css").write_text("b {\n  color: blue;\n}\n", "utf-8")
    statics = Statics(tmp_path)
    url = join_sheets(statics, "css/all.css", ["css/b.css", "css/a.css"])
    assert url == statics.url("css/all.css")
    assert statics.text("css/all.css") == "b {\ncolor: blue;\n}\na {\ncolor: red;\n}\n"
