/** A contact an operator heard from a customer: typed into his card, kept as claimed. Fetched when asked for. */

import {html, nothing} from 'lit-html';
import {announce} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';
import {problemText} from 'mostik/core/toasts.js';
import {loadCard, path} from 'mostik/inbox/customer.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {places} from 'mostik/inbox/places.js';

/** @type {{customer: string, text: string, busy: boolean, fault: string}|null} what is being typed */
let form = null;

/** @param {Partial<NonNullable<typeof form>>|null} change */
function put(change) {
  form = change && {customer: '', text: '', busy: false, fault: '', ...form, ...change};
  store.dispatch({type: 'card'});
}

/** @param {any} error @returns {string} */
function faultOf(error) {
  const {field = '', code = ''} = error.body?.errors?.[0] ?? {};
  const key = `ui.contact.${field}_${code}`;
  return known(key) ? t(key) : problemText(error);
}

/** An address has its sign, whatever else is typed is a phone. */
async function save() {
  const text = form?.text.trim() ?? '';
  if (!form || !text || form.busy) return;
  const {customer} = form;
  put({busy: true, fault: ''});
  try {
    await api.patch(path(customer), text.includes('@') ? {email: text} : {phone: text});
    put(null);
    announce(t('ui.contact.kept', {value: text}));
    await loadCard();
  } catch (error) {
    put({busy: false, fault: faultOf(error)});
    focus();
  }
}

function focus() {
  drawing.now();
  document.getElementById('contact-field')?.focus();
}

function leave() {
  put(null);
  drawing.now();
  /** @type {HTMLElement|null} */ (document.querySelector('[data-testid="add-contact"]'))?.focus();
}

/** Enter right after the last letter: the button may not be drawn anew yet, and would hold it up. @param {KeyboardEvent} event */
function onKey(event) {
  const typed = event.key === 'Enter' && !event.isComposing && event.target instanceof HTMLInputElement;
  if (!typed && event.key !== 'Escape') return;
  event.preventDefault();
  if (typed) save();
  else leave();
}

places.contact = (customer) => {
  if (form?.customer !== customer.id) return nothing;
  return html`<form class="contact-form" data-testid="contact-form" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), save())} @keydown=${onKey}>
    <label class="listen-only" for="contact-field">${t('ui.contact.label')}</label>
    <input
      id="contact-field"
      class="field"
      autocomplete="off"
      maxlength="320"
      placeholder=${t('ui.contact.label')}
      aria-invalid=${form.fault ? 'true' : 'false'}
      aria-describedby="contact-fault"
      .value=${form.text}
      @input=${(/** @type {Event} */ event) => put({text: /** @type {HTMLInputElement} */ (event.target).value, fault: ''})}
    />
    <p id="contact-fault" class="field-fault" role="alert">${form.fault}</p>
    <div class="suggestion-actions">
      <button class="btn btn-small btn-primary" ?disabled=${form.busy || !form.text.trim()}>${t('ui.contact.save')}</button>
      <button type="button" class="btn btn-small" @click=${leave}>${t('ui.amend.cancel')}</button>
    </div>
  </form>`;
};

/** @param {string} customer id */
export function openContact(customer) {
  put({customer, text: '', fault: '', busy: false});
  focus();
}
