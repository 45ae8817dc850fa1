/** A customer who only disturbs is banned, after a question whether it is meant. Fetched when asked for. */

import {html, nothing} from 'lit-html';
import {announce} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {path, shown} from 'mostik/inbox/customer.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {places} from 'mostik/inbox/places.js';

/** @type {{customer: string, reason: string, busy: boolean}|null} what is asked at the moment */
let form = null;

/** @param {Partial<NonNullable<typeof form>>|null} change */
function put(change) {
  form = change && {customer: '', reason: '', busy: false, ...form, ...change};
  store.dispatch({type: 'card'});
}

/** @param {any} customer @param {'ban'|'unban'} verb @param {object} [body] */
async function act(customer, verb, body) {
  try {
    shown(await api.post(`${path(customer.id)}/${verb}`, body));
    announce(t(verb === 'ban' ? 'ui.ban.done' : 'ui.ban.lifted', {name: customer.name}));
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** @param {any} customer */
async function confirm(customer) {
  if (!form || form.busy) return;
  put({busy: true});
  if (await act(customer, 'ban', {reason: form.reason.trim()})) leave();
  else put({busy: false});
}

/** @param {string} id of the element */
function focus(id) {
  drawing.now();
  document.getElementById(id)?.focus();
}

function leave() {
  put(null);
  focus('ban-button');
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  leave();
}

places.ban = (customer) => {
  if (form?.customer !== customer.id) return nothing;
  return html`<form class="contact-form" data-testid="ban-form" aria-labelledby="ban-sure" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), confirm(customer))} @keydown=${onKey}>
    <p id="ban-sure">${t('ui.ban.sure')}</p>
    <label class="listen-only" for="ban-reason">${t('ui.ban.reason')}</label>
    <input
      id="ban-reason"
      class="field"
      autocomplete="off"
      maxlength="200"
      placeholder=${t('ui.ban.reason')}
      .value=${form.reason}
      @input=${(/** @type {Event} */ event) => put({reason: /** @type {HTMLInputElement} */ (event.target).value})}
    />
    <div class="suggestion-actions">
      <button class="btn btn-small btn-danger" ?disabled=${form.busy}>${t('ui.ban.ban')}</button>
      <button type="button" class="btn btn-small" @click=${leave}>${t('ui.amend.cancel')}</button>
    </div>
  </form>`;
};

/** @param {any} customer */
export function openBan(customer) {
  put({customer: customer.id, reason: '', busy: false});
  focus('ban-reason');
}

/** @param {any} customer */
export async function liftBan(customer) {
  if (await act(customer, 'unban')) focus('ban-button');
}
