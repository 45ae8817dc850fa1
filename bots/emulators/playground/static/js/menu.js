/** A small menu behind a button: closes on a choice, on Escape and when the focus leaves it. */

import { html } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';

/**
 * @param {string} label
 * @param {{glyph: string, words: string, bad?: boolean, run: () => unknown}[]} choices
 * @param {{glyph?: unknown, up?: boolean, testid?: string}} [look] `up`: it opens upwards
 */
export function menu(label, choices, { glyph = icon('ellipsis-vertical'), up = false, testid = 'menu' } = {}) {
  return html`
    <details class="menu ${up ? 'up' : ''}" @focusout=${left} @keydown=${escaped}>
      <summary class="ghost" aria-label=${label} title=${label} data-testid=${testid}>${glyph}</summary>
      <div class="menu-list">${choices.map((one) => html`
        <button type="button" ?data-bad=${one.bad} @click=${(/** @type {Event} */ e) => {
          shut(e.currentTarget);
          one.run();
        }}>${icon(one.glyph)} ${one.words}</button>`)}</div>
    </details>`;
}

/** @param {EventTarget|null} inside */
function shut(inside) {
  const details = /** @type {HTMLElement|null} */ (inside)?.closest('details');
  details?.removeAttribute('open');
  details?.querySelector('summary')?.focus();
}

/** @param {FocusEvent} event */
function left(event) {
  const details = /** @type {HTMLElement} */ (event.currentTarget);
  if (!details.contains(/** @type {Node|null} */ (event.relatedTarget))) details.removeAttribute('open');
}

/** @param {KeyboardEvent} event */
function escaped(event) {
  if (event.key === 'Escape') shut(event.currentTarget);
}
