/** The widget's own words, in the language the page asked for. */

/** @type {Record<string, string>} */
let words = {};
let language = 'ru';
let rules = new Intl.PluralRules(language);

/** @returns {string} */
export const lang = () => language;

/** @param {string} wanted anything but ru and en is English */
export async function learn(wanted) {
  language = wanted === 'ru' ? 'ru' : 'en';
  rules = new Intl.PluralRules(language);
  words = await (await fetch(new URL(`../words/${language}.json`, import.meta.url))).json();
  document.documentElement.lang = language;
}

/**
 * A text with its {placeholders} filled; `n` also chooses the plural form. An unknown key answers itself.
 * @param {string} key @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const plural = typeof values.n === 'number' ? words[`${key}.${rules.select(values.n)}`] : undefined;
  const text = plural ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (mark, name) => (name in values ? String(values[name]) : mark));
}
