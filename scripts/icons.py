"""Draw the panel's icons as pictures, for what takes no SVG: `python scripts/icons.py`.

Chromium draws our own marks (operator_panel/static/img/*.svg) in the sizes that installing asks for.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "operator_panel" / "static" / "img"
#: Mark, width in pixels, picture.
ICONS = (
    ("favicon.svg", 192, "icon-192.png"),
    ("favicon.svg", 512, "icon-512.png"),
    ("mark-square.svg", 180, "touch-180.png"),
    ("mark-square.svg", 512, "maskable-512.png"),
)


def main() -> None:
    """Write every picture anew."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for mark, width, picture in ICONS:
            page = browser.new_page(viewport={"width": width, "height": width})
            page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{(IMAGES / mark).read_text('utf-8')}")
            page.screenshot(path=IMAGES / picture, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
