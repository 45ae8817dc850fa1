/** The list as pure functions: which rows a view holds, in which section and order, and what a frozen order hides. */

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {{name: string, rows: Row[]}} Section */

export const SECTIONS = /** @type {const} */ (['due', 'answered', 'snoozed', 'closed']);

/** Views of which a row itself tells whether it stands there; what others hold only the server knows. */
export const LINES = ['mine', 'free', 'all', 'bot', 'closed'];

/**
 * Does a row stand in a view: mine = my own and those nobody has, of my teams or of none; free = nobody's, bot = the
 * bot's, all = open ones.
 * @param {Row} row @param {string} view @param {{id: string, teams?: string[]}} me
 * @returns {boolean}
 */
export function belongs(row, view, me) {
  if (view === 'closed') return row.stage === 'closed';
  if (row.stage === 'closed') return false;
  if (view === 'all') return true;
  if (view === 'bot') return row.stage === 'bot';
  const free = row.stage === 'waiting' && !row.assignee;
  if (view === 'free') return free;
  return row.assignee?.id === me.id || (free && (!row.team || (me.teams ?? []).includes(row.team.id)));
}

/** @param {State} state @param {Row} row @returns {boolean} does it stand in the list, searched or narrowed as it may be */
function isListed(state, row) {
  if (state.channel && row.channel !== state.channel) return false;
  if (state.team && row.team?.id !== state.team) return false;
  const asked = state.query || state.filters || !LINES.includes(state.view);
  return asked ? state.hits.has(row.id) : belongs(row, state.view, state.me);
}

/** @param {Row} row @returns {string} ISO time a row is sorted by */
function stamp(row) {
  return row.last_message?.at ?? row.updated_at;
}

/** @typedef {(a: Row, b: Row) => number} Compare */

/** @param {string|null} a @param {string|null} b ISO times, with or without parts of a second @returns {number} */
const between = (a, b) => Date.parse(a ?? '') - Date.parse(b ?? '') || 0;

/** @type {Compare} */
const newestFirst = (a, b) => between(stamp(b), stamp(a)) || b.number - a.number;

/**
 * Longest wait first, newest answer first, next to wake first; messengers tell whole seconds, so numbers settle ties.
 * @type {Record<string, Compare>}
 */
const ORDER = {
  due: (a, b) => between(a.waiting_since, b.waiting_since) || a.number - b.number,
  answered: newestFirst,
  snoozed: (a, b) => between(a.snoozed_until, b.snoozed_until) || a.number - b.number,
  closed: newestFirst,
};

/**
 * The sections of the view in their true order.
 * @param {State} state
 * @returns {Section[]} none empty
 */
export function freshSections(state) {
  /** @type {Record<string, Row[]>} */
  const found = {};
  for (const row of state.rows.values()) {
    if (isListed(state, row)) (found[row.desk_state] ??= []).push(row);
  }
  return SECTIONS.filter((name) => found[name]).map((name) => ({name, rows: found[name].sort(state.sort === 'newest' && name === 'due' ? newestFirst : ORDER[name])}));
}

/**
 * The sections as they are shown: in the frozen order while somebody points at them.
 * @param {State} state
 * @returns {Section[]}
 */
export function sections(state) {
  if (!state.frozen) return freshSections(state);
  return state.frozen
    .map(({name, ids}) => ({name, rows: ids.flatMap((id) => state.rows.get(id) ?? [])}))
    .filter((section) => section.rows.length > 0);
}

/** @param {State} state @returns {{name: string, ids: string[]}[]} the order to freeze */
export function orderOf(state) {
  return freshSections(state).map(({name, rows}) => ({name, ids: rows.map((row) => row.id)}));
}

/**
 * A frozen order with the rows of a further page below what is there.
 * @param {State['frozen']} frozen @param {Row[]} more
 * @returns {State['frozen']}
 */
export function extendFrozen(frozen, more) {
  if (!frozen) return null;
  const known = new Set(frozen.flatMap(({ids}) => ids));
  const added = more.filter((row) => !known.has(row.id));
  return SECTIONS.map((name) => {
    const ids = frozen.find((section) => section.name === name)?.ids ?? [];
    return {name, ids: [...ids, ...added.filter((row) => row.desk_state === name).map((row) => row.id)]};
  });
}

/**
 * What the frozen order hides: rows that are new or newly due, and whether anything would move at all.
 * @param {State} state
 * @returns {{fresh: number, moved: boolean}}
 */
export function hiddenByFreeze(state) {
  if (!state.frozen) return {fresh: 0, moved: false};
  const place = new Map(state.frozen.flatMap(({name, ids}) => ids.map((id) => [id, name])));
  const next = orderOf(state);
  const fresh = next.flatMap(({name, ids}) =>
    ids.filter((id) => !place.has(id) || (name === 'due' && place.get(id) !== 'due')),
  ).length;
  const moved = JSON.stringify(next) !== JSON.stringify(state.frozen.filter(({ids}) => ids.length > 0));
  return {fresh, moved};
}

/** @param {State} state @param {Row} row @returns {number} customer's messages I have not read */
export function unread(state, row) {
  return Math.max(0, row.incoming - (state.reads.get(row.id) ?? row.incoming));
}

/**
 * Take a row from the server or from an event; an older version of it is ignored.
 * @param {State} state @param {Row} row
 * @returns {State}
 */
export function putRow(state, row) {
  const old = state.rows.get(row.id);
  if (old && old.version > row.version) return state;
  const rows = new Map(state.rows);
  rows.set(row.id, old ? {...old, ...row} : row);
  const reads = new Map(state.reads);
  // An event carries no read mark: a row never met counts its newest word as unread until the server tells more.
  if (typeof row.unread === 'number') reads.set(row.id, row.incoming - row.unread);
  else if (!reads.has(row.id)) reads.set(row.id, Math.max(0, row.incoming - 1));
  return prune({...state, rows, reads}, row.id);
}

/**
 * Forget a row nobody looks at, or a tab open for ten hours would hold every conversation of the shop.
 * @param {State} state @param {string} id
 * @returns {State}
 */
function prune(state, id) {
  const row = state.rows.get(id);
  const frozen = state.frozen?.some((section) => section.ids.includes(id));
  if (!row || isListed(state, row) || frozen || state.selected === id) return state;
  const rows = new Map(state.rows);
  const reads = new Map(state.reads);
  rows.delete(id);
  reads.delete(id);
  return {...state, rows, reads};
}

/**
 * The row below or above another one, by the order shown.
 * @param {State} state @param {string|null} id @param {1|-1} step
 * @returns {string|null} null at the end
 */
export function neighbour(state, id, step) {
  const ids = sections(state)
    .filter(({name}) => !state.folded.has(name))
    .flatMap(({rows}) => rows.map((row) => row.id));
  const at = id === null ? -1 : ids.indexOf(id);
  if (at === -1) return ids[step === 1 ? 0 : ids.length - 1] ?? null;
  return ids[at + step] ?? null;
}
