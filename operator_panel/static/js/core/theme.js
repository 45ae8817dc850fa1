/** Light, dark or the system's theme: one attribute, the rest is `color-scheme` in tokens.css. */

export const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

/** @returns {string} the theme chosen */
export function theme() {
  return document.documentElement.dataset.theme ?? 'system';
}

/** @param {string} name one of THEMES */
export function showTheme(name) {
  document.documentElement.dataset.theme = name;
}
