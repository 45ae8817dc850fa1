/** What the visitor does and what comes of it: the session, the line, words, presses, files. */

import * as api from './api.js';
import * as host from './host.js';
import * as keeping from './keeping.js';
import {openLine} from './line.js';
import {PAGE, apply, initial, last, unread} from './store.js';

const TYPING_EVERY = 3000;
const TYPING_STAYS = 6000;
const BACK_STAYS = 2500;
const ACK_WITHIN = 15_000;
const NOTICE_STAYS = 7000;
/** Refusals that pass by themselves, and after how long a word is said again. */
const PASSING = new Map([
  ['unavailable', 2000],
  ['too_many', 10_000],
]);

let state = initial();
/** @type {(before: import('./store.js').State) => void} */
let watch = () => {};
/** @type {import('./line.js').Line|null} */
let line = null;
let session = {token: '', key: ''};
/** The start that is in force: what an earlier one brings late is dropped. */
let round = 0;
let typedAt = 0;
let typingTimer = 0;
let ackTimer = 0;
let noticeTimer = 0;
/** client_id of the word that was said and not acknowledged: one at a time, so that their order is kept. */
let flying = '';
let told = -1;
let seenTold = 0;

export const current = () => state;
export const token = () => session.token;
export const lineNow = () => line;

/** @param {(before: import('./store.js').State) => void} call after every change */
export function onChange(call) {
  watch = call;
}

/** @param {any} event */
export function dispatch(event) {
  const before = state;
  state = apply(state, event);
  if (state === before) return;
  read();
  watch(before);
}

/** @param {Partial<import('./store.js').State>} values */
export const set = (values) => dispatch({type: 'set', values});

/** What is looked at is read; the button outside shows the rest. */
export function read() {
  const looked = state.shown && state.atEnd && document.visibilityState === 'visible';
  if (looked && last(state) > state.seen) {
    state = {...state, seen: last(state)};
    keeping.keepSeen(state.conversation, state.seen);
  }
  if (looked && state.seen > seenTold && line?.send({type: 'seen', seq: state.seen})) seenTold = state.seen;
  const count = unread(state);
  if (count !== told) host.tell('unread', count);
  told = count;
}

/** @param {any} person as the shop wrote it @returns {any} as the server reads it */
const signed = ({userId, user_id: id = userId, ...rest}) => ({...rest, user_id: String(id ?? '')});

/**
 * Get a session and its history, then hold the line.
 * @param {{token?: string, key?: string}|null} known from an earlier visit
 * @param {any} [person] of `Mostik('identify', …)`
 */
export async function start(known, person) {
  const mine = ++round;
  line?.hangUp();
  line = null;
  landed();
  const key = known?.key || crypto.randomUUID?.() || String(Math.random());
  keeping.keepFor(host.place, key);
  state = {...initial(), shown: state.shown, sends: keeping.sends()};
  told = -1;
  seenTold = 0;
  watch(state);
  for (let wait = 500; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      const found = await enter(known?.token, person);
      const past = await api.history(found.token, null, PAGE);
      if (mine !== round) return;
      session = {token: found.token, key};
      keep();
      if (found.visitor?.proved) host.tell('identified', {proved: true});
      began(past);
      return;
    } catch (error) {
      if (mine !== round) return;
      if (error instanceof api.Refusal) {
        set({phase: 'refused', detail: error.message});
        host.tell('refused', {code: error.code, detail: error.message});
        if (error.status !== 429) return;
      } else set({phase: 'offline'});
      await pause(wait * (0.5 + Math.random() / 2));
      if (mine !== round) return;
    }
  }
}

/** @param {string|undefined} known @param {any} person @returns {Promise<any>} a token the server no longer takes is replaced */
async function enter(known, person) {
  const identify = person ? signed(person) : undefined;
  try {
    return await api.session({token: known, identify});
  } catch (error) {
    if (!(error instanceof api.Refusal) || error.status === 429) throw error;
    if (person && error.status !== 401) {
      // A forged or broken signature proves nothing; the visitor is a guest, and the shop hears of it.
      host.tell('identified', {proved: false, code: error.code, detail: error.message});
      return api.session({token: known});
    }
    return api.session({identify});
  }
}

/** Until the time is over or the network is back. @param {number} ms */
const pause = (ms) =>
  new Promise((done) => {
    setTimeout(done, ms);
    addEventListener('online', done, {once: true});
  });

function keep() {
  host.tell('session', session);
  if (host.alone) {
    try {
      localStorage.setItem(`mostik:${location.pathname}`, JSON.stringify(session));
    } catch {
      // Without storage every visit is a new one.
    }
  }
}

