/** Several rows at once: picked by box, X or Shift, then given away, tagged, put to sleep, closed, read; the menu of one row. */

import {html, nothing, render} from 'lit-html';
import {announce, icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {menu} from 'mostik/core/menu.js';
import {sections} from 'mostik/core/rows.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {api, boot, drawing, mayWrite, store} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';
import {whenLetGo} from 'mostik/inbox/letGo.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {sleepTimes} from 'mostik/inbox/sleep.js';
import {sure} from 'mostik/inbox/sure.js';

/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {{action: string, [name: string]: any}} Deed */

/** Conversations the server changes at once; a larger choice goes in portions, up to this many. */
const PORTION = 200;
const MOST = 1000;
/** More rows than a glance takes in: what is done with so many is asked once more. */
const GLANCE = 20;
/** What takes a deed back. @type {Record<string, string>} */
const UNDO = {close: 'reopen'};
const PRIORITIES = ['urgent', 'high', '', 'low'];
const CODES = ['taken', 'closed', 'forbidden', 'not_found', 'not_free'];

let last = '';
/** How rows were that stand in no list, as they were chosen. @type {Map<string, Row>} */
const chosen = new Map();

/** @returns {string[]} rows in the order shown */
const order = () => sections(store.state).flatMap(({name, rows}) => (store.state.folded.has(name) ? [] : rows.map((row) => row.id)));

/** @param {Iterable<string>} ids */
const pick = (ids) => store.dispatch({type: 'pick', ids: new Set(ids)});

/** @param {string} id @param {boolean} [range] also all between it and the one picked last */
export function toggle(id, range = false) {
  if (!mayWrite) return;
  const {picked} = store.state;
  const all = order();
  const [from, to] = [all.indexOf(last), all.indexOf(id)].sort((a, b) => a - b);
  if (range && from >= 0) pick([...picked, ...all.slice(from, to + 1)]);
  else if (picked.has(id)) pick([...picked].filter((one) => one !== id));
  else pick([...picked, id]);
  last = id;
  announce(t('ui.picks.picked', {n: store.state.picked.size}));
}

/** The box beside a row. @param {State} state @param {Row} row */
export function box(state, row) {
  if (!mayWrite) return nothing;
  const click = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    toggle(row.id, event.shiftKey);
    drawing.now();
  };
  return html`<input type="checkbox" class="pick ${state.picked.size ? 'pick-on' : ''}" tabindex="-1" aria-label=${t('ui.picks.box', {name: row.customer.name})} .checked=${state.picked.has(row.id)} @click=${click} />`;
}

/** All the filter shows, up to a bound that is told. */
async function pickAll() {
  const {view, channel, team, filters, query, sort} = store.state;
  const ids = new Set(order());
  let {next} = store.state;
  while (next && ids.size < MOST) {
    const ask = {view, channel, team, filters: filters && JSON.stringify(filters), q: query, sort, cursor: next, limit: 100};
    const page = await api.get('/conversations', ask).catch(complain);
    if (!page) break;
    for (const row of page.items) {
      ids.add(row.id);
      chosen.set(row.id, row);
    }
    ({next} = page);
  }
  pick([...ids].slice(0, MOST));
  toast(t(next ? 'ui.picks.bound' : 'ui.picks.picked', {n: Math.min(ids.size, MOST)}));
}

/** @param {string[]} ids @param {Deed} deed @returns {Promise<{id: string, done: boolean, code: string|null}[]>} */
async function carry(ids, deed) {
  const outcomes = [];
  for (let from = 0; from < ids.length; from += PORTION) {
    outcomes.push(...(await api.post('/conversations/bulk', {ids: ids.slice(from, from + PORTION), ...deed})).outcomes);
  }
  return outcomes;
}

/**
 * What takes a deed back, by the rows as they were before it.
 * @param {Row[]} rows @param {Deed} deed @returns {[Deed, string[]][]} none: it stays
 */
function backOf(rows, deed) {
  const all = rows.map((row) => row.id);
  if (UNDO[deed.action]) return [[{action: UNDO[deed.action]}, all]];
  if (deed.action === 'tag') return [[{action: 'tag', add: deed.remove ?? [], remove: deed.add ?? []}, all]];
  if (deed.action === 'snooze') return deed.until || deed.until_reply ? [[{action: 'snooze', until: null}, all]] : [];
  if (deed.action === 'ban') return [[{action: 'unban'}, rows.filter((row) => !row.banned).map((row) => row.id)]];
  if (deed.action !== 'prioritize') return [];
  return PRIORITIES.map((priority) => [{action: 'prioritize', priority}, rows.filter((row) => (row.priority ?? '') === priority).map((row) => row.id)]);
}

