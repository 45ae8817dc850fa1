/** The customer's card: how he is known, who else he is or may be, what he wrote before. */

import {html, nothing} from 'lit-html';
import {announce, avatar, channelBadge, icon} from 'mostik/core/dom.js';
import {fullDate, phone} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, mayErase, mayWrite, store} from 'mostik/inbox/desk.js';
import {late, showBan, showContact, showErase, slots} from 'mostik/inbox/late.js';
import {onWall} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').Row} Row */

/** Lines of the thread that tell of a change in the card. */
const TELLING = new Set(['banned', 'unbanned', 'contact_added', 'contact_proved', 'linked', 'linked_by_proof', 'unlinked']);

/** Conversations of a customer looked at: an open one may be older than many past ones. */
const LOOKED_AT = 50;
let again = 0;

export const path = (/** @type {string} */ id) => `/customers/${encodeURIComponent(id)}`;

/** Show what the server answered of the customer whose card is open. @param {any} card */
export function shown(card) {
  const {thread} = store.state;
  if (thread?.customer?.id === card.id) {
    store.dispatch({type: 'thread.customer', id: thread.id, customer: {...thread.customer, ...card}});
  }
}

/** Fetch the card of the open conversation, with the other conversations of its customer. */
export async function loadCard() {
  const {thread, rows} = store.state;
  const customer = thread && (rows.get(thread.id)?.customer.id ?? thread.customer?.id);
  if (!thread || !customer) return;
  const [card, past] = await Promise.all([
    api.get(path(customer)).catch(() => null),
    api.get('/conversations', {customer, limit: LOOKED_AT}).catch(() => ({items: []})),
  ]);
  if (!card) return;
  store.dispatch({type: 'thread.customer', id: thread.id, customer: {...card, past: past.items}});
  if (card.shop_data) late(() => import('mostik/inbox/shopData.js'), (shop) => shop.load(card.id));
  if (card.candidates.length || card.linked.length || past.items.length > 1) fetchKin();
}

/** Who else he is or may be, and what he wrote before: told once the card is there. */
function fetchKin() {
  late(() => Promise.all([import('mostik/inbox/kin.js'), import('mostik/inbox/others.js')]), ([kin, others]) => {
    slots.kin = kin.kinTemplate;
    slots.past = others.historyTemplate;
    store.dispatch({type: 'card'});
  });
}

/** @param {any} row of another conversation @param {any} customer whose card is open @returns {boolean} whether his list shows it otherwise */
function stageMoved(row, customer) {
  if (!customer?.past || row.customer.id !== customer.id) return false;
  return customer.past.find((/** @type {any} */ one) => one.id === row.id)?.stage !== row.stage;
}

/**
 * A fact that may change the card of the open conversation: told again in the same version, its surroundings changed.
 * @param {any} event @param {import('mostik/core/store.js').State} before
 */
function followCard(event, before) {
  const {thread} = store.state;
  const id = event.conversation?.id;
  if (!thread || thread.state !== 'ready') return;
  if (id !== thread.id) {
    if (stageMoved(event.conversation, thread.customer)) reload();
    return;
  }
  const told = event.type === 'conversation.updated' && before.rows.get(id)?.version === event.conversation.version;
  const other = event.conversation.customer.id !== before.rows.get(id)?.customer.id;
  if (!told && !other && !TELLING.has(event.message?.event?.code)) return;
  reload();
}

function reload() {
  clearTimeout(again);
  again = setTimeout(() => loadCard(), 200);
}

/** Keep the card of whatever conversation is open. */
export function tendCards() {
  store.subscribe((event, before) => {
    if (event.type === 'thread.loaded') loadCard();
    else if (event.cursor && event.conversation) followCard(event, before);
  });
  loadCard();
}

/** @param {Row} row */
async function askContact(row) {
  try {
    await api.post(`/conversations/${encodeURIComponent(row.id)}/ask_contact`);
    announce(t('ui.customer.asked'));
  } catch (error) {
    complain(error);
  }
}

/** @param {string} channel @returns {string} its kind: e-mail and phone are their own */
export function kindOf(channel) {
  return store.state.channels.find((one) => one.name === channel)?.kind ?? channel;
}

