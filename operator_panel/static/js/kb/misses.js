/** Questions without an answer: the board of groups, and what editors make of each. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {channelText} from 'mostik/core/channels.js';
import {icon} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';
import {toast} from 'mostik/core/toasts.js';
import {askAgain} from 'mostik/kb/nowAnswered.js';
import {pickArticle} from 'mostik/kb/picker.js';
import {emptyTemplate, headTemplate, keepFocus} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';
import {trendTemplate} from 'mostik/kb/trend.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {any} Group as the API shows it */

/** Questions of a group that are shown beside its name, and all that are shown at once of one that is unfolded. */
const EXAMPLES = 2;
const SHOWN = 50;
/** Ids one request takes. */
const PORTION = 500;

shared.state.misses = {rows: [], total: 0, gone: [], dismissed: false, channel: '', language: '', days: 30, seen: {channels: [], languages: []}, loaded: false, busy: new Set()};

let asked = 0;

/** @param {Room} room */
export async function loadMisses(room) {
  const {misses} = room.state;
  const {channel, language, days, dismissed} = misses;
  asked += 1;
  const mine = asked;
  const found = await room.api('GET', '/kb/misses', {channel, language, days});
  const gone = dismissed ? (await room.api('GET', '/kb/misses', {channel, language, days, state: 'dismissed'})).items : [];
  if (mine !== asked) return;
  Object.assign(misses, {rows: found.items, total: found.total, gone, loaded: true});
  if (!channel && !language) {
    const names = (/** @type {'channels'|'languages'} */ of) => [...new Set(found.items.flatMap((/** @type {Group} */ one) => Object.keys(one[of])))].sort();
    misses.seen = {channels: names('channels'), languages: names('languages')};
  }
  room.redraw();
}

/** @param {Room} room */
export const open = (room) => loadMisses(room);

/** @param {Room} room @param {{article?: string, misses?: string[]}} what an article alone changes nothing here */
export function changed(room, what) {
  if (what.misses || !what.article) loadMisses(room).catch(room.complain);
}

/** @param {Room} room @returns {number|null} */
export const count = ({state}) => (state.misses.loaded ? state.misses.rows.length : null);

/** @param {Group} group @returns {string[]} */
const idsOf = (group) => group.misses.map((/** @type {any} */ one) => one.id);

/** Do something with a group once at a time; a refusal is told. @param {Room} room @param {Group} group @param {() => Promise<void>} act */
async function once(room, group, act) {
  const {busy} = room.state.misses;
  if (busy.has(group.id)) return;
  const back = keepFocus('[data-testid="kb-miss"]');
  busy.add(group.id);
  room.redraw();
  try {
    await act();
  } catch (error) {
    room.complain(error);
  } finally {
    busy.delete(group.id);
    room.redraw();
    back();
  }
}

/** It is off the board at once; what still stands there is loaded behind. @param {Room} room @param {Group} group */
function leave({state}, group) {
  const others = (/** @type {Group[]} */ rows) => rows.filter((one) => one.id !== group.id);
  Object.assign(state.misses, {rows: others(state.misses.rows), gone: others(state.misses.gone)});
}

/** @param {Room} room @param {Group} group */
export const makeArticle = (room, group) =>
  once(room, group, async () => {
    const ids = idsOf(group).slice(0, PORTION);
    const row = await room.api('POST', '/kb/misses/article', {ids, title: group.label.slice(0, 300)});
    room.changed({article: row.id, row, misses: ids});
    await room.go(`/kb/articles/${encodeURIComponent(row.id)}`);
    document.getElementById('kb-answer')?.focus();
  });

/** @param {Room} room @param {Group} group */
export const addTo = (room, group) =>
  once(room, group, async () => {
    const {t} = room;
    const id = await pickArticle(room, t('kb.board.add_to', {label: group.label, n: group.count}), group.label, t('kb.board.add_yes'));
    if (!id) return;
    const ids = idsOf(group).slice(0, PORTION);
    const row = await room.api('POST', '/kb/misses/add', {ids, article: id});
    leave(room, group);
    room.changed({article: row.id, row, misses: ids});
    const path = `/kb/articles/${encodeURIComponent(row.id)}`;
    toast(t(row.next ? 'kb.board.added_draft' : 'kb.board.added', {title: row.title}), {action: {label: t('kb.board.open'), run: () => room.go(path)}});
    if (!row.next && row.state === 'published') await askAgain(room, row.id);
  });

/** @param {Room} room @param {Group} group */
const dismiss = (room, group) =>
  once(room, group, async () => {
    const {t} = room;
    const ids = idsOf(group).slice(0, PORTION);
    await room.api('POST', '/kb/misses/dismiss', {ids});
    leave(room, group);
    room.changed({misses: ids});
    toast(t('kb.board.dismissed'), {action: {label: t('ui.undo'), run: () => restore(room, group)}});
  });

/** @param {Room} room @param {Group} group */
const restore = (room, group) =>
  once(room, group, async () => {
    const ids = idsOf(group).slice(0, PORTION);
    await room.api('POST', '/kb/misses/restore', {ids});
    leave(room, group);
    room.changed({misses: ids});
    toast(room.t('kb.board.restored'));
  });

