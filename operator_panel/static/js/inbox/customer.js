/** The customer whose conversation is open: his card is fetched here and kept, drawn by parts that come later. */

import {api, store} from 'mostik/inbox/desk.js';

/** Lines of the thread that tell of a change in the card. */
const TELLING = new Set(['banned', 'unbanned', 'contact_added', 'contact_proved', 'linked', 'linked_by_proof', 'unlinked']);

/** Conversations of a customer looked at: an open one may be older than many past ones. */
const LOOKED_AT = 50;
let again = 0;

export const path = (/** @type {string} */ id) => `/customers/${encodeURIComponent(id)}`;

/** Show what the server answered of the customer whose card is open. @param {any} card */
export function shown(card) {
  const {thread} = store.state;
  if (thread?.customer?.id === card.id) {
    store.dispatch({type: 'thread.customer', id: thread.id, customer: {...thread.customer, ...card}});
  }
}

/** Fetch the card of the open conversation, with the other conversations of its customer. */
export async function loadCard() {
  const {thread, rows} = store.state;
  const customer = thread && (rows.get(thread.id)?.customer.id ?? thread.customer?.id);
  if (!thread || !customer) return;
  const [card, past] = await Promise.all([
    api.get(path(customer)).catch(() => null),
    api.get('/conversations', {customer, limit: LOOKED_AT}).catch(() => ({items: []})),
  ]);
  if (!card) return;
  store.dispatch({type: 'thread.customer', id: thread.id, customer: {...card, past: past.items}, whole: true});
}

/** @param {any} row of another conversation @param {any} customer whose card is open @returns {boolean} whether his list shows it otherwise */
function stageMoved(row, customer) {
  if (!customer?.past || row.customer.id !== customer.id) return false;
  return customer.past.find((/** @type {any} */ one) => one.id === row.id)?.stage !== row.stage;
}

/** @param {any} row @param {any} next @returns {boolean} */
const alike = (row, next) => row && Object.keys(next).every((key) => key === 'version' || JSON.stringify(row[key]) === JSON.stringify(next[key]));

/**
 * A fact that may change the card of the open conversation: told again as it is shown already, its surroundings changed.
 * Its version says nothing: it rises when the server tidies up too.
 * @param {any} event @param {import('mostik/core/store.js').State} before
 */
function followCard(event, before) {
  const {thread} = store.state;
  const id = event.conversation?.id;
  if (!thread || thread.state !== 'ready') return;
  if (id !== thread.id) {
    if (stageMoved(event.conversation, thread.customer)) reload();
    return;
  }
  const told = event.type === 'conversation.updated' && alike(before.rows.get(id), event.conversation);
  const other = event.conversation.customer.id !== before.rows.get(id)?.customer.id;
  if (!told && !other && !TELLING.has(event.message?.event?.code)) return;
  reload();
}

function reload() {
  clearTimeout(again);
  again = setTimeout(() => loadCard(), 200);
}

/** Keep the card of whatever conversation is open. */
export function tendCards() {
  store.subscribe((event, before) => {
    if (event.type === 'thread.loaded') loadCard();
    else if (event.cursor && event.conversation) followCard(event, before);
  });
  loadCard();
}
