/** Light or dark, and the shop's own colour made readable in both. */

const KEY = 'mostik:theme';
const ENOUGH = 4.5;
const SURFACES = {light: [255, 255, 255], dark: [18, 24, 23]};
const PAINTS = {light: [0, 0, 0], dark: [255, 255, 255]};
const root = document.documentElement;

/** @returns {string|null} what the visitor chose here */
function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string|null|undefined} theme of the page around: light, dark, anything else is the system's */
export function wear(theme) {
  const worn = chosen() ?? theme;
  if (worn === 'light' || worn === 'dark') root.dataset.theme = worn;
  else delete root.dataset.theme;
}

/** @returns {boolean} */
export const dark = () =>
  root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;

/** The other one, as the visitor wants it. */
export function turn() {
  root.dataset.theme = dark() ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, root.dataset.theme);
  } catch {
    // It lasts as long as the page.
  }
}

/** @param {number[]} rgb 0..255 @returns {number} relative luminance of WCAG 2 */
function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number[]} a @param {number[]} b @returns {number} contrast ratio of WCAG 2 */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** @param {number[]} rgb @param {'light'|'dark'} side @returns {number[]} the colour, moved until it reads as text there */
function readable(rgb, side) {
  for (let share = 0; share < 1; share += 0.05) {
    const moved = rgb.map((part, n) => part + (PAINTS[side][n] - part) * share);
    if (contrast(moved, SURFACES[side]) >= ENOUGH) return moved;
  }
  return PAINTS[side];
}

/** @param {string|undefined} hex of the shop, #rrggbb */
export function dye(hex) {
  if (!/^#[0-9a-f]{6}$/i.test(hex ?? '')) return;
  const rgb = [1, 3, 5].map((at) => parseInt(String(hex).slice(at, at + 2), 16));
  const css = (/** @type {number[]} */ color) => `rgb(${color.map(Math.round).join(' ')})`;
  const ink = (/** @type {number[]} */ ground) => (contrast(ground, [255, 255, 255]) >= ENOUGH ? '#fff' : '#0a1412');
  const [day, night] = [readable(rgb, 'light'), readable(rgb, 'dark')];
  root.style.setProperty('--brand', css(rgb));
  root.style.setProperty('--on-brand', ink(rgb));
  root.style.setProperty('--accent', `light-dark(${css(day)}, ${css(night)})`);
  root.style.setProperty('--on-accent', `light-dark(${ink(day)}, ${ink(night)})`);
  root.style.setProperty('--accent-text', `light-dark(${css(day)}, ${css(night)})`);
}
