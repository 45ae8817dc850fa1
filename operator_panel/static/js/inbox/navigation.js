/** Which view, which search, which conversation: every one of them has an address, and Back works. */

import {announce} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {neighbour} from 'mostik/core/rows.js';
import {PAGE} from 'mostik/core/thread.js';
import {complain} from 'mostik/core/toasts.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';

export const VIEWS = /** @type {const} */ (['mine', 'free', 'all', 'bot']);
const NEWEST = 2147483647;
const STEP_PAUSE = 150;
const FEW = 20;
const FOLLOW = 3;

let listing = new AbortController();
let opening = new AbortController();
let pause = 0;

/** @param {string} view @param {string|null} [id] @returns {string} */
export function address(view, id = null) {
  return id ? `/inbox/${view}/${encodeURIComponent(id)}` : `/inbox/${view}`;
}

/** @returns {{view: string, id: string|null}} what the address bar says */
function here() {
  const [, , view = 'mine', id] = location.pathname.split('/');
  return {view, id: id ? decodeURIComponent(id) : null};
}

/** @param {boolean} replace */
function note(replace) {
  const {view, selected} = store.state;
  const url = address(view, selected);
  if (url === location.pathname) return;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
}

/** @param {boolean} more the next page, else the first one @param {number} [left] pages that may follow by themselves */
async function loadList(more, left = FOLLOW) {
  listing.abort();
  listing = new AbortController();
  const {view, query, channel, team, filters, sort, next} = store.state;
  try {
    const ask = {view, q: query, channel, team, filters: filters && JSON.stringify(filters), sort, limit: PAGE, cursor: more ? next : null};
    const page = await api.get('/conversations', ask, listing.signal);
    store.dispatch({type: 'list.loaded', items: page.items, next: page.next, more});
    // A narrowed page may hold less than there is place for: nobody would scroll for more.
    if (page.next && page.items.length < FEW && left) await loadList(true, left - 1);
  } catch (error) {
    if (error instanceof DOMException) return;
    store.dispatch({type: 'list.failed'});
  }
}

export const loadRows = () => loadList(false);

let loadingMore = false;

export async function loadMoreRows() {
  if (!store.state.next || loadingMore) return;
  loadingMore = true;
  await loadList(true);
  loadingMore = false;
}

/**
 * @param {string} view @param {string} [query] @param {string} [channel] the only one wanted; empty: all
 * @param {{team?: string, filters?: object, name?: string, sort?: string}} [more]
 */
export function openView(view, query = '', channel, more) {
  store.dispatch({type: 'view.open', view, query, channel, ...more});
  note(false);
  return loadList(false);
}

/** @param {string} query */
export const search = (query) => openView(store.state.view, query);

/**
 * Open a conversation.
 * @param {string} id
 * @param {{replace?: boolean, delay?: number}} [options] `replace` leaves no step in the history (J and K)
 */
export function openConversation(id, {replace = false, delay = 0} = {}) {
  if (store.state.selected === id && store.state.thread?.state === 'ready') return;
  store.dispatch({type: 'thread.open', id});
  clearTimeout(pause);
  opening.abort();
  // The address is noted while the words are on their way.
  if (delay) pause = setTimeout(() => loadThread(id), delay);
  else loadThread(id);
  note(replace);
}

/** @param {string} id */
export async function loadThread(id) {
  opening.abort();
  opening = new AbortController();
  const {signal} = opening;
  const path = `/conversations/${encodeURIComponent(id)}`;
  try {
    // A row of the list is kept up to date by the line: its words need not wait for what is known.
    const {rows, reads} = store.state;
    const known = rows.has(id) && reads.has(id);
    const asked = known ? null : api.get(path, {}, signal);
    const [page, met] = await Promise.all([api.get(`${path}/messages`, {before: NEWEST, limit: PAGE}, signal), asked]);
    const conversation = met ?? store.state.rows.get(id) ?? (await api.get(path, {}, signal));
    store.dispatch({type: 'thread.loaded', conversation, messages: page.items});
    drawing.now();
    if (known) api.get(path, {}, signal).then((row) => store.dispatch({type: 'row.loaded', row}), () => {});
    announce(t('ui.announce.opened', {name: conversation.customer.name}));
    await loadSuggestions(id, signal);
  } catch (error) {
    if (error instanceof DOMException) return;
    const missing = /** @type {{status?: number}} */ (error).status === 404;
    store.dispatch({type: 'thread.failed', id, missing});
  }
}

/** @param {string} id @param {AbortSignal} [signal] */
export async function loadSuggestions(id, signal) {
  const found = await api.get(`/conversations/${encodeURIComponent(id)}/suggestions`, {}, signal).catch(() => []);
  store.dispatch({type: 'thread.suggestions', id, suggestions: Array.isArray(found) ? found : found.items});
}

/** @param {boolean} [replace] */
export function closeThread(replace = false) {
  clearTimeout(pause);
  opening.abort();
  store.dispatch({type: 'thread.close'});
  note(replace);
}

/** @param {1|-1} step to the next or previous row of the list */
export function step(step) {
  const id = neighbour(store.state, store.state.selected, step);
  if (!id) return;
  openConversation(id, {replace: store.state.selected !== null, delay: STEP_PAUSE});
  drawing.now();
  focusRow(id);
}

/** @param {string} id */
export function focusRow(id) {
  drawing.reveal(id);
  const row = /** @type {HTMLElement|null} */ (document.querySelector(`.row[data-id="${CSS.escape(id)}"]`));
  row?.focus({preventScroll: false});
  row?.scrollIntoView({block: 'nearest'});
}

/** Fetch what is shown anew: after a gap in the live line, after a login. */
export async function refetch() {
  const {thread} = store.state;
  try {
    const counts = await api.get('/conversations/counts');
    store.dispatch({type: 'counts', counts});
    await loadList(false);
    if (thread) await loadThread(thread.id);
  } catch (error) {
    complain(error);
  }
}

export function followHistory() {
  addEventListener('popstate', () => {
    const {view, id} = here();
    if (view !== store.state.view) {
      store.dispatch({type: 'view.open', view, query: ''});
      loadList(false);
    }
    if (id === store.state.selected) return;
    if (id) openConversation(id, {replace: true});
    else closeThread(true);
  });
}
