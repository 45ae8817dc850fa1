/** A person asks that his data be deleted: an administrator does it, once his name was typed. Fetched when asked for. */

import {html, nothing} from 'lit-html';
import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {path} from 'mostik/inbox/customer.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {places} from 'mostik/inbox/places.js';
import {closeThread, loadRows} from 'mostik/inbox/navigation.js';

/** @type {{customer: string, typed: string}|null} what is asked at the moment */
let form = null;

/** @param {Partial<NonNullable<typeof form>>|null} change */
function put(change) {
  form = change && {customer: '', typed: '', ...form, ...change};
  store.dispatch({type: 'card'});
}

/** @param {any} customer */
const meant = (customer) => form?.typed.trim() === customer.name.trim();

/** @param {any} customer */
async function confirm(customer) {
  if (!form || !meant(customer)) return;
  put(null);
  closeThread(true); // what is shown is going: nobody is to ask for it again
  try {
    const trace = await api.remove(path(customer.id));
    toast(t(trace.by_hand.length ? 'ui.erase.by_hand' : 'ui.erase.done', {topics: trace.by_hand.join(', ')}));
  } catch (error) {
    complain(error);
  }
  await loadRows();
}

/** @param {string} id of the element */
function focus(id) {
  drawing.now();
  document.getElementById(id)?.focus();
}

function leave() {
  put(null);
  focus('erase-button');
}

/** Enter right after the last letter: the button may not be drawn anew yet, and would hold it up. @param {KeyboardEvent} event @param {any} customer */
function onKey(event, customer) {
  const typed = event.key === 'Enter' && !event.isComposing && event.target instanceof HTMLInputElement;
  if (!typed && event.key !== 'Escape') return;
  event.preventDefault();
  if (typed) confirm(customer);
  else leave();
}

places.erase = (customer) => {
  if (form?.customer !== customer.id) return nothing;
  return html`<form class="contact-form" data-testid="erase-form" aria-labelledby="erase-sure" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), confirm(customer))} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, customer)}>
    <p id="erase-sure">${t('ui.erase.sure')}</p>
    <p><a class="link" href=${`/api/v1${path(customer.id)}/export`} download>${t('ui.erase.export')}</a></p>
    <label for="erase-typed">${t('ui.erase.type', {name: customer.name})}</label>
    <input
      id="erase-typed"
      class="field"
      autocomplete="off"
      .value=${form.typed}
      @input=${(/** @type {Event} */ event) => put({typed: /** @type {HTMLInputElement} */ (event.target).value})}
    />
    <div class="suggestion-actions">
      <button class="btn btn-small btn-danger" ?disabled=${!meant(customer)}>${t('ui.erase.erase')}</button>
      <button type="button" class="btn btn-small" @click=${leave}>${t('ui.amend.cancel')}</button>
    </div>
  </form>`;
};

/** @param {any} customer */
export function openErase(customer) {
  put({customer: customer.id, typed: ''});
  focus('erase-typed');
}
