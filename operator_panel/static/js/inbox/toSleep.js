/** A conversation is put to sleep, and the next one that is awake opens, as after closing; with none left one stays. */

import {sections} from 'mostik/core/rows.js';
import {drawing, store} from 'mostik/inbox/desk.js';
import {focusRow, openConversation} from 'mostik/inbox/navigation.js';
import {act} from 'mostik/inbox/picks.js';

/** @param {string} id @returns {string|undefined} the row below it that is awake, else the one above */
function nextAwake(id) {
  const {folded} = store.state;
  const ids = sections(store.state).filter(({name}) => !folded.has(name)).flatMap(({rows}) => rows.map((row) => row.id));
  const awake = (/** @type {string} */ one) => one !== id && !store.state.rows.get(one)?.snoozed_until;
  const at = ids.indexOf(id);
  return ids.slice(at + 1).find(awake) ?? ids.slice(0, Math.max(0, at)).findLast(awake);
}

/** @param {string} id @param {Date|null} when null wakes it @returns {Promise<void>} */
export async function sleepUntil(id, when) {
  const next = nextAwake(id);
  const done = await act({action: 'snooze', until: when && when.toISOString()}, [id]);
  if (!when || !done.length || !next || store.state.selected !== id || !matchMedia('(min-width: 901px)').matches) return;
  openConversation(next, {replace: true});
  drawing.now();
  focusRow(next);
}
