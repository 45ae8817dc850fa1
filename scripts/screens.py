"""Screenshots of every page of the seeded demo, for a person's eye: `make screens`.

Both themes, wide and narrow, Russian, and the main pages in English, as build/screens/*.png, with one contact sheet
beside them. Any complaint of the browser (an error on the console, a broken script, a refusal by the
Content-Security-Policy) makes the run fail; so does a page that cannot be pictured, and the others are pictured all
the same. `--docs` also keeps the pictures that the documents show.
"""

import argparse
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Route, sync_playwright
from seeded import ROOT, Demo, demo
from shots import SHOTS, Shot
from ways import CHIEF, OPERATOR

SCREENS = ROOT / "build" / "screens"
IMAGES = ROOT / "docs" / "images"
#: How long a page may take to come to what is pictured, milliseconds.
PATIENCE = 20_000
#: A picture of the documents is at most so large, bytes.
IMAGE_LIMIT = 300_000
#: The sheet of all of them, pixels: its width and colour, how wide pictures stand on it, what is between them.
SHEET_WIDTH, SHEET_COLOUR, WIDE, NARROW, GAP, CAPTION = 2640, "#8a9290", 620, 240, 20, 22
#: Pictures the documents show, by their name here.
IN_DOCS = {
    "inbox-light-wide": "inbox-light",
    "inbox-light-wide-en": "inbox-light-en",
    "kb-light-wide": "kb-light",
    "kb-light-wide-en": "kb-light-en",
    "playground-light-wide": "playground-light",
    "widget-light-wide": "widget-light",
    "widget-light-wide-en": "widget-light-en",
}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SIZES: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "narrow": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True},
}
ON_PURPOSE = ("the server responded with a status of", "ERR_INTERNET_DISCONNECTED")
LOCALES = {"ru": "ru-RU", "en": "en-GB"}
REPORT = """addEventListener('securitypolicyviolation', (event) => console.error(
  `Content-Security-Policy: ${event.violatedDirective} refused ${event.blockedURI}`));"""


def main() -> int:
    """Take all pictures; 1 when the browser complained."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--docs", action="store_true", help="also write the pictures of the documents to docs/images")
    parser.add_argument("--only", default="", help="only pages whose names begin so; several with commas")
    arguments = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        print("make screens: there is no Chromium on this machine", file=sys.stderr)
        return 1
    SCREENS.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    taken: list[Path] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        for language in LOCALES:
            shots = [
                s for s in SHOTS if language in s.languages and s.name.startswith(tuple(arguments.only.split(",")))
            ]
            if shots:
                with demo(language) as running:
                    taken += take_all(browser, running, shots, complaints)
        sheet(taken)
        if arguments.docs:
            keep_for_docs(browser, taken)
        browser.close()
    for line in complaints:
        print(line, file=sys.stderr)
    print(f"{len(taken)} pictures in {SCREENS.relative_to(ROOT)}, all of them on sheet.png")
    return 1 if complaints else 0


def take_all(browser: Browser, running: Demo, shots: list[Shot], complaints: list[str]) -> list[Path]:
    """Take these pages in both themes and sizes; what the browser complains of is added to the list."""
    session, chief = log_in(browser, running), log_in(browser, running, CHIEF)
    found: list[Path] = []
    for size in SIZES:
        for theme in ("light", "dark"):
            for shot in shots:
                if size in shot.sizes:
                    state = (chief if shot.chief else session) if shot.known else None
                    context = open_context(browser, running, size, theme, state, shot.shop_time)
                    name = _name(running, shot, f"{theme}-{size}")
                    try:
                        found.append(take(context, running, shot, name, complaints))
                    except (Error, LookupError) as error:
                        # One page that cannot be reached costs one picture.
                        complaints.append(f"{name}: not pictured: {str(error).splitlines()[0]}")
                    finally:
                        context.close()
    return found


def open_context(browser: Browser, running: Demo, size: str, theme: str, state: Any, shop_time: bool) -> BrowserContext:
    """Return a fresh browser; what it reads stays unread, so that each picture shows the same desk."""
    context = browser.new_context(
        **SIZES[size],
        color_scheme=theme,  # type: ignore[arg-type]  # light or dark
        locale=LOCALES[running.language],
        timezone_id="Europe/Moscow" if shop_time else _noon_here(),
        storage_state=state,
        reduced_motion="reduce",
    )
    context.add_init_script(REPORT)

    def read(route: Route) -> None:
        id = route.request.url.split("/")[-2]
        route.fulfill(json={"incoming": running.incoming.get(id, 0)})

    context.route("**/api/v1/conversations/*/read", read)
    return context


def _noon_here() -> str:
    """Return the time zone where it is about noon now: the desk is pictured in the middle of its day."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"


