/** What the shop's own program knows of a customer: its fields as plain text, how old they are, what is wrong. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';
import {known, t} from 'mostik/core/i18n.js';
import {path} from 'mostik/inbox/customer.js';
import {api, store} from 'mostik/inbox/desk.js';
import {forgets, places} from 'mostik/inbox/places.js';

/** @typedef {{fields: {name: string, value: string, link: string}[], at: string|null, fault: string}} Told */

/** Answers of this visit, and whose is on its way. @type {Map<string, Told>} */
const told = new Map();
const KEPT = 50;
let asking = '';

forgets.push(() => told.clear());

/** @param {string} id @param {boolean} [anew] */
export async function load(id, anew = false) {
  if (asking === id) return;
  asking = id;
  store.dispatch({type: 'card'});
  const found = await api.get(`${path(id)}/shop_data`, anew ? {anew: true} : {}).catch(() => null);
  if (asking === id) asking = '';
  if (found) {
    told.delete(id);
    told.set(id, found);
    if (told.size > KEPT) told.delete([...told.keys()][0]);
  }
  store.dispatch({type: 'card'});
}

/** @param {string} fault */
function faultText(fault) {
  const key = `ui.shop.fault.${fault}`;
  return t(known(key) ? key : 'ui.shop.fault.network');
}

/** @param {Told['fields'][number]} one */
function valueTemplate(one) {
  if (!one.link) return one.value;
  return html`<a class="link" href=${one.link} target="_blank" rel="noopener noreferrer">${one.value}</a>`;
}

places.shop = (customer) => {
  const found = told.get(customer.id);
  if (!customer.shop_data || (!found && asking !== customer.id)) return nothing;
  const fields = found?.fields ?? [];
  return html`<section class="card" aria-label=${t('ui.shop.title')} data-testid="ctx-shop" data-fault=${found?.fault ?? ''}>
    <h2 class="card-title">${t('ui.shop.title')}</h2>
    ${fields.length
      ? html`<dl class="fields">${fields.map((one) => html`<dt>${one.name}</dt><dd>${valueTemplate(one)}</dd>`)}</dl>`
      : html`<p class="none">${found ? t('ui.shop.none') : t('ui.shop.asking')}</p>`}
    ${found?.fault ? html`<p class="conflict">${icon('triangle-alert')}<span>${faultText(found.fault)}</span></p>` : nothing}
    <div class="card-links">
      ${found?.at ? html`<time class="none" datetime=${found.at}>${t('ui.shop.at', {time: shortTime(found.at)})}</time>` : nothing}
      <button class="link card-link" ?disabled=${asking === customer.id} @click=${() => load(customer.id, true)}>${t('ui.shop.anew')}</button>
    </div>
  </section>`;
};
