/** The team's part of a customer's card while it is changed: fields by their kind, and what others write meanwhile. */

import {html, nothing} from 'lit-html';
import {announce, icon} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';
import {complain, problemText} from 'mostik/core/toasts.js';
import {path, shown} from 'mostik/inbox/customer.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {askKinds, fieldKinds, fieldName, shownValue} from 'mostik/inbox/facts.js';
import {bodyOf, changed, faultsOf, merged, typedOf} from 'mostik/inbox/merging.js';
import {forgets, places} from 'mostik/inbox/places.js';
import {askTags, finished, tagsTemplate} from 'mostik/inbox/tagfield.js';
import {zonesTemplate} from 'mostik/inbox/zones.js';

/** @typedef {import('mostik/inbox/merging.js').Typed} Typed */
/** @typedef {{customer: string, version: number, base: Typed, typed: Typed, clashes: Typed, faults: Record<string, string>, busy: boolean}} Form */

/** @type {Form|null} what is being changed; it stays while other conversations are looked at */
let form = null;

/** @param {Partial<Form>} change */
function put(change) {
  if (form) form = {...form, ...change};
  store.dispatch({type: 'card'});
}

/** @param {string} field @param {any} value */
function type(field, value) {
  if (!form) return;
  const {[field]: _, ...clashes} = form.clashes;
  const {[field]: __, ...faults} = form.faults;
  put({typed: {...form.typed, [field]: value}, faults, clashes: field in form.clashes ? clashes : form.clashes});
}

/** What was written by somebody else meanwhile comes in where nothing was typed; else it is shown beside. @param {any} card */
function absorb(card) {
  if (!form || card.version === form.version) return;
  const theirs = typedOf(card, fieldKinds());
  const {typed, clashes} = merged(form.base, form.typed, theirs);
  const all = {...form.clashes, ...clashes};
  const open = Object.fromEntries(Object.entries(all).filter(([field]) => JSON.stringify(typed[field]) !== JSON.stringify(all[field])));
  form = {...form, version: card.version, base: theirs, typed, clashes: open};
  if (Object.keys(clashes).length) announce(t('ui.profile.clash_said'));
}

store.subscribe((event) => {
  if (event.type !== 'thread.customer' || event.customer?.id !== form?.customer || form?.busy) return;
  absorb(event.customer);
  store.dispatch({type: 'card'});
});

/** @param {string} id of the element */
function focus(id) {
  drawing.now();
  document.getElementById(id)?.focus();
}

function leave() {
  form = null;
  store.dispatch({type: 'card'});
  focus('profile-button');
}

/** @param {any} error */
async function refused(error) {
  if (!form) return;
  if (error.code === 'version') {
    const card = await api.get(path(form.customer)).catch(() => null);
    if (card) {
      absorb(card);
      shown(card);
      const clashing = Object.keys(form.clashes);
      put({busy: false});
      if (!clashing.length) await save();
      else focus(`profile-${clashing[0]}`);
      return;
    }
  }
  const errors = (error.body?.errors ?? []).filter((/** @type {any} */ one) => one.field?.split('.').slice(0, 2).join('.') in /** @type {Form} */ (form).typed);
  const faults = Object.fromEntries(errors.map((/** @type {any} */ one) => [one.field.split('.').slice(0, 2).join('.'), faultText(one.field, one.code)]));
  put({busy: false, faults});
  if (errors.length) focus(`profile-${Object.keys(faults)[0]}`);
  else complain(error);
}

/** @param {string} field @param {string} code @returns {string} */
function faultText(field, code) {
  const kind = fieldKinds().find((one) => `fields.${one.key}` === field)?.kind;
  const own = `ui.profile.fault.${kind ?? field}`;
  if (code === 'invalid' && known(own)) return t(own);
  return known(`ui.profile.fault.${code}`) ? t(`ui.profile.fault.${code}`) : problemText({code: 'invalid'});
}

async function save() {
  if (!form || form.busy) return;
  form = {...form, typed: {...form.typed, tags: finished(form.typed.tags)}};
  const kinds = fieldKinds();
  const faults = faultsOf(form.typed, kinds);
  if (Object.keys(faults).length) {
    put({faults: Object.fromEntries(Object.entries(faults).map(([field, code]) => [field, faultText(field, code)]))});
    focus(`profile-${Object.keys(faults)[0]}`);
    return;
  }
  const body = bodyOf(form.base, form.typed, kinds);
  if (!Object.keys(body).length) {
    leave();
    return;
  }
  put({busy: true, faults: {}});
  try {
    const card = await api.send('PATCH', path(form.customer), body, form.version);
    leave();
    shown(card);
    announce(t('ui.profile.saved'));
  } catch (error) {
    await refused(error);
  }
}

/** @param {KeyboardEvent} event Escape leaves a form in which nothing was typed */
function onKey(event) {
  if (event.key !== 'Escape' || !form) return;
  event.preventDefault();
  if (!changed(form.base, form.typed).length) leave();
}

