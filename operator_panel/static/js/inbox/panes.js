/** The edges between list, thread and card: dragged, moved by keys, folded with Enter; how wide they are is remembered. */

import {html, render} from 'lit-html';
import {wider} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot} from 'mostik/inbox/desk.js';

/** @typedef {'list'|'context'} Name */

const root = document.documentElement;
const scale = Number(root.dataset.scale ?? 1);
/** The narrowest pane and the narrowest thread, as css/layout.css has them, and the widest pane. CSS pixels. */
const LEAST = 260 * scale;
const THREAD = 480 * scale;
const MOST = 560;
const STEP = 16;
const KEEP_MS = 600;

const desk = /** @type {HTMLElement} */ (document.querySelector('.desk'));
/** Widths somebody chose. @type {Partial<Record<Name, number>>} */
const chosen = {...boot.habits.panes};
let keeping = 0;

/** @param {Name} name @returns {number} as wide as it stands there, 0 where it does not */
const width = (name) => (name === 'list' || wider(1280) ? /** @type {HTMLElement} */ (document.getElementById(name)).offsetWidth : 0);

/** @param {Name} name @returns {number} as wide as it may be beside what else stands there */
const widest = (name) => Math.max(LEAST, Math.min(MOST, desk.offsetWidth - THREAD - width(name === 'list' ? 'context' : 'list')));

function keep() {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    boot.habits = {...boot.habits, panes: {...chosen}};
    api.put('/me/habits', {panes: chosen}).catch(complain);
  }, KEEP_MS);
}

/** @param {Name} name @param {number} [to] none: as wide as it is by itself */
function widen(name, to) {
  if (to === undefined) delete chosen[name];
  else chosen[name] = Math.round(Math.max(LEAST, Math.min(widest(name), to)));
  // What the page came with gives way to the sheet's own width, too.
  root.style.setProperty(`--${name}`, chosen[name] ? `${chosen[name]}px` : 'initial');
  draw();
  keep();
}

/** Hide a pane or show it again; the list only where it stands beside the thread. @param {'list'} name */
export function fold(name) {
  if (!wider(901)) return;
  const {dataset} = document.body;
  if (dataset.folded) delete dataset.folded;
  else dataset.folded = name;
  if (dataset.folded && document.getElementById(name)?.contains(document.activeElement)) document.getElementById('thread')?.focus();
  draw();
}

/** @param {Name} name @param {PointerEvent} event */
function grab(name, event) {
  if (event.button) return;
  event.preventDefault();
  const edge = /** @type {HTMLElement} */ (event.currentTarget);
  const [from, before] = [event.clientX, width(name)];
  const moved = (/** @type {PointerEvent} */ {clientX}) => widen(name, before + (clientX - from) * (name === 'list' ? 1 : -1));
  edge.setPointerCapture(event.pointerId);
  edge.addEventListener('pointermove', moved);
  edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', moved), {once: true});
  edge.focus();
}

/** @param {Name} name @param {KeyboardEvent} event */
function press(name, event) {
  const out = name === 'list' ? 'ArrowRight' : 'ArrowLeft';
  const into = name === 'list' ? 'ArrowLeft' : 'ArrowRight';
  const to = {[out]: width(name) + STEP, [into]: width(name) - STEP, Home: LEAST, End: MOST}[event.key];
  if (to !== undefined) widen(name, to);
  else if (event.key === 'Enter' && name === 'list') fold(name);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {Name} name */
function edge(name) {
  const folded = name === 'list' && Boolean(document.body.dataset.folded);
  return html`<div
    class="edge edge-${name}"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-controls=${name}
    aria-label=${t(`ui.panes.${name}`)}
    aria-valuemin=${folded ? 0 : LEAST}
    aria-valuemax=${widest(name)}
    aria-valuenow=${folded ? 0 : width(name)}
    title=${t(`ui.panes.${name}_hint`)}
    data-testid="edge-${name}"
    @pointerdown=${(/** @type {PointerEvent} */ event) => (folded ? fold('list') : grab(name, event))}
    @dblclick=${() => widen(name)}
    @keydown=${(/** @type {KeyboardEvent} */ event) => press(name, event)}
  ></div>`;
}

const place = desk.appendChild(Object.assign(document.createElement('div'), {className: 'edges'}));
const draw = () => render(html`${edge('list')}${edge('context')}`, place);

/** Called once. */
export function tendPanes() {
  draw();
  const seen = new ResizeObserver(draw);
  for (const id of ['list', 'thread', 'context']) seen.observe(/** @type {HTMLElement} */ (document.getElementById(id)));
}
