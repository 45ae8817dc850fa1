/** What every section of the settings shares: who is here and may do what, the calls, the ways, questions to the person. */

import {html, nothing, render} from 'lit-html';
import {createApi} from 'mostik/core/api.js';
import {initials, setClock} from 'mostik/core/format.js';
import {showBadge} from 'mostik/core/frame.js';
import {setWords, t} from 'mostik/core/i18n.js';
import {askToLogIn} from 'mostik/core/session.js';
import {complain, toast} from 'mostik/core/toasts.js';

/**
 * @typedef {object} Section
 * @property {(room: Room, id: string|null) => Promise<void>|void} open
 * @property {(room: Room, id: string|null) => unknown} view
 * @property {(room: Room) => boolean|Promise<boolean>} [leave] false: stay
 * @property {() => boolean} [dirty] is something written that is not saved: the browser asks before the page is closed
 *
 * @typedef {typeof room} Room
 */

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}');

setWords(boot.strings, boot.lang);
setClock(boot.now);

const COUNT_PAUSE = 60_000;

/** @type {Record<string, {load: () => Promise<{default: Section}>}>} */
let sections = {};
let opened = 0;
let shown = location.pathname;

export const api = createApi(boot.csrf, () => {
  room.expired = true;
  askToLogIn();
  room.redraw();
});

/** @returns {{name: string, id: string|null}} what the address bar says */
function asked() {
  const [, , name = '', id] = location.pathname.split('/');
  return {name: name in sections ? name : 'me', id: id ? decodeURIComponent(id) : null};
}

async function load() {
  const {name, id} = asked();
  const mine = ++opened;
  const other = name !== room.here.name;
  const late = setTimeout(() => ((room.here.loading = mine === opened), room.redraw()), other ? 0 : 150);
  Object.assign(room.here, {name, id, error: null, ...(other && {section: null})});
  shown = location.pathname;
  let section = null;
  let error = null;
  try {
    section = (await sections[name].load()).default;
    if (mine === opened) await section.open(room, id);
  } catch (caught) {
    error = caught;
  }
  clearTimeout(late);
  if (mine !== opened) return;
  Object.assign(room.here, {section, error, loading: false});
  document.documentElement.dataset.ready = 'true';
  room.redraw();
}

/** @returns {Promise<boolean>} may what is shown be left */
const mayLeave = async () => (await room.here.section?.leave?.(room)) ?? true;

/**
 * @param {string} title @param {{body?: unknown, yes?: string, danger?: boolean, check?: () => boolean}} [options] `body`: a
 *   template below the title; without `yes` it only tells; `check` false keeps the dialog open
 * @returns {Promise<boolean>} was `yes` chosen
 */
export function ask(title, {body = nothing, yes = '', danger = false, check = () => true} = {}) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('st-dialog'));
  const place = /** @type {HTMLElement} */ (dialog.firstElementChild);
  return new Promise((resolve) => {
    const agree = () => check() && dialog.close('yes');
    render(
      html`<h2 id="st-dialog-title">${title}</h2>
        <div class="st-dialog-body">${body}</div>
        <div class="st-dialog-foot">
          <button class="btn" ?autofocus=${!yes || danger} @click=${() => dialog.close('')}>${t(yes ? 'settings.cancel' : 'settings.close')}</button>
          ${yes ? html`<button class="btn ${danger ? 'st-btn-danger' : 'btn-primary'}" @click=${agree} data-testid="settings-yes">${yes}</button>` : nothing}
        </div>`,
      place,
    );
    dialog.returnValue = '';
    dialog.addEventListener('close', () => (render(nothing, place), resolve(dialog.returnValue === 'yes')), {once: true});
    dialog.showModal();
  });
}

/** What the page is. */
export const room = {
  api,
  me: boot.me,
  /** @type {Record<string, boolean>} by verb of bridge/rights.py */
  rights: boot.rights,
  /** Are all conversations within one's reach? */
  whole: /** @type {boolean} */ (boot.whole),
  channels: /** @type {{name: string, kind: string}[]} */ (boot.channels),
  here: {name: '', id: /** @type {string|null} */ (null), section: /** @type {Section|null} */ (null), error: /** @type {any} */ (null), loading: true},
  expired: false,
  t,
  toast,
  complain,
  ask,
  redraw() {},

  /** @param {string} path an address of the settings @param {{replace?: boolean}} [options] */
  async go(path, {replace = false} = {}) {
    if (!(await mayLeave())) return;
    if (path !== location.pathname) history[replace ? 'replaceState' : 'pushState'](null, '', path);
    await load();
    document.getElementById('st-main')?.scrollTo(0, 0);
    document.getElementById('st-main')?.focus({preventScroll: true});
  },

  /** The person's name became another one: his mark in the rail and his menu say it. */
  renamed() {
    const face = document.querySelector('.rail-me .avatar span');
    const head = document.querySelector('#menu-me .menu-head b');
    if (face) face.textContent = initials(room.me.name);
    if (head) head.textContent = room.me.name;
  },

  /** Load anew what the address says: after a fault, after a change. */
  async again() {
    room.expired = false;
    await load();
  },
};

/** @param {MouseEvent} event a plain click on an address of the settings stays in the page */
function onClick(event) {
  const link = /** @type {Element} */ (event.target).closest?.('a[href]');
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.hasAttribute('download') || link.hasAttribute('target')) return;
  const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
  if (url.origin !== location.origin || !/^\/settings\//.test(url.pathname)) return;
  event.preventDefault();
  /** @type {HTMLElement|null} */ (link.closest('[popover]'))?.hidePopover();
  room.go(url.pathname);
}

async function countDue() {
  if (document.hidden || room.expired) return;
  const counts = await api.get('/conversations/counts').catch(() => null);
  if (counts) showBadge(counts.due ?? 0);
}

/** Follow links and the browser's own way back; show the section of the address. @param {typeof sections} all */
export function start(all) {
  sections = all;
  Object.assign(room.here, asked());
  showBadge(boot.counts.due ?? 0);
  setInterval(countDue, COUNT_PAUSE);
  document.addEventListener('visibilitychange', countDue);
  document.addEventListener('click', onClick);
  addEventListener('beforeunload', (event) => {
    if (room.here.section?.dirty?.()) event.preventDefault();
  });
  addEventListener('popstate', async () => {
    if (location.pathname === shown) return;
    if (await mayLeave()) await load();
    else history.pushState(null, '', shown);
  });
  load();
}

export {t};
