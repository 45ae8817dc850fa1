/** Beside the article: the questions without an answer that are asked most of late. */

import {html, nothing} from 'lit-html';
import {actionsTemplate} from 'mostik/kb/misses.js';
import {trendTemplate} from 'mostik/kb/trend.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

const FEW = 3;

/** @param {Room} room */
export function aside(room) {
  const {t, state} = room;
  const {rows, loaded} = state.misses;
  if (!loaded || !rows.length || state.here.section.name === 'misses') return nothing;
  return html`<div class="kb-beside-piece" data-testid="kb-aside-misses">
    <header><h2>${t('kb.section.misses')}</h2><span class="count">${t('kb.board.groups', {n: rows.length})}</span><a class="link" href="/kb/misses">${t('kb.board.see_all')}</a></header>
    <ul class="kb-few">
      ${rows.slice(0, FEW).map(
        (/** @type {any} */ one, /** @type {number} */ place) => html`<li>
          <div class="kb-card-head"><h3>${one.label}</h3>${trendTemplate(one.trend)}<b class="kb-card-count" aria-label=${t('kb.board.asked_n', {n: one.count})}>${one.count}</b></div>
          ${one.example === one.label ? nothing : html`<p class="kb-example">«${one.example}»</p>`}
          ${place === 0 ? actionsTemplate(room, one, true) : nothing}
        </li>`,
      )}
    </ul>
  </div>`;
}
