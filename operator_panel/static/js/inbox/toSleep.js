/**
 * A conversation is put to sleep, and the next one that is awake opens, as after closing; with none left one stays.
 * A closed one is told when to open again.
 */

import {sections} from 'mostik/core/rows.js';
import {wider} from 'mostik/core/dom.js';
import {wakeTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {focusRow, openConversation} from 'mostik/inbox/navigation.js';
import {act} from 'mostik/inbox/picks.js';
import {askSleep} from 'mostik/inbox/sleep.js';

/** @param {string} id @returns {string|undefined} the row below it that is awake, else the one above */
function nextAwake(id) {
  const {folded} = store.state;
  const ids = sections(store.state).filter(({name}) => !folded.has(name)).flatMap(({rows}) => rows.map((row) => row.id));
  const awake = (/** @type {string} */ one) => one !== id && !store.state.rows.get(one)?.snoozed_until;
  const at = ids.indexOf(id);
  return ids.slice(at + 1).find(awake) ?? ids.slice(0, Math.max(0, at)).findLast(awake);
}

/** @param {string} id @param {Date|'customer'|null} when until he writes; null wakes it @param {string} [note] what is to be done then @returns {Promise<void>} */
export async function sleepUntil(id, when, note = '') {
  const next = nextAwake(id);
  const done = await act({action: 'snooze', until: when instanceof Date ? when.toISOString() : null, until_reply: when === 'customer', note}, [id]);
  if (!when || !done.length || !next || store.state.selected !== id || !wider(901)) return;
  openConversation(next, {replace: true});
  drawing.now();
  focusRow(next);
}

/** @param {import('mostik/core/store.js').Row} row that is closed @param {Date|null} at null: not by itself @param {string} [note] */
async function reopenAt(row, at, note = '') {
  try {
    const changed = await api.post(`/conversations/${encodeURIComponent(row.id)}/reopen`, {at: at && at.toISOString(), note});
    store.dispatch({type: 'row.loaded', row: changed});
    toast(at ? t('ui.sleep.reopens', {when: wakeTime(changed.snoozed_until)}) : t('ui.sleep.reopens_not'), {action: at ? {label: t('ui.undo'), run: () => reopenAt(row, null)} : undefined});
  } catch (error) {
    complain(error);
  }
}

/** @param {import('mostik/core/store.js').Row} row that is closed @returns {import('mostik/core/menu.js').Item[]} when it opens again */
export const laterItems = (row) => [
  {label: t('ui.sleep.reopen_at'), run: () => askSleep((when, note) => reopenAt(row, when, note), t('ui.sleep.reopen_title'))},
  ...(row.snoozed_until ? [{label: t('ui.sleep.reopen_not'), run: () => reopenAt(row, null)}] : []),
];
