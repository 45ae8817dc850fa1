/** Where the reader stands in the thread: at its end he stays at its end, elsewhere nothing moves under his eyes. */

import {drawing, store} from 'mostik/inbox/desk.js';
import {loadLatest, loadNewer, loadOlder} from 'mostik/inbox/history.js';

const NEAR_END = 80;
const NEAR_EDGE = 400;
const DIVIDER_FROM_TOP = 120;
/** The least height of a line, and the lines that stand above a divider on the screen. */
const LEAST_HIGH = 34;
const ABOVE_DIVIDER = 4;

let opened = '';
let settled = false;
let lastSends = 0;
let lastCut = false;
let partly = false;
let endDrawn = true;

/** @returns {HTMLElement|null} */
const scroller = () => document.getElementById('thread-scroll');

/** @param {Element} message @returns {string} */
const idOf = (message) => message.getAttribute('data-id') ?? '';

/** @param {HTMLElement} place @returns {number} pixels below the window */
const below = (place) => place.scrollHeight - place.scrollTop - place.clientHeight;

/**
 * At first sight of a conversation only what fills the screen is drawn, from the divider on or else up to the end; the
 * rest of the window follows once that is seen.
 * @param {import('mostik/core/store.js').Thread} thread @param {import('mostik/core/thread.js').Line[]} all
 * @returns {import('mostik/core/thread.js').Line[]} what is drawn now
 */
export function drawnLines(thread, all) {
  const few = Math.ceil(innerHeight / LEAST_HIGH);
  if (thread.id !== opened || !settled) {
    partly = all.length > few + ABOVE_DIVIDER;
    if (partly) requestAnimationFrame(() => setTimeout(() => ((partly = false), store.dispatch({type: 'part'}))));
  }
  partly &&= !thread.cut;
  endDrawn = true;
  if (!partly) return all;
  const divider = all.findIndex(({type}) => type === 'divider');
  const from = Math.max(0, Math.min(divider < 0 ? Infinity : divider - ABOVE_DIVIDER, all.length - few));
  const to = from + few + ABOVE_DIVIDER;
  endDrawn = to >= all.length;
  return all.slice(from, to);
}

/** @param {Event} event */
export function onScroll(event) {
  const place = /** @type {HTMLElement} */ (event.target);
  const {thread} = store.state;
  if (!thread || !settled || partly) return;
  const atEnd = below(place) <= NEAR_END && !thread.cut;
  if (atEnd !== thread.atEnd) store.dispatch({type: 'thread.scrolled', id: thread.id, atEnd});
  if (place.scrollTop < NEAR_EDGE) loadOlder();
  if (thread.cut && below(place) < NEAR_EDGE) loadNewer();
}

/** Go to the newest message. */
export async function toEnd() {
  const {thread} = store.state;
  if (!thread) return;
  partly = false;
  if (thread.cut) await loadLatest();
  store.dispatch({type: 'thread.scrolled', id: thread.id, atEnd: true});
  drawing.now();
  const place = scroller();
  if (place) place.scrollTop = place.scrollHeight;
}

/** @typedef {{id: string, top: number, atEnd: boolean, ids: Set<string>, cut: boolean}} Standing */

/** @returns {Standing|null} what is on the screen before a drawing */
export function standing() {
  const place = scroller();
  if (!place) return null;
  const all = [...place.querySelectorAll('[data-testid="msg"]')];
  const atEnd = store.state.thread?.atEnd ?? true;
  const now = {atEnd, ids: new Set(all.map(idOf)), cut: lastCut};
  if (atEnd) return {id: '', top: 0, ...now};
  const edge = place.getBoundingClientRect().top;
  const seen = all.find((one) => one.getBoundingClientRect().bottom > edge);
  return {id: seen ? idOf(seen) : '', top: seen?.getBoundingClientRect().top ?? 0, ...now};
}

/** @param {HTMLElement} place first sight of a conversation: the new words, else the end */
function begin(place) {
  const divider = place.querySelector('.new-line');
  place.scrollTop = place.scrollHeight;
  if (divider) {
    const above = divider.getBoundingClientRect().top - place.getBoundingClientRect().top;
    if (above < 0) place.scrollTop += above - DIVIDER_FROM_TOP;
  }
  settled = true;
  const {thread} = store.state;
  const atEnd = below(place) <= NEAR_END && endDrawn;
  if (thread && thread.atEnd !== atEnd) store.dispatch({type: 'thread.scrolled', id: thread.id, atEnd});
}

/**
 * What comes of the history is not read aloud, whether above, below or in place of what stood there; a new word is.
 * @param {Standing} before
 */
function speakOnly(before) {
  const log = document.getElementById('thread-log');
  const first = log?.querySelector('[data-testid="msg"]');
  if (first && before.ids.has(idOf(first)) && !before.cut) log?.setAttribute('aria-live', 'polite');
  else {
    log?.setAttribute('aria-live', 'off');
    // Once it was drawn, the next word may come by itself.
    requestAnimationFrame(() => setTimeout(() => log?.setAttribute('aria-live', 'polite')));
  }
}

/** Put the reader back where he stood. @param {Standing|null} before */
export function restand(before) {
  const place = scroller();
  const {thread, sends} = store.state;
  if (!place || !thread) {
    opened = '';
    return;
  }
  if (thread.id !== opened) {
    opened = thread.id;
    settled = false;
    lastSends = sends.length;
  }
  if (thread.state !== 'ready') return;
  const sentNow = sends.length > lastSends;
  lastSends = sends.length;
  if (!settled) begin(place);
  else if (sentNow || before?.atEnd) place.scrollTop = place.scrollHeight;
  else if (before?.id) {
    const anchor = place.querySelector(`[data-testid="msg"][data-id="${CSS.escape(before.id)}"]`);
    if (anchor) place.scrollTop += anchor.getBoundingClientRect().top - before.top;
  }
  if (before) speakOnly(before);
  lastCut = thread.cut;
}

/** The window or the composer changed its size: the end stays the end. */
export function keepEnd() {
  const watch = new ResizeObserver(() => {
    const place = scroller();
    if (place && settled && store.state.thread?.atEnd) place.scrollTop = place.scrollHeight;
  });
  let watched = /** @type {HTMLElement|null} */ (null);
  return () => {
    const place = scroller();
    if (place === watched) return;
    watch.disconnect();
    watched = place;
    if (place) watch.observe(place);
  };
}
