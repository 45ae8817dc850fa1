/** What comes with the first sign of a person: the keys beyond J and K, files dragged and pasted, panes that are moved, rows that are swiped. */

import {announce} from 'mostik/core/dom.js';
import {go} from 'mostik/core/going.js';
import {t} from 'mostik/core/i18n.js';
import {bindKeys} from 'mostik/core/keys.js';
import {sections} from 'mostik/core/rows.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot, drawing, store} from 'mostik/inbox/desk.js';
import {begin as tendDropping} from 'mostik/inbox/dropping.js';
import {begin as tendElsewhere} from 'mostik/inbox/elsewhere.js';
import {closeThread, focusRow, openConversation} from 'mostik/inbox/navigation.js';
import {fold, tendPanes} from 'mostik/inbox/panes.js';
import {tendSwipes} from 'mostik/inbox/swipes.js';

/** The row that had the focus as the key was pressed, else the open conversation. @param {KeyboardEvent} event */
const meant = (event) => /** @type {Element} */ (event.target).closest?.('.row')?.getAttribute('data-id') ?? store.state.selected;

/** Choose who is responsible for the open conversation. */
const assign = () => /** @type {HTMLElement|null} */ (document.querySelector('[popovertarget="menu-owner"]'))?.click();

/** Open the conversation that has waited longest, whatever order the list has; the open one is left aside. */
function nextDue() {
  const due = sections(store.state).find(({name}) => name === 'due')?.rows ?? [];
  const since = (/** @type {import('mostik/core/store.js').Row} */ row) => Date.parse(row.waiting_since ?? '');
  const [next] = due.filter((row) => row.id !== store.state.selected).sort((a, b) => since(a) - since(b) || a.number - b.number);
  if (!next) {
    announce(t('ui.hands.nobody_waits'));
    return;
  }
  openConversation(next.id);
  drawing.now();
  focusRow(next.id);
}

/** The customer's newest word counts as unread again; an open conversation is left, or it would be read at once. @param {string|null} id */
export async function markUnread(id) {
  const row = id ? store.state.rows.get(id) : undefined;
  if (!id || !row?.incoming) return;
  if (store.state.selected === id) {
    closeThread();
    drawing.now();
    focusRow(id);
  }
  try {
    const {incoming} = await api.post(`/conversations/${encodeURIComponent(id)}/unread`);
    store.dispatch({type: 'read', conversation_id: id, incoming});
    announce(t('ui.hands.unread', {name: row.customer.name}));
  } catch (error) {
    complain(error);
  }
}

/** Called once. @param {Event[]} before keys pressed and files brought while this part was on its way */
export function begin(before) {
  const heard = bindKeys([
    {on: 'a', does: 'assign', run: assign},
    {on: 'u', does: 'next_due', run: nextDue},
    {on: 'm', does: 'unread', run: (event) => void markUnread(meant(event))},
    {on: '[', does: 'list', run: () => fold('list')},
    {on: 'g', does: 'go', run: go},
  ], boot.habits);
  tendDropping(before);
  tendElsewhere();
  tendPanes();
  tendSwipes();
  for (const event of before) if (event.type === 'keydown') heard(/** @type {KeyboardEvent} */ (event));
  document.documentElement.dataset.hands = 'true';
}
