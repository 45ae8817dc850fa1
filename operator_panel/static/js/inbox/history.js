/** Pages of an open conversation: older above, newer below, the newest at once. */

import {PAGE} from 'mostik/core/thread.js';
import {complain} from 'mostik/core/toasts.js';
import {api, store} from 'mostik/inbox/desk.js';

const NEWEST = 2147483647;

/** @typedef {import('mostik/core/store.js').Thread} Thread */

/**
 * @param {string} type of the event that takes the page
 * @param {Record<string, number>} query
 * @param {(thread: Thread) => boolean} fits does the page still touch the window when it comes
 */
async function page(type, query, fits) {
  const {thread} = store.state;
  if (!thread || thread.busy || thread.state !== 'ready') return;
  const {id} = thread;
  store.dispatch({type: 'thread.busy', id, busy: true});
  try {
    const found = await api.get(`/conversations/${encodeURIComponent(id)}/messages`, {...query, limit: PAGE});
    const now = store.state.thread;
    if (now?.id !== id) return;
    store.dispatch(fits(now) ? {type, id, messages: found.items} : {type: 'thread.busy', id, busy: false});
  } catch (error) {
    store.dispatch({type: 'thread.busy', id, busy: false});
    complain(error);
  }
}

/** @returns {Promise<void>} */
export async function loadOlder() {
  const first = store.state.thread?.messages[0]?.seq ?? 1;
  if (first > 1) await page('thread.older', {before: first}, (now) => now.messages[0]?.seq === first);
}

/** @param {number} [after] seq @returns {Promise<void>} */
export async function loadNewer(after) {
  const from = after ?? store.state.thread?.messages.at(-1)?.seq ?? 0;
  await page('thread.newer', {after: from}, (now) => now.messages.some((message) => message.seq === from));
}

/** @returns {Promise<void>} */
export const loadLatest = () => page('thread.latest', {before: NEWEST}, () => true);
