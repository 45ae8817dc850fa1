/** An operator writes first: in which of the customer's channels; where nobody can, why. Fetched when asked for. */

import {html, nothing, render} from 'lit-html';
import {channelBadge} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, store} from 'mostik/inbox/desk.js';
import {answerNext, isOf, valueOf} from 'mostik/inbox/identities.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {channelTitle} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/inbox/identities.js').Way} Way */

const place = document.body.appendChild(document.createElement('div'));
const dialog = () => /** @type {HTMLDialogElement|null} */ (place.querySelector('dialog'));

/** @param {any} customer @param {Way} way */
async function start(customer, way) {
  dialog()?.close();
  try {
    const row = await api.post('/conversations', {customer: customer.id, channel: way.channel, external_id: way.external_id});
    store.dispatch({type: 'conversation.updated', conversation: row});
    answerNext(row.id);
    openConversation(row.id);
  } catch (error) {
    complain(error);
  }
}

/** @param {Way} way @returns {string} why nobody can write there now; empty: one can */
function fault({fault: code, reason_text: reason}) {
  if (!code || code === 'empty') return '';
  return t(reason ? `ui.way.${code}_because` : `ui.way.${code}`, {reason});
}

/** @param {{channel: string, whose?: string, why?: string, run?: () => void}} choice @param {number} number */
function itemTemplate({channel, whose = '', why = '', run}, number) {
  const one = store.state.channels.find((each) => each.name === channel);
  return html`<li>
    <button type="button" class="btn" ?disabled=${!run} aria-describedby=${why ? `start-${number}` : nothing} @click=${run ?? nothing} data-testid="start-in" data-channel=${channel}>
      ${channelBadge(one?.kind ?? channel, 'channel-18')}<span>${channelTitle(one ?? {name: channel, kind: channel})}</span>
      ${whose ? html`<bdi class="whose">${whose}</bdi>` : nothing}
    </button>
    ${why ? html`<p class="sure-what" id="start-${number}">${why}</p>` : nothing}
  </li>`;
}

/** @param {any} customer @param {Way} way */
function choiceOf(customer, way) {
  const identity = customer.identities?.find((/** @type {any} */ one) => isOf(way, one));
  const why = fault(way);
  return {channel: way.channel, whose: identity ? valueOf(identity) : '', why, run: why ? undefined : () => start(customer, way)};
}

/** @param {any} customer whose card is open */
export function openStart(customer) {
  const ways = /** @type {Way[]} */ (customer.ways ?? []);
  const known = new Set(ways.map((way) => way.channel));
  const others = store.state.channels.filter((one) => !known.has(one.name)).map(({name}) => ({channel: name, why: t('ui.problem.never_wrote')}));
  render(
    html`<dialog class="dialog time-dialog" aria-labelledby="start-title" data-testid="start" @close=${() => render(nothing, place)}>
      <form method="dialog">
        <h2 id="start-title">${t('ui.start.title', {name: customer.name})}</h2>
        <ul class="start-ways">
          ${[...ways.map((way) => choiceOf(customer, way)), ...others].map(itemTemplate)}
        </ul>
        <p class="dialog-foot"><button class="btn">${t('ui.amend.cancel')}</button></p>
      </form>
    </dialog>`,
    place,
  );
  dialog()?.showModal();
}
