/** An ended session asks for the password where one stands; nothing written is lost. */

import {t} from 'mostik/core/i18n.js';

/** @returns {HTMLDialogElement} */
const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById('session'));

/** Speaks with the login as a script: JSON instead of pages. */
const ASK = {credentials: /** @type {const} */ ('same-origin'), headers: {accept: 'application/json'}};

/** @param {string} text */
function complain(text) {
  const place = dialog().querySelector('[role="alert"]');
  if (place) place.textContent = text;
}

/**
 * @typedef {{api: import('mostik/core/api.js').Api, me: {id: string}, onDone: () => void}} Page whose session it is, and
 *   what to do when it lives again
 */

/** @param {Page} page */
async function goOn({api, me: owner, onDone}) {
  const me = await api.get('/me');
  if (me.id !== owner.id) {
    // Somebody else logged in: his page, his drafts.
    location.reload();
    return;
  }
  api.setCsrf(me.csrf);
  const logout = /** @type {HTMLInputElement|null} */ (document.querySelector('#logout [name="csrf"]'));
  if (logout) logout.value = me.csrf;
  dialog().close();
  onDone();
}

/** What says that the password was right, while the code is asked for. */
let ticket = '';

/** @param {string} given what was got with the password, '' for none */
function askForCode(given) {
  const place = /** @type {HTMLElement} */ (dialog().querySelector('.session-code'));
  ticket = given;
  place.hidden = !given;
  if (given) place.querySelector('input')?.focus();
}

/** @param {any} told what the login answered */
function refused(told) {
  const again = told.code === 'code_needed' || told.code === 'code' || (told.code === 'throttled' && ticket);
  askForCode(again ? told.ticket : '');
  const words = {throttled: 'ui.session.throttled', code: 'ui.session.wrong_code', code_needed: ''}[/** @type {'code'} */ (told.code)];
  complain(words === '' ? '' : t(words ?? 'ui.session.wrong'));
}

/** @param {FormData} form @param {Page} page */
async function logIn(form, page) {
  const before = await fetch('/login', ASK);
  // Who logged in again in another window is sent on to the inbox.
  const csrf = before.redirected ? '' : (await before.json()).csrf;
  if (csrf) {
    const body = new URLSearchParams({
      csrf,
      email: String(form.get('email')),
      password: String(form.get('password')),
      remember: form.get('remember') ? '1' : '',
      ...(ticket && {ticket, code: String(form.get('code'))}),
    });
    const answer = await fetch('/login', {...ASK, method: 'POST', body});
    if (!answer.ok) {
      refused(await answer.json());
      return;
    }
  }
  askForCode('');
  await goOn(page);
}

/** @param {Page} page */
export function tendSession(page) {
  const form = /** @type {HTMLFormElement} */ (dialog().querySelector('form'));
  dialog().addEventListener('cancel', (event) => event.preventDefault());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    complain('');
    const button = /** @type {HTMLButtonElement} */ (form.querySelector('button[type="submit"]'));
    button.disabled = true;
    await logIn(new FormData(form), page).catch(() => complain(t('ui.session.failed')));
    button.disabled = false;
  });
}

/** Ask for the password, once. */
export function askToLogIn() {
  if (dialog().open) return;
  dialog().showModal();
  /** @type {HTMLElement|null} */ (dialog().querySelector('input[type="password"]'))?.focus();
}
