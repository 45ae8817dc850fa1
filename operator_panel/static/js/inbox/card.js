/** The customer's card beside the thread: who he is, where he can be answered, what is kept of him and can be changed. */

import {html, nothing} from 'lit-html';
import {announce, avatar, icon} from 'mostik/core/dom.js';
import {fullDate, now, phone} from 'mostik/core/format.js';
import {lang, t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, mayErase, mayWrite, store} from 'mostik/inbox/desk.js';
import {factsTemplate, noteTemplate} from 'mostik/inbox/facts.js';
import {identitiesTemplate} from 'mostik/inbox/identities.js';
import {late, sweep} from 'mostik/inbox/late.js';
import {places} from 'mostik/inbox/places.js';

/** @typedef {import('mostik/core/store.js').Row} Row */

/** @param {string} customer id */
const showFiles = (customer) => late(() => import('mostik/inbox/cardFiles.js'), (files) => files.load(customer), 'soon');

/** What the card of this customer needs beside itself. @param {any} card */
function fetchMore(card) {
  if (card.shop_data) late(() => import('mostik/inbox/shopData.js'), (shop) => shop.load(card.id), 'soon');
  showFiles(card.id);
  if (!card.candidates.length && !card.linked.length && (card.past ?? []).length < 2) return;
  late(() => Promise.all([import('mostik/inbox/kin.js'), import('mostik/inbox/others.js')]), ([kin, others]) => {
    places.kin = kin.kinTemplate;
    places.past = others.historyTemplate;
    store.dispatch({type: 'card'});
  }, 'soon');
}

store.subscribe((event) => {
  const {thread} = store.state;
  if (event.type === 'thread.customer' && event.whole) fetchMore(event.customer);
  else if (event.type === 'message.created' && event.message.attachments.length && thread?.customer && event.message.conversation_id === thread.id) showFiles(thread.customer.id);
});
if (store.state.thread?.customer?.past) fetchMore(store.state.thread.customer);
sweep(); // somebody may have been erased while this page was closed

/** @param {Row} row */
async function askContact(row) {
  try {
    await api.post(`/conversations/${encodeURIComponent(row.id)}/ask_contact`);
    announce(t('ui.customer.asked'));
  } catch (error) {
    complain(error);
  }
}

/** Asks in which channel to write to a customer first. @param {any} customer */
const begin = (customer) => late(() => import('mostik/inbox/startTalk.js'), (part) => part.openStart(customer));

/** A field for a contact in the card. @param {any} customer */
const addContact = (customer) => late(() => import('mostik/inbox/contact.js'), (part) => part.openContact(customer.id));

/** Asks whether a customer is to be banned; of one who is, the ban is lifted. @param {any} customer */
const toggleBan = (customer) =>
  late(() => import('mostik/inbox/ban.js'), (part) => (customer.ban ? part.liftBan(customer) : part.openBan(customer)));

/** Asks whether all of a customer is to be deleted. @param {any} customer */
const erase = (customer) => late(() => import('mostik/inbox/erase.js'), (part) => part.openErase(customer));

/** @param {any} customer */
const edit = (customer) => late(() => import('mostik/inbox/profile.js'), (part) => part.openProfile(customer));

/** @param {string} name @param {string} mark @param {string} key @param {() => void} run */
const linkTemplate = (name, mark, key, run) =>
  html`<button class="link card-link" id="${name}-button" data-testid=${name} @click=${run}>${icon(mark)}${t(key)}</button>`;

/** @param {any} customer @param {Row} row what he told by telephone, say, is typed in */
function contactLinks(customer, row) {
  if (!mayWrite) return nothing;
  const contacts = customer.identities.filter((/** @type {any} */ one) => one.email !== undefined || one.phone !== undefined);
  const proved = contacts.some((/** @type {any} */ one) => one.proved);
  const asks = row.stage !== 'closed' && !proved;
  return html`<div class="card-links">
    ${customer.ban ? nothing : linkTemplate('start-talk', 'reply', 'ui.start.open', () => begin(customer))}
    ${asks ? linkTemplate('ask-contact', 'phone', contacts.length ? 'ui.customer.ask_again' : 'ui.customer.ask', () => askContact(row)) : nothing}
    ${linkTemplate('add-contact', 'pencil', 'ui.contact.add', () => addContact(customer))}
  </div>`;
}

