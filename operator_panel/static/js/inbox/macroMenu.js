/** Macros: chosen from the popup or the menu, run by one call, and what came of their steps is told. */

import {announce} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {seenSeq} from 'mostik/core/thread.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {wakeWriting} from 'mostik/inbox/late.js';
import {shownSeq} from 'mostik/inbox/reading.js';

/** @typedef {{id: string, title: string, shortcut: string, steps: {deed: string, value: string}[]}} Macro */

const FRESH_MS = 60_000;
/** @type {Map<string, {at: number, rows: Promise<any[]>}>} */
const known = new Map();

/** What is kept for everybody changes seldom. @param {'canned'|'macros'} kind @returns {Promise<any[]>} */
export function shelf(kind) {
  const found = known.get(kind);
  if (found && Date.now() - found.at < FRESH_MS) return found.rows;
  const rows = api.get(`/${kind}`).then(({items}) => items, (error) => (known.delete(kind), Promise.reject(error)));
  known.set(kind, {at: Date.now(), rows});
  return rows;
}

/** @param {Macro} macro */
export async function runMacro(macro) {
  const {thread, me} = store.state;
  if (!thread) return;
  const newest = thread.messages.at(-1)?.seq ?? 0;
  const key = newId();
  const body = {macro: macro.id, seen_seq: seenSeq(thread.messages, newest, shownSeq(), me.id), client_id: key, ...(boot.undo_seconds > 0 && {hold_seconds: boot.undo_seconds})};
  wakeWriting();
  try {
    const done = await api.post(`/conversations/${encodeURIComponent(thread.id)}/macro`, body, key);
    store.dispatch({type: 'conversation.updated', conversation: done.conversation});
    for (const message of done.messages) store.dispatch({type: 'message.sent', message, client_id: ''});
    tell(macro, done.steps);
  } catch (error) {
    const {code, body: told} = /** @type {any} */ (error);
    if (code === 'crossed') store.dispatch({type: 'send.crossed', id: thread.id, messages: told.messages ?? []});
    else complain(error);
  }
}

/** @param {Macro} macro @param {{deed: string, state: string, reason: string|null}[]} steps */
function tell(macro, steps) {
  const failed = steps.find((step) => step.state === 'failed');
  if (!failed) {
    toast(t('ui.macro.done', {title: macro.title}));
    announce(t('ui.macro.done', {title: macro.title}));
    return;
  }
  const reason = failed.reason === 'unfilled' ? t('ui.macro.unfilled') : failed.reason ?? '';
  const done = steps.filter((step) => step.state === 'done').length;
  toast(t('ui.macro.failed', {title: macro.title, done, n: steps.length, step: t(`ui.macro.step_${failed.deed}`), reason}), {danger: true});
}