def _name(running: Demo, shot: Shot, look: str) -> str:
    return f"{shot.name}-{look}{'' if running.language == 'ru' else f'-{running.language}'}"


def take(context: BrowserContext, running: Demo, shot: Shot, name: str, complaints: list[str]) -> Path:
    """Take one picture."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)

    def heard(line: ConsoleMessage) -> None:
        # A page that is refused, or cut off, on purpose is an error on the console by itself.
        if line.type == "error" and not (shot.refused and any(words in line.text for words in ON_PURPOSE)):
            complaints.append(f"{name}: {line.text} ({line.location.get('url', '')})")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
    shot.go(running, page)
    page.evaluate("document.fonts.ready")
    path = SCREENS / f"{name}.png"
    try:
        page.screenshot(path=path, animations="disabled")
    finally:
        if shot.after is not None:
            shot.after(running, page)
    return path


def log_in(browser: Browser, running: Demo, email: str = OPERATOR) -> Any:
    """Log in through the page, and learn the ids of the conversations that are shown."""
    person = next(one for one in running.ready["operators"] if one["email"] == email)
    context = browser.new_context(locale=LOCALES[running.language])
    page = context.new_page()
    page.goto(f"{running.url}/login")
    page.fill("#email", person["email"])
    page.fill("#password", person["password"])
    page.press("#password", "Enter")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    answer = context.request.get(
        f"{running.ready['api']}/conversations?limit=100", headers={"Authorization": f"Bearer {person['api_token']}"}
    )
    for row in answer.json()["items"]:
        running.ids[row["customer"]["name"]] = row["id"]
        running.incoming[row["id"]] = row["incoming"]
    state = context.storage_state()
    context.close()
    return state


def sheet(taken: list[Path]) -> None:
    """Put all pictures on one, small, the wide ones first, each with its name below."""
    whole = Image.new("RGB", (SHEET_WIDTH, 0), SHEET_COLOUR)
    left = top = below = GAP
    for path in sorted(taken, key=lambda path: ("-narrow" in path.stem, path.stem)):
        with Image.open(path) as image:
            width = NARROW if "-narrow" in path.stem else WIDE
            small = image.convert("RGB").resize(
                (width, round(image.height * width / image.width)), Image.Resampling.BOX
            )
        if left + width + GAP > SHEET_WIDTH:
            left, top = GAP, below
        below = max(below, top + small.height + CAPTION + GAP)
        if below > whole.height:
            whole, above = Image.new("RGB", (SHEET_WIDTH, below), SHEET_COLOUR), whole
            whole.paste(above)
        whole.paste(small, (left, top))
        ImageDraw.Draw(whole).text((left, top + small.height + 4), path.stem, "white", font_size=14)
        left += width + GAP
    whole.save(SCREENS / "sheet.png")


def keep_for_docs(browser: Browser, taken: list[Path]) -> None:
    """Copy the pictures of the documents, drawn smaller until each is small enough."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, kept in IN_DOCS.items():
        source, target = SCREENS / f"{name}.png", IMAGES / f"{kept}.png"
        if name not in {path.stem for path in taken}:
            continue  # not taken this time: the kept picture stays as it is
        shutil.copyfile(source, target)
        share = 1.0
        while target.stat().st_size > IMAGE_LIMIT:
            share *= 0.85
            page = browser.new_page()
            page.goto(source.as_uri())
            image = page.locator("img")
            image.evaluate("(img, share) => img.setAttribute('width', img.naturalWidth * share)", share)
            image.evaluate("img => { img.removeAttribute('class'); img.style.cursor = 'default'; }")
            image.screenshot(path=target)
            page.close()


if __name__ == "__main__":
    raise SystemExit(main())
