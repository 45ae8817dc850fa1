/** What the team keeps of a customer: company, tags, own fields by their kind, the shared note; and when he wrote last. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {fullDate, shortTime} from 'mostik/core/format.js';
import {lang, t} from 'mostik/core/i18n.js';
import {api, store} from 'mostik/inbox/desk.js';
import {tagTemplate} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {{key: string, kind: 'text'|'number'|'date'|'choice'|'yes_no'|'link', name: string, choices: string[]}} FieldKind */

const FEW = 4;

/** @type {FieldKind[]|null} own fields of the installation, once they have come */
let defined = null;
/** @type {Promise<void>|null} */
let asked = null;

/** Own fields are asked for once; a fault is told to who waits, and they are asked for again. @returns {Promise<void>} */
export function askKinds() {
  asked ??= api.get('/customers/fields').then(
    (found) => {
      defined = found.items;
      store.dispatch({type: 'card'});
    },
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** @returns {FieldKind[]} in the settings' order; none before they have come */
export const fieldKinds = () => defined ?? [];

askKinds().catch(() => {});

/** @param {string} key @returns {string} a profile's field in words: name, company, note, tags, fields.<key> */
export function fieldName(key) {
  const own = key.replace(/^fields\./, '');
  if (own === key) return t(`ui.compare.${key}`);
  return fieldKinds().find((one) => one.key === own)?.name ?? own;
}

/** @param {string} day YYYY-MM-DD */
const dayText = (day) => (/^\d{4}-\d\d-\d\d$/.test(day) ? fullDate(`${day}T00:00`) : day);

/** @param {unknown} value @param {string} [kind] @returns {string} */
export function valueText(value, kind) {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return t(value ? 'ui.profile.yes' : 'ui.profile.no');
  if (typeof value === 'number') return new Intl.NumberFormat(lang(), {maximumFractionDigits: 12}).format(value);
  return kind === 'date' ? dayText(String(value)) : String(value ?? '');
}

/** @param {string} key of a profile's field @param {unknown} value @returns {string} */
export const shownValue = (key, value) => valueText(value, fieldKinds().find((one) => `fields.${one.key}` === key)?.kind);

/** @param {unknown} value @param {string} [kind] */
function valueTemplate(value, kind) {
  const text = valueText(value, kind);
  if (kind !== 'link' || !/^https?:\/\//.test(text)) return html`<bdi>${text}</bdi>`;
  const short = text.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
  return html`<a class="link field-link" href=${text} title=${text} target="_blank" rel="noopener noreferrer">${short}</a>`;
}

/** @param {string} name @param {unknown} value */
const line = (name, value) => html`<dt>${name}</dt><dd>${value}</dd>`;

/** Many tags take the whole width. @param {string} name @param {string[]} tags */
const tagsLine = (name, tags) =>
  tags.length ? html`<dt>${name}</dt><dd class="tags ${tags.length > FEW ? 'tags-many' : ''}">${tags.map(tagTemplate)}</dd>` : nothing;

/** @param {any} customer */
function ownFields(customer) {
  const values = customer.fields ?? {};
  const kinds = fieldKinds().filter(({key}) => values[key] !== undefined && values[key] !== null);
  const known = new Set(kinds.map(({key}) => key));
  const old = defined ? Object.entries(values).filter(([key, value]) => !known.has(key) && value !== null) : [];
  return html`${kinds.map(({key, name, kind}) => line(name, valueTemplate(values[key], kind)))}${old.map(([key, value]) => line(key, valueTemplate(value)))}`;
}

/** @param {string} code BCP 47 */
function languageName(code) {
  try {
    return new Intl.DisplayNames([lang()], {type: 'language'}).of(code) ?? code;
  } catch {
    return code;
  }
}

/** @param {any} customer @param {Row} row @returns {string|undefined} when he wrote last, in whatever channel */
export function lastWord(customer, row) {
  const rows = [row, ...(customer.past ?? [])];
  return rows.flatMap((one) => one.last_said?.at ?? []).sort().at(-1);
}

/** @param {any} customer @param {Row} row */
export function factsTemplate(customer, row) {
  const last = lastWord(customer, row);
  const tags = customer.tags ?? [];
  return html`<section class="card" aria-label=${t('ui.profile.title')} data-testid="ctx-facts">
    <dl class="fields">
      ${customer.company ? line(t('ui.compare.company'), html`<bdi>${customer.company}</bdi>`) : nothing}
      ${tagsLine(t('ui.compare.tags'), tags)} ${tagsLine(t('ui.customer.tags'), row.tags)}
      ${ownFields(customer)} ${customer.language ? line(t('ui.profile.language'), languageName(customer.language)) : nothing}
      ${last ? line(t('ui.profile.last_word'), html`<time datetime=${last}>${shortTime(last)}</time>`) : nothing}
    </dl>
  </section>`;
}

/** @param {any} customer */
export function noteTemplate(customer) {
  if (!customer.note) return nothing;
  return html`<section class="card">
    <h2 class="card-title">${icon('file-text')}${t('ui.customer.about')}</h2>
    <p class="about" dir="auto">${customer.note}</p>
  </section>`;
}
