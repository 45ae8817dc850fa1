/** Who else a customer is or may be: candidates with the reason why, those who joined him, what they wrote. */

import {html, nothing} from 'lit-html';
import {announce, avatar, icon} from 'mostik/core/dom.js';
import {phone, shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {compareTemplate} from 'mostik/inbox/compare.js';
import {loadCard, path, shown} from 'mostik/inbox/customer.js';
import {api, mayWrite, store} from 'mostik/inbox/desk.js';

const PREVIEW = 3;

/** @type {Map<string, {card: any, messages: any[]}>} what was asked to be shown of somebody who may be the same */
const previews = new Map();

/** @param {string} id @param {'link'|'unlink'} verb @param {string} other */
async function join(id, verb, other) {
  shown(await api.post(`${path(id)}/${verb}`, {other}));
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

/** @param {string} id */
async function showPreview(id) {
  if (previews.delete(id)) {
    store.dispatch({type: 'card'});
    return;
  }
  try {
    const [card, page] = await Promise.all([api.get(path(id)), api.get(`${path(id)}/messages`, {limit: PREVIEW * 8})]);
    const messages = page.items.filter((/** @type {any} */ one) => one.text && !one.deleted_at && one.author.kind === 'customer').slice(-PREVIEW);
    previews.set(id, {card, messages});
    store.dispatch({type: 'card'});
  } catch (error) {
    complain(error);
  }
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
          ${compareTemplate(customer, preview.card)}
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

/** @param {any} customer */
export const kinTemplate = (customer) => html`${candidatesTemplate(customer)}${joinedTemplate(customer)}`;
