/** Who else looks at the open conversation and who writes in it: told to the server, and shown as it tells. */

import {html, nothing} from 'lit-html';
import {avatar, icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {mayWrite, store} from 'mostik/inbox/desk.js';
import {assign} from 'mostik/inbox/verbs.js';

/** @typedef {import('mostik/core/store.js').Thread} Thread */
/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {import('mostik/core/store.js').Row} Row */

/** Who goes on writing tells so again after this time; who was not told of for the other one has stopped. */
const AGAIN = 3000;
const SHOWN = 6000;
const MOST = 3;

let say = (/** @type {object} */ _) => {};
let told = '';
let toldTyping = 0;
/** @type {Map<string, number>} by conversation: when nobody tells of it again, nobody writes */
const stops = new Map();

/** @returns {string|null} the conversation that is before somebody's eyes */
const looked = () => (document.visibilityState === 'visible' ? store.state.selected : null);

/** Tell where this page looks, also to a server that was away. */
export function look() {
  told = looked() ?? '';
  say({type: 'look', conversation_id: looked()});
}

/** Words for the customer are being typed; a note is nobody's business. */
export function typing() {
  const {selected, mode} = store.state;
  const now = Date.now();
  if (!selected || mode !== 'reply' || (told === selected && now - toldTyping < AGAIN)) return;
  toldTyping = now;
  told = selected;
  say({type: 'look', conversation_id: selected, typing: true});
}

/** @param {(word: object) => void} tell the live line's own voice */
export function tendLooks(tell) {
  say = tell;
  document.addEventListener('visibilitychange', look);
  store.subscribe((event) => {
    if (event.type === 'typing') {
      const {conversation_id: id} = event;
      clearTimeout(stops.get(id));
      stops.set(id, setTimeout(() => (stops.delete(id), store.dispatch({type: 'typing.end', id})), SHOWN));
    } else if ((looked() ?? '') !== told) {
      toldTyping = 0;
      look();
    }
  });
}

/** @param {{name: string, typing: boolean}} one */
const viewing = (one) => t(one.typing ? 'ui.viewers.writes' : 'ui.viewers.looks', {name: one.name});

/** Colleagues who have it open, as faces in the head. @param {State} state */
export function viewersTemplate(state) {
  const viewers = state.thread?.viewers ?? [];
  if (!viewers.length) return nothing;
  const face = (/** @type {any} */ one) => html`<li class=${one.typing ? 'viewer-writes' : ''} title=${viewing(one)}>
    ${avatar(one, 'avatar-28')}<span class="listen-only">${viewing(one)}</span>
  </li>`;
  return html`<ul class="viewers" data-testid="viewers" aria-label=${t('ui.viewers.title')}>
    ${viewers.slice(0, MOST).map(face)}
    ${viewers.length > MOST ? html`<li class="viewers-more">+${viewers.length - MOST}</li>` : nothing}
  </ul>`;
}

/** @param {State} state @returns {boolean} does a colleague write an answer at this moment, and none is shown yet */
export const rivalled = ({mode, thread}) =>
  mode === 'reply' && !thread?.crossed && (thread?.viewers ?? []).some((one) => one.typing);

/** Above the composer: whoever else is here, so that nobody answers twice. @param {State} state @param {Row} row */
export function watchTemplate(state, row) {
  const viewers = state.thread?.viewers ?? [];
  if (!viewers.length || !mayWrite) return nothing;
  const one = viewers.find((each) => each.typing) ?? viewers[0];
  const mine = row.assignee?.id === state.me.id;
  const words = one.typing
    ? t('ui.viewers.writes', {name: one.name})
    : t(viewers.length > 1 ? 'ui.viewers.many' : 'ui.viewers.opened', {name: one.name, n: viewers.length - 1});
  return html`<p class="watch" data-testid="watching" data-typing=${one.typing ? 'true' : 'false'}>
    ${icon(one.typing ? 'pencil' : 'eye')}<span role="status">${words}</span>
    ${mine ? html`<button class="link" @click=${() => assign(row.id, one)}>${t('ui.viewers.give')}</button>` : nothing}
  </p>`;
}

/** The customer writes. @param {Thread} thread @param {string} name */
export function writesTemplate(thread, name) {
  if (!thread.writes || thread.cut) return nothing;
  return html`<p class="writes" data-testid="writes">
    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${t('ui.thread.writes', {name})}
  </p>`;
}