/** @param {string} field @param {unknown} input */
function fieldTemplate(field, input) {
  const {clashes, faults} = /** @type {Form} */ (form);
  const id = `profile-${field}`;
  const clash = clashes[field];
  return html`<div class="profile-field">
    <label for=${id}>${fieldName(field)}</label>
    ${input}
    <p id="${id}-fault" class="field-fault">${faults[field] ?? ''}</p>
    ${field in clashes
      ? html`<p class="conflict" data-testid="clash-now">
          ${icon('triangle-alert')}<span>${t('ui.profile.clash', {value: shownValue(field, clash) || t('ui.profile.empty')})}
            <button type="button" class="link" @click=${() => type(field, clash)}>${t('ui.profile.clash_take')}</button></span>
        </p>`
      : nothing}
  </div>`;
}

/** @param {Event} event @returns {string} */
const valueIn = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {string} field @param {Record<string, unknown>} [more] */
function input(field, {mode = 'text', kind = 'text', most = 2000, hint = ''} = {}) {
  const {typed, faults} = /** @type {Form} */ (form);
  return html`<input
    id="profile-${field}" class="field" type=${kind} inputmode=${mode} maxlength=${most} autocomplete="off" dir="auto" placeholder=${hint}
    aria-invalid=${faults[field] ? 'true' : 'false'} aria-describedby="profile-${field}-fault"
    .value=${typed[field] ?? ''} @input=${(/** @type {Event} */ event) => type(field, valueIn(event))}
  />`;
}

/** @param {string} field @param {[string, string][]} options value and word */
function select(field, options) {
  const value = /** @type {Form} */ (form).typed[field] ?? '';
  const all = options.some(([one]) => one === value) ? options : [...options, /** @type {[string, string]} */ ([value, value])];
  return html`<select id="profile-${field}" class="field" aria-describedby="profile-${field}-fault" @change=${(/** @type {Event} */ event) => type(field, valueIn(event))}>
    ${all.map(([one, word]) => html`<option value=${one} ?selected=${one === value}>${word}</option>`)}
  </select>`;
}

/** @param {import('mostik/inbox/facts.js').FieldKind} one */
function own({key, kind, choices}) {
  const field = `fields.${key}`;
  switch (kind) {
    case 'number':
      return fieldTemplate(field, input(field, {mode: 'decimal', most: 40}));
    case 'date':
      return fieldTemplate(field, input(field, {kind: 'date', most: 10}));
    case 'choice':
      return fieldTemplate(field, select(field, [['', '—'], ...choices.map((word) => /** @type {[string, string]} */ ([word, word]))]));
    case 'yes_no':
      return fieldTemplate(field, select(field, [['', '—'], ['yes', t('ui.profile.yes')], ['no', t('ui.profile.no')]]));
    case 'link':
      return fieldTemplate(field, input(field, {mode: 'url', hint: 'https://'}));
    default:
      return fieldTemplate(field, input(field));
  }
}

places.profile = (customer) => {
  if (form?.customer !== customer.id) return nothing;
  const {typed, busy, faults} = form;
  return html`<form class="card profile-form" data-testid="profile-form" aria-label=${t('ui.profile.edit')} novalidate
    @submit=${(/** @type {Event} */ event) => (event.preventDefault(), save())} @keydown=${onKey}>
    ${fieldTemplate('name', input('name', {most: 200}))} ${fieldTemplate('company', input('company', {most: 200}))}
    ${fieldTemplate('tags', tagsTemplate('profile-tags', typed.tags, (tags) => type('tags', tags), 'profile-tags-fault'))}
    ${fieldKinds().map(own)} ${fieldTemplate('time_zone', select('time_zone', zonesTemplate()))}
    ${fieldTemplate('note', html`<textarea id="profile-note" class="field" rows="4" maxlength="4000" dir="auto" aria-invalid=${faults.note ? 'true' : 'false'}
      aria-describedby="profile-note-fault" .value=${typed.note} @input=${(/** @type {Event} */ event) => type('note', valueIn(event))}></textarea>`)}
    <div class="suggestion-actions">
      <button class="btn btn-small btn-primary" ?disabled=${busy}>${t('ui.amend.save')}</button>
      <button type="button" class="btn btn-small" @click=${leave}>${t('ui.amend.cancel')}</button>
    </div>
  </form>`;
};

forgets.push(() => {
  if (form && store.state.thread?.state === 'missing') form = null;
});

/** @param {any} customer */
export async function openProfile(customer) {
  try {
    await askKinds();
  } catch (error) {
    complain(error);
    return;
  }
  const typed = typedOf(customer, fieldKinds());
  form = {customer: customer.id, version: customer.version, base: typed, typed, clashes: {}, faults: {}, busy: false};
  askTags();
  store.dispatch({type: 'card'});
  focus('profile-name');
}
