/** The rows that are drawn of a list of any length: as many as are seen, and some above and below. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {sections} from 'mostik/core/rows.js';
import {drawing, store} from 'mostik/inbox/desk.js';
import {slots} from 'mostik/inbox/late.js';
import {rowTemplate} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').State} State */

/** Rows drawn at once, however many there are; more than this many stand above and below what is seen. */
const DRAWN = 64;
const SPARE = 16;
const STEP = 8;
/** Rows are of one height; this one is true until the first is there. */
let high = 60;
const drawn = () => Math.max(DRAWN, Math.ceil(innerHeight / high) + 2 * SPARE + STEP);
/** The first row that is drawn, by its place in the whole list, and the places that are given away. */
let first = 0;
let placed = 0;

/** @param {number} rows that are not drawn */
const gap = (rows) => (rows > 0 ? html`<li class="rows-gap" aria-hidden="true" .style=${`height:${rows * high}px`}></li>` : nothing);

/** @param {State} state @param {import('mostik/core/store.js').Row[]} rows of a section @param {string|undefined} stop */
export function listed(state, rows, stop) {
  const from = Math.min(rows.length, Math.max(0, first - placed));
  const to = Math.min(rows.length, Math.max(0, first + drawn() - placed));
  placed += rows.length;
  return html`<ul>
    ${gap(from)}${repeat(
      rows.slice(from, to),
      (row) => row.id,
      (row) => html`<li>${slots.picks?.box(state, row)}${rowTemplate(state, row, row.id === stop)}</li>`,
    )}${gap(rows.length - to)}
  </ul>`;
}

/** @param {number} place in the whole list that is to be in the middle of what is drawn @returns {boolean} is it otherwise now */
function drawAround(place) {
  const next = Math.max(0, Math.floor((place - SPARE) / STEP) * STEP);
  if (next === first) return false;
  first = next;
  return true;
}

drawing.reveal = (id) => {
  const ids = sections(store.state).flatMap(({name, rows}) => (store.state.folded.has(name) ? [] : rows.map((row) => row.id)));
  const at = ids.indexOf(id);
  if (at !== -1 && (at < first || at >= first + drawn()) && drawAround(at)) drawing.now();
};

/** A list of so many rows is drawn from its beginning. @param {number} rows */
export function begun(rows) {
  placed = 0;
  if (first >= rows) first = 0;
}

/** @param {HTMLElement} place that was scrolled */
export function scrolled(place) {
  high = /** @type {HTMLElement|null} */ (place.querySelector('.row'))?.parentElement?.offsetHeight || high;
  if (drawAround(Math.floor(place.scrollTop / high))) store.dispatch({type: 'part'});
}
