/** The ways to what can be done with a message: its button, the right button of the mouse, a long press, the keyboard. */

import {takesText} from 'mostik/core/dom.js';
import {store} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';

/** @typedef {import('mostik/core/store.js').Message} Message */

const MSG = '[data-testid="msg"]:not([data-local])';
/** What has a menu of the browser's own that is worth more. */
const OWN_MENU = 'a, img, video, input, textarea';

/** @param {Element|null|undefined} place @returns {Message|undefined} the message that stands there */
function messageAt(place) {
  const id = place?.closest(MSG)?.getAttribute('data-id');
  return store.state.thread?.messages.find((one) => one.id === id);
}

/** While the button of the mouse is down a menu waits: letting go would close it. @param {number} buttons */
const letGo = (buttons) => buttons && new Promise((resolve) => addEventListener('pointerup', () => setTimeout(resolve), {once: true, capture: true}));

/** @param {Message} message @param {DOMRect} by what the menu stands at @param {number} [buttons] that are down */
function open(message, by, buttons = 0) {
  const free = letGo(buttons);
  late(() => Promise.all([import('mostik/inbox/actions.js'), free]), ([part]) => part.openActions(message, by));
}

/** @param {MouseEvent} event on the thread */
export function onContextMenu(event) {
  const target = /** @type {Element} */ (event.target);
  const message = messageAt(target);
  if (!message || message.author.kind === 'system' || target.closest(OWN_MENU)) return;
  if (event.button === 2 && getSelection()?.toString()) return;
  event.preventDefault();
  const box = target.closest(MSG)?.querySelector('.bubble')?.getBoundingClientRect();
  const pressed = event.button === 2 || !box;
  open(message, pressed ? new DOMRect(event.clientX, event.clientY, 0, 0) : box, event.buttons);
}

/** @param {MouseEvent} event on a message's own button */
export function onMore(event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  const message = messageAt(button);
  if (message) open(message, button.getBoundingClientRect());
}

/** @param {HTMLElement} place @param {number} by steps from the message that has the focus, else from the last one */
function walk(place, by) {
  const all = /** @type {HTMLElement[]} */ ([...place.querySelectorAll(`article${MSG}`)]);
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement?.closest(MSG)));
  const next = at === -1 ? all.at(-1) : all[at + by];
  next?.focus({preventScroll: true});
  next?.scrollIntoView({block: 'nearest'});
}

/** @param {KeyboardEvent} event on the thread: arrows walk over the messages, Enter opens what can be done */
export function onThreadKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const place = /** @type {HTMLElement} */ (event.currentTarget);
  if (takesText(target) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
  const here = target.matches(`article${MSG}`);
  if (step && (here || event.altKey)) {
    event.preventDefault();
    walk(place, step);
  } else if (here && event.key === 'Enter') {
    const message = messageAt(target);
    const bubble = target.querySelector('.bubble') ?? target;
    event.preventDefault();
    if (message) open(message, bubble.getBoundingClientRect());
  }
}

/** @param {'sign'|'edit'} what @param {Message} [message] the last one of one's own that can be edited, if none is told */
function start(what, message) {
  late(() => import('mostik/inbox/actions.js'), (part) => {
    if (what === 'sign' && message) part.toggleSign(message);
    else part.editLast();
  });
}

/** Change what was said last. */
export const editLast = () => start('edit');

/** Take the desk's sign away. @param {Message} message */
export const unsign = (message) => start('sign', message);