/** @param {[Deed, string[]][]} backs */
const undoing = (backs) => {
  const whole = backs.filter(([, ids]) => ids.length);
  return whole.length ? {label: t('ui.undo'), run: () => whole.forEach(([deed, ids]) => act(deed, ids))} : undefined;
};

/** @param {Deed} deed @param {string[]} [ids] @returns {Promise<string[]>} those it was done with */
export async function act(deed, ids = [...store.state.picked]) {
  if (!ids.length) return [];
  const before = ids.map((id) => store.state.rows.get(id) ?? chosen.get(id) ?? /** @type {any} */ ({id}));
  try {
    const outcomes = await carry(ids, deed);
    const done = outcomes.filter((one) => one.done).map((one) => one.id);
    const left = outcomes.filter((one) => !one.done);
    pick(left.map((one) => one.id));
    const action = undoing(backOf(before.filter((row) => done.includes(row.id)), deed));
    toast(t(`ui.picks.done_${deed.action}`, {n: done.length}), {action});
    if (left.length) {
      const why = [...new Set(left.map((one) => t(`ui.picks.why_${CODES.includes(one.code ?? '') ? one.code : 'other'}`)))];
      toast(t('ui.picks.left', {n: left.length, why: why.join(', ')}), {danger: true});
    }
    return done;
  } catch (error) {
    complain(error);
    return [];
  }
}

/** What a button says is done with the picked rows, asked once more where they are many. @param {string} what @param {Deed} deed @param {string[]} [ids] */
function ask(what, deed, ids) {
  const n = store.state.picked.size;
  if (ids || n <= GLANCE) act(deed, ids);
  else sure(t('ui.picks.sure', {n}), what, () => act(deed));
}

/** @param {string[]} [ids] */
function deeds(ids) {
  const others = store.state.operators.filter((one) => !['observer', 'editor'].includes(one.role));
  const sleep = (/** @type {string} */ key, /** @type {Date} */ at) => ({label: t(key), run: () => ask(t(key), {action: 'snooze', until: at.toISOString()}, ids)});
  const named = (/** @type {string} */ name, /** @type {string} */ to) => `${t(`ui.picks.${name}`)}: ${to}`;
  return {
    assign: others.map((one) => ({label: one.name, run: () => ask(named('assign', one.name), {action: 'assign', operator: one.id}, ids)})),
    team: (boot.teams ?? []).map((/** @type {any} */ one) => ({label: one.name, run: () => ask(named('team', one.name), {action: 'transfer', team: one.id}, ids)})),
    snooze: [...sleepTimes().map(([key, at]) => sleep(key, at)), {label: t('ui.picks.until_word'), run: () => ask(t('ui.picks.until_word'), {action: 'snooze', until_reply: true}, ids)}, {label: t('ui.picks.wake'), run: () => ask(t('ui.picks.wake'), {action: 'snooze', until: null}, ids)}],
    priority: PRIORITIES.map((priority) => {
      const label = t(`ui.priority.${priority || 'normal'}`);
      return {label, run: () => ask(named('priority', label), {action: 'prioritize', priority}, ids)};
    }),
  };
}

/** Closing where nothing is to be answered. @param {string[]} [ids] */
const unanswered = (ids) => ({label: t('ui.more.close_unanswered'), run: () => ask(t('ui.more.close_unanswered'), {action: 'close', without_reply: true}, ids)});

/** @param {SubmitEvent} event */
function tag(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const words = String(new FormData(form).get('tag') ?? '').trim();
  const add = words.split(',').map((one) => one.trim()).filter(Boolean);
  form.reset();
  /** @type {HTMLElement|null} */ (form.closest('[popover]'))?.hidePopover();
  if (add.length) ask(`${t('ui.picks.tag')}: ${add.join(', ')}`, {action: 'tag', add});
}

