/** Views beside those of the tabs: built in and kept ones with their counts, teams, what narrows the list at this moment. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {now, shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {LINES} from 'mostik/core/rows.js';
import {PAGE} from 'mostik/core/thread.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';
import {openView} from 'mostik/inbox/navigation.js';
import {channelTitle} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {{id: string, name: string, narrowing: Record<string, any>, shared: string, mine: boolean, changes: boolean, version: number}} View */

const ROWS = ['two', 'dense', 'table'];
const SORTS = ['wait', 'newest'];
export const BUILT_IN = ['mentions', 'unread', 'awaiting', 'live', 'answered', 'snoozed', 'spam'];
const PAUSE_MS = 400;
const COUNT_MS = 5000;
/** A conversation is live while its last words are no older; how often it is looked whether they are. */
const LIVE_MS = 15 * 60_000;
const LIVE_LOOK_MS = 20_000;

/** @type {View[]} */
let kept = [];
/** @type {Record<string, {count: number, more: boolean}>} */
let counts = {};
let counted = 0;
let again = 0;
/** @type {Set<string>} rows that were told of while a view is shown that only the server knows */
const touched = new Set();

/** @returns {View[]} */
export const keptViews = () => kept;

const redraw = () => store.dispatch({type: 'part'});

/** Fetch the views and what they hold. @returns {Promise<void>} */
export async function load() {
  try {
    kept = (await api.get('/views')).items;
    redraw();
    await count();
  } catch (error) {
    complain(error);
  }
}

async function count() {
  if (Date.now() - counted < COUNT_MS) return;
  counted = Date.now();
  counts = (await api.get('/views/counts')).counts;
  redraw();
}

/** @param {View[]} views as they stand now */
export function put(views) {
  kept = views;
  counted = 0;
  redraw();
  count().catch(complain);
}

/** @param {State} state @returns {boolean} is what the list holds known to the server alone */
const asked = (state) => Boolean(state.filters) || !LINES.includes(state.view);

async function lookAgain() {
  const {view, filters, channel, team, query} = store.state;
  if (!asked(store.state) || query) return;
  const met = [...touched];
  touched.clear();
  const ask = {view, channel, team, filters: filters && JSON.stringify(filters), limit: PAGE};
  const page = await api.get('/conversations', ask).catch(() => null);
  if (!page || store.state.view !== view || store.state.filters !== filters) return;
  const there = new Set(page.items.map((/** @type {any} */ row) => row.id));
  store.dispatch({type: 'list.again', items: page.items, gone: met.filter((id) => !there.has(id))});
}

/** Silence tells of itself by no event. */
function letFallSilent() {
  const {view, filters, query, hits, rows} = store.state;
  if (view !== 'live' || filters || query) return;
  const gone = [...hits].filter((id) => now() - Date.parse(rows.get(id)?.last_message?.at ?? '') > LIVE_MS);
  if (gone.length) store.dispatch({type: 'list.again', items: [], gone});
}

/** Rows say why they were found. */
const why = () => late(() => import('mostik/inbox/hits.js'), (part) => part.look(store.state.query));

/** Fetch, and keep the list true while facts come that the page cannot judge. */
export function begin() {
  document.body.dataset.rows = boot.habits.rows;
  load();
  if (store.state.query && store.state.list === 'ready') why();
  document.getElementById('list')?.addEventListener('toggle', ({target, newState}) => {
    if (newState === 'open' && /** @type {HTMLElement} */ (target).id === 'menu-views') count().catch(complain);
  }, true);
  setInterval(letFallSilent, LIVE_LOOK_MS);
  store.subscribe((event) => {
    if (event.type === 'list.loaded' && !event.more && store.state.query) why();
    if (!event.cursor || !event.conversation || !asked(store.state)) return;
    touched.add(event.conversation.id);
    clearTimeout(again);
    again = setTimeout(lookAgain, PAUSE_MS);
  });
}

/** @param {string} id @param {string} name */
function label(id, name) {
  const {count: n = 0, more = false} = counts[id] ?? {};
  return html`${name}${n || more ? html` <span class="count">${n}${more ? '+' : ''}</span>` : nothing}`;
}

/** @param {View} one */
const open = (one) => openView(one.id, '', undefined, {name: one.name});

/** Items of the title's menu. @param {State} state */
export function items(state) {
  const extra = BUILT_IN.map((view, index) => ({
    label: label(view, t(`ui.view.${view}`)),
    apart: index === 0,
    checked: state.view === view,
    run: () => openView(view),
  }));
  const own = kept.map((one, index) => ({
    label: label(one.id, one.name),
    mark: one.shared === 'own' ? nothing : icon('user-round'),
    apart: index === 0,
    checked: state.view === one.id,
    run: () => open(one),
  }));
  const teams = (boot.teams ?? []).map((/** @type {{id: string, name: string}} */ one) => ({
    label: one.name,
    apart: false,
    checked: state.team === one.id,
    run: () => openView(state.view, '', undefined, {team: one.id, name: state.viewName}),
  }));
  if (teams.length) teams.unshift({label: t('ui.views.all_teams'), apart: true, checked: !state.team, run: () => openView(state.view, '', undefined, {team: '', name: state.viewName})});
  const looks = ROWS.map((rows, index) => ({label: t(`ui.rows.${rows}`), apart: index === 0, checked: boot.habits.rows === rows, run: () => look({rows})}));
  const sorts = SORTS.map((sort, index) => ({label: t(`ui.sort.${sort}`), apart: index === 0, checked: state.sort === sort, run: () => (look({sort}), openView(state.view, state.query, undefined, {sort, filters: state.filters ?? undefined, name: state.viewName}))}));
  return [...extra, ...own, {label: t('ui.views.filter'), apart: true, run: filter}, ...(kept.length ? [{label: t('ui.views.arrange'), run: arrange}] : []), ...teams, ...sorts, ...looks];
}

