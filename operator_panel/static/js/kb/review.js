/** Automatic answers drawn to be looked at: right or wrong, and the matcher learns it. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {channelText} from 'mostik/core/channels.js';
import {icon} from 'mostik/core/dom.js';
import {percent, shortTime} from 'mostik/core/format.js';
import {pickArticle} from 'mostik/kb/picker.js';
import {emptyTemplate, headTemplate, keepFocus} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {any} Review as the API shows it */

/** `said`: what the article of each says, once somebody asked to see it. */
shared.state.reviews = {rows: [], counts: null, busy: new Set(), said: new Map()};

/** @param {Room} room @param {number} [limit] */
async function load(room, limit) {
  const {items, counts} = await room.api('GET', '/kb/reviews', {limit});
  Object.assign(room.state.reviews, {rows: items, counts});
  room.redraw();
}

/** @param {Room} room */
export const open = (room) => load(room);

/** Once, for the number beside the name. @param {Room} room @param {object} what */
export function changed(room, what) {
  if (!Object.keys(what).length && !room.state.reviews.counts) load(room, 1).catch(room.complain);
}

/** @param {Room} room @returns {number|null} */
export const count = ({state}) => state.reviews.counts?.open ?? null;

/** @param {Room} room @param {Review} one @param {boolean} right @param {string} [instead] the article that would have been right */
async function judge(room, one, right, instead) {
  const {reviews} = room.state;
  if (reviews.busy.has(one.id)) return;
  const back = keepFocus('[data-testid="kb-review"]');
  reviews.busy.add(one.id);
  room.redraw();
  try {
    await room.api('POST', `/kb/reviews/${encodeURIComponent(one.id)}`, {right});
    reviews.rows = reviews.rows.filter((/** @type {Review} */ other) => other !== one);
    reviews.counts.open -= 1;
    reviews.counts[right ? 'right' : 'wrong'] += 1;
    if (instead) await room.api('POST', '/kb/labels', {text: one.text, article_id: instead, fits: true});
    if (!reviews.rows.length && reviews.counts.open > 0) await load(room);
  } catch (error) {
    room.complain(error);
  }
  reviews.busy.delete(one.id);
  room.redraw();
  back();
}

/** @param {Room} room @param {Review} one it was wrong: which one is right */
async function wrong(room, one) {
  const {t} = room;
  const more = {none: t('kb.console.unsure'), without: one.article_id};
  const instead = await pickArticle(room, t('kb.review.which', {text: one.text}), one.text, t('kb.console.note'), more);
  if (instead !== null) await judge(room, one, false, instead);
}

/** @param {Room} room @param {Review} one what its article says there now */
async function show(room, one) {
  const {said} = room.state.reviews;
  if (said.has(one.id)) return;
  said.set(one.id, []);
  const path = `/articles/${encodeURIComponent(one.article_id)}/reply`;
  const {parts} = await room.api('GET', path, {channel: one.channel, language: one.language}).catch(() => ({parts: [room.t('kb.console.gone')]}));
  said.set(one.id, parts);
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
    @click=${() => (right ? judge(room, one, true) : wrong(room, one))}
  >
    ${icon(right ? 'thumbs-up' : 'thumbs-down')}${t(right ? 'kb.review.right' : 'kb.review.wrong')}
  </button>`;
  const sure = one.threshold === null ? t('kb.review.exact') : t('kb.review.sure', {sure: percent(one.confidence), limit: percent(one.threshold)});
  return html`<li class="kb-card" data-testid="kb-review" data-id=${one.id}>
    <div class="kb-card-head">
      <h2>${one.text}</h2>
      <a class="count" href="/inbox/all/${encodeURIComponent(one.conversation_id)}">${channelText(room, one.channel)} · <time datetime=${one.at}>${shortTime(one.at)}</time></a>
    </div>
    <p class="kb-grounds"><a class="link" href="/kb/articles/${encodeURIComponent(one.article_id)}">${one.title}</a> · ${sure}</p>
    <details class="kb-all" @toggle=${() => show(room, one)}>
      <summary>${t('kb.review.said')}</summary>
      ${(state.reviews.said.get(one.id) ?? []).map((/** @type {string} */ part) => html`<p class="kb-bubble" dir="auto">${part}</p>`)}
    </details>
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
