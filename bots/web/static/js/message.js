/** One line of the thread. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import {answer} from './composer.js';
import {filesView} from './files.js';
import {avatar, dayLabel, icon, linked, pictured, time} from './format.js';
import {openSheet, part} from './later.js';
import {current, set} from './now.js';
import {again, unsay} from './saying.js';
import {asking, reached} from './store.js';
import {t} from './words.js';

/** @typedef {import('./store.js').Line} Line */

const TICKS = {queued: 'clock', sent: 'check', delivered: 'check-check', read: 'check-check', failed: 'circle-alert'};

/** @param {any} message @returns {string} */
const nameOf = ({author}) =>
  author.kind === 'customer' ? t('you') : author.kind === 'bot' ? t('bot') : author.name || t('no_name');

/** @param {string} at @param {keyof typeof TICKS | ''} state @param {boolean} edited */
const meta = (at, state, edited) => html`<span class="meta"
  >${edited ? html`<span>${t('edited')}</span>` : nothing}<time datetime=${at}>${time(at)}</time>${state
    ? html`<span class="tick tick-${state}" role="img" aria-label=${t(state)}>${icon(TICKS[state])}</span>`
    : nothing}</span
>`;

/** @param {any} message without words and files */
const bare = (message) => html`<i class="bare">${t(message.deleted ? 'deleted' : 'unsupported')}</i>`;

/** @param {any} send */
const fault = (send) => html`<p class="fault">
  <span>${send.error || t('failed')}</span>
  <button class="link" @click=${() => again(send)}>${t('again')}</button>
  <button class="link" @click=${() => unsay(send)}>${t('remove')}</button>
</p>`;

/** @param {any} message */
function author(message) {
  const {kind} = message.author;
  if (kind === 'customer') return nothing;
  return html`<p class="author">${kind === 'bot' ? icon('bot') : nothing}<bdi>${nameOf(message)}</bdi></p>`;
}

/** @type {string[]} signs that may be put on an answer */
let known = [];
/** Pixels from the top of the frame within which a choice of signs has no room above its message. */
const HIGH = 170;
let below = false;

/** @param {string[]|undefined} signs */
export function offer(signs) {
  known = signs ?? [];
}

/** @returns {boolean} was there a choice of signs to close */
export function closeSigns() {
  const {signing} = current();
  if (!signing) return false;
  set({signing: ''});
  document.getElementById(`sign-${signing}`)?.focus();
  return true;
}

/** @param {Event} event @param {string} id of the message, empty closes the choice */
function choose({currentTarget}, id) {
  const bubble = /** @type {Element} */ (currentTarget).closest('.bubble');
  below = (bubble?.getBoundingClientRect().top ?? HIGH) < HIGH;
  set({signing: id});
}

/** @param {any} message @returns {unknown} the signs on it, and the button for one's own */
function signs(message) {
  const all = message.reactions ?? [];
  const mine = all.find((/** @type {any} */ one) => one.by === 'customer')?.emoji ?? '';
  const open = current().signing === message.id;
  const ours = message.author.kind !== 'customer' && !message.deleted && known.length;
  const button = html`<button class="sign" id="sign-${message.id}" aria-label=${t('react')} aria-expanded=${open ? 'true' : 'false'}
    @click=${(/** @type {Event} */ event) => choose(event, open ? '' : message.id)}>${icon('smile-plus')}</button>`;
  const chip = (/** @type {any} */ one) => html`<span class="chip" title=${one.by === 'customer' ? t('you') : one.name}>${pictured(one.emoji)}</span>`;
  return html`${all.length ? html`<p class="chips" data-testid="reactions">${all.map(chip)}</p>` : nothing}
    ${ours ? button : nothing}${open ? part('signs')?.view(message, mine, known, below) : nothing}`;
}

/** @param {any} message @returns {unknown} what it answers to, as far as that is here */
export function quote({reply_to: id}) {
  const quoted = id && current().messages.find((one) => one.id === id);
  if (!quoted) return nothing;
  const show = () => document.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({block: 'center'});
  return html`<button class="quote" data-testid="quote" @click=${show}>
    <b>${nameOf(quoted)}</b><span dir="auto">${quoted.text || t(quoted.deleted ? 'deleted' : 'photo')}</span>
  </button>`;
}

/** @param {any} message @returns {unknown} the article behind an answer */
const card = ({article}) => html`<button class="doc card" data-testid="article-card" @click=${() => openSheet('article', article)}>
  ${icon('file-text')}<span class="doc-name" dir="auto">${article.title}</span>${icon('chevron-right')}
</button>`;

/** @param {any} message @returns {unknown} its question whether it helped, with a sign for each answer */
function helped(message) {
  if (asking(current())?.id !== message.id) return nothing;
  return html`<div class="helped" role="group" aria-label=${message.helped}>
    <span>${message.helped}</span>
    ${message.buttons.map(
      (/** @type {any} */ one) => html`<button class="thumb" data-testid="quick-reply" aria-label=${one.text} title=${one.text}
        @click=${() => answer(message.id, one)}>${icon(one.data.startsWith('ok:') ? 'thumbs-up' : 'thumbs-down')}</button>`,
    )}
  </div>`;
}

/** @param {any} message @returns {string} without the question that stands below it with signs of its own */
const wordsOf = ({text, helped: asked}) => (asked && text.endsWith(`\n\n${asked}`) ? text.slice(0, -asked.length).trimEnd() : text);

/** @param {Line} line */
function spoken({message, type, first, last}) {
  const {kind} = message.author;
  const state = type === 'send' ? message.state : kind === 'customer' ? reached(current(), message) : '';
  const files = message.attachments ?? message.files ?? [];
  // One time is enough for what was said in one breath.
  const stamp = last || state || message.edited_at ? meta(message.at, state, Boolean(message.edited_at)) : nothing;
  return html`<article
    class="msg msg-${kind} ${first ? 'first' : ''} ${last ? 'last' : ''}"
    data-testid="msg"
    data-id=${message.id ?? message.client_id}
    data-kind=${kind}
    data-status=${state || nothing}
    aria-label="${nameOf(message)}, ${time(message.at)}"
  >
    ${kind === 'operator' ? html`<span class="face">${last ? avatar(nameOf(message)) : nothing}</span>` : nothing}
    <div class="bubble ${state === 'failed' ? 'bubble-failed' : ''}">
      ${first ? author(message) : nothing}${quote(message)}${filesView(files)}
      ${message.text || !files.length
        ? html`<div class="words" dir="auto">${message.text ? linked(wordsOf(message)) : bare(message)}${stamp}</div>`
        : html`<div class="words">${stamp}</div>`}
      ${message.article && (last || message.helped) ? card(message) : nothing}
      ${state === 'failed' ? fault(message) : nothing}${type === 'send' ? nothing : signs(message)}
    </div>
  </article>
  ${message.helped ? helped(message) : nothing}`;
}

/** @param {Line} line */
export function lineView(line) {
  if (line.type === 'day') return html`<p class="pill"><time>${dayLabel(line.message.at)}</time></p>`;
  if (line.type === 'joined') return html`<p class="pill">${t('joined', {name: nameOf(line.message)})}</p>`;
  return spoken(line);
}
