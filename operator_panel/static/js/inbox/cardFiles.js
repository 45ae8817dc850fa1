/** Files of a customer from all his conversations, the newest first: a photo opens beside, anything else is downloaded. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {kindWord, shownAs, sizeText} from 'mostik/core/files.js';
import {shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {path} from 'mostik/inbox/customer.js';
import {api, store} from 'mostik/inbox/desk.js';
import {forgets, places} from 'mostik/inbox/places.js';

const FIRST = 5;
const MORE = 20;

/** @type {{customer: string, items: any[], next: string|null, busy: boolean}} of the customer shown last */
let found = {customer: '', items: [], next: null, busy: false};

/** @param {Partial<typeof found>} change */
function put(change) {
  found = {...found, ...change};
  store.dispatch({type: 'card'});
}

/** @param {any} file */
const isNew = (file) => !found.items.some((one) => one.id === file.id && one.message_id === file.message_id);

/** Fetch the newest ones, or after these the next. @param {string} customer @param {boolean} [more] */
export async function load(customer, more = false) {
  if (found.customer === customer && found.busy) return;
  found = found.customer === customer ? {...found, busy: true} : {customer, items: [], next: null, busy: true};
  const query = more ? {cursor: found.next, limit: MORE} : {limit: FIRST};
  const page = await api.get(`${path(customer)}/files`, query).catch(() => null);
  if (found.customer !== customer) return;
  if (!page) put({busy: false});
  else if (more) put({items: [...found.items, ...page.items], next: page.next, busy: false});
  else if (found.items.length <= FIRST) put({items: page.items, next: page.next, busy: false});
  else put({items: [...page.items.filter(isNew), ...found.items], busy: false});
}

forgets.push(() => (found = {customer: '', items: [], next: null, busy: false}));

/** @param {any} file */
function fileTemplate(file) {
  const name = file.name || kindWord(file.kind);
  const told = html`<bdi class="value">${name}</bdi><span class="count">${[sizeText(file.size), shortTime(file.at)].filter(Boolean).join(' · ')}</span>`;
  if (shownAs(file) === 'picture') {
    return html`<li data-testid="ctx-file"><a class="past" href=${file.url} target="_blank" rel="noopener">${icon('image')}${told}</a></li>`;
  }
  return html`<li data-testid="ctx-file"><a class="past" href=${file.url} download=${name}>${icon('file-text')}${told}</a></li>`;
}

places.files = (customer) => {
  if (found.customer !== customer.id || (!found.items.length && !found.next)) return nothing;
  return html`<section class="card" aria-label=${t('ui.files.title')} data-testid="ctx-files">
    <h2 class="card-title">${icon('paperclip')}${t('ui.files.title')}</h2>
    <ul class="pasts">${found.items.map(fileTemplate)}</ul>
    ${found.next
      ? html`<button class="link card-link" ?disabled=${found.busy} @click=${() => load(customer.id, true)}>${t('ui.files.more')}</button>`
      : nothing}
  </section>`;
};
