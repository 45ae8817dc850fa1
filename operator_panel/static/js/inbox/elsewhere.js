/** A reply that did not come goes through another of the customer's channels: his chat there opens with the words in place. */

import {html, nothing} from 'lit-html';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {api, drafts, mayWrite, store} from 'mostik/inbox/desk.js';
import {answerNext, kindOf} from 'mostik/inbox/identities.js';
import {slots} from 'mostik/inbox/late.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {channelName} from 'mostik/inbox/row.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {import('mostik/inbox/identities.js').Way} Way */

/** @param {Message} message @param {Way} way nothing is sent before somebody presses the button there */
async function take(message, way) {
  const {thread, me} = store.state;
  try {
    const row = await api.post('/conversations', {customer: thread?.customer.id, channel: way.channel, external_id: way.external_id});
    store.dispatch({type: 'conversation.updated', conversation: row});
    // Files of a colleague are his to send.
    const files = message.author.id === me.id ? message.attachments : [];
    if (!drafts.get(row.id, 'reply').text) drafts.put(row.id, 'reply', {text: message.text, files}, row.seq);
    answerNext(row.id);
    openConversation(row.id);
  } catch (error) {
    complain(error);
  }
}

/** @param {Message} message that failed */
function elsewhereTemplate(message) {
  const {thread, rows} = store.state;
  const here = thread && rows.get(thread.id);
  if (!here || !mayWrite) return nothing;
  /** @type {Way[]} */
  const ways = thread.customer?.ways ?? [];
  const way = ways.find((one) => !one.fault && one.channel !== here.channel);
  if (!way) return nothing;
  return html`<button class="link" @click=${() => take(message, way)} data-testid="elsewhere">${t('ui.message.elsewhere', {channel: channelName(kindOf(way.channel))})}</button>`;
}

/** Called once. */
export function begin() {
  slots.elsewhere = elsewhereTemplate;
  store.dispatch({type: 'part'});
}
