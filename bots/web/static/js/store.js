/** What the widget knows, as pure functions: `apply(state, event)` gives the next state, never changes the old one. */

import {dayKey} from './format.js';

/** Messages asked for at once, and the most that stay in the page of somebody who reads at the end. */
export const PAGE = 60;
const WINDOW = 240;
const GROUP_MS = 3 * 60_000;

/**
 * @typedef {{id: string, kind: string, name: string, mime: string, size: number, width: number, height: number,
 *   seconds?: number, reason?: string}} Attachment
 * @typedef {{id: string, seq: number, author: {kind: 'customer'|'bot'|'operator', name: string}, text: string,
 *   attachments: Attachment[], buttons: {text: string, data: string}[], at: string, edited_at: string|null,
 *   client_id?: string, delivery?: any, asks?: string, deleted?: boolean, reply_to?: string,
 *   reactions?: {emoji: string, by: string, name: string}[], article?: {id: string, title: string}, helped?: string
 * }} Message
 * @typedef {{client_id: string, text: string, files: Attachment[], at: string, state: 'queued'|'sent'|'failed',
 *   error?: string, reply_to?: string, press?: {message_id: string, data: string}, sign?: {type: string}, message_id?: string}} Send
 *   a word, a press or a sign on its way; `sent`: the server has it and its line has not come yet
 * @typedef {object} State
 * @property {'starting'|'online'|'offline'|'refused'} phase
 * @property {string} detail why it was refused
 * @property {boolean} shown the visitor looks at the frame
 * @property {Message[]} messages by seq
 * @property {boolean} more there are older ones
 * @property {boolean} loading
 * @property {boolean} loaded the history has been there once
 * @property {Send[]} sends
 * @property {{name: string, kind: string}|null} typing
 * @property {string|null} conversation
 * @property {number} seen seq
 * @property {number} deskSeen seq of the visitor's newest word the desk has read
 * @property {{score: number, comment: string}|null} rating null: not asked for; score 0: not given yet
 * @property {boolean} back the line has just come back
 * @property {string} notice what the bot says of the moment
 * @property {boolean} atEnd the reader stands at the newest message
 * @property {string} signing id of the message a sign is being chosen for
 * @property {string} replying id of the message the next word answers
 * @property {string} stage
 * @property {boolean} online there are operators
 */

/** @returns {State} */
export const initial = () => ({
  phase: 'starting',
  detail: '',
  shown: false,
  messages: [],
  more: false,
  loading: false,
  loaded: false,
  sends: [],
  typing: null,
  conversation: null,
  seen: 0,
  deskSeen: 0,
  rating: null,
  back: false,
  notice: '',
  atEnd: true,
  signing: '',
  replying: '',
  stage: 'bot',
  online: false,
});

/** @param {Message[]} messages @param {Message[]} more newer versions @returns {Message[]} one list by `seq` */
function merge(messages, more) {
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const message of more) byId.set(message.id, {client_id: byId.get(message.id)?.client_id, ...message});
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** @param {Send} send @returns {(string|undefined)[]} what its line may be known by when it comes */
const names = (send) => [send.client_id, `press.${send.client_id}`, send.message_id ?? ''];

/** @param {State} state @param {Message[]} more @returns {State} what came is no longer on its way */
function take(state, more) {
  const came = new Set(more.flatMap((message) => [message.id, message.client_id]));
  const all = merge(state.messages, more);
  const messages = state.atEnd && all.length > WINDOW ? all.slice(-PAGE) : all;
  const cut = messages.length < all.length;
  const sends = state.sends.filter((send) => !names(send).some((id) => came.has(id)));
  const answered = more.some((message) => message.author.kind !== 'customer');
  const passing = answered ? {typing: null, notice: ''} : {};
  return {...state, messages, more: state.more || cut, sends, ...passing};
}

/** @param {State} state @param {string} id client_id @param {Partial<Send>} change */
const changed = (state, id, change) => ({
  ...state,
  sends: state.sends.map((send) => (send.client_id === id ? {...send, ...change} : send)),
});

/** @param {State} state @param {string} id client_id */
const unsaid = (state, id) => ({...state, sends: state.sends.filter((send) => send.client_id !== id)});

