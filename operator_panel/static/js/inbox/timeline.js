/** All a customer ever wrote and was told, in all channels, in one row of time. */

import {html, nothing, render} from 'lit-html';
import {channelBadge, icon, linkify} from 'mostik/core/dom.js';
import {filesWords, kindWord} from 'mostik/core/files.js';
import {dayKey, dayLabel, time} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {api, store} from 'mostik/inbox/desk.js';

const PAGE = 60;

/** @typedef {{customer: any, messages: any[], next: string|null, state: 'loading'|'ready'|'failed'}} View */

/** @type {View} */
let view = {customer: null, messages: [], next: null, state: 'loading'};

const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById('timeline'));

/** @param {any} message @returns {string} what stands where there are no words */
const wordless = ({attachments, kind}) => filesWords(attachments) || t('ui.message.unsupported', {kind: kindWord(kind)});

/** @param {any} message */
function lineTemplate(message) {
  const {kind, name} = message.author;
  const who = kind === 'bot' ? t('ui.author.bot') : name;
  const channel = store.state.channels.find((one) => one.name === message.channel)?.kind ?? message.channel;
  const said = message.text ? linkify(message.text) : html`<i>${wordless(message)}</i>`;
  return html`<li class="timeline-line" data-testid="timeline-line" data-kind=${kind} data-channel=${message.channel}>
    ${channelBadge(channel, 'channel-18')}
    <div>
      <p class="timeline-who"><b>${who}</b><time datetime=${message.at}>${time(message.at)}</time></p>
      <p class="timeline-words">${message.deleted_at ? html`<del title=${t('ui.message.deleted')}>${said}</del>` : said}</p>
    </div>
  </li>`;
}

/** @param {any[]} messages */
function daysTemplate(messages) {
  let day = '';
  return messages.map((message) => {
    const key = dayKey(message.at);
    const label = key === day ? nothing : html`<li class="timeline-day">${dayLabel(message.at)}</li>`;
    day = key;
    return html`${label}${lineTemplate(message)}`;
  });
}

function draw() {
  const {customer, messages, next, state} = view;
  const shown = messages.filter((one) => one.author.kind !== 'system');
  render(
    html`<header>
        <h2 id="timeline-title">${t('ui.timeline.title', {name: customer.name})}</h2>
        <button class="icon-btn" data-closes aria-label=${t('ui.close_hint')}>${icon('x')}</button>
      </header>
      <div class="timeline-rows" tabindex="0" role="group" aria-labelledby="timeline-title">
        ${next ? html`<button class="btn btn-small timeline-older" @click=${load}>${t('ui.timeline.older')}</button>` : nothing}
        ${state === 'failed' ? html`<p class="none">${t('ui.timeline.failed')}</p>` : nothing}
        ${state === 'ready' && !shown.length ? html`<p class="none">${t('ui.timeline.empty')}</p>` : nothing}
        <ol data-state=${state}>
          ${daysTemplate(shown)}
        </ol>
      </div>`,
    dialog(),
  );
}

async function load() {
  const {customer, next: cursor, messages} = view;
  const rows = dialog().querySelector('.timeline-rows');
  const below = rows ? rows.scrollHeight - rows.scrollTop : 0;
  try {
    const page = await api.get(`/customers/${encodeURIComponent(customer.id)}/messages`, {limit: PAGE, cursor});
    if (view.customer !== customer) return;
    view = {customer, messages: [...page.items, ...messages], next: page.next, state: 'ready'};
  } catch {
    view = {...view, state: 'failed'};
  }
  draw();
  const now = dialog().querySelector('.timeline-rows');
  if (now) now.scrollTop = now.scrollHeight - (messages.length ? below : 0);
}

/** @param {any} customer */
export function openTimeline(customer) {
  view = {customer, messages: [], next: null, state: 'loading'};
  draw();
  if (!dialog().open) dialog().showModal();
  load();
}
