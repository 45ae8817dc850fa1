/** One line of the thread. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import {filesView} from './files.js';
import {avatar, dayLabel, icon, linked, time} from './format.js';
import {reached} from './store.js';
import {again, current, unsay} from './talk.js';
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

/** @param {Line} line */
function spoken({message, type, first, last}) {
  const {kind} = message.author;
  const state = type === 'send' ? message.state : kind === 'customer' ? reached(current(), message) : '';
  const files = message.attachments ?? message.files ?? [];
  // One time is enough for what was said in one breath.
  const stamp = last || state ? meta(message.at, state, Boolean(message.edited_at)) : nothing;
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
      ${first ? author(message) : nothing}${filesView(files)}
      ${message.text || !files.length
        ? html`<div class="words" dir="auto">${message.text ? linked(message.text) : bare(message)}${stamp}</div>`
        : html`<div class="words">${stamp}</div>`}
      ${state === 'failed' ? fault(message) : nothing}
    </div>
  </article>`;
}

/** @param {Line} line */
export function lineView(line) {
  if (line.type === 'day') return html`<p class="pill"><time>${dayLabel(line.message.at)}</time></p>`;
  if (line.type === 'joined') return html`<p class="pill">${t('joined', {name: nameOf(line.message)})}</p>`;
  return spoken(line);
}
