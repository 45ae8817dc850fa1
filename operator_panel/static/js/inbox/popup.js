/**
 * The popup of the composer: / finds canned replies and macros, # and № articles, : emoji, @ in notes colleagues. It is
 * a listbox that the field points to: the focus stays where one types.
 */

import {html, nothing, render} from 'lit-html';
import {announce, cap} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {store} from 'mostik/inbox/desk.js';
import {SOURCES, fetchFor} from 'mostik/inbox/popupSources.js';

/**
 * @typedef {{id: string, head: string, text: string, mark?: unknown, more?: string, pick: (put: (text: string) => void) => unknown}} Item
 * @typedef {{kind: string, from: number, query: string, only?: string}} Trigger where it began, and what was typed since
 */

const SHOWN = 8;
const WORD = /(?:^|\s)([/:@])([^\s/:@]*)$/u;
const SEARCH = /(?:^|\s)([#№])([^\n#№]{0,60})$/u;

const place = document.createElement('div');
place.className = 'composer-popup';
place.hidden = true;
document.body.append(place);

/** @type {Trigger|null} */
let open = null;
/** @type {Item[]} */
let items = [];
let active = 0;
let preview = false;
/** There is nothing to choose from at all, and that is said. */
let bare = false;
let turn = 0;
/** What was left with Escape stays closed until another word begins. */
let left = -1;

/** @returns {HTMLTextAreaElement|null} */
const field = () => /** @type {HTMLTextAreaElement|null} */ (document.getElementById('composer-text'));

/** @param {HTMLTextAreaElement} area @returns {Trigger|null} */
function triggerIn(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  const before = area.value.slice(0, area.selectionStart);
  const found = WORD.exec(before) ?? SEARCH.exec(before);
  if (!found) return null;
  const kind = found[1] === '№' ? '#' : found[1];
  const from = before.length - found[2].length - 1;
  if (kind === '@' && store.state.mode !== 'note') return null;
  // A number is an order's, not a question.
  if (kind === '#' && /^\s*\d/.test(found[2])) return null;
  if (kind === ':' && !/^[\p{L}+_-]{2,}$/u.test(found[2])) return null;
  return {kind, from, query: found[2]};
}

function point() {
  const area = field();
  if (!area) return;
  const shown = open !== null && items.length > 0;
  for (const [name, value] of Object.entries({'aria-autocomplete': 'list', 'aria-controls': 'composer-options', 'aria-activedescendant': `composer-option-${active}`})) {
    if (shown) area.setAttribute(name, value);
    else area.removeAttribute(name);
  }
}

function draw() {
  const area = field();
  const box = area?.closest('.composer')?.getBoundingClientRect();
  place.hidden = !open || !(items.length || bare) || !box;
  if (box && !place.hidden) {
    place.style.left = `${box.left}px`;
    place.style.width = `${box.width}px`;
    place.style.bottom = `${innerHeight - box.top + 6}px`;
    place.style.maxHeight = `${Math.max(120, box.top - 70)}px`;
  }
  render(place.hidden ? nothing : template(), place);
  point();
  place.querySelector('[aria-selected="true"]')?.scrollIntoView({block: 'nearest'});
}

/** @param {Item} item @param {number} index */
function option(item, index) {
  const chosen = index === active;
  return html`<li
    role="option" id="composer-option-${index}" aria-selected=${chosen ? 'true' : 'false'} data-testid="popup-option"
    @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}
    @click=${() => pick(index)}
  >
    ${item.mark ?? nothing}<b>${item.head}</b><span class=${chosen && preview ? 'whole' : ''}>${item.text}</span>
  </li>`;
}

function template() {
  const kind = open?.kind ?? '/';
  const shelf = open?.only ? 'macros' : 'canned';
  if (bare) return html`<p class="popup-foot" data-testid="popup-bare">${t(open?.only ? 'ui.popup.no_macros' : 'ui.popup.no_canned')} <a class="link" href="/settings/${shelf}">${t('ui.popup.make')}</a></p>`;
  return html`<ul id="composer-options" role="listbox" aria-label=${t(SOURCES[kind].label)} data-testid=${SOURCES[kind].testid}>${items.map(option)}</ul>
    <p class="popup-foot">${cap('↵')} ${t('ui.popup.insert')}${kind === '/' || kind === '#' ? html` ${cap('→')} ${t('ui.popup.preview')}` : nothing}<span>${t(SOURCES[kind].hint)}</span></p>`;
}

export function closePopup() {
  open = null;
  items = [];
  bare = false;
  draw();
}

/** @param {Trigger} trigger */
async function show(trigger) {
  turn += 1;
  const mine = turn;
  open = trigger;
  try {
    const found = await fetchFor(trigger);
    if (mine !== turn || !open) return;
    const before = items.length;
    items = found.slice(0, SHOWN);
    active = 0;
    preview = false;
    bare = !items.length && trigger.kind === '/' && !trigger.query;
    if (items.length !== before || bare) announce(t(items.length ? 'ui.popup.found' : 'ui.popup.none', {n: items.length}));
  } catch (error) {
    items = [];
    complain(error);
  }
  draw();
}

/** @param {HTMLTextAreaElement|null} area something was typed there; null: look away */
export function popupTyped(area) {
  const trigger = area && triggerIn(area);
  if (!trigger || trigger.from === left) {
    if (!trigger) left = -1;
    turn += 1;
    if (open) closePopup();
    return;
  }
  left = -1;
  show(trigger);
}

/** @param {'/'|':'} kind without a letter typed */
function openAlone(kind) {
  const area = field();
  if (!area) return;
  area.focus();
  show({kind, from: area.selectionStart, query: '', only: kind === '/' ? 'macro' : 'emoji'});
}

/** Macros alone, without a letter typed. */
export const openMacros = () => openAlone('/');

/** Emoji, the usual ones first. */
export const openEmoji = () => openAlone(':');

/** @param {number} index */
async function pick(index) {
  const item = items[index];
  const area = field();
  const trigger = open;
  if (!item || !area || !trigger) return;
  const end = trigger.only ? trigger.from : trigger.from + 1 + trigger.query.length;
  const conversation = store.state.selected;
  closePopup();
  turn += 1;
  const put = (/** @type {string} */ text) => {
    // Whoever went elsewhere meanwhile is not written over.
    if (store.state.selected !== conversation || field() !== area) return;
    area.focus();
    area.setRangeText(text, trigger.from, end, 'end');
    area.dispatchEvent(new Event('input', {bubbles: true}));
  };
  try {
    await item.pick(put);
  } catch (error) {
    complain(error);
  }
}

/** @param {KeyboardEvent} event @returns {boolean} */
export function popupPressed(event) {
  if (!open || !(items.length || (bare && event.key === 'Escape')) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step) active = (active + step + items.length) % items.length;
  else if (event.key === 'ArrowRight' && (open.kind === '/' || open.kind === '#')) preview = !preview;
  else if (event.key === 'Escape') {
    left = open.from;
    closePopup();
  } else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) pick(active);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  if (open) draw();
  return true;
}

document.addEventListener('pointerdown', (event) => {
  const target = /** @type {Element} */ (event.target);
  if (open && !place.contains(target) && target.id !== 'composer-text') closePopup();
});
addEventListener('resize', () => open && draw());
