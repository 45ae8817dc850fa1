/** What every part of the room shares: who is here, the calls, the state, the addresses, questions to the person. */

import {html, nothing, render} from 'lit-html';
import {createApi} from 'mostik/core/api.js';
import {setClock} from 'mostik/core/format.js';
import {showBadge} from 'mostik/core/frame.js';
import {setWords, t} from 'mostik/core/i18n.js';
import {askToLogIn} from 'mostik/core/session.js';
import {complain as complainOf, toast} from 'mostik/core/toasts.js';
import {refusalText} from 'mostik/kb/words.js';

/**
 * @typedef {object} Section
 * @property {string} name @property {string} [icon] @property {(room: Room, id: string|null) => Promise<void>} open
 * @property {(room: Room) => unknown} view @property {(room: Room) => number|null} [count] @property {boolean} [mark]
 * @property {(room: Room) => Promise<boolean>} [leave] @property {(room: Room, what: object) => void} [changed]
 *
 * @typedef {object} Aside
 * @property {(room: Room) => unknown} aside @property {(room: Room) => Promise<void>} [open]
 * @property {(room: Room, what: object) => void} [changed]
 *
 * @typedef {typeof room} Room
 */

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}');

setWords(boot.strings, boot.lang);
setClock(boot.now);

const COUNT_PAUSE = 60_000;

/** @type {Section[]} */
let sections = [];
/** @type {Aside[]} */
let asides = [];
let opened = 0;
let shown = location.pathname + location.search;

export const api = createApi(boot.csrf, () => {
  room.state.expired = true;
  askToLogIn();
  room.redraw();
});

/** @param {any} error a refusal names the field it is about */
function complain(error) {
  if (error?.body?.errors?.length) toast(refusalText(error), {danger: true});
  else complainOf(error);
}

/**
 * @param {string} text @param {{yes?: string, no?: string, danger?: boolean, more?: unknown}} [options] `no` empty: it
 *   tells and does not ask
 * @returns {Promise<boolean>}
 */
function confirm(text, {yes = t('kb.yes'), no = t('kb.cancel'), danger = false, more = nothing} = {}) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('kb-dialog'));
  const place = /** @type {HTMLElement} */ (dialog.firstElementChild);
  return new Promise((resolve) => {
    const template = html`<p id="kb-dialog-title" class="kb-dialog-text">${text}</p>
      ${more}
      <div class="kb-dialog-foot">
        ${no ? html`<button class="btn" @click=${() => dialog.close('')}>${no}</button>` : nothing}
        <button class="btn ${danger ? 'kb-btn-danger' : 'btn-primary'}" ?autofocus=${more === nothing || !no} @click=${() => dialog.close('yes')}>${yes}</button>
      </div>`;
    render(template, place);
    dialog.returnValue = '';
    dialog.addEventListener('close', () => (render(nothing, place), resolve(dialog.returnValue === 'yes')), {once: true});
    dialog.showModal();
  });
}

/** @param {string} text what is asked @param {{yes?: string}} [options] @returns {Promise<string|null>} null: not after all */
async function ask(text, {yes} = {}) {
  let answer = '';
  const field = html`<textarea class="field kb-dialog-field" rows="4" maxlength="2000" aria-labelledby="kb-dialog-title" autofocus
    @input=${(/** @type {Event} */ event) => (answer = /** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>`;
  return (await confirm(text, {yes, more: field})) ? answer.trim() : null;
}

/** @returns {{name: string, id: string|null}} what the address bar says */
function asked() {
  const [, , name = 'articles', id] = location.pathname.split('/');
  return {name: name || 'articles', id: id ? decodeURIComponent(id) : null};
}

/** Load what the address says. @returns {Promise<void>} */
async function load() {
  const {name, id} = asked();
  const section = sections.find((one) => one.name === name) ?? sections[0];
  const mine = ++opened;
  const here = room.state.here;
  const late = setTimeout(() => ((here.loading = mine === opened), room.redraw()), 150);
  Object.assign(here, {section, id, error: null, pane: id || location.search || section !== sections[0] ? 'centre' : 'left'});
  shown = location.pathname + location.search;
  try {
    await section.open(room, id);
  } catch (error) {
    if (mine === opened && !(error instanceof DOMException)) here.error = error;
  }
  clearTimeout(late);
  if (mine !== opened) return;
  here.loading = false;
  room.redraw();
}

