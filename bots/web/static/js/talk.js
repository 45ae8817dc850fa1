/** The visitor's session: entering, the history, the line, and what comes over it. */

import * as api from './api.js';
import * as host from './host.js';
import * as keeping from './keeping.js';
import {openLine} from './line.js';
import {current, dispatch, holdLine, lineNow, onEvent, put, renew, set} from './now.js';
import {acked, landed, notice, pump} from './saying.js';
import {PAGE, last, unread} from './store.js';

const TYPING_STAYS = 6000;
const BACK_STAYS = 2500;

let session = {token: '', key: ''};
/** The start that is in force: what an earlier one brings late is dropped. */
let round = 0;
let typingTimer = 0;
let told = -1;
let seenTold = 0;
let heard = () => {};

export const token = () => session.token;

/** @param {() => void} call when somebody has said something to the visitor */
export function onWord(call) {
  heard = call;
}

/** What is looked at is read; the button outside shows the rest. */
export function read() {
  const looked = current().shown && current().atEnd && document.visibilityState === 'visible';
  if (looked && last(current()) > current().seen) {
    put({seen: last(current())});
    keeping.keepSeen(current().conversation, current().seen);
  }
  const {seen} = current();
  if (looked && seen > seenTold && lineNow()?.send({type: 'seen', seq: seen})) seenTold = seen;
  const count = unread(current());
  if (count !== told) host.tell('unread', count);
  told = count;
}
onEvent(read);

/** @param {any} person as the shop wrote it @returns {any} as the server reads it */
const signed = ({userId, user_id: id = userId, ...rest}) => ({...rest, user_id: String(id ?? '')});

/**
 * Get a session and its history, then hold the line.
 * @param {{token?: string, key?: string}|null} known from an earlier visit
 * @param {any} [person] of `Mostik('identify', …)`
 */
export async function start(known, person) {
  const mine = ++round;
  drop();
  const key = known?.key || crypto.randomUUID?.() || String(Math.random());
  keeping.keepFor(host.place, key);
  told = -1;
  seenTold = 0;
  renew({shown: current().shown, sends: keeping.sends()});
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

/** @returns {string|undefined} where this machine's clock says it is: people at the desk see what time it is there */
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param {{items: any[], more: boolean, conversation_id: string|null}} past */
function began({items, more, conversation_id: conversation}) {
  // A browser that kept nothing cannot tell what is new: nothing is.
  put({conversation, seen: keeping.seen(conversation) ?? items.at(-1)?.seq ?? 0});
  dispatch({type: 'history', items, more});
  const line = openLine({
    address: () => api.socketAddress(last(current())),
    hello: () => ({type: 'hello', token: session.token, conversation_id: current().conversation, time_zone: zone()}),
    onFrame: take,
    onLost() {
      landed();
      if (current().phase !== 'offline') set({phase: 'offline'});
    },
    onExpired: () => start({key: session.key}),
  });
  holdLine(line);
}

/** @param {any} frame */
function take(frame) {
  if (frame.type === 'ready') ready(frame);
  else {
    if (frame.type === 'ack') acked(frame);
    else dispatch(frame);
    if (frame.type === 'notice') notice(frame.text);
    if (frame.type === 'typing') {
      clearTimeout(typingTimer);
      typingTimer = setTimeout(() => set({typing: null}), TYPING_STAYS);
    }
    if (frame.type === 'message') {
      if (frame.message.client_id) keeping.dropSend(frame.message.client_id.replace(/^press\./, ''));
      else if (frame.message.author.kind !== 'customer') {
        host.tell('message', frame.message);
        heard();
      }
    }
  }
}

/** @param {any} frame */
function ready(frame) {
  const again = current().phase === 'offline';
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

/** Load what was said before. */
export async function older() {
  const {loading, messages, more} = current();
  const [oldest] = messages;
  if (loading || !more || !oldest) return;
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
  drop();
  session = {token: '', key: ''};
  keeping.forget();
  renew();
}

function drop() {
  lineNow()?.hangUp();
  holdLine(null);
  landed();
}