/** Show the list otherwise, here and wherever this person logs in. @param {{rows?: string, sort?: string}} change */
async function look(change) {
  boot.habits = {...boot.habits, ...change};
  document.body.dataset.rows = boot.habits.rows;
  redraw();
  await api.put('/me/habits', change).catch(complain);
}

/** @type {Record<string, (row: any) => unknown>} */
const CELLS = {
  number: (row) => `№${row.number}`,
  channel: (row) => channelTitle(store.state.channels.find(({name}) => name === row.channel) ?? {name: row.channel, kind: row.channel_kind}),
  team: (row) => row.team?.name ?? '',
  priority: (row) => (row.priority ? t(`ui.filters.priority_${row.priority}`) : ''),
  tags: (row) => row.tags.join(', '),
  created: (row) => shortTime(row.created_at),
};

/** Columns of a table, as this person chose them. @param {import('mostik/core/store.js').Row} row */
export function cells(row) {
  if (boot.habits.rows !== 'table') return nothing;
  return html`<span class="row-cells">${boot.habits.columns.map((/** @type {string} */ name) => html`<span title=${t(`ui.column.${name}`)}>${CELLS[name]?.(row)}</span>`)}</span>`;
}

/** Choose what the list shows, and keep it if wished. */
export const filter = () => late(() => import('mostik/inbox/filters.js'), (part) => part.openFilters());

const arrange = () => late(() => import('mostik/inbox/arrange.js'), (part) => part.openArrange());

/** @param {string} view @param {string} team @param {object|null} filters @returns {string} what the list is called, empty as ever */
export function title(view, team, filters) {
  if (filters) return t('ui.views.filtered');
  if (BUILT_IN.includes(view)) return t(`ui.view.${view}`);
  return kept.find((one) => one.id === view)?.name ?? (boot.teams ?? []).find((/** @type {any} */ one) => one.id === team)?.name ?? '';
}

/** @param {Record<string, any>} filters @returns {string[]} each of them in words */
export function inWords(filters) {
  const names = (/** @type {any[]} */ all, /** @type {string[]} */ ids) => ids.map((id) => all.find((one) => one.id === id)?.name ?? t(`ui.filters.${id === 'me' ? 'me' : 'none'}`)).join(', ');
  const {statuses = [], priorities = [], channels = [], teams = [], assignees = [], tags = [], key, value, since, until, days, unread} = filters;
  const field = (boot.fields ?? []).find((/** @type {any} */ one) => one.key === key)?.name ?? key;
  return [
    statuses.map((/** @type {string} */ one) => t(`ui.filters.status_${one}`)).join(', '),
    priorities.map((/** @type {string} */ one) => t(`ui.filters.priority_${one || 'usual'}`)).join(', '),
    channels.map((/** @type {string} */ one) => channelTitle(store.state.channels.find(({name}) => name === one) ?? {name: one, kind: one})).join(', '),
    names(boot.teams ?? [], teams),
    names(store.state.operators, assignees),
    tags.map((/** @type {string} */ tag) => `#${tag}`).join(' '),
    key ? `${field}: ${value}` : '',
    since || until ? `${since ?? '…'} — ${until ?? '…'}` : '',
    days ? t('ui.filters.within', {n: days}) : '',
    unread ? t('ui.view.unread') : '',
  ].filter(Boolean);
}

/** What narrows the list, and the ways out of it. @param {State} state */
export function bar(state) {
  const team = (boot.teams ?? []).find((/** @type {any} */ one) => one.id === state.team);
  const channel = state.channels.find((one) => one.name === state.channel);
  if (!state.filters && !team && !channel) return nothing;
  const chip = (/** @type {string} */ words, /** @type {() => void} */ off) => html`<li class="chip filter-chip">${words}<button class="icon-btn" aria-label=${t('ui.filters.off', {name: words})} @click=${off}>${icon('x')}</button></li>`;
  return html`<div class="filter-bar" data-testid="filter-bar" role="group" aria-label=${t('ui.views.narrowed')}>
    <ul>
      ${team ? chip(team.name, () => openView(state.view, '', undefined, {team: ''})) : nothing}
      ${channel ? chip(channelTitle(channel), () => openView(state.view, '', '')) : nothing}
      ${state.filters ? inWords(state.filters).map((words) => html`<li class="chip">${words}</li>`) : nothing}
    </ul>
    ${state.filters
      ? html`<button class="link" @click=${filter}>${t('ui.filters.change')}</button><button class="link" @click=${() => openView('mine')}>${t('ui.filters.reset')}</button>`
      : nothing}
  </div>`;
}