/** @returns {Promise<boolean>} may what is shown be left */
const mayLeave = async () => (await room.state.here.section.leave?.(room)) ?? true;

/** What the room is: see the table of sections for who draws what. */
export const room = {
  me: boot.me,
  lang: boot.lang,
  /** @type {{edit: boolean, publish: boolean, review: boolean}} */
  rights: boot.rights,
  channels: /** @type {{name: string, kind: string}[]} */ (boot.channels),
  thresholds: boot.thresholds,
  files: boot.files,
  t,
  complain,
  confirm,
  ask,
  /** @param {string} text @param {''|'danger'} [kind] */
  toast: (text, kind = '') => toast(text, {danger: kind === 'danger'}),
  /** @type {any} a part by each section's name; `here` is what is open */
  state: {here: {section: null, id: null, error: null, loading: true, pane: 'left', aside: false}, expired: false},
  redraw() {},

  /**
   * @param {string} method @param {string} path below /api/v1 @param {any} [body] of GET: the query
   * @param {{version?: number|null, signal?: AbortSignal}} [more] `version`: refuse (409 `version`) where another stands
   * @returns {Promise<any>} raises Problem
   */
  api(method, path, body = {}, {version = null, signal} = {}) {
    return method === 'GET' ? api.get(path, body, signal) : api.send(method, path, body, version);
  },

  /** @param {string} path an address of the room @param {{replace?: boolean}} [options] */
  async go(path, {replace = false} = {}) {
    if (!(await mayLeave())) return;
    if (path !== location.pathname + location.search) history[replace ? 'replaceState' : 'pushState'](null, '', path);
    await load();
  },

  /** The address of what is shown became another one; nothing is loaded anew. @param {string} path */
  renamed(path) {
    history.replaceState(null, '', path);
    shown = path;
    room.state.here.id = asked().id;
  },

  /** Load anew what is shown: after a fault, after a login. */
  async again() {
    room.state.expired = false;
    await load();
  },

  /** @param {object} [what] `{article: id}` or `{misses: ids}`: what changed */
  changed(what = {}) {
    for (const one of [...sections, ...asides]) one.changed?.(room, what);
  },

  toggleAside() {
    room.state.here.aside = !room.state.here.aside;
    room.redraw();
  },
};

/** @param {MouseEvent} event a plain click on an address of the room stays in the page */
function onClick(event) {
  const link = /** @type {Element} */ (event.target).closest?.('a[href]');
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.hasAttribute('download') || link.hasAttribute('target')) return;
  const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
  if (url.origin !== location.origin || !/^\/kb(\/|$)/.test(url.pathname)) return;
  event.preventDefault();
  room.go(url.pathname + url.search);
}

/** Follow links and the browser's own way back. */
export function tendAddresses() {
  document.addEventListener('click', onClick);
  addEventListener('popstate', async () => {
    const wanted = location.pathname + location.search;
    if (wanted === shown) return;
    if (await mayLeave()) await load();
    else history.pushState(null, '', shown);
  });
}

async function countDue() {
  if (document.hidden || room.state.expired) return;
  const counts = await api.get('/conversations/counts').catch(() => null);
  if (counts) showBadge(counts.due ?? 0);
}

/** @param {Section[]} all @param {Aside[]} beside */
export function start(all, beside) {
  sections = all;
  asides = beside;
  room.state.here.section = sections[0];
  showBadge(boot.counts.due ?? 0);
  setInterval(countDue, COUNT_PAUSE);
  document.addEventListener('visibilitychange', countDue);
  for (const one of asides) one.open?.(room).then(room.redraw, complain);
  for (const one of sections) one.changed?.(room, {});
  load();
}
