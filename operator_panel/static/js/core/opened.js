/** What happens to the open conversation, as pure functions from state and event to the next state. */

import {putRow} from 'mostik/core/rows.js';
import {append, merge, prepend} from 'mostik/core/thread.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {import('mostik/core/store.js').Thread} Thread */

/** @param {string} id @returns {Thread} */
function emptyThread(id) {
  return {
    id,
    state: 'loading',
    messages: [],
    cut: false,
    busy: false,
    fresh: 0,
    atEnd: true,
    newFrom: null,
    suggestions: null,
    customer: null,
    crossed: null,
    opened: new Set(),
    viewers: [],
    writes: false,
  };
}

/** @param {State} state @param {string} id @param {(thread: Thread) => Thread} change @returns {State} */
export function inThread(state, id, change) {
  return state.thread?.id === id ? {...state, thread: change(state.thread)} : state;
}

/** @param {Set<string>} set @param {string} value @returns {Set<string>} with it, or without when it was in */
export function toggled(set, value) {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

/** @param {State} state @param {string} id @returns {State} nobody writes in a conversation any more */
export function silent(state, id) {
  if (!state.writers.has(id)) return state;
  const writers = new Map(state.writers);
  writers.delete(id);
  return {...state, writers};
}

/** @type {Record<string, (state: State, event: any) => State>} */
export const openedReducers = {
  'thread.open': (state, event) => ({...state, selected: event.id, thread: emptyThread(event.id), mode: 'reply'}),
  'thread.close': (state) => ({...state, selected: null, thread: null}),
  'thread.loaded': (state, event) => {
    const {conversation: row, messages} = event;
    const next = putRow(state, row);
    const read = next.reads.get(row.id) ?? row.incoming;
    return inThread(next, row.id, (thread) => ({
      ...thread,
      state: 'ready',
      messages: merge(messages, thread.messages),
      newFrom: read < row.incoming ? read + 1 : null,
      suggestions: event.suggestions ?? thread.suggestions,
      customer: event.customer ?? thread.customer,
    }));
  },
  'thread.failed': (state, event) => {
    if (!event.missing) return inThread(state, event.id, (thread) => ({...thread, state: 'failed'}));
    // Gone, or never there: nothing of it is shown or kept any longer.
    const rows = new Map(state.rows);
    rows.delete(event.id);
    return inThread({...state, rows}, event.id, (thread) => ({...emptyThread(event.id), state: 'missing', gone: thread.gone || thread.state === 'ready'}));
  },
  'thread.busy': (state, event) => inThread(state, event.id, (thread) => ({...thread, busy: event.busy})),
  'thread.older': (state, event) => inThread(state, event.id, (thread) => prepend(thread, event.messages)),
  'thread.newer': (state, event) =>
    inThread(state, event.id, (thread) => append(thread, event.messages, state.rows.get(event.id)?.seq ?? 0)),
  'thread.latest': (state, event) =>
    inThread(state, event.id, (thread) => ({...thread, messages: event.messages, cut: false, busy: false, fresh: 0, atEnd: true})),
  'thread.around': (state, event) =>
    inThread(state, event.id, (thread) => ({...thread, messages: event.messages, cut: (event.messages.at(-1)?.seq ?? 0) < (state.rows.get(event.id)?.seq ?? 0), busy: false, atEnd: false})),
  'thread.scrolled': (state, event) =>
    inThread(state, event.id, (thread) => ({...thread, atEnd: event.atEnd, fresh: event.atEnd ? 0 : thread.fresh})),
  'thread.toggle': (state, event) =>
    inThread(state, event.id, (thread) => ({...thread, opened: toggled(thread.opened, event.key)})),
  'thread.suggestions': (state, event) =>
    inThread(state, event.id, (thread) => ({...thread, suggestions: event.suggestions})),
  'thread.customer': (state, event) => inThread(state, event.id, (thread) => ({...thread, customer: event.customer})),

  'send.crossed': (state, event) =>
    inThread(state, event.id, (thread) => ({
      ...thread,
      crossed: event.messages.length
        ? {messages: event.messages, seq: Math.max(...event.messages.map((/** @type {Message} */ m) => m.seq))}
        : null,
    })),
  presence: (state, event) =>
    inThread(state, event.conversation_id, (thread) => ({...thread, viewers: event.operators})),
  typing: (state, event) => {
    const {conversation_id: id, author} = event;
    const next = {...state, writers: new Map(state.writers).set(id, author)};
    return author.kind === 'customer' ? inThread(next, id, (thread) => ({...thread, writes: true})) : next;
  },
  'typing.end': (state, event) => silent(inThread(state, event.id, (thread) => ({...thread, writes: false})), event.id),
};
