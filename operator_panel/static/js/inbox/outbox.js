/**
 * Words on their way to the server: shown at once, sent in order, sent again with the same key when the network did
 * not carry them, kept over a reload until acknowledged.
 */

import {now} from 'mostik/core/format.js';
import {known, t} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {seenSeq} from 'mostik/core/thread.js';
import {complain, problemText, toast} from 'mostik/core/toasts.js';
import {api, boot, drafts, store} from 'mostik/inbox/desk.js';
import {slots, withTray} from 'mostik/inbox/late.js';
import {shownSeq} from 'mostik/inbox/reading.js';

/** @typedef {import('mostik/core/store.js').Send} Send */

const STALE = 10 * 60_000;
const LONGEST_WAIT = 15_000;

/** @type {Map<string, Promise<void>>} */
const lanes = new Map();
/** @type {Set<() => void>} */
const sleepers = new Set();

/** Resolves after a while, or as soon as there is reason to hope. @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    sleepers.add(wake);
  });
}

/** The line is up again, or somebody logged in: do not wait any longer. */
export function hurry() {
  for (const wake of [...sleepers]) wake();
  slots.tray?.retryLost();
}

/** @param {any} event */
function tell(event) {
  store.dispatch(event);
  drafts.keepWaiting(store.state.sends);
}

/** @param {Send} send what goes back into its draft, before anything typed meanwhile @param {string} [reason] of its files */
export function backToDraft(send, reason = '') {
  const {conversation, kind, text, files} = send;
  const typed = drafts.get(conversation, kind).text;
  tell({type: 'send.end', client_id: send.client_id});
  if (files.length) withTray((tray) => tray.giveBack(conversation, kind, files, send.seen_seq, reason));
  const back = {text: typed && text ? `${text}\n${typed}` : text || typed, quote: send.reply_to ?? '', suggestion: send.suggestion};
  drafts.put(conversation, kind, back, send.seen_seq);
  store.dispatch({type: 'draft'});
}

/** @param {any} error @returns {string} why the files of a message were not taken, empty when it is not about them */
function fileRefusal({status, code, body}) {
  const about = body?.errors?.find((/** @type {{field: string}} */ one) => one.field.startsWith('attachments'));
  if (status === 409 && code === 'channel_cannot') return t('ui.file_problem.channel_cannot');
  if (!about) return '';
  return known(`ui.file_problem.${about.code}`)
    ? t(`ui.file_problem.${about.code}`)
    : t('ui.file_problem.other', {code: about.code});
}

/** @param {Send} send @param {any} error @returns {boolean} is it worth another try */
function refused(send, error) {
  const {status = 0, code = ''} = error;
  if (status === 409 && code === 'crossed') {
    backToDraft(send);
    tell({type: 'send.crossed', id: send.conversation, messages: error.body.messages ?? []});
    return false;
  }
  const files = send.files.length ? fileRefusal(error) : '';
  if (files) {
    backToDraft(send, files);
    toast(files, {danger: true});
    return false;
  }
  if (status === 0 || status === 401 || status === 429 || status >= 500) {
    tell({type: 'send.state', client_id: send.client_id, state: 'waiting'});
    return true;
  }
  tell({type: 'send.state', client_id: send.client_id, state: 'failed', reason: problemText(error)});
  complain(error);
  return false;
}

/** @param {number} attempt @returns {Promise<void>} */
const wait = async (attempt) => {
  // Between the cookie of a new session and its token nothing goes: it would be refused for good.
  do await pause(Math.min(LONGEST_WAIT, 1000 * 2 ** attempt));
  while (store.state.expired);
};

