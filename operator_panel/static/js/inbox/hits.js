/** Why something was found: the words looked for, marked, and where they stand; in rows of the list while one looks. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {slots} from 'mostik/inbox/late.js';

/** @typedef {{where: string, excerpt: string, hits: [number, number][], key: string, message_id: string|null}} Hit */

const LIMIT = 50;
/** Letters of a row before the words that were found: more would push them out of it. */
const BEFORE = 12;
/** What stands where it is looked for anyway is not named. */
const PLAIN = ['text', 'name', 'number'];

let query = '';
/** @type {Map<string, unknown>} what a row shows, by its id */
let reasons = new Map();

/** @param {string} text @param {[number, number][]} hits in letters, not units of a string @returns {unknown[]} */
export function marked(text, hits) {
  const letters = [...text];
  const piece = (/** @type {number} */ from, /** @type {number} */ to) => letters.slice(from, to).join('');
  let at = 0;
  const pieces = hits.flatMap(([from, to]) => {
    const two = [piece(at, from), html`<mark>${piece(from, to)}</mark>`];
    at = to;
    return two;
  });
  return [...pieces, piece(at, letters.length)];
}

/** @param {Hit} hit @returns {string} where it stands, empty where that is plain */
export function placeOf({where, key}) {
  if (where === 'field') return (boot.fields ?? []).find((/** @type {any} */ one) => one.key === key)?.name ?? key;
  return PLAIN.includes(where) ? '' : t(`ui.found.${where}`);
}

/** @param {Hit} hit */
export const reason = (hit) => html`${placeOf(hit) ? html`<span class="found-where">${placeOf(hit)}: </span>` : nothing}${marked(hit.excerpt, hit.hits)}`;

/** @param {Hit} hit @returns {Hit} with the first words found near its beginning */
function near(hit) {
  const from = (hit.hits[0]?.[0] ?? 0) - BEFORE;
  if (from < 2) return hit;
  return {...hit, excerpt: `…${[...hit.excerpt].slice(from).join('')}`, hits: hit.hits.map(([start, end]) => [start - from + 1, end - from + 1])};
}

slots.hits = (id) => (query === store.state.query ? reasons.get(id) : undefined);

/** Find out why rows are in the list. @param {string} words looked for */
export async function look(words) {
  const found = await api.get('/search', {q: words, limit: LIMIT}).catch((error) => (error.status === 422 ? null : complain(error)));
  if (!found || words !== store.state.query) return;
  query = words;
  // A name or a number stands in the row as it is.
  const told = Object.entries(found.found_in).filter(([, hit]) => !['name', 'number'].includes(hit.where));
  reasons = new Map(told.map(([id, hit]) => [id, html`${icon('search')}<span data-testid="found-in">${reason(near(hit))}</span>`]));
  store.dispatch({type: 'part'});
}
