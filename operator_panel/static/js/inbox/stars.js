/** Stars on messages and notes: one's own, put and taken in the menu of a message. */

import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, store} from 'mostik/inbox/desk.js';

let thread = '';
/** @type {Set<string>} ids of messages of the open conversation */
let starred = new Set();

/** Ask which messages of the open conversation are starred; once a conversation. */
export async function loadStars() {
  const {selected} = store.state;
  if (!selected || selected === thread) return;
  thread = selected;
  starred = new Set();
  const found = await api.get(`/conversations/${encodeURIComponent(selected)}/starred`).catch(() => null);
  if (found && thread === selected) starred = new Set(found.ids);
}

/** @param {string} id @returns {boolean} */
export const isStarred = (id) => starred.has(id);

/** @param {string} id of a message */
export async function toggleStar(id) {
  const on = starred.has(id);
  try {
    const path = `/messages/${encodeURIComponent(id)}/star`;
    await (on ? api.remove(path) : api.put(path, {}));
    starred[on ? 'delete' : 'add'](id);
    toast(t(on ? 'ui.amend.unstarred' : 'ui.amend.starred'));
  } catch (error) {
    complain(error);
  }
}
