/**
 * Words on their way to the server: shown at once, sent in order, sent again with the same key when the network did
 * not carry them, kept over a reload until acknowledged.
 */

import {now} from 'mostik/core/format.js';
import {seenSeq} from 'mostik/core/thread.js';
import {api, drafts, store} from 'mostik/inbox/desk.js';
import {shownSeq} from 'mostik/inbox/reading.js';
import {complain, problemText} from 'mostik/inbox/toasts.js';

/** @typedef {import('mostik/core/store.js').Send} Send */

const STALE = 10 * 60_000;
const LONGEST_WAIT = 15_000;

/** @type {Map<string, Promise<void>>} */
const lanes = new Map();
/** @type {Set<() => void>} */
const sleepers = new Set();

/** @returns {string} 128 random bits; `randomUUID` is missing on plain http */
function newId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('');
}

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
}

/** @param {any} event */
function tell(event) {
  store.dispatch(event);
  drafts.keepWaiting(store.state.sends);
}

/** @param {Send} send what goes back into its draft, before anything typed meanwhile */
export function backToDraft(send) {
  const {conversation, kind, text} = send;
  const typed = drafts.get(conversation, kind).text;
  tell({type: 'send.end', client_id: send.client_id});
  drafts.put(conversation, kind, typed ? `${text}\n${typed}` : text, send.seen_seq);
  store.dispatch({type: 'draft'});
}

/** @param {Send} send @param {any} error @returns {boolean} is it worth another try */
function refused(send, error) {
  const {status = 0, code = ''} = error;
  if (status === 409 && code === 'crossed') {
    backToDraft(send);
    tell({type: 'send.crossed', id: send.conversation, messages: error.body.messages ?? []});
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

/** @param {Send} send */
async function carry(send) {
  const {conversation, kind, text, seen_seq, force, client_id} = send;
  const body = {text, kind, client_id, seen_seq: kind === 'reply' ? seen_seq : undefined, force};
  for (let attempt = 0; ; attempt += 1) {
    try {
      const message = await api.post(`/conversations/${encodeURIComponent(conversation)}/messages`, body, client_id);
      tell({type: 'message.sent', message, client_id});
      return;
    } catch (error) {
      if (!refused(send, error)) return;
      await pause(Math.min(LONGEST_WAIT, 1000 * 2 ** attempt));
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
 * Send what is written.
 * @param {string} conversation @param {'reply'|'note'} kind @param {string} text
 * @param {{force?: boolean}} [options] `force`: although somebody wrote meanwhile
 */
export function send(conversation, kind, text, {force = false} = {}) {
  const {thread, me} = store.state;
  const draft = drafts.get(conversation, kind);
  const crossed = thread?.crossed?.seq ?? 0;
  const seen = seenSeq(thread?.messages ?? [], Math.max(draft.seq, crossed), shownSeq(), me.id);
  drafts.put(conversation, kind, '', 0);
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
  });
}

/** @param {Send} send one that was refused, as it is, under a new key */
export function sendAgain(send) {
  tell({type: 'send.end', client_id: send.client_id});
  enqueue({...send, client_id: newId(), state: 'sending', reason: ''});
}

/** Take up what a reload left behind; what is too old to be sent unasked becomes a draft again. */
export function resume() {
  for (const left of drafts.waiting()) {
    if (left.state === 'failed' || now() - Date.parse(left.at) > STALE) backToDraft(left);
    else enqueue({...left, state: 'sending'});
  }
}