/** @param {any} identity @returns {string} in people's words: a visitor's id on the website says nothing to anybody */
export function valueOf(identity) {
  if (identity.channel === 'user_id') return t('ui.identity.account', {id: identity.external_id});
  if (kindOf(identity.channel) === 'web') return t('ui.identity.web_chat');
  return identity.email ?? (identity.phone && phone(identity.phone)) ?? (identity.username ? `@${identity.username}` : identity.external_id);
}

/** @param {any} identity @param {Row} row */
function identityTemplate(identity, row) {
  const address = onWall(row) ? row.external_id.split(':').at(-1) : row.external_id;
  const here = identity.channel === row.channel && identity.external_id === address;
  const contact = identity.email !== undefined || identity.phone !== undefined || identity.channel === 'user_id';
  const state = here ? 'here' : !identity.proved ? 'claimed' : contact ? 'proved' : 'linked';
  return html`<li data-state=${state}>
    ${channelBadge(here ? row.channel_kind : kindOf(identity.channel), 'channel-18')}<span class="value">${valueOf(identity)}</span>
    <span class="chip ${here ? 'chip-ok' : 'chip-bare'}">${t(`ui.identity.${state}`)}</span>
  </li>`;
}

/** @param {any[]} identities proved before claimed, each value once @param {Row} row */
function identitiesTemplate(identities, row) {
  const known = new Map();
  for (const one of [...identities].sort((a, b) => Number(b.proved) - Number(a.proved))) {
    const key = `${one.channel} ${one.external_id ?? valueOf(one)}`;
    if (!known.has(key)) known.set(key, one);
  }
  return html`<ul class="identities" data-testid="ctx-identities" aria-label=${t('ui.customer.identities')}>
    ${[...known.values()].map((one) => identityTemplate(one, row))}
  </ul>`;
}

/** @param {string} name @param {string} mark @param {string} key @param {() => void} run */
const linkTemplate = (name, mark, key, run) =>
  html`<button class="link card-link" id="${name}-button" data-testid=${name} @click=${run}>${icon(mark)}${t(key)}</button>`;

/** @param {any} customer @param {Row} row */
function askTemplate(customer, row) {
  const contacts = customer.identities.filter((/** @type {any} */ one) => one.email !== undefined || one.phone !== undefined);
  const proved = contacts.some((/** @type {any} */ one) => one.proved);
  if (!mayWrite || row.stage === 'closed' || proved) return nothing;
  return linkTemplate('ask-contact', 'phone', contacts.length ? 'ui.customer.ask_again' : 'ui.customer.ask', () => askContact(row));
}

/** @param {any} customer what he told by telephone, say, is typed in; a ban, and the end of all that is kept of him */
function linksTemplate(customer) {
  if (!mayWrite) return nothing;
  return html`${linkTemplate('add-contact', 'pencil', 'ui.contact.add', () => showContact(customer.id))}${linkTemplate('ban', 'ban', customer.ban ? 'ui.ban.lift' : 'ui.ban.open', () => showBan(customer))}${mayErase ? linkTemplate('erase', 'trash-2', 'ui.erase.open', () => showErase(customer)) : nothing}`;
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

/** @param {any} customer @param {Row} row @param {unknown} fields what the shop knows of him */
export function customerTemplate(customer, row, fields) {
  return html`<section class="card" aria-label=${t('ui.customer.title')} data-testid="ctx-customer" data-id=${customer.id}>
      <div class="customer">
        ${avatar(row.customer, 'avatar-40')}
        <div>
          <h2>${customer.name}</h2>
          <p>${t('ui.customer.since', {date: fullDate(customer.created_at)})}</p>
        </div>
      </div>
      ${bannedTemplate(customer)} ${identitiesTemplate(customer.identities ?? [], row)} ${(customer.conflicts ?? []).map(conflictTemplate)}
      <div class="card-links">${askTemplate(customer, row)}${linksTemplate(customer)}</div>
      ${slots.contact(customer)} ${slots.ban(customer)} ${slots.erase(customer)}
    </section>
    ${ratingTemplate(row)} ${slots.kin(customer, row)} ${fields} ${slots.shop(customer)}
    ${customer.note
      ? html`<section class="card">
          <h2 class="card-title">${icon('file-text')}${t('ui.customer.about')}</h2>
          <p class="about">${customer.note}</p>
        </section>`
      : nothing}
    ${slots.past(customer, row)}`;
}
