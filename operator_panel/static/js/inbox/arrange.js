/** The dialog in which kept views are put in an order, by dragging and by keys, and taken away. */

import {html, nothing, render} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {announce, icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api} from 'mostik/inbox/desk.js';
import {keptViews, load, put} from 'mostik/inbox/views.js';

/** @typedef {import('mostik/inbox/views.js').View} View */

let dragged = '';

/** @returns {HTMLDialogElement} made once */
function dialog() {
  const found = /** @type {HTMLDialogElement|null} */ (document.getElementById('arrange'));
  if (found) return found;
  const made = document.createElement('dialog');
  made.id = 'arrange';
  made.className = 'dialog arrange-dialog';
  made.setAttribute('aria-labelledby', 'arrange-title');
  return document.body.appendChild(made);
}

/** @param {string} id @param {number} to its new place from 0 */
async function move(id, to) {
  const views = keptViews();
  const one = views.find((each) => each.id === id);
  const others = views.filter((each) => each.id !== id);
  if (!one || to < 0 || to > others.length) return;
  const next = others.toSpliced(to, 0, one);
  put(next);
  draw();
  /** @type {HTMLElement|null} */ (dialog().querySelector(`[data-id="${CSS.escape(id)}"]`))?.focus();
  announce(t('ui.arrange.moved', {name: one.name, place: to + 1, n: next.length}));
  await api.put('/views/order', {ids: next.map((each) => each.id)}).catch(complain);
}

/** @param {View} one */
async function remove(one) {
  try {
    await api.remove(`/views/${encodeURIComponent(one.id)}`);
    await load();
    draw();
  } catch (error) {
    complain(error);
  }
}

/** @param {View} one @param {number} at */
function item(one, at) {
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    if (!step || event.target !== event.currentTarget) return;
    event.preventDefault();
    move(one.id, at + step);
  };
  return html`<li
    class="arrange-row"
    tabindex="0"
    data-id=${one.id}
    draggable="true"
    @keydown=${keys}
    @dragstart=${() => (dragged = one.id)}
    @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
    @drop=${(/** @type {DragEvent} */ event) => (event.preventDefault(), move(dragged, at))}
  >
    ${icon('ellipsis-vertical')}<span>${one.name}</span>${one.shared === 'own' ? nothing : html`<span class="chip">${t('ui.arrange.shared')}</span>`}
    <button class="icon-btn" aria-label=${t('ui.arrange.up', {name: one.name})} ?disabled=${at === 0} @click=${() => move(one.id, at - 1)}>${icon('arrow-up')}</button>
    ${one.changes ? html`<button class="icon-btn" aria-label=${t('ui.arrange.remove', {name: one.name})} @click=${() => remove(one)}>${icon('trash-2')}</button>` : nothing}
  </li>`;
}

function draw() {
  render(
    html`<header><h2 id="arrange-title">${t('ui.views.arrange_title')}</h2><button class="icon-btn" data-closes aria-label=${t('ui.close_hint')}>${icon('x')}</button></header>
      <p>${t('ui.arrange.hint')}</p>
      <ul class="arrange-rows">
        ${repeat(keptViews(), (one) => one.id, item)}
      </ul>`,
    dialog(),
  );
}

export function openArrange() {
  draw();
  dialog().showModal();
}
