/** Pages of an open conversation: older above, newer below, the newest at once. */

import {PAGE} from 'mostik/core/thread.js';
import {api, store} from 'mostik/inbox/desk.js';
import {complain} from 'mostik/inbox/toasts.js';

const NEWEST = 2147483647;

/**
 * @param {string} type of the event that takes the page
 * @param {Record<string, number>} query
 */
async function page(type, query) {
  const {thread} = store.state;
  if (!thread || thread.busy || thread.state !== 'ready') return;
  const {id} = thread;
  store.dispatch({type: 'thread.busy', id, busy: true});
  try {
    const found = await api.get(`/conversations/${encodeURIComponent(id)}/messages`, {...query, limit: PAGE});
    store.dispatch({type, id, messages: found.items});
  } catch (error) {
    store.dispatch({type: 'thread.busy', id, busy: false});
    complain(error);
  }
}

/** @returns {Promise<void>} */
export async function loadOlder() {
  const first = store.state.thread?.messages[0]?.seq ?? 1;
  if (first > 1) await page('thread.older', {before: first});
}

/** @param {number} [after] seq @returns {Promise<void>} */
export async function loadNewer(after) {
  const from = after ?? store.state.thread?.messages.at(-1)?.seq ?? 0;
  await page('thread.newer', {after: from});
}

/** @returns {Promise<void>} */
export const loadLatest = () => page('thread.latest', {before: NEWEST});
