/** What every part of the page shares: who is here, the calls, the state, the addresses, questions to the person. */

import {html, render, nothing} from 'lit-html';
import {createApi, Problem} from 'mostik/core/api.js';
import {setClock} from 'mostik/core/format.js';
import {showBadge} from 'mostik/core/frame.js';
import {known, setWords, t} from 'mostik/core/i18n.js';
import {askToLogIn} from 'mostik/core/session.js';
import {complain, problemText} from 'mostik/core/toasts.js';

export const boot = JSON.parse(document.getElementById('boot')?.textContent ?? '{}');

setWords(boot.strings, boot.lang);
setClock(boot.now);

const COUNT_PAUSE = 60_000;
let token = boot.csrf;

function expired() {
  room.state.expired = true;
  askToLogIn();
  room.redraw();
}

const plain = createApi(boot.csrf, expired);

/** @type {import('mostik/core/api.js').Api} */
export const api = {
  ...plain,
  setCsrf(next) {
    token = next;
    plain.setCsrf(next);
  },
};

/** @param {string} code of a refusal @returns {string} */
export const codeText = (code) => (known(`customers.code.${code}`) ? t(`customers.code.${code}`) : code);

/** @param {string} target a column as the API names it @returns {string} */
export function columnText(target) {
  const own = boot.fields.find((/** @type {{key: string}} */ field) => `field.${field.key}` === target);
  return own?.name ?? (known(`customers.column.${target}`) ? t(`customers.column.${target}`) : target);
}

/** @param {any} error @returns {string} a refusal in words a person can act on */
export function refusalText(error) {
  const told = (error?.body?.errors ?? []).map((/** @type {{field: string, code: string}} */ one) => codeText(one.code));
  return told.length ? [...new Set(told)].join('; ') : problemText(error);
}

/**
 * Send a file as a form; only XMLHttpRequest tells how far an upload is.
 * @param {string} path @param {Record<string, string>} query @param {File} file @param {(share: number) => void} told 0..1
 * @returns {Promise<any>} raises Problem
 */
export function sendFile(path, query, file, told = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1${path}?${new URLSearchParams(query)}`);
    request.setRequestHeader('x-csrf-token', token);
    request.responseType = 'json';
    request.upload.onprogress = ({loaded, total}) => told(total ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 401) expired();
      if (request.status >= 200 && request.status < 300) resolve(request.response);
      else reject(new Problem(request.status, request.response ?? {}));
    };
    request.onerror = () => reject(new Problem(0, {}));
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}

/**
 * @param {string} title @param {unknown} body @param {{yes?: string, danger?: boolean}} [options] without `yes` it only tells
 * @returns {Promise<boolean>}
 */
export function ask(title, body, {yes = '', danger = false} = {}) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('cu-dialog'));
  const place = /** @type {HTMLElement} */ (dialog.firstElementChild);
  return new Promise((resolve) => {
    render(
      html`<h2 id="cu-dialog-title">${title}</h2>
        <div class="cu-dialog-body">${body}</div>
        <div class="cu-dialog-foot">
          <button class="btn" ?autofocus=${!yes} @click=${() => dialog.close('')}>${t(yes ? 'customers.cancel' : 'customers.close')}</button>
          ${yes ? html`<button class="btn ${danger ? 'cu-btn-danger' : 'btn-primary'}" autofocus @click=${() => dialog.close('yes')}>${yes}</button>` : nothing}
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
  me: boot.me,
  /** @type {{tables: boolean, contacts: boolean}} */
  rights: boot.rights,
  channels: /** @type {{name: string, kind: string}[]} */ (boot.channels),
  /** @type {any} a part by each view's name */
  state: {expired: false},
  redraw() {},
  /** @param {string} path an address of the page */
  go(path) {
    if (path !== location.pathname) history.pushState(null, '', path);
    room.opened();
  },
  /** Load what the address says. */
  opened() {},
};

async function countDue() {
  if (document.hidden || room.state.expired) return;
  const counts = await api.get('/conversations/counts').catch(() => null);
  if (counts) showBadge(counts.due ?? 0);
}

/** @param {MouseEvent} event a plain click on an address of the page stays in it */
function onClick(event) {
  const link = /** @type {Element} */ (event.target).closest?.('a[href]');
  const simple = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !simple || event.defaultPrevented || link.hasAttribute('download')) return;
  const url = new URL(/** @type {HTMLAnchorElement} */ (link).href);
  if (url.origin !== location.origin || !/^\/customers(\/|$)/.test(url.pathname)) return;
  event.preventDefault();
  room.go(url.pathname);
}

/** Follow links, the browser's own way back, and what waits in the inbox. */
export function tendPage() {
  showBadge(boot.counts.due ?? 0);
  setInterval(countDue, COUNT_PAUSE);
  document.addEventListener('visibilitychange', countDue);
  document.addEventListener('click', onClick);
  addEventListener('popstate', () => room.opened());
}

export {complain, t};
