/** Fields of a form with their labels, hints and errors beside them, in the person's language. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {icon} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';

/** @typedef {Record<string, string>} Errors a text by the field it is about */

/** @param {string} field @param {string} code @returns {string} */
function text(field, code) {
  const key = [`settings.error.${field}.${code}`, `settings.error.${code}`].find(known);
  return t(key ?? 'settings.error.invalid');
}

/**
 * What a refusal says of the form's fields; what it says of no field, or of one not shown, is told at the page's foot.
 * @param {any} error @param {string[]} fields the form shows @returns {Errors}
 */
export function errorsOf(error, fields) {
  /** @type {Errors} */
  const found = {};
  const own = error?.code === 'invalid' ? error.body?.errors ?? [] : [];
  for (const one of own) {
    const field = fields.find((name) => one.field === name || one.field.startsWith(`${name}.`));
    if (field) found[field] ??= text(field, one.code);
  }
  const [other] = own;
  if (!Object.keys(found).length) other && known(`settings.error.${other.field}.${other.code}`) ? toast(text(other.field, other.code), {danger: true}) : complain(error);
  else setTimeout(() => /** @type {HTMLElement|null} */ (document.querySelector('[aria-invalid="true"]'))?.focus(), 50);
  return found;
}

/** @param {string} id @param {string|undefined} error */
const said = (id, error) => (error ? html`<p class="st-error" id="${id}-error" role="alert">${icon('circle-alert')}${error}</p>` : nothing);

