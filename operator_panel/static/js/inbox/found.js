/** Going to a message that was found, however far back it stands: what is around it is fetched, not all before it. */

import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {PAGE} from 'mostik/core/thread.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {flash, placeOf} from 'mostik/inbox/signs.js';

/** @param {string} id @returns {Promise<boolean>} is the conversation open and read */
function opened(id) {
  return new Promise((resolve) => {
    let done = false;
    const look = () => {
      const {thread} = store.state;
      if (done || (thread?.id === id && thread.state === 'loading')) return;
      done = true;
      resolve(thread?.id === id && thread.state === 'ready');
    };
    store.subscribe(look);
    look();
  });
}

/** @param {{id: string, conversation_id: string}} found */
export async function showMessage({id, conversation_id: where}) {
  openConversation(where);
  if (!(await opened(where))) return;
  drawing.now();
  if (!placeOf(id)) {
    const path = `/conversations/${encodeURIComponent(where)}/messages`;
    const page = await api.get(path, {around: id, limit: PAGE}).catch((/** @type {any} */ error) => (error.status === 404 ? {items: []} : complain(error)));
    if (!page || store.state.thread?.id !== where) return;
    if (page.items.length) store.dispatch({type: 'thread.around', id: where, messages: page.items});
    drawing.now();
  }
  const place = placeOf(id);
  if (place) flash(place);
  else toast(t('ui.message.quote_lost'));
}
