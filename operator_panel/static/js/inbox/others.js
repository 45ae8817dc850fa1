/** Other conversations of a customer, in his card: those that are open first, with whose turn it is, then past ones. */

import {html, nothing} from 'lit-html';
import {channelBadge} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {unread} from 'mostik/core/rows.js';
import {store} from 'mostik/inbox/desk.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {late} from 'mostik/inbox/late.js';

/** @typedef {import('mostik/core/store.js').Row} Row */

const SHOWN = 6;
const STAGE_LOOK = {bot: 'chip-bot', waiting: 'chip-warn', operator: 'chip-ok'};

/** @param {any} one an open conversation @returns {unknown} whose turn it is and how much of it I have not read */
function stageTemplate(one) {
  const count = store.state.rows.has(one.id) ? unread(store.state, one) : (one.unread ?? 0);
  return html`${count
      ? html`<span class="badge" aria-hidden="true">${count > 9 ? '9+' : count}</span><span class="listen-only">${t('ui.row.unread', {n: count})}</span>`
      : nothing}<span class="chip ${STAGE_LOOK[/** @type {'bot'} */ (one.stage)]}">${t(`ui.stage.${one.stage}`)}</span>`;
}

/** @param {any} one @param {boolean} open */
function otherTemplate(one, open) {
  const when = one.last_message?.at ?? one.created_at;
  return html`<li>
    <a
      class="past"
      href="/inbox/all/${one.id}"
      data-testid=${open ? 'open-other' : 'past'}
      data-id=${one.id}
      @click=${(/** @type {MouseEvent} */ event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        openConversation(one.id);
      }}
    >
      ${channelBadge(one.channel_kind, 'channel-18')}
      <span class="value">${one.last_said?.text || one.last_message?.text || `№ ${one.number}`}</span>${open
        ? stageTemplate(one)
        : html`<time datetime=${when}>${shortTime(when)}</time>`}
    </a>
  </li>`;
}

/** @param {string} title @param {any[]} rows @param {boolean} open */
function othersTemplate(title, rows, open) {
  if (!rows.length) return nothing;
  return html`<h2 class="card-title">
      ${t(title)} <span class="count">${Math.min(rows.length, SHOWN)}${rows.length > SHOWN ? '+' : ''}</span>
    </h2>
    <ul class="pasts">
      ${rows.slice(0, SHOWN).map((one) => otherTemplate(one, open))}
    </ul>`;
}

/** @param {any} customer @param {Row} row */
export function historyTemplate(customer, row) {
  const others = (customer.past ?? [])
    .filter((/** @type {any} */ one) => one.id !== row.id)
    .map((/** @type {any} */ one) => store.state.rows.get(one.id) ?? one);
  if (!others.length) return nothing;
  const open = others.filter((/** @type {any} */ one) => one.stage !== 'closed');
  const past = others.filter((/** @type {any} */ one) => one.stage === 'closed');
  return html`<section class="card" aria-label=${t('ui.customer.others')}>
    ${othersTemplate('ui.customer.open', open, true)} ${othersTemplate('ui.customer.past', past, false)}
    <button class="link card-link" data-testid="open-timeline" @click=${() => late(() => import('mostik/inbox/timeline.js'), (part) => part.openTimeline(customer))}>${t('ui.timeline.open')}</button>
  </section>`;
}
