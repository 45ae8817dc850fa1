/** The live line of the inbox: what its losses mean to the person, and what is fetched again after one. */

import {now} from 'mostik/core/format.js';
import {openLine} from 'mostik/core/live.js';
import {hole} from 'mostik/core/thread.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {loadNewer} from 'mostik/inbox/history.js';
import {loadSuggestions, refetch} from 'mostik/inbox/navigation.js';
import {sweep} from 'mostik/inbox/late.js';
import {hurry} from 'mostik/inbox/outbox.js';
import {announceArrival} from 'mostik/inbox/reading.js';
import {look, tendLooks} from 'mostik/inbox/watching.js';

const QUIET_MS = 3000;
const BACK_MS = 3000;
const PAUSE_MS = 300;

let quietTimer = 0;
let backTimer = 0;
let countdown = 0;
let suggestTimer = 0;
let lostAt = Infinity;
/** @type {Set<string>} messages told of since the line was lost */
const told = new Set();

/** @param {Partial<import('mostik/core/store.js').State['connection']>} connection */
const tell = (connection) => store.dispatch({type: 'connection', connection});

/** @param {number} retryAt */
function lost(retryAt) {
  const offline = store.state.connection.state === 'offline';
  clearTimeout(backTimer);
  if (store.state.connection.state === 'ok') lostAt = now();
  told.clear();
  tell({state: offline ? 'offline' : 'quiet', retryAt});
  if (offline || quietTimer) {
    // A refused handshake tells the page nothing: ask whether the session still lives.
    api.get('/me').catch(() => {});
    return;
  }
  quietTimer = setTimeout(() => {
    quietTimer = 0;
    tell({state: 'offline'});
    countdown = setInterval(() => tell({}), 1000);
  }, QUIET_MS);
}

function back() {
  clearTimeout(quietTimer);
  clearInterval(countdown);
  quietTimer = 0;
  const noticed = store.state.connection.state === 'offline';
  tell({state: noticed ? 'back' : 'ok', missed: 0});
  if (noticed) backTimer = setTimeout(() => tell({state: 'ok'}), BACK_MS);
  hurry();
  look();
}

/** The read mark of a row first met in an event is only known to the server. @param {string} id */
function askUnread(id) {
  setTimeout(async () => {
    const row = await api.get(`/conversations/${encodeURIComponent(id)}`).catch(() => null);
    if (row) store.dispatch({type: 'row.loaded', row});
  }, PAUSE_MS);
}

/** @param {any} event @returns {boolean} does it tell of a message for the first time; what was missed comes as a change */
function isNew({type, message}) {
  if (type !== 'message.created' && Date.parse(message.at) < lostAt) return false;
  const first = message.author.kind !== 'system' && !told.has(message.id);
  if (told.size > 1000) told.clear();
  told.add(message.id);
  return first;
}

/** @param {any} event @param {import('mostik/core/store.js').State} before */
function follow(event, before) {
  const {state} = store;
  const id = event.conversation?.id;
  if (id && !before.reads.has(id) && state.rows.has(id)) askUnread(id);
  if (event.type === 'message.created') announceArrival(event, state);
  const fresh = event.message && isNew(event);
  if (fresh && state.connection.state === 'back') tell({missed: state.connection.missed + 1});
  const {thread} = state;
  if (!thread || event.message?.conversation_id !== thread.id) return;
  const gap = thread.cut ? null : hole(thread.messages);
  if (gap !== null) loadNewer(gap);
  if (fresh && event.message.author.kind === 'customer') {
    clearTimeout(suggestTimer);
    suggestTimer = setTimeout(() => loadSuggestions(thread.id), PAUSE_MS);
  }
}

/** @returns {import('mostik/core/live.js').Line} */
export function connect() {
  const line = openLine({
    cursor: () => store.state.cursor || boot.cursor,
    onOpen: back,
    onLost: lost,
    onExpired: () => store.dispatch({type: 'session', expired: true}),
    onEvent(event) {
      const before = store.state;
      store.dispatch(event);
      if (event.type === 'reset') refetch().then(sweep);
      else follow(event, before);
    },
  });
  tendLooks(line.say);
  return line;
}
