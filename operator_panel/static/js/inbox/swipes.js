/** On a telephone a row drawn to the left shows what is done with it at once; its menu has the same. */

import {html, render} from 'lit-html';
import {icon, wider} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {mayWrite, store} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';
import {askSleep} from 'mostik/inbox/sleep.js';

/** How far a finger goes before it is a swipe, how far a row then stays open, CSS pixels. */
const SLOP = 12;
const ENOUGH = 56;
const WIDTH = 176;

/** @type {HTMLElement|null} the row that is drawn aside */
let row = null;
let open = false;
let x = 0;
let y = 0;

const place = document.body.appendChild(Object.assign(document.createElement('div'), {className: 'swiped', hidden: true}));

function away() {
  if (row) row.style.translate = '';
  row = null;
  open = false;
  place.hidden = true;
}

/** @param {() => unknown} deed */
const done = (deed) => () => {
  away();
  deed();
};

function show() {
  if (!row) return;
  const id = row.dataset.id ?? '';
  const {top, height} = row.getBoundingClientRect();
  Object.assign(place.style, {top: `${top}px`, height: `${height}px`, width: `${WIDTH}px`});
  const name = store.state.rows.get(id)?.customer.name ?? '';
  render(
    html`<div role="group" aria-label=${t('ui.picks.menu', {name})}>
      <button class="swiped-sleep" @click=${done(() => askSleep((when, note) => late(() => import('mostik/inbox/toSleep.js'), (part) => part.sleepUntil(id, when, note))))}>${icon('alarm-clock')}${t('ui.picks.snooze')}</button>
      <button class="swiped-close" @click=${done(() => late(() => import('mostik/inbox/picks.js'), (part) => part.act({action: 'close'}, [id])))}>${icon('check')}${t('ui.picks.close')}</button>
    </div>`,
    place,
  );
  place.hidden = false;
}

/** @param {TouchEvent} event */
function onStart({target, touches}) {
  if (open) {
    if (!place.contains(/** @type {Node} */ (target))) away();
    return;
  }
  const found = /** @type {HTMLElement|null} */ (/** @type {Element} */ (target).closest?.('.row'));
  const closed = store.state.rows.get(found?.dataset.id ?? '')?.stage === 'closed';
  row = touches.length === 1 && !closed && !wider(701) ? found : null;
  ({clientX: x, clientY: y} = touches[0]);
}

/** @param {TouchEvent} event */
function onMove({touches}) {
  if (!row || open) return;
  const dx = touches[0].clientX - x;
  const dy = Math.abs(touches[0].clientY - y);
  if (!row.style.translate && dy > SLOP && dy > -dx) row = null;
  else if (row.style.translate || dx < -SLOP) row.style.translate = `${Math.max(-WIDTH, Math.min(0, dx))}px`;
}

/** @param {TouchEvent} event */
function onEnd({changedTouches, type}) {
  if (!row || open) return;
  if (type === 'touchcancel' || changedTouches[0].clientX - x > -ENOUGH) {
    away();
    return;
  }
  open = true;
  row.style.translate = `${-WIDTH}px`;
  show();
}

/** Called once. */
export function tendSwipes() {
  const list = document.getElementById('list');
  if (!mayWrite || !list) return;
  document.addEventListener('touchstart', onStart, {passive: true});
  list.addEventListener('touchmove', onMove, {passive: true});
  for (const kind of /** @type {const} */ (['touchend', 'touchcancel'])) list.addEventListener(kind, onEnd, {passive: true});
  list.addEventListener('scroll', () => row && away(), {capture: true, passive: true});
  document.addEventListener('keydown', ({key}) => key === 'Escape' && open && away());
}