/** @param {Send} send @returns {Promise<Send|null>} with its files on the server; null: it went back into its draft */
async function loaded(send) {
  for (let attempt = 0; send.files.length; attempt += 1) {
    while (!slots.tray && !(await withTray(() => {}))) await wait(attempt);
    const {files, verdict} = await /** @type {NonNullable<typeof slots.tray>} */ (slots.tray).arrived(send.files);
    const {client_id} = send;
    if (verdict === 'refused') {
      backToDraft(send);
      toast(t('ui.tray.back'), {danger: true});
      return null;
    }
    if (verdict === 'ready') {
      tell({type: 'send.files', client_id, files});
      return {...send, files};
    }
    tell({type: 'send.state', client_id, state: 'waiting'});
    await wait(attempt);
    tell({type: 'send.state', client_id, state: 'sending'});
  }
  return send;
}

/** @param {Send} send */
function bodyOf({kind, text, seen_seq, force, client_id, files, reply_to, suggestion, more}) {
  const attachments = files.length ? files.map(({id}) => ({file_id: id})) : undefined;
  const reply = kind === 'reply' ? {seen_seq, reply_to: reply_to || undefined, suggestion: suggestion || undefined} : {};
  return {text, kind, client_id, ...reply, force, attachments, ...more};
}

/** @param {Send} told */
async function carry(told) {
  const send = await loaded(told);
  if (!send) return;
  const {conversation, client_id} = send;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const later = send.more?.hold_seconds || send.more?.send_at;
      const path = `/conversations/${encodeURIComponent(conversation)}/${later ? 'held' : 'messages'}`;
      const message = await api.post(path, bodyOf(send), client_id);
      slots.tray?.settle(send.files);
      tell(later ? {type: 'held.sent', id: conversation, held: message, client_id} : {type: 'message.sent', message, client_id});
      return;
    } catch (error) {
      if (!refused(send, error)) return;
      await wait(attempt);
      tell({type: 'send.state', client_id, state: 'sending'});
    }
  }
}

/** @param {Send} send */
function enqueue(send) {
  tell({type: 'send.start', send});
  const before = lanes.get(send.conversation) ?? Promise.resolve();
  lanes.set(send.conversation, before.then(() => carry(send)));
}

/**
 * Send what is written, with the files attached to it.
 * @param {string} conversation @param {'reply'|'note'} kind @param {string} text
 * @param {{force?: boolean, more?: object}} [options] `force`: although somebody wrote meanwhile; `more` of the body
 */
export function send(conversation, kind, text, {force = false, more} = {}) {
  const {thread, me} = store.state;
  const draft = drafts.get(conversation, kind);
  const crossed = thread?.crossed?.seq ?? 0;
  const seen = seenSeq(thread?.messages ?? [], Math.max(draft.seq, crossed), shownSeq(), me.id);
  drafts.put(conversation, kind, {text: '', quote: '', suggestion: ''}, 0);
  const files = slots.tray?.take(conversation, kind) ?? [];
  enqueue({
    client_id: newId(),
    conversation,
    kind,
    text: text.trim(),
    at: new Date(now()).toISOString(),
    seen_seq: seen,
    force,
    state: 'sending',
    reason: '',
    files,
    reply_to: draft.quote,
    suggestion: draft.suggestion,
    more: {...(kind === 'reply' && boot.undo_seconds && {hold_seconds: boot.undo_seconds}), draft: draft.stamp || undefined, ...more},
  });
}

/** @param {Send} send one that was refused, as it is, under a new key */
export function sendAgain(send) {
  tell({type: 'send.end', client_id: send.client_id});
  enqueue({...send, client_id: newId(), state: 'sending', reason: ''});
}

/** Take up what a reload left behind; what is too old to be sent unasked, or not whole, becomes a draft again. */
export function resume() {
  for (const left of drafts.waiting()) {
    const files = (left.files ?? []).map((/** @type {any} */ file) => ({...file, preview: ''}));
    const lost = files.filter((/** @type {{id: string}} */ file) => !file.id);
    const send = {...left, files};
    if (lost.length) toast(t('ui.tray.lost', {names: lost.map((/** @type {any} */ one) => one.name).join(', ')}), {danger: true});
    if (lost.length || left.state === 'failed' || now() - Date.parse(left.at) > STALE) backToDraft(send);
    else enqueue({...send, state: 'sending'});
  }
}