/** @param {any} customer @param {Row} row a ban, and the end of all that is kept of him: rare, so they stand last */
function lastLinks(customer, row) {
  if (!mayWrite) return nothing;
  return html`<section class="card card-last" aria-label=${t('ui.customer.rare')}>
    <div class="card-links">
      ${linkTemplate('ban', 'ban', customer.ban ? 'ui.ban.lift' : 'ui.ban.open', () => toggleBan(customer))}
      ${mayErase ? linkTemplate('erase', 'trash-2', 'ui.erase.open', () => erase(customer)) : nothing}
    </div>
    ${places.ban(customer, row)} ${places.erase(customer, row)}
  </section>`;
}

/** @param {any} customer */
function bannedTemplate({ban}) {
  if (!ban) return nothing;
  const words = t(ban.reason ? 'ui.ban.banned_because' : 'ui.ban.banned', {date: fullDate(ban.at), reason: ban.reason});
  return html`<p class="conflict" data-testid="banned">${icon('ban')}<span>${words}</span></p>`;
}

const STARS = [1, 2, 3, 4, 5];

/** @param {Row} row how the open conversation was rated, and in which words */
function ratingTemplate({rating}) {
  if (!rating) return nothing;
  return html`<section class="card" aria-label=${t('ui.rating.title')} data-testid="ctx-rating" data-score=${rating.score}>
    <h2 class="card-title">${t('ui.rating.title')}</h2>
    <p class="stars">
      <span role="img" aria-label=${t('ui.rating.of', {n: rating.score})}>${STARS.map((n) => icon('star', n <= rating.score ? 'star-on' : 'star-off'))}</span>
      ${rating.at ? html`<time datetime=${rating.at}>${fullDate(rating.at)}</time>` : nothing}
    </p>
    ${rating.comment ? html`<p class="about">${rating.comment}</p>` : nothing}
  </section>`;
}

/** @param {any} one */
function conflictTemplate(one) {
  return html`<p class="conflict" data-testid="conflict">
    ${icon('triangle-alert')}<span>${t(`ui.conflict.${one.kind}`, {values: one.values.map(phone).join(', ')})}</span>
  </p>`;
}

/** @param {string} timeZone IANA name @returns {string} what time it is there */
function timeIn(timeZone) {
  try {
    return new Intl.DateTimeFormat(lang(), {hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone}).format(new Date(now()));
  } catch {
    return '';
  }
}

/** @param {any} customer */
function sinceTemplate(customer) {
  const there = customer.local_time_zone ? timeIn(customer.local_time_zone) : '';
  return html`<p>${t('ui.customer.since', {date: fullDate(customer.created_at)})}</p>
    ${there ? html`<p data-testid="local-time">${t('ui.customer.local_time', {time: there})}</p>` : nothing}`;
}

/** @param {any} customer @param {Row} row */
export function cardTemplate(customer, row) {
  const form = places.profile(customer, row);
  return html`<section class="card" aria-label=${t('ui.customer.title')} data-testid="ctx-customer" data-id=${customer.id}>
      <div class="customer">
        ${avatar(row.customer, 'avatar-40')}
        <div>
          <h2><bdi>${customer.name}</bdi></h2>
          ${sinceTemplate(customer)}
        </div>
        ${mayWrite && form === nothing
          ? html`<button class="icon-btn" id="profile-button" data-testid="edit-profile" aria-label=${t('ui.profile.edit')} title=${t('ui.profile.edit')} @click=${() => edit(customer)}>
              ${icon('pencil')}
            </button>`
          : nothing}
      </div>
      ${bannedTemplate(customer)} ${identitiesTemplate(customer, row)} ${(customer.conflicts ?? []).map(conflictTemplate)}
      ${contactLinks(customer, row)} ${places.contact(customer, row)}
    </section>
    ${form} ${ratingTemplate(row)} ${places.kin(customer, row)}
    ${form === nothing ? html`${factsTemplate(customer, row)} ${noteTemplate(customer)}` : nothing}
    ${places.shop(customer, row)} ${places.files(customer, row)} ${places.past(customer, row)} ${lastLinks(customer, row)}`;
}
