/**
 * Where the reader stands in the thread: at its end he stays at its end, elsewhere nothing moves under his eyes.
 *
 * He leaves the end by going up himself. What grows below him (a photo, a file, a font that came late) moves nobody, and
 * the scrolling the page does itself is heard of a frame later, when the thread may have grown again.
 */

import {current, set} from './now.js';
import {older} from './talk.js';

const NEAR_END = 60;
const NEAR_START = 300;
/** Milliseconds a wheel, a finger or a key explains what scrolls. */
const BY_HAND = 1000;
let first = '';
/** How the thread stood when it was last looked at. */
let stood = {top: 0, height: 0, box: 0};
let touched = -BY_HAND;

/** @returns {HTMLElement|null} */
const place = () => document.getElementById('scroll');

/** @param {Element} element @returns {string} */
const idOf = (element) => element.getAttribute('data-id') ?? '';

/** @returns {Element[]} */
const drawn = () => [...(place()?.querySelectorAll('[data-testid="msg"]') ?? [])];

/** @param {HTMLElement} here */
const note = (here) => (stood = {top: here.scrollTop, height: here.scrollHeight, box: here.clientHeight});

/** @param {HTMLElement} here */
function down(here) {
  here.scrollTop = here.scrollHeight;
  note(here);
}

/** @param {HTMLElement} here @returns {boolean} did the reader go up, and not the thread change its size */
function wentUp(here) {
  const same = here.scrollHeight === stood.height && here.clientHeight === stood.box;
  return here.scrollTop < stood.top && (same || performance.now() - touched < BY_HAND);
}

export function onScroll() {
  const here = place();
  const {atEnd, loaded} = current();
  if (!here || !loaded) return;
  const near = here.scrollHeight - here.scrollTop - here.clientHeight <= NEAR_END;
  const end = near || (atEnd && !wentUp(here));
  if (end && !near) down(here);
  else note(here);
  if (end !== atEnd) set({atEnd: end});
  if (here.scrollTop < NEAR_START) older();
}

/** Go to the newest message. */
export function toEnd() {
  set({atEnd: true});
  stay();
}

/** Whoever stands at the end is put there again. */
export function stay() {
  const here = place();
  if (here && current().atEnd) down(here);
}

/** @returns {{element: Element, top: number}|null} what is on the screen before a drawing, null at the end */
export function standing() {
  const here = place();
  if (!here || current().atEnd) return null;
  const edge = here.getBoundingClientRect().top;
  const element = drawn().find((one) => one.getBoundingClientRect().bottom > edge);
  return element ? {element, top: element.getBoundingClientRect().top} : null;
}

/** Put the reader back where he stood. @param {{element: Element, top: number}|null} before */
export function restand(before) {
  const here = place();
  if (!here) return;
  if (before?.element.isConnected) {
    here.scrollTop += before.element.getBoundingClientRect().top - before.top;
    note(here);
  } else stay();
  speakOnlyNew();
}

/** History put above is not read aloud, a new word is. */
function speakOnlyNew() {
  const [top] = drawn();
  const was = first;
  first = top ? idOf(top) : '';
  if (was === first) return;
  const log = document.getElementById('log');
  log?.setAttribute('aria-live', 'off');
  setTimeout(() => log?.setAttribute('aria-live', 'polite'), 500);
}

/** The window, the composer or what is said changed its size: the end stays the end. */
export function keepEnd() {
  const here = place();
  const log = document.getElementById('log');
  if (!here || !log) return;
  const hand = () => (touched = performance.now());
  for (const name of ['wheel', 'touchmove', 'keydown', 'pointerdown']) here.addEventListener(name, hand, {passive: true});
  const sizes = new ResizeObserver(stay);
  sizes.observe(here);
  sizes.observe(log, {box: 'border-box'});
}
