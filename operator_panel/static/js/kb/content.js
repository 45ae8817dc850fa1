/** An article while it is written: rows with names of their own, and the body the API takes. Pure. */

import {newId} from 'mostik/core/ids.js';

/**
 * @typedef {{key: string, text: string}} Wording
 * @typedef {{key: string, text: string, kind: 'person'|'article'|'url', value: string}} Button
 * @typedef {{key: string, answer: string, channel: string, lang: string, buttons: object[]}} Variant
 * @typedef {object} Content what is written @property {string} title @property {string} answer
 * @property {Wording[]} questions @property {string} lang @property {string} team @property {string[]} tags
 * @property {Variant[]} variants @property {Button[]} buttons @property {any[]} files
 * @property {string|null} valid_from ISO time @property {string|null} valid_until
 */

/** Fields in the order in which they stand on the page. */
export const FIELDS = ['title', 'answer', 'variants', 'questions', 'buttons', 'files', 'tags', 'team', 'lang', 'valid_from', 'valid_until'];

/** @param {any} button of the API @returns {Button} */
function buttonOf({text, article, url}) {
  return {key: newId(), text, kind: article ? 'article' : url ? 'url' : 'person', value: article || url || ''};
}

/** @param {any} row an article, its next edition or an edition @returns {Content} */
export function contentOf(row) {
  return {
    title: row.title,
    answer: row.answer,
    questions: row.questions.map((/** @type {string} */ text) => ({key: newId(), text})),
    lang: row.lang ?? '',
    team: row.team ?? '',
    tags: [...row.tags],
    variants: row.variants.map((/** @type {any} */ one) => ({key: newId(), ...one})),
    buttons: row.buttons.map(buttonOf),
    files: [...row.files],
    valid_from: row.valid_from,
    valid_until: row.valid_until,
  };
}

/** @param {string} lang @returns {Content} */
export function blank(lang) {
  return contentOf({title: '', answer: '', questions: [], lang, team: null, tags: [], variants: [], buttons: [], files: [], valid_from: null, valid_until: null});
}

const written = (/** @type {string} */ text) => text.trim() !== '';
const kept = {
  questions: (/** @type {Wording} */ one) => written(one.text),
  variants: (/** @type {Variant} */ one) => written(one.answer),
  buttons: (/** @type {Button} */ one) => written(one.text) || written(one.value),
};

/** @param {Content} content @returns {Record<string, any>} the body of a draft; rows nothing stands in are left out */
export function bodyOf(content) {
  const {title, answer, lang, team, tags, valid_from, valid_until} = content;
  return {
    ...{title: title.trim(), answer: answer.trim(), lang: lang || null, team: team.trim() || null, tags, valid_from, valid_until},
    questions: [...new Set(content.questions.filter(kept.questions).map((one) => one.text.trim()))],
    variants: content.variants.filter(kept.variants).map(({answer: text, channel, lang: spoken, buttons}) => ({answer: text.trim(), channel, lang: spoken, buttons})),
    buttons: content.buttons.filter(kept.buttons).map(({text, kind, value}) => ({
      text: text.trim(),
      article: kind === 'article' ? value.trim() || null : null,
      url: kind === 'url' ? value.trim() : '',
    })),
    files: content.files.map((one) => ({file_id: one.id})),
  };
}

/**
 * The key of the row a place of the API means: `questions.3`, `variants.0.answer`, `buttons.1.url` -> questions/<key>.
 * @param {Content} content @param {string} field
 * @returns {string} the field itself where it names no row
 */
export function placeOf(content, field) {
  const [name, number, ...rest] = field.split('.');
  if (!(name in kept) || number === undefined) return field;
  const list = /** @type {'questions'} */ (name);
  let rows = content[list].filter(kept[list]);
  if (list === 'questions') rows = rows.filter((one, at) => rows.findIndex((other) => other.text.trim() === one.text.trim()) === at);
  const row = rows[Number(number)];
  return row ? [`${name}/${row.key}`, ...rest].join('.') : name;
}

const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Content} a @param {Content} b @returns {string[]} the fields in which they differ */
export function differing(a, b) {
  const [one, other] = [bodyOf(a), bodyOf(b)];
  return FIELDS.filter((name) => !same(one[name], other[name]));
}

/**
 * Two people wrote at once: whose field is whose.
 * @param {Content} base what both began with @param {Content} mine @param {Content} theirs
 * @returns {{merged: Content, crossed: string[]}} theirs where I changed nothing; `crossed`: changed by both, otherwise
 */
export function merge(base, mine, theirs) {
  const own = differing(base, mine);
  const others = new Set(differing(base, theirs));
  const crossed = own.filter((name) => others.has(name) && differing(mine, theirs).includes(name));
  const merged = {...theirs};
  for (const name of own) Object.assign(merged, {[name]: mine[/** @type {'title'} */ (name)]});
  return {merged, crossed};
}

/** @param {any} row an article of the API @returns {string} how it stands: live, next, draft, review, archived, before, over */
export function standing(row) {
  if (row.state !== 'published') return row.state;
  if (row.next) return row.next.review ? 'review_next' : 'next';
  if (row.in_force) return 'live';
  return row.valid_until && Date.parse(row.valid_until) <= Date.now() ? 'over' : 'before';
}
