/** The edges between list, thread and card: dragged, moved by keys, folded with Enter; how wide they are is remembered. */

import {html, render} from 'lit-html';
import {wider} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, boot} from 'mostik/inbox/desk.js';

/** @typedef {'list'|'context'} Name */

const root = document.documentElement;
const scale = Number(root.dataset.scale ?? 1);
/** Width by itself (it grows with the type), the narrowest one, the widest one; what is left to the thread at least. CSS pixels. */
const USUAL = {list: 356 * scale, context: 324 * scale};
const LEAST = 260;
const MOST = 560;
const THREAD = 480;
const STEP = 16;
const KEEP_MS = 600;

const desk = /** @type {HTMLElement} */ (document.querySelector('.desk'));
/** @type {Record<Name, number>} */
const widths = {...USUAL, ...boot.habits.panes};
let keeping = 0;

/** @param {Name} name @returns {boolean} does it stand beside the thread */
const stands = (name) => Boolean(/** @type {HTMLElement} */ (document.getElementById(name)).offsetWidth) && (name === 'list' || wider(1280));

/** @param {Name} name @returns {number} as wide as it may be beside what else stands there */
function widest(name) {
  const other = name === 'list' ? 'context' : 'list';
  return Math.max(LEAST, Math.min(MOST, desk.offsetWidth - THREAD - (stands(other) ? widths[other] : 0)));
}

function keep() {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    const {keys, letters, columns, rows} = boot.habits;
    const panes = Object.fromEntries(Object.entries(widths).filter(([name, width]) => width !== USUAL[/** @type {Name} */ (name)]));
    boot.habits = {...boot.habits, panes};
    api.put('/me/habits', {keys, letters, columns, rows, panes}).catch(complain);
  }, KEEP_MS);
}

/** @param {Name} name @param {number} width */
function widen(name, width) {
  widths[name] = Math.round(Math.max(LEAST, Math.min(widest(name), width)));
  root.style.setProperty(`--${name}`, `${widths[name]}px`);
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
  const [from, width] = [event.clientX, widths[name]];
  const moved = (/** @type {PointerEvent} */ {clientX}) => widen(name, width + (clientX - from) * (name === 'list' ? 1 : -1));
  edge.setPointerCapture(event.pointerId);
  edge.addEventListener('pointermove', moved);
  edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', moved), {once: true});
  edge.focus();
}

/** @param {Name} name @param {KeyboardEvent} event */
function press(name, event) {
  const out = name === 'list' ? 'ArrowRight' : 'ArrowLeft';
  const into = name === 'list' ? 'ArrowLeft' : 'ArrowRight';
  const to = {[out]: widths[name] + STEP, [into]: widths[name] - STEP, Home: LEAST, End: MOST}[event.key];
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
    aria-valuenow=${folded ? 0 : widths[name]}
    title=${t(`ui.panes.${name}_hint`)}
    data-testid="edge-${name}"
    @pointerdown=${(/** @type {PointerEvent} */ event) => (folded ? fold('list') : grab(name, event))}
    @dblclick=${() => widen(name, USUAL[name])}
    @keydown=${(/** @type {KeyboardEvent} */ event) => press(name, event)}
  ></div>`;
}

const place = desk.appendChild(Object.assign(document.createElement('div'), {className: 'edges'}));
const draw = () => render(html`${edge('list')}${edge('context')}`, place);

/** Called once. */
export function tendPanes() {
  draw();
  addEventListener('resize', () => {
    for (const name of /** @type {Name[]} */ (Object.keys(widths))) if (widths[name] > widest(name)) root.style.setProperty(`--${name}`, `${widest(name)}px`);
  });
}
