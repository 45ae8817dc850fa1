"""Static files: URLs name content, imports and url() follow."""

import gzip
import json

import pytest

from operator_panel.static import Statics, bare_name


@pytest.fixture
def folder(tmp_path):
    files = {
        "js/core/store.js": "export const a = 1;\n",
        "js/inbox/main.js": 'import {a} from "../core/store.js";\nimport {html} from "lit-html";\n'
        + 'await import("./late.js");\n'
        + "// padding that packs well\n" * 20,
        "js/inbox/late.js": 'export * from "./main.js";\n',
        "vendor/lit-html/lit-html.js": "export const html = 1;\n",
        "vendor/lit-html/directive.js": "export const d = 1;\n",
        "vendor/lit-html/directives/repeat.js": 'import{noChange as e}from"../lit-html.js";'
        + 'import{d}from"../directive.js";\n',
        "css/app.css": '@import "base.css";\n@font-face{src:url("../fonts/inter.woff2")}\n'
        + "a{background:url(../img/i.svg#x)}\n"
        + "b{background:url(data:image/png;base64,AA==)}\n",
        "css/base.css": "a{color:red}\n",
        "fonts/inter.woff2": "font",
        "img/i.svg": "<svg/>",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_names_of_modules() -> None:
    assert bare_name("js/core/ws.js") == "mostik/core/ws.js"
    assert bare_name("vendor/lit-html/lit-html.js") == "lit-html"
    assert bare_name("vendor/lit-html/directives/repeat.js") == "lit-html/directives/repeat.js"
    assert bare_name("css/app.css") is None
    assert bare_name("vendor/other/x.js") is None


def test_the_import_map_names_every_module(folder) -> None:
    statics = Statics(folder)
    imports = json.loads(statics.import_map)["imports"]
    assert imports["lit-html"] == statics.url("vendor/lit-html/lit-html.js")
    assert imports["mostik/inbox/main.js"] == statics.url("js/inbox/main.js")
    assert len(imports) == 6


def test_doc_comments_stay_at_home_and_licences_go_along(folder) -> None:
    (folder / "js/core/store.js").write_text(
        "/** The store.\n * @module */\n\nexport const a = /** @type {number} */ (1);\n"
        "  /** One. */ (a).b = 2; // why\n  c();\n  /** Two. */\n",
        "utf-8",
    )
    (folder / "vendor/lit-html/lit-html.js").write_text("/** @license BSD */\nexport const html = 1;\n", "utf-8")
    statics = Statics(folder)
    assert statics.get("js/core/store.js").body.decode() == "\nexport const a =  (1);\n   (a).b = 2; // why\n  c();\n"
    assert b"@license" in statics.get("vendor/lit-html/lit-html.js").body


def test_relative_imports_become_names_of_the_map(folder) -> None:
    statics = Statics(folder)
    main = statics.get("js/inbox/main.js").body.decode()
    assert 'from "mostik/core/store.js"' in main
    assert 'from "lit-html"' in main
    assert 'import("mostik/inbox/late.js")' in main
    repeat = statics.get("vendor/lit-html/directives/repeat.js").body.decode()
    assert repeat == 'import{noChange as e}from"lit-html";import{d}from"lit-html/directive.js";\n'


def test_sheets_ask_by_hashed_urls(folder) -> None:
    statics = Statics(folder)
    sheet = statics.get("css/app.css").body.decode()
    assert f'@import "{statics.url("css/base.css")}"' in sheet
    assert f'url("{statics.url("fonts/inter.woff2")}")' in sheet
    assert f"url({statics.url('img/i.svg')}#x)" in sheet
    assert "url(data:image/png;base64,AA==)" in sheet


def test_a_sheets_hash_follows_what_it_asks_for(folder) -> None:
    before = Statics(folder).url("css/app.css")
    (folder / "fonts/inter.woff2").write_text("another font", "utf-8")
    assert Statics(folder).url("css/app.css") != before


def test_what_is_not_there_is_a_fault_at_start(folder) -> None:
    (folder / "css/bad.css").write_text("a{background:url(nowhere.svg)}", "utf-8")
    with pytest.raises(ValueError, match=r"nowhere\.svg"):
        Statics(folder)
    (folder / "css/bad.css").write_text('@import "bad.css";', "utf-8")
    with pytest.raises(ValueError, match="each other"):
        Statics(folder)


def test_packing_preloading_and_missing(folder) -> None:
    statics = Statics(folder)
    main = statics.get("js/inbox/main.js")
    assert gzip.decompress(main.packed) == main.body
    assert statics.get("fonts/inter.woff2").packed is None
    assert statics.get("img/i.svg").packed is None
    assert statics.get("nowhere.js") is None
    assert statics.imports("js/inbox/main.js") == ["js/core/store.js", "vendor/lit-html/lit-html.js"]
    with pytest.raises(KeyError):
        statics.url("nowhere.js")
    assert Statics(folder / "nowhere").import_map == '{"imports":{}}'
