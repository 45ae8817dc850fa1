/** The inbox: puts the parts together, draws at most once a frame, wires keys, history and the live line. */

import {html, nothing, render} from 'lit-html';
import {perFrame, takesText, wider} from 'mostik/core/dom.js';
import {bindKeys} from 'mostik/core/keys.js';
import {tendMenus} from 'mostik/core/menu.js';
import {tendToasts, toastsTemplate} from 'mostik/core/toasts.js';
import {barsTemplate} from 'mostik/inbox/banner.js';
import {composerTemplate, setMode} from 'mostik/inbox/composer.js';
import {connect} from 'mostik/inbox/connection.js';
import {tendCards} from 'mostik/inbox/customer.js';
import {boot, drawing, store} from 'mostik/inbox/desk.js';
import {byKey, headerTemplate, toggleContext} from 'mostik/inbox/header.js';
import {holdAgain, listTemplate} from 'mostik/inbox/list.js';
import {asidePlace, askToLogIn, pickRow, showKeys, showPalette, slots} from 'mostik/inbox/late.js';
import {closeThread, focusRow, followHistory, openConversation, refetch, step} from 'mostik/inbox/navigation.js';
import {resume} from 'mostik/inbox/outbox.js';
import {showChannelState, showDue, tendRail} from 'mostik/inbox/rail.js';
import {watchReading} from 'mostik/inbox/reading.js';
import {keepEnd, restand, standing} from 'mostik/inbox/scroll.js';
import {nothingOpen, threadTemplate} from 'mostik/inbox/thread.js';

const MINUTE = 60_000;

/** @param {string} id @returns {HTMLElement} a part of the page, freed of what the server drew there meanwhile */
function part(id) {
  const place = /** @type {HTMLElement} */ (document.getElementById(id));
  place.replaceChildren();
  return place;
}

const parts = {list: part('list'), thread: part('thread'), context: part('context'), bars: part('bars'), toasts: part('toasts')};
const watchEnd = keepEnd();

/** @param {import('mostik/core/store.js').State} state */
function middle(state) {
  const row = state.selected ? state.rows.get(state.selected) : undefined;
  if (!state.thread) return slots.first?.(state) ?? nothingOpen(state);
  return html`${row ? headerTemplate(state, row) : nothing}${threadTemplate(state, state.thread)}
  ${row && state.thread.state === 'ready'
    ? html`<footer class="thread-foot">${slots.context?.stripTemplate(state)}${composerTemplate(state, row)}</footer>`
    : nothing}`;
}

/** @returns {string} the row that has the focus */
const focusedRow = () => document.activeElement?.closest?.('.row')?.getAttribute('data-id') ?? '';

function draw() {
  const {state} = store;
  const row = state.selected ? state.rows.get(state.selected) : undefined;
  const focus = focusedRow();
  const before = standing();
  document.body.dataset.pane = state.thread ? 'thread' : 'list';
  render(barsTemplate(state, () => line.retryNow()), parts.bars);
  render(listTemplate(state), parts.list);
  render(middle(state), parts.thread);
  render(row && state.thread?.state === 'ready' ? asidePlace(state, row) : nothing, parts.context);
  render(toastsTemplate(), parts.toasts);
  if (state.expired) askToLogIn(line);
  restand(before);
  watchEnd();
  // A row that moved in the page has lost the focus on the way.
  if (focus && focusedRow() !== focus && document.activeElement === document.body) focusRow(focus);
  watchReading();
  document.documentElement.dataset.seq = state.cursor;
  document.documentElement.dataset.ready = 'true';
}

const schedule = perFrame(draw);
drawing.now = draw;

/** What is told of others' conversations moves rows of the list and nothing else. */
const ROWS = new Set(['message.created', 'message.updated', 'conversation.updated', 'row.loaded', 'counts', 'read']);
/**
 * The list is drawn at most so often for it: a few times a blink, however much is told. Where a machine is slow to show
 * it, at most a third of its time goes there, and nobody waits for it longer than the second figure says. After a pause
 * two things may be told at once: a word rarely comes alone.
 */
const LIST_MS = 80;
const LONGEST_MS = 240;
const SHARE = 3;
const PAUSE_MS = 120;
let listBegun = 0;
let listDue = 0;
let listTimer = 0;

