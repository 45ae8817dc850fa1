/** What comes with the first sign of a person: the keys beyond J and K, files dragged and pasted, panes that are moved, rows that are swiped. */

import {announce} from 'mostik/core/dom.js';
import {go} from 'mostik/core/going.js';
import {t} from 'mostik/core/i18n.js';
import {bindKeys} from 'mostik/core/keys.js';
import {sections} from 'mostik/core/rows.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot, drawing, mayWrite, store} from 'mostik/inbox/desk.js';
import {begin as tendDropping} from 'mostik/inbox/dropping.js';
import {begin as tendElsewhere} from 'mostik/inbox/elsewhere.js';
import {pickRow, showMore, showPassing} from 'mostik/inbox/late.js';
import {closeThread, focusRow, openConversation} from 'mostik/inbox/navigation.js';
import {fold, tendPanes} from 'mostik/inbox/panes.js';
import {tendSwipes} from 'mostik/inbox/swipes.js';
import {claim, close, reopen} from 'mostik/inbox/verbs.js';

/** @returns {string} the row that has the focus */
const focused = () => document.activeElement?.closest?.('.row')?.getAttribute('data-id') ?? '';

/** The row that has the focus, else the open conversation. */
const meant = () => focused() || store.state.selected;

/** The keys of the head, for the open conversation. @param {'claim'|'close'|'reopen'|'pass'|'snooze'|'assign'} verb */
function verb(verb) {
  const {selected, rows, me} = store.state;
  const row = selected ? rows.get(selected) : undefined;
  if (!row || !mayWrite) return;
  const open = row.stage !== 'closed';
  if (verb === 'claim' && open && row.assignee?.id !== me.id) claim(row.id);
  if (verb === 'close' && open) close(row.id);
  if (verb === 'snooze' && open) showMore('snooze');
  if (verb === 'pass' && open) showPassing('one', row.id);
  if (verb === 'assign') /** @type {HTMLElement|null} */ (document.querySelector('[popovertarget="menu-owner"]'))?.click();
  if (verb === 'reopen' && !open) reopen(row.id);
}

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
    {on: 'x', does: 'pick', run: () => pickRow(meant(), false)},
    {on: 'shift+x', run: () => pickRow(meant(), true)},
    {on: 'i', does: 'claim', run: () => verb('claim')},
    {on: 'e', does: 'close', run: () => verb('close')},
    {on: 's', does: 'snooze', run: () => verb('snooze')},
    {on: 't', does: 'pass', run: () => verb('pass')},
    {on: 'a', does: 'assign', run: () => verb('assign')},
    {on: 'shift+e', does: 'reopen', run: () => verb('reopen')},
    {on: 'u', does: 'next_due', run: nextDue},
    {on: 'm', does: 'unread', run: () => markUnread(meant())},
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