/** @param {Room} room @param {Group} group @param {boolean} [short] */
export function actionsTemplate(room, group, short = false) {
  const {t, rights, state} = room;
  if (!rights.edit) return nothing;
  const busy = state.misses.busy.has(group.id);
  const of = (/** @type {string} */ verb) => t('kb.board.of', {verb, label: group.label});
  if (state.misses.dismissed) return html`<div class="kb-board-do"><button class="btn btn-small" ?disabled=${busy} aria-label=${of(t('ui.undo'))} data-testid="kb-miss-restore" @click=${() => restore(room, group)}>${t('ui.undo')}</button></div>`;
  return html`<div class="kb-board-do">
    <button class="btn btn-small btn-primary" ?disabled=${busy} aria-label=${of(t('kb.board.make'))} data-testid="kb-miss-make" @click=${() => makeArticle(room, group)}>${t('kb.board.make')}</button>
    <button class="btn btn-small" ?disabled=${busy} aria-label=${of(t('kb.board.add'))} data-testid="kb-miss-add" @click=${() => addTo(room, group)}>${t('kb.board.add')}</button>
    ${short
      ? nothing
      : html`<button class="btn btn-small kb-quiet" ?disabled=${busy} aria-label=${of(t('kb.board.dismiss'))} data-testid="kb-miss-dismiss" @click=${() => dismiss(room, group)}>${t('kb.board.dismiss')}</button>`}
  </div>`;
}

/** @param {Room} room @param {any} miss */
function missTemplate({t}, miss) {
  return html`<li class="kb-miss">
    <span>${miss.text}</span>
    <a class="count" href="/inbox/all/${encodeURIComponent(miss.conversation_id)}"><time datetime=${miss.at}>${shortTime(miss.at)}</time> · ${t(`kb.board.reason.${miss.reason}`)}</a>
  </li>`;
}

/** @param {Room} room @param {Group} group */
function groupTemplate(room, group) {
  const {t} = room;
  const texts = [...new Set(group.misses.map((/** @type {any} */ one) => one.text))].filter((text) => text !== group.label);
  const chips = [...Object.keys(group.channels).map((one) => channelText(room, one)), ...Object.keys(group.languages).map((one) => one.toUpperCase())];
  return html`<li class="kb-card" data-testid="kb-miss" data-id=${group.id} data-count=${group.count}>
    <div class="kb-card-head">
      <h2>${group.label}</h2>
      ${trendTemplate(group.trend)}
      <b class="kb-card-count" aria-label=${t('kb.board.asked_n', {n: group.count})}>${group.count}</b>
    </div>
    ${texts.slice(0, EXAMPLES).map((text) => html`<p class="kb-example">«${text}»</p>`)}
    <p class="kb-card-about">${chips.map((one) => html`<span class="chip">${one}</span>`)}<span class="count">${t('kb.board.last', {time: shortTime(group.misses[0].at)})}</span></p>
    ${actionsTemplate(room, group)}
    <details class="kb-all">
      <summary>${t('kb.board.all', {n: group.count})}</summary>
      <ul>${group.misses.slice(0, SHOWN).map((/** @type {any} */ one) => missTemplate(room, one))}</ul>
      ${group.count > SHOWN ? html`<p class="count">${t('kb.board.first', {n: SHOWN})}</p>` : nothing}
    </details>
  </li>`;
}

/** @param {Room} room @param {'channel'|'language'} name @param {string[]} values */
function filter(room, name, values) {
  const {t, state} = room;
  if (values.length < 2 && !state.misses[name]) return nothing;
  const change = (/** @type {Event} */ event) => {
    state.misses[name] = /** @type {HTMLSelectElement} */ (event.target).value;
    loadMisses(room).catch(room.complain);
  };
  return html`<select class="field kb-filter" aria-label=${t(`kb.board.${name}`)} data-testid="kb-miss-${name}" @change=${change}>
    <option value="">${t(`kb.board.any_${name}`)}</option>
    ${values.map((value) => html`<option value=${value} ?selected=${state.misses[name] === value}>${name === 'language' ? value.toUpperCase() : channelText(room, value)}</option>`)}
  </select>`;
}

/** @param {Room} room */
function stateFilter(room) {
  const {t, state} = room;
  const change = (/** @type {Event} */ event) => {
    state.misses.dismissed = /** @type {HTMLSelectElement} */ (event.target).value === 'dismissed';
    loadMisses(room).catch(room.complain);
  };
  return html`<select class="field kb-filter" aria-label=${t('kb.board.state')} data-testid="kb-miss-state" @change=${change}>
    <option value="open">${t('kb.board.state.open')}</option>
    <option value="dismissed" ?selected=${state.misses.dismissed}>${t('kb.board.state.dismissed')}</option>
  </select>`;
}

/** @param {Room} room */
export function view(room) {
  const {t, state} = room;
  const {total, seen, channel, language, dismissed} = state.misses;
  const rows = dismissed ? state.misses.gone : state.misses.rows;
  const title = html`<h1>${t('kb.section.misses')}</h1><span class="count">${t('kb.board.sum', {n: total})}</span>`;
  const none = channel || language || dismissed ? emptyTemplate('search', t('kb.board.none_found')) : emptyTemplate('circle-check', t('kb.board.none'), t('kb.board.none_hint'));
  return html`${headTemplate(room, title, html`${stateFilter(room)} ${filter(room, 'channel', seen.channels)} ${filter(room, 'language', seen.languages)}`)}
    <div class="kb-body" data-testid="kb-board">
      ${rows.length ? html`<ol class="kb-cards">${repeat(rows, (one) => one.id, (one) => groupTemplate(room, one))}</ol>` : none}
    </div>`;
}
