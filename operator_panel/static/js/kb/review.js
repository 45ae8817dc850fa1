/** Automatic answers drawn to be looked at: right or wrong, and the matcher learns it. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {percent, shortTime} from 'mostik/core/format.js';
import {emptyTemplate, headTemplate} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {any} Review as the API shows it */

shared.state.reviews = {rows: [], counts: null, busy: new Set()};

/** @param {Room} room */
export async function open(room) {
  const {items, counts} = await room.api('GET', '/kb/reviews');
  Object.assign(room.state.reviews, {rows: items, counts});
  room.redraw();
}

/** @param {Room} room @returns {number|null} */
export const count = ({state}) => state.reviews.counts?.open ?? null;

/** @param {Room} room @param {Review} one @param {boolean} right */
async function judge(room, one, right) {
  const {reviews} = room.state;
  if (reviews.busy.has(one.id)) return;
  reviews.busy.add(one.id);
  room.redraw();
  try {
    await room.api('POST', `/kb/reviews/${encodeURIComponent(one.id)}`, {right});
    reviews.rows = reviews.rows.filter((/** @type {Review} */ other) => other !== one);
    reviews.counts.open -= 1;
    reviews.counts[right ? 'right' : 'wrong'] += 1;
  } catch (error) {
    room.complain(error);
  }
  reviews.busy.delete(one.id);
  room.redraw();
}

/** @param {Room} room @param {Review} one */
function row(room, one) {
  const {t, rights, state} = room;
  const busy = state.reviews.busy.has(one.id);
  const verb = (/** @type {boolean} */ right) => html`<button
    class="btn btn-small"
    ?disabled=${busy}
    data-testid=${right ? 'kb-review-right' : 'kb-review-wrong'}
    @click=${() => judge(room, one, right)}
  >
    ${icon(right ? 'thumbs-up' : 'thumbs-down')}${t(right ? 'kb.review.right' : 'kb.review.wrong')}
  </button>`;
  const sure = one.threshold === null ? t('kb.review.exact') : t('kb.review.sure', {sure: percent(one.confidence), limit: percent(one.threshold)});
  return html`<li class="kb-card" data-testid="kb-review" data-id=${one.id}>
    <div class="kb-card-head"><h2>${one.text}</h2><time datetime=${one.at}>${shortTime(one.at)}</time></div>
    <p class="kb-example">
      <a class="link" href=${`/kb/articles/${encodeURIComponent(one.article_id)}`}>${one.title}</a> · ${sure}
    </p>
    ${rights.edit ? html`<div class="kb-board-do">${verb(true)}${verb(false)}</div>` : nothing}
  </li>`;
}

/** @param {Room} room */
export function view(room) {
  const {t, state} = room;
  const {rows, counts} = state.reviews;
  const looked = counts ? counts.right + counts.wrong : 0;
  return html`${headTemplate(room, html`<h1>${t('kb.section.review')}</h1>`)}
    <div class="kb-body" data-testid="kb-reviews">
      <p class="kb-lead">${t('kb.review.lead')} ${looked ? t('kb.review.so_far', {right: counts.right, all: looked}) : nothing}</p>
      ${rows.length
        ? html`<ol class="kb-cards">${repeat(rows, (/** @type {Review} */ one) => one.id, (one) => row(room, one))}</ol>`
        : emptyTemplate('check-check', t('kb.review.none'), t('kb.review.none_hint'))}
    </div>`;
}
