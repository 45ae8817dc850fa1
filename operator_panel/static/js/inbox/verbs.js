/** What an operator does with a conversation; refusals are told, never swallowed. */

import {announce, wider} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {neighbour} from 'mostik/core/rows.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {closeThread, focusRow, openConversation} from 'mostik/inbox/navigation.js';

/** @param {string} id @param {string} verb @param {object} [body] */
async function act(id, verb, body) {
  try {
    const conversation = await api.post(`/conversations/${encodeURIComponent(id)}/${verb}`, body);
    store.dispatch({type: 'conversation.updated', conversation});
    store.dispatch({type: 'order.apply', hold: store.state.frozen !== null});
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** @param {string} id @param {string} verb @param {string} said key @param {object} [body] @param {object} [values] */
async function actAndTell(id, verb, said, body, values) {
  if (await act(id, verb, body)) announce(t(said, {...values}));
}

/** @param {string} id */
export const claim = (id) => actAndTell(id, 'claim', 'ui.done.claimed');

/** @param {string} id @param {'queue'|'bot'} to */
export const release = (id, to) => actAndTell(id, 'release', `ui.done.released_${to}`, {to});

/** @param {string} id @param {{id: string, name: string}} operator */
export const assign = (id, operator) =>
  actAndTell(id, 'assign', 'ui.done.assigned', {operator: operator.id}, {name: operator.name});

/** @param {string} id */
export const reopen = (id) => actAndTell(id, 'reopen', 'ui.done.reopened');

/** Close a conversation and go on with the next row. @param {string} id @param {{without_reply: true}} [how] */
export async function close(id, how) {
  const name = store.state.rows.get(id)?.customer.name ?? '';
  const next = neighbour(store.state, id, 1) ?? neighbour(store.state, id, -1);
  if (!(await act(id, 'close', how))) return;
  toast(t('ui.done.closed', {name}), {action: {label: t('ui.undo'), run: () => undoClose(id)}});
  if (store.state.selected !== id || store.state.view === 'closed') return;
  if (next && wider(901)) {
    openConversation(next, {replace: true});
    drawing.now();
    focusRow(next);
  } else closeThread(true);
}

/** @param {string} id */
async function undoClose(id) {
  await reopen(id);
  openConversation(id);
}

/** Try a message again that failed or whose fate nobody knows. @param {string} id of the message */
export async function retry(id) {
  try {
    const message = await api.post(`/messages/${encodeURIComponent(id)}/retry`);
    store.dispatch({type: 'message.sent', message, client_id: ''});
  } catch (error) {
    complain(error);
  }
}
