/** The state of the inbox and its one door: `apply(state, event)` is pure, events come from the server or the person. */

import {now} from 'mostik/core/format.js';
import {sameFiles} from 'mostik/core/files.js';
import {inThread, openedReducers, silent, toggled} from 'mostik/core/opened.js';
import {extendFrozen, orderOf, putRow} from 'mostik/core/rows.js';
import {arrive, replace} from 'mostik/core/thread.js';

/**
 * @typedef {{id: string, name: string}} Person
 * @typedef {object} Row a conversation as the server gives it, with `unread` in lists only
 * @property {string} id @property {number} number @property {string} stage @property {string} channel
 * @property {string} channel_kind @property {string} external_id @property {Person} customer
 * @property {Person|null} team @property {Person|null} assignee @property {string[]} tags
 * @property {number} [unread] @property {number} incoming @property {number} seq
 * @property {{text: string, kind: string, content: string, at: string}|null} last_message
 * @property {{text: string, kind: string, at: string}|null} last_said the customer's newest word
 * @property {any[]} [held] replies that are not sent yet
 * @property {'due'|'answered'|'snoozed'|'closed'} desk_state @property {'failed'|'unknown'|null} last_delivery
 * @property {boolean} banned @property {{score: number, comment: string, at: string|null}|null} rating
 * @property {string|null} waiting_since @property {string|null} snoozed_until @property {string} snooze_note
 * @property {string} created_at @property {string} updated_at @property {number} version
 */
/**
 * @typedef {{article_id: string, title: string, confidence: number}} Source
 * @typedef {object} Message
 * @property {string} id @property {string} conversation_id @property {number} seq @property {number} incoming
 * @property {{kind: 'customer'|'bot'|'operator'|'note'|'system', id: string|null, name: string}} author
 * @property {string} text @property {string} kind @property {string} at
 * @property {import('mostik/core/files.js').Attachment[]} attachments
 * @property {Source|null} source @property {Source[]} also @property {Source[]} offered @property {{text: string}[]} choices
 * @property {{code: string, actor: string, detail: string}|null} event @property {string|null} reply_to
 * @property {{state: string, reason: string|null, reason_text: string|null}|null} delivery
 * @property {string|null} edited_at @property {string|null} deleted_at @property {number} version
 * @property {{author: {kind: string, id: string|null, name: string}, emoji: string}[]} [reactions]
 * @property {string|null} [forwarded] whose words they were @property {boolean} [amending] a change of it is on its way to the customer
 */
/**
 * @typedef {{client_id: string, conversation: string, kind: 'reply'|'note', text: string, at: string, seen_seq: number,
 *   force: boolean, state: 'sending'|'waiting'|'failed', reason: string,
 *   files: import('mostik/core/files.js').Attachment[], reply_to?: string, suggestion?: string, more?: any}} Send words and files on their way to the server
 * @typedef {object} Thread
 * @property {string} id @property {'loading'|'ready'|'failed'|'missing'} state
 * @property {Message[]} messages by seq @property {boolean} cut newer ones exist below the window
 * @property {boolean} busy a page is being fetched @property {number} fresh arrived below while reading above
 * @property {boolean} atEnd @property {number|null} newFrom the first unread one by the count of the customer's messages @property {any[]|null} suggestions
 * @property {any|null} customer @property {{messages: Message[], seq: number}|null} crossed
 * @property {Set<string>} opened what was unfolded: runs of events, suggestions, deleted texts
 * @property {boolean} [gone] it was shown, and is no more
 * @property {(Person & {typing: boolean})[]} viewers colleagues who look at it too @property {boolean} writes the customer does
 */
/**
 * @typedef {object} State
 * @property {{id: string, name: string, email: string, role: string}} me
 * @property {string} view @property {string} query @property {string} channel the only one shown, if any @property {string} team likewise
 * @property {object|null} filters as /conversations takes them @property {string} viewName of a kept view @property {Set<string>} picked rows, for what is done with many
 * @property {string|null} selected
 * @property {Map<string, Row>} rows @property {Set<string>} hits ids a search has found
 * @property {string|null} next cursor of the list's next page @property {'ready'|'loading'|'failed'} list
 * @property {{name: string, ids: string[]}[]|null} frozen @property {Set<string>} folded sections
 * @property {Map<string, number>} reads customer's messages read, by conversation
 * @property {Map<string, {kind: string, name: string}>} writers who writes at this moment, by conversation
 * @property {Record<string, number>} counts @property {any[]} channels @property {any[]} operators
 * @property {Thread|null} thread @property {Send[]} sends
 * @property {'reply'|'note'} mode @property {number} draftTick counts changes of drafts
 * @property {{state: string, retryAt: number, missed: number}} connection @property {boolean} expired
 * @property {string} cursor of the last event applied
 */