function drawList() {
  listTimer = 0;
  const begun = performance.now();
  const least = begun - listBegun > PAUSE_MS ? 0 : LIST_MS;
  listBegun = begun;
  listDue = begun + least;
  // By then the browser has laid out and painted what is drawn here.
  setTimeout(() => (listDue = begun + Math.min(LONGEST_MS, Math.max(least, (performance.now() - begun) * SHARE))));
  const focus = focusedRow();
  render(listTemplate(store.state), parts.list);
  if (focus && focusedRow() !== focus && document.activeElement === document.body) focusRow(focus);
  document.documentElement.dataset.seq = store.state.cursor;
}

const scheduleList = perFrame(drawList);

/** @param {any} event @param {import('mostik/core/store.js').State} before @returns {boolean} is only the list to be drawn */
function listOnly({type, conversation}, before) {
  const {state} = store;
  const same = (/** @type {'thread'|'sends'|'connection'} */ key) => state[key] === before[key];
  const row = state.rows.get(state.selected ?? '');
  // Beside the thread stand the other conversations of its customer.
  const kin = conversation && conversation.customer.id === row?.customer.id;
  return ROWS.has(type) && !!row && !kin && row === before.rows.get(row.id) && same('thread') && same('sends') && same('connection');
}

/** @param {any} event @param {import('mostik/core/store.js').State} before */
function drawFor(event, before) {
  if (!listOnly(event, before)) schedule();
  else listTimer ||= setTimeout(scheduleList, Math.max(0, listDue - performance.now()));
}

/** @returns {boolean|void} leave what is innermost: the text, the card, the thread */
function leave() {
  const {activeElement} = document;
  const {state} = store;
  if (document.body.dataset.context === 'open' && !wider(1280)) toggleContext();
  else if (takesText(activeElement) && state.selected) {
    /** @type {HTMLElement} */ (activeElement).blur();
    focusRow(state.selected);
  } else if (state.selected) {
    const {selected} = state;
    closeThread();
    draw();
    focusRow(selected);
  } else return false;
  return undefined;
}

/** @param {1|-1} by @returns {boolean|void} arrows walk the list only where the focus is in it */
function walk(by) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.row')]);
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at === -1) return false;
  rows[at + by]?.focus();
  return undefined;
}

/** @param {'reply'|'note'} mode R and N also open the row that has the focus */
function write(mode) {
  const id = focusedRow();
  if (id && id !== store.state.selected) openConversation(id);
  setMode(mode);
}

function wireKeys() {
  bindKeys([
    {on: 'j', does: 'next', run: () => step(1)},
    {on: 'k', does: 'previous', run: () => step(-1)},
    {on: 'arrowdown', run: () => walk(1)},
    {on: 'arrowup', run: () => walk(-1)},
    {on: 'o', does: 'open', run: () => (focusedRow() ? openConversation(focusedRow()) : undefined)},
    {on: 'r', does: 'reply', run: () => write('reply')},
    {on: 'n', does: 'note', run: () => write('note')},
    {on: 'x', does: 'pick', run: () => pickRow(focusedRow() || store.state.selected, false)},
    {on: 'shift+x', run: () => pickRow(focusedRow() || store.state.selected, true)},
    {on: 'i', does: 'claim', run: () => byKey('claim')},
    {on: 'e', does: 'close', run: () => byKey('close')},
    {on: 's', does: 'snooze', run: () => byKey('snooze')},
    {on: 't', does: 'pass', run: () => byKey('pass')},
    {on: 'shift+e', does: 'reopen', run: () => byKey('reopen')},
    {on: ']', does: 'card', run: toggleContext},
    {on: '/', does: 'search', run: () => document.getElementById('search')?.focus()},
    {on: '?', run: showKeys},
    {on: 'ctrl+k', does: 'palette', run: () => showPalette(), typing: true},
    {on: 'escape', run: leave, typing: true},
    ...[1, 2, 3].map((n) => ({on: `alt+${n}`, run: () => slots.context?.insertSuggestion(n - 1) ?? false, typing: true})),
  ], boot.habits);
}

store.subscribe((event, before) => {
  drawFor(event, before);
  if (event.type === 'list.loaded') holdAgain();
  if (store.state.counts !== before.counts) showDue(store.state.counts.due ?? 0);
  if (store.state.channels !== before.channels) showChannelState(store.state.channels);
});

tendToasts(schedule);
tendMenus();
tendRail();
tendCards();
followHistory();
wireKeys();
const line = connect();
resume();
setInterval(schedule, MINUTE / 2);
document.addEventListener('visibilitychange', schedule);
addEventListener('focus', schedule);
draw();