/** @param {State} state @param {any} event @returns {State} */
export function apply(state, event) {
  switch (event.type) {
    case 'set':
      return {...state, ...event.values};
    case 'ready':
      return {
        ...state,
        phase: 'online',
        stage: event.stage ?? state.stage,
        online: event.online ?? state.online,
        conversation: event.conversation_id,
        seen: event.conversation_id === state.conversation ? state.seen : 0,
        deskSeen: event.seen ?? 0,
        rating: event.rating ?? null,
      };
    case 'seen':
      return {...state, deskSeen: Math.max(state.deskSeen, event.seq)};
    case 'reset':
      return {...state, messages: [], more: false, typing: null};
    case 'history':
      return {...take(state, event.items), more: event.older ? event.more : state.more || event.more, loading: false, loaded: true};
    case 'message':
      // What begins in the middle has a beginning to be asked for.
      return take({...state, more: state.messages.length ? state.more : event.message.seq > 1}, [event.message]);
    case 'update':
      return state.messages.some((one) => one.id === event.message.id) ? take(state, [event.message]) : state;
    case 'say':
      return {...state, sends: [...state.sends, event.send], ...(event.send.sign ? {} : {atEnd: true, replying: ''})};
    case 'ack':
      if (state.sends.some((send) => send.client_id === event.client_id && send.sign)) return unsaid(state, event.client_id);
      return event.error
        ? changed(state, event.client_id, {state: 'failed', error: event.error.text})
        : changed(state, event.client_id, {state: 'sent', error: undefined, message_id: event.message_id});
    case 'retry':
      return changed(state, event.client_id, {state: 'queued', error: undefined});
    case 'unsay':
      return unsaid(state, event.client_id);
    case 'typing':
      return {...state, typing: event.author ?? {kind: 'bot', name: ''}};
    default:
      return state;
  }
}

/** @param {State} state @returns {number} seq of the newest message here */
export const last = (state) => state.messages.at(-1)?.seq ?? 0;

/** @param {State} state @returns {number} answers the visitor has not seen */
export const unread = (state) =>
  state.messages.filter((message) => message.author.kind !== 'customer' && message.seq > state.seen).length;

/** @param {State} state @returns {Message|null} whose buttons may be pressed: the newest line, if it has any */
export function asking(state) {
  const message = state.messages.at(-1);
  if (!message?.buttons?.length || message.author.kind === 'customer') return null;
  return state.sends.some((send) => send.state !== 'failed' && !send.sign) ? null : message;
}

/** @param {State} state @returns {Message|null} the question for a rating that stands in this conversation */
export const ratingAsked = (state) =>
  state.rating ? (state.messages.findLast((message) => message.asks === 'rating') ?? null) : null;

/** @param {State} state @returns {string[]} the operators of this conversation, the latest first, two at most */
export function faces(state) {
  const names = state.messages.filter((one) => one.author.kind === 'operator').map((one) => one.author.name);
  return [...new Set(names.reverse())].slice(0, 2);
}

/** @param {State} state @param {Message} message of the customer @returns {'sent'|'delivered'|'read'} */
export function reached(state, message) {
  const told = message.delivery?.state ?? message.delivery;
  if (told === 'delivered' || told === 'read') return told;
  if (message.seq <= state.deskSeen) return 'read';
  const later = state.messages.filter((one) => one.seq > message.seq && one.author.kind !== 'customer');
  if (later.some((one) => one.author.kind === 'operator')) return 'read';
  return later.length ? 'delivered' : 'sent';
}

/** @param {Message} a @param {Message|undefined} b @returns {boolean} said by one author in one breath */
function together(a, b) {
  if (!b || a.author.kind !== b.author.kind || a.author.name !== b.author.name) return false;
  return Math.abs(Date.parse(b.at) - Date.parse(a.at)) < GROUP_MS && dayKey(a.at) === dayKey(b.at);
}

/**
 * @typedef {{type: 'day'|'joined'|'message'|'send', key: string, message: any, first: boolean, last: boolean}} Line
 * one thing drawn in the thread, `first` and `last` of its author's group
 */

/** @param {State} state @returns {Line[]} what stands in the thread, top to bottom */
export function lines(state) {
  /** @type {Line[]} */
  const all = [];
  let day = '';
  let operator = '';
  const {messages, sends} = state;
  const words = sends.filter((send) => !send.sign);
  const mine = words.map((send) => ({...send, seq: Infinity, author: {kind: 'customer', name: ''}, buttons: []}));
  const spoken = /** @type {any[]} */ ([...messages, ...mine]);
  spoken.forEach((message, index) => {
    const {kind, name} = message.author;
    if (dayKey(message.at) !== day) {
      day = dayKey(message.at);
      all.push({type: 'day', key: `day:${day}`, message, first: true, last: true});
    }
    if (kind === 'operator' && name !== operator) {
      if (index || !state.more) all.push({type: 'joined', key: `joined:${message.id}`, message, first: true, last: true});
      operator = name;
    }
    const before = all.at(-1);
    const first = before?.type === 'day' || before?.type === 'joined' || !together(message, spoken[index - 1]);
    const end = !together(message, spoken[index + 1]);
    const type = message.seq === Infinity ? 'send' : 'message';
    // A word keeps its place in the page when it has arrived.
    all.push({type, key: message.client_id ?? message.id, message, first, last: end});
  });
  return all;
}
