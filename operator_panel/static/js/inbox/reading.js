/** What this person has seen: the read mark for the badge, and the newest message that was on the screen. */

import {announce} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {unread} from 'mostik/core/rows.js';
import {api, store} from 'mostik/inbox/desk.js';

const MARK_PAUSE = 300;

let conversation = '';
let shown = 0;
let markTimer = 0;

/** @returns {number} seq of the newest message that was on the screen */
export function shownSeq() {
  return shown;
}

/** @returns {boolean} is somebody looking at the end of the thread */
function looking() {
  const {thread} = store.state;
  return thread?.state === 'ready' && thread.atEnd && !thread.cut && document.visibilityState === 'visible';
}

function mark() {
  markTimer = 0;
  const {thread, rows} = store.state;
  const row = thread && rows.get(thread.id);
  const last = thread?.messages.at(-1)?.seq;
  if (!row || !last || !looking() || !document.hasFocus() || unread(store.state, row) === 0) return;
  store.dispatch({type: 'read', conversation_id: row.id, incoming: row.incoming});
  // A mark that got lost only leaves a badge; the next word of the customer moves it again.
  api.post(`/conversations/${encodeURIComponent(row.id)}/read`, {seq: last}).catch(() => {});
}

/** Look after every drawing what is on the screen now. */
export function watchReading() {
  const {thread} = store.state;
  if (thread?.id !== conversation) {
    conversation = thread?.id ?? '';
    shown = 0;
  }
  if (!thread || !looking()) return;
  shown = Math.max(shown, thread.messages.at(-1)?.seq ?? 0);
  markTimer ||= setTimeout(mark, MARK_PAUSE);
}

/** @param {any} event @param {import('mostik/core/store.js').State} state */
export function announceArrival(event, state) {
  if (event.type !== 'message.created' || event.message.author.kind !== 'customer') return;
  if (state.thread?.id === event.message.conversation_id) return;
  announce(t('ui.announce.message', {name: event.conversation.customer.name}));
}
