/** The customer's card: how he is known, who else he is or may be, what he wrote before. */

import {html, nothing} from 'lit-html';
import {announce, avatar, channelBadge, icon} from 'mostik/core/dom.js';
import {fullDate, phone, shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {api, mayWrite, store} from 'mostik/inbox/desk.js';
import {LOOKED_AT, historyTemplate, stageMoved} from 'mostik/inbox/others.js';
import {complain, toast} from 'mostik/inbox/toasts.js';

/** @typedef {import('mostik/core/store.js').Row} Row */

const PREVIEW = 3;
/** Lines of the thread that tell of a change in the card. */
const TELLING = new Set(['contact_added', 'contact_proved', 'linked', 'linked_by_proof', 'unlinked']);

/** @type {Map<string, {identities: any[], messages: any[]}>} what was asked to be shown of somebody who may be the same */
const previews = new Map();
let again = 0;

const path = (/** @type {string} */ id) => `/customers/${encodeURIComponent(id)}`;

/** Fetch the card of the open conversation, with the other conversations of its customer. */
async function loadCard() {
  const {thread, rows} = store.state;
  const customer = thread && (rows.get(thread.id)?.customer.id ?? thread.customer?.id);
  if (!thread || !customer) return;
  const [card, past] = await Promise.all([
    api.get(path(customer)).catch(() => null),
    api.get('/conversations', {customer, limit: LOOKED_AT}).catch(() => ({items: []})),
  ]);
  if (card) store.dispatch({type: 'thread.customer', id: thread.id, customer: {...card, past: past.items}});
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

/** @param {string} id @param {'link'|'unlink'} verb @param {string} other */
async function join(id, verb, other) {
  const card = await api.post(`${path(id)}/${verb}`, {other});
  const {thread} = store.state;
  if (thread) store.dispatch({type: 'thread.customer', id: thread.id, customer: {...thread.customer, ...card}});
  await loadCard();
}

/** @param {any} customer @param {any} other */
async function link(customer, other) {
  try {
    await join(customer.id, 'link', other.id);
    previews.delete(other.id);
    const undo = {label: t('ui.undo'), run: () => unlink(customer, other)};
    toast(t('ui.customer.linked_done', {name: other.name}), {action: undo});
  } catch (error) {
    complain(error);
  }
}

/** @param {any} customer @param {any} other */
async function unlink(customer, other) {
  try {
    await join(customer.id, 'unlink', other.id);
    announce(t('ui.customer.unlinked_done', {name: other.name}));
  } catch (error) {
    complain(error);
  }
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

/** @param {string} id */
async function showPreview(id) {
  if (previews.delete(id)) {
    store.dispatch({type: 'card'});
    return;
  }
  try {
    const [card, page] = await Promise.all([api.get(path(id)), api.get(`${path(id)}/messages`, {limit: PREVIEW * 8})]);
    const messages = page.items.filter((/** @type {any} */ one) => one.text && one.author.kind === 'customer').slice(-PREVIEW);
    previews.set(id, {identities: card.identities, messages});
    store.dispatch({type: 'card'});
  } catch (error) {
    complain(error);
  }
}

/** @param {string} channel @returns {string} its kind: e-mail and phone are their own */
function kindOf(channel) {
  return store.state.channels.find((one) => one.name === channel)?.kind ?? channel;
}

/** @param {any} identity @returns {string} in people's words: a visitor's id on the website says nothing to anybody */
function valueOf(identity) {
  if (identity.channel === 'user_id') return t('ui.identity.account', {id: identity.external_id});
  if (kindOf(identity.channel) === 'web') return t('ui.identity.web_chat');
  return identity.email ?? (identity.phone && phone(identity.phone)) ?? (identity.username ? `@${identity.username}` : identity.external_id);
}

/** @param {any} identity @param {Row} row */
function identityTemplate(identity, row) {
  const here = identity.channel === row.channel && identity.external_id === row.external_id;
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

/** @param {any} customer @param {Row} row */
function askTemplate(customer, row) {
  const contacts = customer.identities.filter((/** @type {any} */ one) => one.email !== undefined || one.phone !== undefined);
  const proved = contacts.some((/** @type {any} */ one) => one.proved);
  if (!mayWrite || row.stage === 'closed' || proved) return nothing;
  return html`<button class="link card-link" data-testid="ask-contact" @click=${() => askContact(row)}>
    ${icon('phone')}${t(contacts.length ? 'ui.customer.ask_again' : 'ui.customer.ask')}
  </button>`;
}

/** @param {any} one */
function conflictTemplate(one) {
  return html`<p class="conflict" data-testid="conflict">
    ${icon('triangle-alert')}<span>${t(`ui.conflict.${one.kind}`, {values: one.values.map(phone).join(', ')})}</span>
  </p>`;
}

/** @param {any} message */
function lineTemplate(message) {
  return html`<p class="preview-line"><time datetime=${message.at}>${shortTime(message.at)}</time>${message.text}</p>`;
}

/** @param {any} customer @param {any} one */
function candidateTemplate(customer, one) {
  const preview = previews.get(one.id);
  return html`<li class="candidate" data-testid="candidate" data-id=${one.id}>
    <div class="candidate-head">
      ${avatar(one, 'avatar-28')}
      <div>
        <b>${one.name}</b>
        <p>${t(`ui.because.${one.because.kind}`, {value: phone(one.because.value)})}${one.proved ? '' : ` · ${t('ui.identity.claimed')}`}</p>
      </div>
    </div>
    ${preview
      ? html`<div class="preview">
          <ul class="preview-names">
            ${preview.identities.map((/** @type {any} */ each) => html`<li>${channelBadge(kindOf(each.channel), 'channel-18')}${valueOf(each)}</li>`)}
          </ul>
          ${preview.messages.length ? preview.messages.map(lineTemplate) : html`<p class="none">${t('ui.customer.silent')}</p>`}
        </div>`
      : nothing}
    <div class="suggestion-actions">
      ${mayWrite
        ? html`<button class="btn btn-small btn-accent" @click=${() => link(customer, one)}>${t('ui.customer.link')}</button>`
        : nothing}
      <button class="btn btn-small" aria-expanded=${preview ? 'true' : 'false'} @click=${() => showPreview(one.id)}>
        ${t(preview ? 'ui.customer.preview_fold' : 'ui.customer.preview')}
      </button>
    </div>
  </li>`;
}

/** @param {any} customer */
function candidatesTemplate(customer) {
  if (!customer.candidates?.length) return nothing;
  return html`<section class="card" aria-label=${t('ui.customer.alike')}>
    <h2 class="card-title">${icon('user-round')}${t('ui.customer.alike')}</h2>
    <ul class="candidates">
      ${customer.candidates.map((/** @type {any} */ one) => candidateTemplate(customer, one))}
    </ul>
  </section>`;
}

/** @param {any} customer */
function joinedTemplate(customer) {
  if (!customer.linked?.length) return nothing;
  return html`<section class="card" aria-label=${t('ui.customer.joined')}>
    <h2 class="card-title">${t('ui.customer.joined')} <span class="count">${customer.linked.length}</span></h2>
    <ul class="joined">
      ${customer.linked.map(
        (/** @type {any} */ one) => html`<li data-testid="joined" data-id=${one.id}>
          ${avatar(one, 'avatar-20')}<span class="value">${one.name}</span>
          ${mayWrite
            ? html`<button class="link" @click=${() => unlink(customer, one)}>${t('ui.customer.unlink')}</button>`
            : nothing}
        </li>`,
      )}
    </ul>
  </section>`;
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
      ${identitiesTemplate(customer.identities ?? [], row)} ${(customer.conflicts ?? []).map(conflictTemplate)}
      ${askTemplate(customer, row)}
    </section>
    ${candidatesTemplate(customer)} ${fields} ${joinedTemplate(customer)}
    ${customer.note
      ? html`<section class="card">
          <h2 class="card-title">${icon('file-text')}${t('ui.customer.about')}</h2>
          <p class="about">${customer.note}</p>
        </section>`
      : nothing}
    ${historyTemplate(customer, row)}`;
}
