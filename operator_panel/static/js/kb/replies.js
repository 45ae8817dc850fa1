/** What the desk answers again and again: an article is made of it, or it is let be. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {avatar} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';
import {proposeArticle} from 'mostik/core/propose.js';
import {toast} from 'mostik/core/toasts.js';
import {emptyTemplate, headTemplate, keepFocus} from 'mostik/kb/pieces.js';
import {api, room as shared} from 'mostik/kb/room.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {any} Reply as the API shows it */

shared.state.replies = {rows: [], loaded: false, busy: new Set()};

/** @param {Room} room */
export async function loadReplies(room) {
  const {items} = await room.api('GET', '/kb/replies');
  Object.assign(room.state.replies, {rows: items, loaded: true});
  room.redraw();
}

/** @param {Room} room */
export async function open(room) {
  await loadReplies(room);
  const message = new URLSearchParams(location.search).get('message');
  if (!message) return;
  room.renamed('/kb/replies');
  propose(room, message).catch(room.complain);
}

/** @param {Room} room @param {{article?: string, misses?: string[], replies?: boolean}} what */
export function changed(room, what) {
  if (what.replies || (!what.article && !what.misses)) loadReplies(room).catch(room.complain);
}

/** @param {Room} room @returns {number|null} */
export const count = ({state}) => (state.replies.loaded ? state.replies.rows.length : null);

/** @param {Room} room @param {Reply} reply @param {() => Promise<void>} act */
async function once(room, reply, act) {
  const {busy} = room.state.replies;
  if (busy.has(reply.id)) return;
  const back = keepFocus('[data-testid="kb-reply"]');
  busy.add(reply.id);
  room.redraw();
  await act().catch(room.complain);
  busy.delete(reply.id);
  room.redraw();
  back();
}

/** @param {Room} room @param {Reply} reply */
const make = (room, reply) => once(room, reply, () => propose(room, reply.message_id));

/** @param {Room} room @param {string} message id of an answer */
async function propose(room, message) {
  const done = await proposeArticle(api, message);
  if (!done) return;
  const {title, id} = done.article;
  room.changed({article: id, row: done.article, misses: [], replies: true});
  room.toast(room.t(done.added ? 'kb.replies.added' : 'kb.propose.done', {title}));
  if (!done.added) await room.go(`/kb/articles/${encodeURIComponent(id)}`);
}

/** @param {Room} room @param {Reply} reply @param {'skip'|'unskip'} verb */
const move = (room, reply, verb) =>
  once(room, reply, async () => {
    await room.api('POST', `/kb/replies/${encodeURIComponent(reply.id)}/${verb}`);
    room.changed({article: '', replies: true});
    if (verb === 'skip') toast(room.t('kb.replies.skipped'), {action: {label: room.t('ui.undo'), run: () => move(room, reply, 'unskip')}});
  });

/** @param {Room} room @param {Reply} reply */
export function replyTemplate(room, reply) {
  const {t, rights, state} = room;
  const busy = state.replies.busy.has(reply.id);
  const [name = ''] = reply.operators;
  return html`<div class="kb-reply-who">
      ${avatar({id: name, name}, 'avatar-20')}<span>${reply.operators.join(', ')}</span>
      <span class="count"><time datetime=${reply.at}>${shortTime(reply.at)}</time> · ${t('kb.replies.customers', {n: reply.customers})}</span>
    </div>
    ${reply.question ? html`<p class="kb-reply-asked">${reply.question}</p>` : nothing}
    <p class="kb-reply-said">«${reply.text}»</p>
    ${rights.edit
      ? html`<div class="kb-board-do">
          <button class="btn btn-small" ?disabled=${busy} data-testid="kb-reply-make" @click=${() => make(room, reply)}>${t('kb.replies.make')}</button>
          <button class="btn btn-small kb-quiet" ?disabled=${busy} data-testid="kb-reply-skip" @click=${() => move(room, reply, 'skip')}>${t('kb.replies.skip')}</button>
        </div>`
      : nothing}`;
}

/** @param {Room} room */
export function view(room) {
  const {t, state} = room;
  const {rows} = state.replies;
  return html`${headTemplate(room, html`<h1>${t('kb.section.replies')}</h1>`)}
    <div class="kb-body" data-testid="kb-replies">
      ${rows.length
        ? html`<p class="kb-lead">${t('kb.replies.lead')}</p>
            <ol class="kb-cards">${repeat(rows, (/** @type {Reply} */ one) => one.id, (one) => html`<li class="kb-card" data-testid="kb-reply" data-id=${one.id}>${replyTemplate(room, one)}</li>`)}</ol>`
        : emptyTemplate('message-square', t('kb.replies.none'), t('kb.replies.none_hint'))}
    </div>`;
}