/** @param {any} boot @returns {State} */
export function initial(boot) {
  const base = {
    me: boot.me,
    view: boot.view,
    sort: boot.habits?.sort,
    query: '',
    channel: '',
    team: '',
    filters: null,
    viewName: boot.view_name ?? '',
    picked: new Set(),
    selected: boot.conversation ?? null,
    rows: new Map(),
    hits: new Set(),
    next: null,
    list: /** @type {const} */ ('ready'),
    frozen: null,
    folded: new Set(),
    reads: new Map(),
    writers: new Map(),
    counts: boot.counts,
    channels: boot.channels,
    operators: boot.operators,
    thread: null,
    sends: [],
    mode: /** @type {const} */ ('reply'),
    draftTick: 0,
    connection: {state: 'connecting', retryAt: 0, missed: 0},
    expired: false,
    cursor: boot.cursor,
  };
  const listed = apply(base, {type: 'list.loaded', items: boot.list.items, next: boot.list.next, more: false});
  if (!boot.thread) return boot.conversation ? missing(listed) : listed;
  return apply(apply(listed, {type: 'thread.open', id: boot.conversation}), {...boot.thread, type: 'thread.loaded'});
}

/** @param {State} state @returns {State} an address that names no conversation */
function missing(state) {
  const opened = apply(state, {type: 'thread.open', id: state.selected});
  return apply(opened, {type: 'thread.failed', id: state.selected, missing: true});
}

/** Clocks and queues may differ by this much between a word sent and the message it became. */
const SLACK_MS = 60_000;

/**
 * Words on their way that have just come into the thread are drawn as messages, not twice.
 * @param {State} state @param {Thread|null} before the thread before the messages came
 * @returns {State}
 */
function settled(state, before) {
  const {thread, me} = state;
  if (!thread || !state.sends.length || thread === before) return state;
  const known = new Set(before?.id === thread.id ? before.messages.map((message) => message.id) : []);
  const sends = [...state.sends];
  for (const message of thread.messages) {
    if (known.has(message.id) || message.author.id !== me.id) continue;
    const kind = message.author.kind === 'note' ? 'note' : 'reply';
    const at = sends.findIndex((send) => {
      const same = send.conversation === thread.id && send.kind === kind && send.text === message.text;
      return same && sameFiles(send.files, message.attachments) && Date.parse(message.at) > Date.parse(send.at) - SLACK_MS;
    });
    if (at !== -1) sends.splice(at, 1);
  }
  return sends.length === state.sends.length ? state : {...state, sends};
}

/** @param {State} state @param {any} event a message came into being, or was met first in a change of it @returns {State} */
function met(state, event) {
  const {message} = event;
  const next = silent(putRow(state, event.conversation), message.conversation_id);
  return inThread(next, message.conversation_id, (thread) => {
    const writes = thread.writes && message.author.kind !== 'customer';
    return arrive({...thread, writes}, message, message.author.id === state.me.id);
  });
}

