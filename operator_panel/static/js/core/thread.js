/** The open conversation as pure functions: a window of messages, what was seen, how lines are grouped. */

import {dayKey} from 'mostik/core/format.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {import('mostik/core/store.js').Thread} Thread */

/** Messages asked for at once, and the most that are kept in the page. */
export const PAGE = 60;
export const WINDOW = 240;

const GROUP_MS = 3 * 60_000;

/** @param {Message[]} messages @param {Message[]} more @returns {Message[]} one list by `seq`, newer versions win */
export function merge(messages, more) {
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const message of more) {
    const known = byId.get(message.id);
    if (!known || known.version <= message.version) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Put older messages above; what leaves the window leaves it below.
 * @param {Thread} thread @param {Message[]} older
 * @returns {Thread}
 */
export function prepend(thread, older) {
  const all = merge(thread.messages, older);
  const messages = all.slice(0, WINDOW);
  return {...thread, messages, cut: thread.cut || all.length > WINDOW, busy: false};
}

/**
 * Put newer messages below; what leaves the window leaves it above. The end is reached when `last` is shown.
 * @param {Thread} thread @param {Message[]} newer @param {number} last seq of the conversation's newest message
 * @returns {Thread}
 */
export function append(thread, newer, last) {
  const messages = merge(thread.messages, newer).slice(-WINDOW);
  return {...thread, messages, cut: (messages.at(-1)?.seq ?? 0) < last, busy: false};
}

/**
 * A message that just came into being. Who reads at the end needs one page above it, not all that was loaded once.
 * @param {Thread} thread @param {Message} message @param {boolean} mine
 * @returns {Thread}
 */
export function arrive(thread, message, mine) {
  if (thread.messages.some((one) => one.id === message.id)) return replace(thread, message);
  const unseen = !mine && !thread.atEnd && message.author.kind !== 'system';
  const fresh = unseen ? thread.fresh + 1 : thread.fresh;
  const full = thread.messages.length >= WINDOW && !thread.atEnd;
  if (thread.cut || full) return {...thread, cut: true, fresh};
  return {...thread, messages: merge(thread.messages, [message]).slice(thread.atEnd ? -PAGE : -WINDOW), fresh};
}

/** @param {Thread} thread @param {Message} message @returns {Thread} with the newer version, if it is in the window */
export function replace(thread, message) {
  const at = thread.messages.findIndex((one) => one.id === message.id);
  if (at === -1 || thread.messages[at].version > message.version) return thread;
  return {...thread, messages: thread.messages.with(at, message)};
}

/**
 * The `seq` after which a message is missing, or null: lines are numbered without holes.
 * @param {Message[]} messages
 * @returns {number|null}
 */
export function hole(messages) {
  const at = messages.findIndex((message, index) => index > 0 && message.seq !== messages[index - 1].seq + 1);
  return at === -1 ? null : messages[at - 1].seq;
}

/**
 * The `seen_seq` of a reply. A colleague's reply that came after the draft began was never taken into account,
 * whatever was on the screen; a customer's word counts as seen once it was there.
 * @param {Message[]} messages @param {number} draftSeq the newest message when the draft began
 * @param {number} shownSeq the newest message that was on the screen @param {string} me operator id
 * @returns {number}
 */
export function seenSeq(messages, draftSeq, shownSeq, me) {
  let seen = draftSeq;
  for (const message of messages) {
    if (message.seq <= draftSeq) continue;
    const colleague = message.author.kind === 'operator' && message.author.id !== me;
    const unseen = message.author.kind === 'customer' && message.seq > shownSeq;
    if (colleague || unseen) break;
    seen = message.seq;
  }
  return seen;
}

/**
 * @typedef {object} Line one thing drawn in the thread
 * @property {'day'|'divider'|'events'|'message'} type
 * @property {string} key
 * @property {Message[]} messages one, or the run of system events
 * @property {boolean} first of its author's group
 * @property {boolean} last of its author's group
 */

/** @param {Message} a @param {Message|undefined} b @returns {boolean} said by one author in one breath */
function together(a, b) {
  if (!b || a.author.kind !== b.author.kind || a.author.id !== b.author.id) return false;
  return Math.abs(Date.parse(b.at) - Date.parse(a.at)) < GROUP_MS && dayKey(a.at) === dayKey(b.at);
}

/**
 * What stands in the thread, top to bottom: day pills, the divider, runs of events, messages with their groups.
 * @param {Message[]} messages
 * @param {number|null} newFrom count of the customer's first message not read yet: «new messages» stands before it
 * @returns {Line[]}
 */
export function lines(messages, newFrom) {
  const isNew = (/** @type {Message|undefined} */ message) =>
    message !== undefined && message.author.kind === 'customer' && message.incoming === newFrom;
  /** @type {Line[]} */
  const all = [];
  let day = '';
  messages.forEach((message, index) => {
    if (dayKey(message.at) !== day) {
      day = dayKey(message.at);
      all.push(bare('day', `day:${day}`, message));
    }
    if (isNew(message)) all.push(bare('divider', 'divider', message));
    const before = all.at(-1);
    if (message.author.kind !== 'system') {
      const first = before?.type !== 'message' || !together(message, messages[index - 1]);
      const next = messages[index + 1];
      const last = isNew(next) || !together(message, next);
      all.push({type: 'message', key: message.id, messages: [message], first, last});
    } else if (before?.type === 'events') before.messages.push(message);
    else all.push(bare('events', `events:${message.id}`, message));
  });
  return all;
}

/** @param {Line['type']} type @param {string} key @param {Message} message @returns {Line} */
function bare(type, key, message) {
  return {type, key, messages: [message], first: true, last: true};
}
