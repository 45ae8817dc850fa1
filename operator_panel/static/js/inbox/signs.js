/** What stands in a message beside its words: whom it answers, whose it was, the signs people put on it. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {filesWords, kindWord} from 'mostik/core/files.js';
import {t} from 'mostik/core/i18n.js';
import {mayWrite, store} from 'mostik/inbox/desk.js';
import {late} from 'mostik/inbox/late.js';
import {unsign} from 'mostik/inbox/reach.js';

/** @typedef {import('mostik/core/store.js').Message} Message */

/** @param {string} id @returns {Element|null} */
export const placeOf = (id) => document.querySelector(`[data-testid="msg"][data-id="${CSS.escape(id)}"]`);

/** @param {Element} place */
export function flash(place) {
  place.scrollIntoView({block: 'center'});
  place.classList.remove('flash');
  requestAnimationFrame(() => place.classList.add('flash'));
}

/** Go to a message of the open conversation, however far back it stands. @param {string} id */
function jump(id) {
  const place = placeOf(id);
  const where = store.state.thread?.id;
  if (place) flash(place);
  else if (where) late(() => import('mostik/inbox/found.js'), (part) => part.showMessage({id, conversation_id: where}));
}

/** @param {Message} message @returns {string} who said it */
export const sayer = ({author}) => (author.kind === 'bot' ? t('ui.author.bot') : author.name);

/** @param {Message} message @returns {string} what it says, in short */
export function gist({text, attachments, deleted_at, kind}) {
  if (deleted_at) return t('ui.message.deleted');
  return text.slice(0, 160) || filesWords(attachments) || kindWord(kind);
}

/** @param {string|null} id of the message it answers @param {Message|undefined} quoted when it is in the window */
export function quoteTemplate(id, quoted) {
  if (!id) return nothing;
  return html`<button class="quote" data-testid="quote" @click=${() => jump(id)}>
    ${quoted ? html`<b>${sayer(quoted)}</b><span>${gist(quoted)}</span>` : html`<span>${t('ui.message.quote_far')}</span>`}
  </button>`;
}

/** @param {Message} message words a customer passed on */
export function forwardedTemplate({forwarded}) {
  if (!forwarded) return nothing;
  return html`<p class="forwarded" data-testid="forwarded">${icon('forward')}${t('ui.message.forwarded', {name: forwarded})}</p>`;
}

/** Messengers send the red heart bare; alone it is drawn black. @param {string} emoji @returns {string} */
export const drawn = (emoji) => (emoji === '\u2764' ? '\u2764\ufe0f' : emoji);

/** @param {Message} message */
export function signsTemplate(message) {
  const {reactions} = message;
  if (!reactions?.length) return nothing;
  const one = (/** @type {any} */ {author, emoji}) => {
    const customer = author.kind === 'customer';
    const who = t('ui.message.signed', {name: author.name || t(customer ? 'ui.customer.title' : 'ui.message.desk'), emoji: drawn(emoji)});
    if (customer || !mayWrite) return html`<li class="sign" data-by=${author.kind} title=${who}><span class="listen-only">${who}</span><span aria-hidden="true">${drawn(emoji)}</span></li>`;
    return html`<li data-by=${author.kind}>
      <button class="sign sign-own" title=${who} aria-label=${`${who}. ${t('ui.message.unsign')}`} @click=${() => unsign(message)}>${drawn(emoji)}</button>
    </li>`;
  };
  return html`<ul class="signs" data-testid="signs" aria-label=${t('ui.message.signs')}>${reactions.map(one)}</ul>`;
}