/** @type {Record<string, (state: State, event: any) => State>} */
const reducers = {
  ...openedReducers,
  'conversation.updated': (state, event) => putRow(state, event.conversation),
  'message.created': met,
  'message.sent': (state, event) =>
    inThread(
      {...state, sends: state.sends.filter((send) => send.client_id !== event.client_id)},
      event.message.conversation_id,
      (thread) => arrive(thread, event.message, true),
    ),
  'held.sent': (state, {id, client_id, held}) => {
    const row = state.rows.get(id);
    const sends = state.sends.filter((send) => send.client_id !== client_id);
    if (!row || Date.parse(held.due) <= now()) return {...state, sends};
    return {...state, sends, rows: new Map(state.rows).set(id, {...row, held: [...(row.held ?? []).filter((/** @type {any} */ one) => one.id !== held.id), held]})};
  },
  'message.updated': (state, event) => {
    // What was missed while the line was down is told as changes only.
    const {thread} = state;
    const here = thread?.state === 'ready' && thread.id === event.message.conversation_id;
    if (here && event.message.seq > (thread.messages.at(-1)?.seq ?? 0)) return met(state, event);
    const next = putRow(state, event.conversation);
    return inThread(next, event.message.conversation_id, (thread) => replace(thread, event.message));
  },
  read: (state, event) => ({...state, reads: new Map(state.reads).set(event.conversation_id, event.incoming)}),
  counts: (state, event) => ({...state, counts: event.counts}),
  channels: (state, event) => ({...state, channels: event.channels}),
  operators: (state, event) => ({...state, operators: event.operators}),

  'view.open': (state, event) => ({
    ...state,
    view: event.view,
    sort: event.sort ?? state.sort,
    query: event.query ?? '',
    channel: event.channel ?? state.channel,
    team: event.team ?? state.team,
    filters: event.filters ?? null,
    viewName: event.name ?? '',
    picked: new Set(),
    rows: new Map([...state.rows].filter(([id]) => id === state.selected)),
    hits: new Set(),
    next: null,
    frozen: null,
    list: 'loading',
  }),
  'list.loaded': (state, event) => {
    const kept = event.more ? state : {...state, rows: new Map([...state.rows].filter(([id]) => id === state.selected))};
    const hits = new Set(event.more ? state.hits : []);
    for (const row of event.items) hits.add(row.id);
    const frozen = event.more ? extendFrozen(state.frozen, event.items) : null;
    const ready = {...kept, hits, next: event.next, list: /** @type {const} */ ('ready'), frozen};
    return event.items.reduce(putRow, ready);
  },
  // What a view holds that only the server knows was looked at again: these rows stand in it, those do not.
  'list.again': (state, event) => {
    const hits = new Set([...state.hits].filter((id) => !event.gone.includes(id)));
    for (const row of event.items) hits.add(row.id);
    return event.items.reduce(putRow, {...state, hits});
  },
  pick: (state, event) => ({...state, picked: event.ids}),
  'list.failed': (state) => ({...state, list: 'failed'}),
  'row.loaded': (state, event) => putRow(state, event.row),
  'order.freeze': (state) => (state.frozen ? state : {...state, frozen: orderOf(state)}),
  'order.apply': (state, event) => ({...state, frozen: event.hold ? orderOf(state) : null}),
  'section.toggle': (state, event) => ({...state, folded: toggled(state.folded, event.name)}),

  mode: (state, event) => ({...state, mode: event.mode}),
  draft: (state) => ({...state, draftTick: state.draftTick + 1}),
  'send.start': (state, event) => ({
    ...inThread(state, event.send.conversation, (thread) => ({...thread, crossed: null})),
    sends: [...state.sends.filter((send) => send.client_id !== event.send.client_id), event.send],
  }),
  'send.state': (state, event) => ({
    ...state,
    sends: state.sends.map((send) =>
      send.client_id === event.client_id ? {...send, state: event.state, reason: event.reason ?? ''} : send,
    ),
  }),
  'send.files': (state, event) => ({
    ...state,
    sends: state.sends.map((send) => (send.client_id === event.client_id ? {...send, files: event.files} : send)),
  }),
  'send.end': (state, event) => ({...state, sends: state.sends.filter((send) => send.client_id !== event.client_id)}),
  connection: (state, event) => ({...state, connection: {...state.connection, ...event.connection}}),
  session: (state, event) => ({...state, expired: event.expired}),
};

/**
 * The next state; an event nobody knows changes nothing but the cursor.
 * @param {State} state
 * @param {{type: string, cursor?: string, [name: string]: any}} event
 * @returns {State}
 */
export function apply(state, event) {
  const changed = reducers[event.type]?.(state, event) ?? state;
  // The answer to a send names the word it settles; elsewhere it is known by its text.
  const next = event.type === 'message.sent' ? changed : settled(changed, state.thread);
  return event.cursor && event.cursor !== next.cursor ? {...next, cursor: event.cursor} : next;
}

/**
 * @param {State} state
 * @returns {{readonly state: State, dispatch: (event: {type: string, [name: string]: any}) => void,
 *   subscribe: (listener: (event: any, before: State) => void) => void}}
 */
export function createStore(state) {
  let current = state;
  /** @type {((event: any, before: State) => void)[]} */
  const listeners = [];
  return {
    get state() {
      return current;
    },
    dispatch(event) {
      const before = current;
      current = apply(before, event);
      for (const listener of listeners) listener(event, before);
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}