/** @param {{items: any[], more: boolean, conversation_id: string|null}} past */
function began({items, more, conversation_id: conversation}) {
  // A browser that kept nothing cannot tell what is new: nothing is.
  state = {...state, conversation, seen: keeping.seen(conversation) ?? items.at(-1)?.seq ?? 0};
  dispatch({type: 'history', items, more});
  line = openLine({
    address: () => api.socketAddress(last(state)),
    hello: () => ({type: 'hello', token: session.token, conversation_id: state.conversation}),
    onFrame: take,
    onLost() {
      landed();
      if (state.phase !== 'offline') set({phase: 'offline'});
    },
    onExpired: () => start({key: session.key}),
  });
}

/** @param {any} frame */
function take(frame) {
  if (frame.type === 'ready') ready(frame);
  else {
    if (frame.type === 'ack') acked(frame);
    else dispatch(frame);
    if (frame.type === 'notice') {
      set({notice: frame.text});
      clearTimeout(noticeTimer);
      noticeTimer = setTimeout(() => set({notice: ''}), NOTICE_STAYS);
    }
    if (frame.type === 'typing') {
      clearTimeout(typingTimer);
      typingTimer = setTimeout(() => set({typing: null}), TYPING_STAYS);
    }
    if (frame.type === 'message') {
      if (frame.message.client_id) keeping.dropSend(frame.message.client_id.replace(/^press\./, ''));
      else if (frame.message.author.kind !== 'customer') host.tell('message', frame.message);
    }
  }
}

/** @param {any} frame */
function ready(frame) {
  const again = state.phase === 'offline';
  dispatch(frame);
  if (again) {
    set({back: true});
    setTimeout(() => set({back: false}), BACK_STAYS);
    refresh();
  }
  seenTold = 0;
  read();
  pump();
}

/** What was edited or delivered meanwhile is asked for anew. */
async function refresh() {
  const mine = round;
  const found = await api.history(session.token, null, PAGE).catch(() => null);
  if (found && mine === round) dispatch({type: 'history', items: found.items, more: false});
}

/** Say the next word that waits. */
function pump() {
  const send = state.sends.find((one) => one.state === 'queued');
  if (!send || flying || state.phase !== 'online') return;
  const {client_id, text, press} = send;
  const files = send.files.map((file) => file.id);
  const said = press ? {type: 'press', ...press} : {type: 'say', text, ...(files.length ? {files} : {})};
  if (!line?.send({...said, client_id})) return;
  flying = client_id;
  // Nobody acknowledges: the line is dead, whatever its socket says.
  ackTimer = setTimeout(() => line?.redial(), ACK_WITHIN);
}

function landed() {
  flying = '';
  clearTimeout(ackTimer);
}

/** @param {any} frame */
function acked(frame) {
  const waits = PASSING.get(frame.error?.code);
  if (frame.client_id === flying) clearTimeout(ackTimer);
  if (waits) {
    setTimeout(() => (landed(), pump()), waits);
    return;
  }
  landed();
  dispatch(frame);
  if (!frame.error) keeping.dropSend(frame.client_id);
  pump();
}

/**
 * @param {string} text @param {import('./store.js').Attachment[]} [files] uploaded
 * @param {import('./store.js').Send['press']} [press] the button this is the label of
 */
export function say(text, files = [], press = undefined) {
  const at = new Date().toISOString();
  const client_id = crypto.randomUUID?.() ?? `${Date.now()}${Math.random()}`.replace(/\D/g, '');
  /** @type {import('./store.js').Send} */
  const send = {client_id, text, files, press, at, state: 'queued'};
  keeping.keepSend(send);
  dispatch({type: 'say', send});
  pump();
}

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
  if (line?.send({type: 'typing'})) typedAt = Date.now();
}

/** Load what was said before. */
export async function older() {
  const [oldest] = state.messages;
  if (state.loading || !state.more || !oldest) return;
  const mine = round;
  set({loading: true});
  const found = await api.history(session.token, oldest.seq, PAGE).catch(() => null);
  if (mine !== round) return;
  if (found) dispatch({type: 'history', older: true, ...found});
  else set({loading: false});
}

/** @param {any} person */
export const identify = (person) => start(session.token ? session : null, person);

/** Another tab has another visitor. @param {{token: string, key: string}} other */
export function follow(other) {
  if (other?.token && other.token !== session.token) start(other);
}

/** Log out: nothing of this visitor stays here. */
export function leave() {
  round += 1;
  line?.hangUp();
  line = null;
  session = {token: '', key: ''};
  keeping.forget();
  state = initial();
  watch(state);
}
