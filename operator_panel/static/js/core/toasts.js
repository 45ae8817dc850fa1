/** Short words about what was done or refused, at the foot of the page. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {announce, icon} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';

const SHOWN_MS = 6000;
/** What can be taken back stays longer. */
const UNDO_MS = 10_000;

/**
 * @typedef {{label: string, run: () => void}} Action
 * @typedef {{id: number, text: string, danger: boolean, action: Action|null}} Toast
 */

/** @type {Toast[]} */
let toasts = [];
let lastId = 0;
let redraw = () => {};

/** @param {() => void} draw what shows them anew */
export function tendToasts(draw) {
  redraw = draw;
}

/** @param {number} id */
function drop(id) {
  toasts = toasts.filter((one) => one.id !== id);
  redraw();
}

/**
 * @param {string} text
 * @param {{danger?: boolean, action?: Action}} [options]
 */
export function toast(text, {danger = false, action} = {}) {
  lastId += 1;
  const id = lastId;
  toasts = [...toasts.slice(-2), {id, text, danger, action: action ?? null}];
  setTimeout(() => drop(id), action ? UNDO_MS : SHOWN_MS);
  announce(text);
  redraw();
}

/**
 * A refusal in words a person can act on.
 * @param {unknown} error
 * @returns {string}
 */
export function problemText(error) {
  const {code = 'error', message = String(error)} = /** @type {{code?: string, message?: string}} */ (error);
  const key = `ui.problem.${code}`;
  return known(key) ? t(key, {detail: message}) : t('ui.problem.other', {detail: message});
}

/** @param {unknown} error */
export function complain(error) {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  toast(problemText(error), {danger: true});
}

/** @param {Toast} one */
function template(one) {
  const {action} = one;
  return html`<div class="toast ${one.danger ? 'toast-danger' : ''}" data-testid="toast">
    ${one.danger ? icon('triangle-alert') : nothing}<span>${one.text}</span>
    ${action
      ? html`<button class="toast-action" @click=${() => (action.run(), drop(one.id))}>${action.label}</button>`
      : nothing}
    <button class="toast-close" aria-label=${t('ui.close_hint')} @click=${() => drop(one.id)}>${icon('x')}</button>
  </div>`;
}

export function toastsTemplate() {
  return repeat(toasts, (one) => one.id, template);
}
