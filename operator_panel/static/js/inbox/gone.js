/** Who was erased leaves nothing on this desk: no thread, no draft, no word on its way, nothing that was fetched of him. */

import {nothing, render} from 'lit-html';
import {announce} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {api, boot, drafts, store} from 'mostik/inbox/desk.js';
import {forgets} from 'mostik/inbox/places.js';

/** Conversations asked after in one sweep. */
const MOST = 100;
/** Dialogs that show what was said or is known of somebody. */
const SHOWING = ['timeline', 'lightbox', 'compare'];

/** @returns {string[]} */
function draftKeys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** @returns {string[]} conversations this browser keeps something of */
function kept() {
  const prefix = `mostik.draft.${boot.me.id}.`;
  const keys = draftKeys().filter((key) => key.startsWith(prefix));
  const ids = keys.map((key) => key.slice(prefix.length).replace(/\.(reply|note)$/, ''));
  return [...new Set([...ids, ...store.state.sends.map((send) => send.conversation)])];
}

/** @param {string} id of a conversation that is no more */
function drop(id) {
  for (const mode of /** @type {const} */ (['reply', 'note'])) drafts.put(id, mode, {text: '', files: [], quote: ''}, 0);
  for (const send of store.state.sends) {
    if (send.conversation === id) store.dispatch({type: 'send.end', client_id: send.client_id});
  }
  drafts.keepWaiting(drafts.waiting().filter((send) => send.conversation !== id));
  store.dispatch({type: 'draft'});
}

/** Look whose conversations are no more, and forget what is kept here of them. */
export async function sweep() {
  const {thread} = store.state;
  for (const forget of forgets) forget();
  if (thread?.state === 'missing') {
    announce(t('ui.thread.gone')); // what was said last may hold his name
    for (const id of SHOWING) {
      const dialog = /** @type {HTMLDialogElement|null} */ (document.getElementById(id));
      dialog?.close();
      if (dialog) render(nothing, dialog);
    }
  }
  const asked = kept().filter((id) => store.state.thread?.state === 'missing' || store.state.thread?.id !== id);
  for (const id of asked.slice(0, MOST)) {
    const answer = await api.get(`/conversations/${encodeURIComponent(id)}`).catch((error) => error);
    if (answer?.status === 404) drop(id);
  }
}
