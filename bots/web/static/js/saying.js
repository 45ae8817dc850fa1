/** What goes out: words, presses, signs, one at a time and in order, kept until the server has them. */

import * as keeping from './keeping.js';
import {current, dispatch, lineNow, set} from './now.js';

const ACK_WITHIN = 15_000;
const NOTICE_STAYS = 7000;
const TYPING_EVERY = 3000;
/** Refusals that pass by themselves, and after how long a word is said again. */
const PASSING = new Map([
  ['unavailable', 2000],
  ['too_many', 10_000],
]);

/** client_id of what was said and not acknowledged. */
let flying = '';
let ackTimer = 0;
let noticeTimer = 0;
let typedAt = 0;
let lastAt = 0;

/** Say the next word that waits. */
export function pump() {
  const state = current();
  const send = state.sends.find((one) => one.state === 'queued');
  if (!send || flying || state.phase !== 'online') return;
  const {client_id, text, press, sign, reply_to} = send;
  const files = send.files.map((file) => file.id);
  const word = press ? {type: 'press', ...press} : {type: 'say', text, reply_to, ...(files.length ? {files} : {})};
  if (!lineNow()?.send({...(sign ?? word), client_id})) return;
  flying = client_id;
  // Nobody acknowledges: the line is dead, whatever its socket says.
  ackTimer = setTimeout(() => lineNow()?.redial(), ACK_WITHIN);
}

/** Nothing is on its way any more: the line is another one, or the answer has come. */
export function landed() {
  flying = '';
  clearTimeout(ackTimer);
}

/** @param {any} frame */
export function acked(frame) {
  const waits = PASSING.get(frame.error?.code);
  if (frame.client_id === flying) clearTimeout(ackTimer);
  if (waits) {
    setTimeout(() => (landed(), pump()), waits);
    return;
  }
  landed();
  const sign = current().sends.some((one) => one.client_id === frame.client_id && one.sign);
  dispatch(frame);
  if (sign && frame.error) notice(frame.error.text);
  if (sign || !frame.error) keeping.dropSend(frame.client_id);
  pump();
}

/** @param {string} text of the moment */
export function notice(text) {
  set({notice: text});
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => set({notice: ''}), NOTICE_STAYS);
}

/** @param {Partial<import('./store.js').Send>} what */
function put(what) {
  const client_id = crypto.randomUUID?.() ?? `${Date.now()}${Math.random()}`.replace(/\D/g, '');
  lastAt = Math.max(Date.now(), lastAt + 1); // what is kept is put in order by it
  /** @type {import('./store.js').Send} */
  const send = {client_id, text: '', files: [], at: new Date(lastAt).toISOString(), state: 'queued', ...what};
  keeping.keepSend(send);
  dispatch({type: 'say', send});
  pump();
}

/**
 * @param {string} text @param {import('./store.js').Attachment[]} [files] uploaded
 * @param {import('./store.js').Send['press']} [press] the button this is the label of
 */
export const say = (text, files = [], press = undefined) =>
  put({text, files, press, reply_to: (!press && current().replying) || undefined});

/** @param {{type: string}} frame what is no word: a reaction, a rating, the wish for a person */
export const sign = (frame) => put({sign: frame});

/** @param {import('./store.js').Send} send */
export function again(send) {
  dispatch({type: 'retry', client_id: send.client_id});
  pump();
}

/** @param {import('./store.js').Send} send */
export function unsay(send) {
  keeping.dropSend(send.client_id);
  dispatch({type: 'unsay', client_id: send.client_id});
}

/** The visitor writes: said at most every few seconds. */
export function typing() {
  if (Date.now() - typedAt < TYPING_EVERY) return;
  if (lineNow()?.send({type: 'typing'})) typedAt = Date.now();
}
