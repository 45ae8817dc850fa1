/** Who else a customer is or may be: candidates with the reason why, those who joined him, what they wrote. */

import {html, nothing} from 'lit-html';
import {announce, avatar, icon} from 'mostik/core/dom.js';
import {phone} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {loadCard, path, shown} from 'mostik/inbox/customer.js';
import {api, mayWrite} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';

/** @param {string} id @param {'link'|'unlink'} verb @param {object} body */
async function join(id, verb, body) {
  shown(await api.post(`${path(id)}/${verb}`, body));
  await loadCard();
}

/** @param {any} customer @param {any} other @param {object} [keep] whose value stands, by field */
async function link(customer, other, keep = {}) {
  await join(customer.id, 'link', {other: other.id, keep});
  const undo = {label: t('ui.undo'), run: () => unlink(customer, other)};
  toast(t('ui.customer.linked_done', {name: other.name}), {action: undo});
}

/** @param {any} customer @param {any} other */
async function unlink(customer, other) {
  try {
    await join(customer.id, 'unlink', {other: other.id});
    announce(t('ui.customer.unlinked_done', {name: other.name}));
  } catch (error) {
    complain(error);
  }
}

/** @param {any} customer @param {any} other */
const compare = (customer, other) =>
  late(() => import('mostik/inbox/compare.js'), (part) => part.openCompare(customer, other.id, (keep) => link(customer, other, keep)).catch(complain));

/** @param {any} customer @param {any} one */
function candidateTemplate(customer, one) {
  return html`<li class="candidate" data-testid="candidate" data-id=${one.id}>
    <div class="candidate-head">
      ${avatar(one, 'avatar-28')}
      <div>
        <b><bdi>${one.name}</bdi></b>
        <p>${t(`ui.because.${one.because.kind}`, {value: phone(one.because.value)})}${one.proved ? '' : ` · ${t('ui.identity.claimed')}`}</p>
      </div>
    </div>
    <div class="suggestion-actions">
      ${mayWrite
        ? html`<button class="btn btn-small btn-accent" @click=${() => link(customer, one).catch(complain)}>${t('ui.customer.link')}</button>`
        : nothing}
      <button class="btn btn-small" aria-haspopup="dialog" @click=${() => compare(customer, one)}>${t('ui.customer.preview')}</button>
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
