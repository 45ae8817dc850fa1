/** How a customer is known, and where he can be answered: of a chat that is shut, why. */

import {html, nothing} from 'lit-html';
import {channelBadge} from 'mostik/core/dom.js';
import {phone} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {setMode} from 'mostik/inbox/composer.js';
import {drafts, mayWrite, store} from 'mostik/inbox/desk.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {channelName, onWall} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {{channel: string, external_id: string, conversation_id: string|null, fault: string, reason_text: string|null}} Way */

let wanted = '';

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

/** @param {string} kind of channel @param {string} chat @returns {string} whose chat it is: below a post, the writer stands last */
const personOf = (kind, chat) => (onWall({channel_kind: kind, external_id: chat}) ? (chat.split(':').at(-1) ?? chat) : chat);

/** @param {Way} way @param {any} identity @returns {boolean} whether the chat is this identity's */
export const isOf = (way, identity) => way.channel === identity.channel && personOf(kindOf(way.channel), way.external_id) === identity.external_id;

/** Go on in another chat of the same person; what is written already comes along. @param {string} id @param {any} customer */
function answerIn(id, customer) {
  const from = store.state.selected ?? '';
  const {text} = drafts.get(from, 'reply');
  const seq = customer.past?.find((/** @type {any} */ one) => one.id === id)?.seq ?? 0;
  if (text && !drafts.get(id, 'reply').text) {
    drafts.put(id, 'reply', {text}, seq);
    drafts.put(from, 'reply', {text: ''}, 0);
  }
  wanted = id;
  openConversation(id);
}

/** The composer is ready for a reply once this conversation has opened. @param {string} id */
export function answerNext(id) {
  if (store.state.selected === id && store.state.thread?.state === 'ready') setMode('reply');
  else wanted = id;
}

store.subscribe((event) => {
  if (event.type !== 'thread.loaded' || store.state.selected !== wanted) return;
  wanted = '';
  setMode('reply');
});

/** @param {Way} way @param {string} here id of the open conversation @param {any} customer @param {string} name of the channel */
function answerTemplate(way, here, customer, name) {
  if (way.fault || !mayWrite || !way.conversation_id || way.conversation_id === here) return nothing;
  const {conversation_id: id} = way;
  return html`<button class="link" data-testid="answer-in" data-id=${id} @click=${() => answerIn(id, customer)}>
    ${t('ui.way.answer')}<span class="listen-only"> ${name}</span>
  </button>`;
}

/** @param {Way} way */
function faultTemplate({fault, reason_text: reason}) {
  if (!fault) return nothing;
  const key = reason ? `ui.way.${fault}_because` : `ui.way.${fault}`;
  return html`<p class="way-fault" data-testid="way-fault">${t(key, {reason})}</p>`;
}

/** @param {any} identity @param {Way[]} ways of this identity @param {Row} row @param {any} customer */
function identityTemplate(identity, ways, row, customer) {
  const kind = kindOf(identity.channel);
  const here = identity.channel === row.channel && identity.external_id === personOf(row.channel_kind, row.external_id);
  const contact = identity.email !== undefined || identity.phone !== undefined || identity.channel === 'user_id';
  const state = here ? 'here' : !identity.proved ? 'claimed' : contact ? 'proved' : 'linked';
  const name = channelName(kind);
  return html`<li data-state=${state}>
      ${channelBadge(here ? row.channel_kind : kind, 'channel-18')}<bdi class="value" title=${valueOf(identity)}>${valueOf(identity)}</bdi>
      ${here ? nothing : ways.slice(0, 1).map((way) => answerTemplate(way, row.id, customer, name))}
      <span class="chip ${here ? 'chip-ok' : 'chip-bare'}">${t(`ui.identity.${state}`)}</span>
      ${ways.slice(0, 1).map(faultTemplate)}
    </li>
    ${ways.slice(1).map(
      (way) => html`<li data-state="way">
        <span class="value way-more">${t(onWall({channel_kind: kind, external_id: way.external_id}) ? 'ui.way.wall' : 'ui.way.chat')}</span>
        ${answerTemplate(way, row.id, customer, name)}${faultTemplate(way)}
      </li>`,
    )}`;
}

/** @param {any} customer @param {Row} row @returns {unknown} proved before claimed, each value once */
export function identitiesTemplate(customer, row) {
  const known = new Map();
  for (const one of [...(customer.identities ?? [])].sort((a, b) => Number(b.proved) - Number(a.proved))) {
    const key = `${one.channel} ${one.external_id ?? valueOf(one)}`;
    if (!known.has(key)) known.set(key, one);
  }
  /** @param {any} one @returns {Way[]} the open conversation first */
  const waysOf = (one) =>
    (customer.ways ?? [])
      .filter((/** @type {Way} */ way) => isOf(way, one))
      .sort((/** @type {Way} */ a, /** @type {Way} */ b) => Number(b.conversation_id === row.id) - Number(a.conversation_id === row.id));
  return html`<ul class="identities" data-testid="ctx-identities" aria-label=${t('ui.customer.identities')}>
    ${[...known.values()].map((one) => identityTemplate(one, waysOf(one), row, customer))}
  </ul>`;
}