/** In place of the list's head while rows are picked. @param {State} state */
export function bar(state) {
  const {assign, team, snooze, priority} = deeds();
  const button = (/** @type {string} */ name, /** @type {string} */ glyph) => html`<button class="btn btn-small" popovertarget="menu-pick-${name}" aria-haspopup="menu">${icon(glyph)}${t(`ui.picks.${name}`)}</button>`;
  return html`<header class="bulk-bar" data-testid="bulk-bar" role="toolbar" aria-label=${t('ui.picks.bar')}>
    <button class="icon-btn" aria-label=${t('ui.picks.clear')} @click=${() => pick([])}>${icon('x')}</button>
    <b>${t('ui.picks.picked', {n: state.picked.size})}</b>
    <button class="link" @click=${pickAll}>${t('ui.picks.all')}</button>
    <div class="bulk-deeds">
      ${button('assign', 'hand')}${menu('menu-pick-assign', t('ui.picks.assign'), assign)}
      ${team.length ? html`${button('team', 'user-round')}${menu('menu-pick-team', t('ui.picks.team'), team)}` : nothing}
      <button class="btn btn-small" popovertarget="pick-tag">${icon('tag')}${t('ui.picks.tag')}</button>
      <form class="menu pick-tag" id="pick-tag" popover @submit=${tag}><input class="field" name="tag" aria-label=${t('ui.picks.tag')} placeholder=${t('ui.picks.tag_hint')} maxlength="200" autofocus /></form>
      ${button('snooze', 'alarm-clock')}${menu('menu-pick-snooze', t('ui.picks.snooze'), snooze)}
      ${button('priority', 'circle-alert')}${menu('menu-pick-priority', t('ui.picks.priority'), priority)}
      <button class="btn btn-small" @click=${() => ask(t('ui.picks.ban'), {action: 'ban'})}>${icon('ban')}${t('ui.picks.ban')}</button>
      <button class="btn btn-small" @click=${() => ask(t('ui.picks.read'), {action: 'read'})}>${icon('check-check')}${t('ui.picks.read')}</button>
      <button class="btn btn-small btn-primary" @click=${() => ask(t('ui.picks.close'), {action: 'close'})}>${icon('check')}${t('ui.picks.close')}</button>
      <button class="btn btn-small" popovertarget="menu-pick-more" aria-haspopup="menu" aria-label=${t('ui.picks.more')}>${icon('ellipsis-vertical')}</button>${menu('menu-pick-more', t('ui.picks.more'), [{label: t('ui.picks.unread'), run: () => ask(t('ui.picks.unread'), {action: 'unread'})}, unanswered()])}
    </div>
  </header>`;
}

/** @returns {HTMLElement} where the menu of a row is drawn */
function place() {
  const found = document.getElementById('menu-row-place');
  return found ?? document.body.appendChild(Object.assign(document.createElement('div'), {id: 'menu-row-place'}));
}

/** The menu of the row under the pointer. @param {MouseEvent} event */
export function onMenu(event) {
  const id = /** @type {Element} */ (event.target).closest('.row')?.getAttribute('data-id');
  const row = id && store.state.rows.get(id);
  if (!row || !mayWrite) return;
  event.preventDefault();
  const one = [row.id];
  const {assign, snooze, priority} = deeds(one);
  const items = [
    {label: t('ui.picks.open'), run: () => openConversation(row.id)},
    {label: t('ui.picks.pick'), run: () => toggle(row.id)},
    row.stage === 'closed' ? {label: t('ui.picks.reopen'), run: () => act({action: 'reopen'}, one)} : {label: t('ui.picks.close'), run: () => act({action: 'close'}, one)},
    ...(row.stage === 'closed' ? [] : [unanswered(one)]),
    {label: t('ui.picks.read'), run: () => act({action: 'read'}, one)},
    ...(row.incoming ? [{label: t('ui.picks.unread'), run: () => late(() => import('mostik/inbox/hands.js'), (part) => part.markUnread(row.id))}] : []),
    row.banned ? {label: t('ui.ban.lift'), run: () => act({action: 'unban'}, one)} : {label: t('ui.picks.ban'), run: () => act({action: 'ban'}, one)},
    ...snooze.map((each, index) => ({...each, apart: index === 0})),
    ...priority.map((each, index) => ({...each, apart: index === 0, checked: (row.priority ?? '') === PRIORITIES[index]})),
    {label: t('ui.header.claim'), apart: true, run: () => act({action: 'claim'}, one)},
    ...assign,
  ];
  render(menu('menu-row', t('ui.picks.menu', {name: row.customer.name}), items), place());
  whenLetGo(event, () => showAt(event));
}

/** @param {MouseEvent} event */
function showAt(event) {
  const shown = /** @type {HTMLElement} */ (document.getElementById('menu-row'));
  shown.showPopover();
  shown.style.left = `${Math.min(event.clientX, innerWidth - shown.offsetWidth - 6)}px`;
  shown.style.top = `${Math.max(6, Math.min(event.clientY, innerHeight - shown.offsetHeight - 6))}px`;
  /** @type {HTMLElement|null} */ (shown.querySelector('[role="menuitem"]'))?.focus();
}
