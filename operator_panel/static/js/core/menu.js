/** Menus on the browser's own popovers: light dismissal, Escape and the way back of the focus come with them. */

import {html, nothing} from 'lit-html';
import {icon, wider} from 'mostik/core/dom.js';

const GAP = 6;

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {() => void} run
 * @property {unknown} [mark] glyph or avatar before the label
 * @property {boolean} [checked] one of a group is chosen
 * @property {string} [key] its shortcut
 * @property {boolean} [apart] a line above it
 */

/** @param {HTMLElement} place @param {DOMRect} by the button's box */
function put(place, by) {
  const {offsetWidth: width, offsetHeight: height} = place;
  const left = Math.min(by.left, innerWidth - width - GAP);
  const below = by.bottom + GAP + height < innerHeight;
  place.style.left = `${Math.max(GAP, left)}px`;
  place.style.top = `${below ? by.bottom + GAP : Math.max(GAP, by.top - height - GAP)}px`;
}

/** @param {HTMLElement} place @param {DOMRect} by a button of the rail: beside it, bottoms level */
function putBeside(place, by) {
  if (by.left > GAP * 4 || !wider(701)) {
    put(place, by);
    return;
  }
  place.style.left = `${by.right + GAP}px`;
  place.style.top = `${Math.max(GAP, Math.min(by.top, innerHeight - place.offsetHeight - GAP))}px`;
}

/** @param {ToggleEvent} event */
function onToggle(event) {
  const place = /** @type {HTMLElement} */ (event.target);
  if (!place.matches?.('.menu')) return;
  const opener = document.querySelector(`[popovertarget="${place.id}"]`);
  opener?.setAttribute('aria-expanded', String(event.newState === 'open'));
  if (event.newState !== 'open' || !opener) return;
  (opener.closest('.rail') ? putBeside : put)(place, opener.getBoundingClientRect());
  /** @type {HTMLElement|null} */ (place.querySelector('[aria-checked="true"], [role^="menuitem"]'))?.focus();
}

/** @param {KeyboardEvent} event arrows, Home and End walk through an open menu */
function onKey(event) {
  const place = /** @type {Element} */ (event.target).closest?.('.menu');
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!place || (!step && event.key !== 'Home' && event.key !== 'End')) return;
  const items = /** @type {HTMLElement[]} */ ([...place.querySelectorAll('[role^="menuitem"]')]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = step ? (at + step + items.length) % items.length : event.key === 'Home' ? 0 : items.length - 1;
  items[next]?.focus();
  event.preventDefault();
}

/** Let every menu of the page open at its button and be walked by keys. */
export function tendMenus() {
  document.addEventListener('toggle', onToggle, true);
  document.addEventListener('keydown', onKey);
}

/** @param {MouseEvent} event */
function closeOwn(event) {
  const place = /** @type {Element} */ (event.currentTarget).closest('[popover]');
  /** @type {HTMLElement|null} */ (place)?.hidePopover();
}

/**
 * A menu; its button names it by `popovertarget`.
 * @param {string} id
 * @param {string} label for those who listen
 * @param {Item[]} items
 */
export function menu(id, label, items) {
  const one = (/** @type {Item} */ item) => html`${item.apart ? html`<hr />` : nothing}<button
      type="button"
      role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked=${item.checked === undefined ? nothing : String(item.checked)}
      tabindex="-1"
      @click=${(/** @type {MouseEvent} */ event) => (closeOwn(event), item.run())}
    >
      ${item.mark ?? nothing}<span>${item.label}</span>${item.checked ? icon('check', 'menu-check') : nothing}${item.key
        ? html`<kbd class="cap">${item.key}</kbd>`
        : nothing}
    </button>`;
  return html`<div class="menu" id=${id} popover role="menu" aria-label=${label}>${items.map(one)}</div>`;
}
