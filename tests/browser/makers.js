// Puts the inbox's pure modules and makers of sample facts into a blank page, for tests.
import {apply, initial, createStore} from 'mostik/core/store.js';
import * as rows from 'mostik/core/rows.js';
import * as thread from 'mostik/core/thread.js';
import * as dom from 'mostik/core/dom.js';
import * as format from 'mostik/core/format.js';
import * as i18n from 'mostik/core/i18n.js';
import {keyName} from 'mostik/core/keys.js';
import {render} from 'lit-html';

const at = (minute) => new Date(Date.UTC(2026, 0, 5, 10, minute)).toISOString();
const row = (id, more = {}) => ({
  id, number: 1, stage: 'waiting', channel: 'telegram', channel_kind: 'telegram', external_id: id,
  customer: {id: 'c' + id, name: 'Customer ' + id}, team: null, assignee: null, tags: [], incoming: 1, seq: 1,
  last_message: {text: 'hi', kind: 'customer', at: at(0)}, desk_state: 'due', waiting_since: at(0), snoozed_until: null,
  created_at: at(0), updated_at: at(0), version: 1, ...more,
});
const message = (seq, more = {}) => ({
  id: 'm' + seq, conversation_id: 'a', seq, incoming: seq, author: {kind: 'customer', id: 'ca', name: 'Customer a'},
  text: 'text ' + seq, kind: 'text', attachments: [], at: at(seq), source: null, offered: [], choices: [], event: null, reply_to: null,
  delivery: null, edited_at: null, deleted_at: null, version: 1, ...more,
});
const mine = (seq, more = {}) => message(seq, {author: {kind: 'operator', id: 'me', name: 'Me'}, ...more});
const came = (said, more = {}) => ({
  type: 'message.created', message: said, conversation: row('a', {seq: said.seq, version: said.seq, ...more}),
});
const boot = (items, more = {}) => ({
  me: {id: 'me', name: 'Me', email: 'me@shop.example', role: 'operator'}, view: 'mine', conversation: null, cursor: '0',
  counts: {}, channels: [], operators: [], list: {items, next: null}, thread: null, ...more,
});
const start = (items, more) => initial(boot(items.map((one) => ({unread: 0, ...one})), more));
const opened = (messages, more = {}) => start([row('a', {seq: messages.at(-1)?.seq ?? 0, ...more})], {
  conversation: 'a',
  thread: {conversation: row('a', {unread: 0, seq: messages.at(-1)?.seq ?? 0, ...more}), messages},
});
const run = (state, ...events) => events.reduce(apply, state);
const order = (state) => rows.sections(state).map(({name, rows: list}) => [name, list.map((one) => one.id)]);
const seqs = (state) => state.thread.messages.map((one) => one.seq);
const many = (from, to) => Array.from({length: to - from + 1}, (_, index) => message(from + index));
Object.assign(window, {
  apply, initial, createStore, rows, thread, dom, format, i18n, keyName, render,
  at, row, message, mine, came, start, opened, run, order, seqs, many,
});
document.documentElement.dataset.loaded = 'true';
