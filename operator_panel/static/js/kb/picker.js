/** A question to the person: which article; the ones like a text stand first, others are found by words. */

import {html, nothing, render} from 'lit-html';
import {percent} from 'mostik/core/format.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {{id: string, title: string, confidence: number|null}} Found */

const FEW = 8;
const PAUSE = 200;
/** Below it a share says nothing. */
const LEAST = 0.05;

/** @param {Room} room @param {string} text @returns {Promise<Found[]>} articles like it, the likest first */
async function like(room, text) {
  const {ranked} = await room.api('POST', '/kb/match', {text, limit: 5});
  return ranked.map((/** @type {any} */ one) => ({id: one.article_id, title: one.title, confidence: one.confidence}));
}

/** @param {Room} room @param {string} q @returns {Promise<Found[]>} */
async function found(room, q) {
  const {items} = await room.api('GET', '/articles', {q, limit: FEW * 2});
  const open = items.filter((/** @type {any} */ one) => one.state !== 'archived').slice(0, FEW);
  return open.map((/** @type {any} */ one) => ({id: one.id, title: one.title || one.questions[0] || one.id, confidence: null}));
}

/**
 * @param {Room} room @param {string} ask @param {string} text what articles like it are shown for @param {string} yes
 * @param {{none?: string, without?: string}} [more] `none`: no article may be chosen too; `without`: the one that is
 *   wrong is not shown, and no article is chosen at first
 * @returns {Promise<string|null>} the id of the article, empty: none of them; null: not after all
 */
export async function pickArticle(room, ask, text, yes, {none = '', without} = {}) {
  const {t} = room;
  /** @type {{rows: Found[], chosen: string|null, query: string, asked: number}} */
  const state = {rows: [], chosen: without ? '' : null, query: '', asked: 0};
  let pause = 0;

  const row = (/** @type {Found} */ one) => html`<label class="kb-pick">
    <input type="radio" name="kb-pick" value=${one.id} .checked=${state.chosen === one.id} @change=${() => ((state.chosen = one.id), draw())} />
    <span>${one.title}</span>${one.confidence === null || one.confidence < LEAST ? nothing : html`<span class="count">${percent(one.confidence)}</span>`}
  </label>`;

  function draw() {
    const place = document.getElementById('kb-picks');
    const last = none ? row({id: '', title: none, confidence: null}) : nothing;
    const bare = state.asked === 0 && !state.rows.length ? html`<p class="kb-none">${t('kb.board.pick_none')}</p>` : nothing;
    if (place) render(html`${state.rows.map(row)}${bare}${last}`, place);
  }

  async function look() {
    state.asked += 1;
    const mine = state.query;
    const rows = await (mine.trim() ? found(room, mine) : like(room, text)).catch((why) => (room.complain(why), []));
    state.asked -= 1;
    if (mine !== state.query) return;
    state.rows = rows.filter((one) => one.id !== without);
    if (state.chosen !== '' && !state.rows.some((one) => one.id === state.chosen)) state.chosen = state.rows[0]?.id ?? null;
    draw();
  }

  function onInput(/** @type {InputEvent} */ event) {
    state.query = /** @type {HTMLInputElement} */ (event.target).value;
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE);
  }

  const more = html`<input class="field kb-dialog-field" type="search" autocomplete="off" placeholder=${t('kb.board.pick_search')}
      aria-label=${t('kb.board.pick_search')} data-testid="kb-pick-search" autofocus @input=${onInput} />
    <div class="kb-picks" id="kb-picks" role="radiogroup" aria-label=${t('kb.board.pick')} data-testid="kb-picks"></div>`;
  const sure = room.confirm(ask, {yes, more});
  look();
  return (await sure) ? state.chosen : null;
}
