/** Words of the interface: filled once from the boot data, the same files Python reads. */

/** @type {Record<string, string>} */
let words = {};
let language = 'ru';
let rules = new Intl.PluralRules('ru');

/**
 * Take the words of a language.
 * @param {Record<string, string>} strings key -> text with {placeholders}; plural forms as `key.one`, `key.few` …
 * @param {string} lang BCP 47 tag
 */
export function setWords(strings, lang) {
  words = strings;
  language = lang;
  rules = new Intl.PluralRules(lang);
}

/** @param {Record<string, string>} strings words that came later than the page */
export function addWords(strings) {
  words = {...words, ...strings};
}

/** @returns {string} the language of the interface, BCP 47 */
export function lang() {
  return language;
}

/**
 * @param {string} key
 * @param {Record<string, unknown>} values
 * @returns {string}
 */
function find(key, values) {
  if (typeof values.n === 'number') {
    const plural = words[`${key}.${rules.select(values.n)}`] ?? words[`${key}.other`];
    if (plural !== undefined) return plural;
  }
  return words[key] ?? key;
}

/** @param {string} key @returns {boolean} is there such a text */
export function known(key) {
  return key in words;
}

/**
 * A text with its {placeholders} filled; `n` also chooses the plural form. An unknown key answers itself.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return find(key, values).replace(/\{(\w+)\}/g, (mark, name) => (name in values ? String(values[name]) : mark));
}

/**
 * The same as pieces for a template, so that values may be templates themselves.
 * @param {string} key
 * @param {Record<string, unknown>} values
 * @returns {unknown[]}
 */
export function rich(key, values) {
  return find(key, values)
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 ? values[piece] ?? '' : piece));
}
