/** Questions that had no answer and would get one now: told when an article is published. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

/** Ask them again and note it. @param {Room} room @param {string} id of the article */
export async function askAgain(room, id) {
  const {items} = await room.api('POST', `/articles/${encodeURIComponent(id)}/misses`).catch(() => ({items: []}));
  const answered = items.filter((/** @type {any} */ one) => one.decision === 'answer' && one.article_id === id);
  room.state.answered = {id, items: answered, asked: items.length};
  if (items.length) room.changed({misses: items.map((/** @type {any} */ one) => one.miss.id)});
  room.redraw();
}

/** @param {Room} room @param {string|undefined} id of the article that is shown */
export function answeredTemplate(room, id) {
  const {t} = room;
  const {answered} = room.state;
  if (!id || answered?.id !== id || !answered.asked) return nothing;
  const {items} = answered;
  const said = html`<span role="status">${items.length ? t('kb.board.answered', {n: items.length}) : t('kb.board.answered_none')}</span>`;
  const row = (/** @type {any} */ {miss}) => html`<li>«${miss.text}» <time datetime=${miss.at}>${shortTime(miss.at)}</time></li>`;
  const close = () => {
    room.state.answered = null;
    room.redraw();
  };
  return html`<div class="kb-banner kb-answered" data-testid="kb-answered" data-count=${items.length}>
    ${icon(items.length ? 'circle-check' : 'circle-question-mark')}
    ${items.length ? html`<details><summary>${said}</summary><ul>${items.map(row)}</ul></details>` : said}
    <button class="icon-btn" aria-label=${t('kb.board.answered_close')} @click=${close}>${icon('x')}</button>
  </div>`;
}
