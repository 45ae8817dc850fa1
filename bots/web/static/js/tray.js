/** Files chosen for the next message: uploaded at once, with their progress and what was refused in a plain sentence. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import {repeat} from '../vendor/lit-html/directives/repeat.js';
import * as api from './api.js';
import {known} from './files.js';
import {icon, percent, size} from './format.js';
import {token} from './talk.js';
import {t} from './words.js';

/**
 * @typedef {{key: number, file: File, share: number, state: 'loading'|'done'|'failed', error: string, answer: any,
 *   preview: string, stop: () => void}} Item
 */

/** @type {Item[]} */
let items = [];
let count = 0;
let notice = '';
let draw = () => {};
/** Files of one message, and bytes of a file; 0: the server alone knows. */
let most = 10;
let limit = 0;

/** @param {() => void} call @param {{files?: number, file?: number}} [limits] */
export function onTray(call, limits = {}) {
  draw = call;
  most = limits.files ?? most;
  limit = limits.file ?? limit;
}

/** @param {Iterable<File>} files */
export function add(files) {
  notice = '';
  for (const file of files) {
    if (items.length >= most) {
      notice = t('many_files', {n: most});
      break;
    }
    const preview = /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : '';
    /** @type {Item} */
    const item = {key: ++count, file, share: 0, state: 'loading', error: '', answer: null, preview, stop: () => {}};
    items.push(item);
    if (limit && file.size > limit) fail(item, t('too_big', {name: file.name, limit: size(limit)}));
    else send(item);
  }
  draw();
}

/** @param {Item} item @param {string} error */
function fail(item, error) {
  item.state = 'failed';
  item.error = error;
  draw();
}

/** @param {Item} item */
async function send(item) {
  Object.assign(item, {state: 'loading', share: 0, error: ''});
  const {done, stop} = api.upload(token(), item.file, (share) => {
    item.share = share;
    draw();
  });
  item.stop = stop;
  try {
    item.answer = await done;
    item.state = 'done';
    known(item.answer.id, item.file);
    draw();
  } catch (error) {
    const lost = t(navigator.onLine ? 'upload_failed' : 'upload_lost', {name: item.file.name});
    fail(item, error instanceof api.Refusal && error.message ? error.message : lost);
  }
}

/** @param {Item} item */
function drop(item) {
  item.stop();
  if (item.preview) URL.revokeObjectURL(item.preview);
  items = items.filter((one) => one !== item);
  notice = '';
  draw();
  document.getElementById('field')?.focus();
}

/** @returns {'empty'|'loading'|'ready'} a refused file keeps nobody from sending the rest */
export function trayState() {
  if (items.some((item) => item.state === 'loading')) return 'loading';
  return items.some((item) => item.state === 'done') ? 'ready' : 'empty';
}

/** @returns {any[]} what was uploaded; the tray is empty then */
export function taken() {
  const files = items.filter((item) => item.state === 'done').map((item) => ({...item.answer}));
  clear();
  return files;
}

export function clear() {
  for (const item of items) {
    if (item.state === 'loading') item.stop();
    if (item.preview) URL.revokeObjectURL(item.preview);
  }
  items = [];
  notice = '';
}

/** @param {Item} item */
function itemView(item) {
  const {name} = item.file;
  return html`<li class="item item-${item.state}" data-testid="upload" data-state=${item.state}>
    ${item.preview ? html`<img src=${item.preview} alt="">` : html`<span class="item-mark">${icon('file-text')}</span>`}
    <span class="item-words">
      <bdi>${name}</bdi>
      ${item.state === 'failed'
        ? html`<span role="alert">${item.error}</span>`
        : item.state === 'loading'
          ? html`<progress max="1" .value=${item.share} aria-label=${t('uploading', {name, percent: percent(item.share)})}></progress>`
          : html`<span>${size(item.file.size)}</span>`}
    </span>
    ${item.state === 'failed' && !(limit && item.file.size > limit)
      ? html`<button class="small" type="button" aria-label=${t('again')} @click=${() => send(item)}>${icon('rotate-ccw')}</button>`
      : nothing}
    <button class="small" type="button" aria-label=${t('remove_file', {name})} @click=${() => drop(item)}>${icon('x')}</button>
  </li>`;
}

export function trayView() {
  if (!items.length && !notice) return nothing;
  // What needs a word of the visitor stands where it is seen.
  const all = [...items].sort((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'));
  return html`<ul class="tray">${repeat(all, (item) => item.key, itemView)}</ul>${notice ? html`<p class="notice" role="alert">${notice}</p>` : nothing}`;
}
