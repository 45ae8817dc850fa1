/** Where the reader stands in the thread: at its end he stays at its end, elsewhere nothing moves under his eyes. */

import {current, older, set} from './talk.js';

const NEAR_END = 60;
const NEAR_START = 300;
let first = '';

/** @returns {HTMLElement|null} */
const place = () => document.getElementById('scroll');

/** @param {Element} element @returns {string} */
const idOf = (element) => element.getAttribute('data-id') ?? '';

/** @returns {Element[]} */
const drawn = () => [...(place()?.querySelectorAll('[data-testid="msg"]') ?? [])];

export function onScroll() {
  const here = place();
  const {atEnd, loaded} = current();
  if (!here || !loaded) return;
  const end = here.scrollHeight - here.scrollTop - here.clientHeight <= NEAR_END;
  if (end !== atEnd) set({atEnd: end});
  if (here.scrollTop < NEAR_START) older();
}

/** Go to the newest message. */
export function toEnd() {
  set({atEnd: true});
  const here = place();
  if (here) here.scrollTop = here.scrollHeight;
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
  if (before?.element.isConnected) here.scrollTop += before.element.getBoundingClientRect().top - before.top;
  else if (current().atEnd) here.scrollTop = here.scrollHeight;
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

/** The window or the composer changed its size: the end stays the end. */
export function keepEnd() {
  const here = place();
  if (!here) return;
  new ResizeObserver(() => {
    if (current().atEnd) here.scrollTop = here.scrollHeight;
  }).observe(here);
}