/** @param {string} id @param {string|undefined} error @param {string|undefined} hint */
const describes = (id, error, hint) => [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || nothing;

/**
 * @typedef {object} Field
 * @property {string} name of the field in the API; its id is `f-<name>`
 * @property {string} label @property {string} [hint] @property {string} [error]
 * @property {any} value @property {(value: any) => void} set
 * @property {boolean} [disabled]
 */

/** @param {Field} field @param {(id: string) => unknown} input */
function framed({name, label, hint, error}, input) {
  const id = `f-${name}`;
  return html`<div class="st-field">
    <label for=${id}>${label}</label>
    ${input(id)} ${said(id, error)} ${hint ? html`<p class="st-hint" id="${id}-hint">${hint}</p>` : nothing}
  </div>`;
}

/** A line of text. @param {Field & {type?: string, auto?: string, most?: number, required?: boolean, place?: string, mode?: string}} field */
export const line = (field) =>
  framed(
    field,
    (id) => html`<input class="field" id=${id} name=${field.name} type=${field.type ?? 'text'} .value=${live(String(field.value ?? ''))}
      autocomplete=${field.auto ?? 'off'} maxlength=${field.most ?? 200} placeholder=${field.place ?? nothing} inputmode=${field.mode ?? nothing}
      ?required=${field.required} ?disabled=${field.disabled} aria-invalid=${field.error ? 'true' : nothing}
      aria-describedby=${describes(id, field.error, field.hint)}
      @input=${(/** @type {any} */ event) => field.set(event.target.value)} />`,
  );

/** More than a line. @param {Field & {rows?: number, most?: number}} field */
export const lines = (field) =>
  framed(
    field,
    (id) => html`<textarea class="field st-lines" id=${id} name=${field.name} rows=${field.rows ?? 4} maxlength=${field.most ?? 4000}
      .value=${live(String(field.value ?? ''))} ?disabled=${field.disabled} aria-invalid=${field.error ? 'true' : nothing}
      aria-describedby=${describes(id, field.error, field.hint)}
      @input=${(/** @type {any} */ event) => field.set(event.target.value)}></textarea>`,
  );

/** One of few. @param {Field & {options: [string, string][]}} field `options`: value and label */
export const choice = (field) =>
  framed(
    field,
    (id) => html`<select class="field" id=${id} name=${field.name} ?disabled=${field.disabled} .value=${live(String(field.value))}
      aria-invalid=${field.error ? 'true' : nothing} aria-describedby=${describes(id, field.error, field.hint)}
      @change=${(/** @type {any} */ event) => field.set(event.target.value)}
    >${field.options.map(([value, label]) => html`<option value=${value} ?selected=${value === String(field.value)}>${label}</option>`)}</select>`,
  );

/** Yes or no. @param {Field} field */
export const tick = (field) => html`<div class="st-field">
  <label class="check"><input type="checkbox" id="f-${field.name}" name=${field.name} .checked=${live(Boolean(field.value))} ?disabled=${field.disabled}
    aria-describedby=${describes(`f-${field.name}`, field.error, field.hint)}
    @change=${(/** @type {any} */ event) => field.set(event.target.checked)} /><span>${field.label}</span></label>
  ${said(`f-${field.name}`, field.error)}
  ${field.hint ? html`<p class="st-hint" id="f-${field.name}-hint">${field.hint}</p>` : nothing}
</div>`;

/** Options from which on a list is searched and scrolled, not shown whole. */
const MANY = 15;

/** @param {any} event of the search above ticks: others than those it names are hidden */
function sift({target}) {
  const wanted = target.value.trim().toLocaleLowerCase();
  for (const label of target.closest('fieldset').querySelectorAll('.st-ticks label')) label.hidden = !label.textContent.toLocaleLowerCase().includes(wanted);
}

/** @param {any} event Enter in that search saves nothing */
const stay = (event) => event.key === 'Enter' && event.preventDefault();

/** Some of many. @param {Field & {options: [string, string][], empty?: string}} field `value`: an array of chosen ones */
export const several = (field) => html`<fieldset class="st-field st-several" aria-describedby=${describes(`f-${field.name}`, field.error, field.hint)}>
  <legend>${field.label}</legend>
  ${field.options.length ? nothing : html`<p class="st-hint">${field.empty ?? ''}</p>`}
  ${field.options.length < MANY
    ? nothing
    : html`<input class="field st-sift" type="search" autocomplete="off" maxlength="80" placeholder=${t('settings.sift', {n: field.options.length})} aria-label="${field.label}: ${t('settings.sift', {n: field.options.length})}" @input=${sift} @keydown=${stay} />`}
  <div class="st-ticks ${field.options.length < MANY ? '' : 'st-many'}">${field.options.map(
    ([value, label]) => html`<label class="check"><input type="checkbox" name=${field.name} value=${value} .checked=${live(field.value.includes(value))}
      ?disabled=${field.disabled} aria-invalid=${field.error ? 'true' : nothing}
      @change=${(/** @type {any} */ event) =>
        field.set(event.target.checked ? [...field.value, value] : field.value.filter((/** @type {string} */ one) => one !== value))} /><span>${label}</span></label>`,
  )}</div>
  ${said(`f-${field.name}`, field.error)}
  ${field.hint ? html`<p class="st-hint" id="f-${field.name}-hint">${field.hint}</p>` : nothing}
</fieldset>`;

/** Forms whose saving has not ended: a second press comes before the next frame disables the button. */
const saving = new WeakSet();

/** @param {SubmitEvent} event @param {boolean} busy @param {() => unknown} save */
async function submitted(event, busy, save) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (busy || saving.has(form)) return;
  saving.add(form);
  try {
    await save();
  } finally {
    saving.delete(form);
  }
}

/**
 * A form with its button; Ctrl+Enter saves the one that holds the focus.
 * @param {{title?: string, body: unknown, save: () => unknown, busy: boolean, label?: string, more?: unknown, testid?: string, quiet?: boolean}} form
 *   `more`: further buttons; `quiet`: nothing to save yet
 */
export const form = ({title, body, save, busy, label = t('settings.save'), more = nothing, testid = '', quiet = false}) => html`<form
  class="st-card" novalidate autocomplete="off" data-testid=${testid || nothing}
  @submit=${(/** @type {SubmitEvent} */ event) => submitted(event, busy, save)}
>
  ${title ? html`<h2>${title}</h2>` : nothing}${body}
  <div class="st-foot"><button class="btn btn-primary" type="submit" ?disabled=${busy || quiet}>${label}</button>${more}</div>
</form>`;

/** @returns {boolean} was there a form to save */
export function saveNearest() {
  const near = /** @type {HTMLFormElement|null} */ (document.activeElement?.closest('.st-body form') ?? null);
  near?.requestSubmit();
  return Boolean(near);
}
