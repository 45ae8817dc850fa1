"""What a page must be for anybody who looks at it: sound to axe-core, and whole on any width, also in longer words.

axe-core sees about half of what WCAG asks for; what keyboards can do is tried beside each page's own tests.
"""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Frame, Page

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
#: The narrowest screen of WCAG 1.4.10.
NARROWEST = {"width": 320, "height": 640}
#: The rules that stand for WCAG 2.2 AA; frames are looked into one by one.
OPTIONS = {"resultTypes": ["violations"], "iframes": False, "preload": False}
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
#: What a theme changes; the rest is looked at once, in the light one.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_STILL = "Promise.all(document.getAnimations().map(one => one.finished.catch(() => null))).then(() => 0)"

#: Makes every word a third longer, as other languages do; `window.short` puts the words back.
_LONGER = r"""() => {
  const longer = (text) => text.replace(/\p{L}{2,}/gu, (word) => word + word.slice(0, Math.ceil(word.length * 0.35)));
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const changed = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.data.trim() || node.parentElement.closest('script, style, textarea, template')) continue;
    changed.push([node, node.data, (node.data = longer(node.data))]);
  }
  const fields = [...document.querySelectorAll('[placeholder]')].map((one) => [one, one.placeholder]);
  for (const [field, text] of fields) field.placeholder = longer(text);
  window.short = () => {
    for (const [node, short, long] of changed) if (node.data === long) node.data = short;
    for (const [field, text] of fields) field.placeholder = text;
  };
}"""

#: Words that are cut off without a sign, or stick out of what they stand in; whether the page scrolls sideways.
_STICKING_OUT = r"""() => {
  const found = new Set();
  const page = document.documentElement.scrollWidth;
  if (page > innerWidth) {
    const beyond = (one) => one.getBoundingClientRect().right > innerWidth + 1;
    const leaf = (one) => beyond(one) && ![...one.children].some(beyond);
    const wide = [...document.body.querySelectorAll('*')].filter(leaf).slice(0, 3);
    found.add(`the page is ${page} wide: ${wide.map((one) => `${one.tagName}.${one.className}`)} in ${innerWidth}`);
  }
  for (const one of document.querySelectorAll('main, [role="main"], dialog[open]')) {
    const name = `${one.tagName}.${one.className}`;
    if (one.scrollWidth > one.clientWidth + 1) found.add(`${name} scrolls sideways in ${innerWidth}`);
  }
  const styled = (one) => getComputedStyle(one);
  const clips = (one) => styled(one).overflowX !== 'visible';
  const scrolls = (one) => ['auto', 'scroll'].includes(styled(one).overflowX);
  const tells = (one) => styled(one).textOverflow === 'ellipsis' || styled(one).webkitLineClamp !== 'none';
  const pressed = (one) => one.matches('button, a, label') && styled(one).display !== 'inline' && !clips(one);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    if (!node.data.trim() || !at.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (at.closest('.listen-only, .skip, option, script, style, [popover]:not(:popover-open)')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const right = Math.max(...[...range.getClientRects()].map((rect) => rect.right));
    const words = `${at.tagName}.${at.className} "${node.data.trim().slice(0, 40)}" in ${innerWidth}`;
    let told = false;
    for (let one = at; one && one !== document.body; one = one.parentElement) {
      const box = one.getBoundingClientRect();
      told ||= tells(one);
      const out = right > box.right + 1.5 && box.width > 1 && !told;
      if (out && pressed(one)) found.add(`out of its button: ${words}`);
      if (out && clips(one) && !scrolls(one)) found.add(`cut off: ${words}`);
      // What is laid over the page stands outside of what it belongs to.
      if (clips(one) || ['absolute', 'fixed'].includes(styled(one).position)) break;
    }
  }
  return [...found];
}"""


async def faults(place: Page | Frame, theme: str = "light") -> list[str]:
    """Return what axe-core finds wrong in a page or a frame, with where; in the dark theme only its colours."""
    await place.evaluate(_STILL)
    if not await place.evaluate("() => Boolean(window.axe)"):
        await place.evaluate(Axe().axe_script)
    options = {**OPTIONS, "runOnly": RULES if theme == "light" else COLOURS}
    found = await place.evaluate("options => axe.run(document, options)", options)
    assert "color-contrast" in {one["id"] for one in found["passes"] + found["violations"]}
    return [
        f"{one['impact']} {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def sticking_out(page: Page) -> list[str]:
    """Return what does not fit at three widths, in its own words."""
    found: list[str] = []
    for size in (WIDE, NARROW, NARROWEST):
        await _sized(page, size)
        found += await page.evaluate(_STICKING_OUT)
    await _sized(page, WIDE)
    return found


async def overflow(page: Page) -> list[str]:
    """Return what does not fit at three widths, in its own words and in longer ones."""
    await _sized(page, NARROWEST)
    found = list(await page.evaluate(_STICKING_OUT))
    await page.evaluate(_LONGER)
    try:
        for size in (NARROWEST, NARROW, WIDE):
            await _sized(page, size)
            found += [f"longer: {each}" for each in await page.evaluate(_STICKING_OUT)]
    finally:
        await page.evaluate("window.short()")
    return found


async def glanced_at(page: Page, where: str) -> list[str]:
    """Return what is wrong with what opened on a page that was looked at, wide in light, narrow in dark colours."""
    found = [f"{where}: {each}" for each in await faults(page)]
    await _sized(page, NARROW)
    await page.emulate_media(color_scheme="dark")
    found += [f"{where}, dark, narrow: {each}" for each in await faults(page, "dark")]
    await page.emulate_media(color_scheme="light")
    await _sized(page, WIDE)
    return found


async def looked_at(page: Page, where: str) -> list[str]:
    """Return what is wrong with a page in both themes, wide and narrow, and what does not fit; then wide."""
    found = []
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        for size in (WIDE, NARROW):
            await _sized(page, size)
            found += [f"{where}, {theme}, {size['width']}: {each}" for each in await faults(page, theme)]
    await page.emulate_media(color_scheme="light")
    found += [f"{where}: {each}" for each in await overflow(page)]
    await _sized(page, WIDE)
    return found


async def _sized(page: Page, size: dict[str, int]) -> None:
    await page.set_viewport_size({"width": size["width"], "height": size["height"]})
