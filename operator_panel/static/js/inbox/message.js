/** One line of the thread: a bubble of the customer, the desk or the bot, a note, a run of events, a word on its way. */

import {html, nothing} from 'lit-html';
import {avatar, icon, linkify} from 'mostik/core/dom.js';
import {kindWord} from 'mostik/core/files.js';
import {percent, time} from 'mostik/core/format.js';
import {known, rich, t} from 'mostik/core/i18n.js';
import {filesTemplate} from 'mostik/inbox/attachments.js';
import {mayWrite, store} from 'mostik/inbox/desk.js';
import {slots} from 'mostik/inbox/late.js';
import {backToDraft, sendAgain} from 'mostik/inbox/outbox.js';
import {onMore} from 'mostik/inbox/reach.js';
import {forwardedTemplate, quoteTemplate, signsTemplate} from 'mostik/inbox/signs.js';
import {retry} from 'mostik/inbox/verbs.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {import('mostik/core/store.js').Send} Send */
/** @typedef {import('mostik/core/thread.js').Line} Line */

const TICKS = {
  queued: 'clock',
  sending: 'clock',
  retrying: 'clock',
  sent: 'check',
  delivered: 'check-check',
  read: 'check-check',
  unknown: 'circle-question-mark',
  failed: 'circle-alert',
  cancelled: 'x',
};
const BUBBLES = {failed: 'bubble-failed', unknown: 'bubble-unknown', cancelled: 'bubble-cancelled'};
const COLLAPSE_FROM = 3;

/** @param {string} state of delivery @param {string} [reason] in words */
function tick(state, reason = '') {
  const words = t(`ui.delivery.${state}`) + (reason ? `: ${reason}` : '');
  return html`<span class="tick tick-${state}" role="img" aria-label=${words} title=${words}
    >${icon(TICKS[/** @type {'sent'} */ (state)] ?? 'clock')}</span
  >`;
}

/** @param {Message} message @returns {string} why it did not get through, in words */
const reasonOf = (message) => message.delivery?.reason_text || message.delivery?.reason || '';

/** @param {Message} message */
const edited = ({edited_at}) => html`<span class="edited" title=${time(edited_at ?? '')}>${t('ui.message.edited')}</span>`;

/** @param {Message} message a change of it that has not reached the customer yet */
function amending({amending: what}) {
  if (!what) return nothing;
  return html`<span class="amending" data-testid="amending">${icon('clock')}${t('ui.message.amending')}</span> · `;
}

/** @param {Message} message */
function meta(message) {
  const {delivery} = message;
  return html`<span class="meta"
    >${amending(message)}${message.edited_at ? html`${edited(message)} · ` : nothing}<time
      datetime=${message.at}
      >${time(message.at)}</time
    >${delivery ? tick(delivery.state, reasonOf(message)) : nothing}</span
  >`;
}

/** @param {Message} message what went wrong, and the one thing to do about it */
function fault(message) {
  const state = message.delivery?.state ?? '';
  if (!(state in BUBBLES)) return nothing;
  const reason = reasonOf(message);
  return html`<p class="fault">
    <span>${t(reason ? `ui.fault.${state}` : `ui.fault.${state}_bare`, {reason})}</span>
    ${mayWrite && state !== 'cancelled'
      ? html`<button class="link" @click=${() => retry(message.id)}>${t('ui.message.retry')}</button>`
      : nothing}
    ${state === 'failed' ? slots.elsewhere(message) : nothing}
  </p>`;
}

/** @param {Message} message the buttons a bot offered */
function choices(message) {
  if (!message.choices.length) return nothing;
  const chip = (/** @type {{text: string}} */ choice, /** @type {number} */ index) => {
    const offered = message.offered[index];
    return html`<li class="choice">${choice.text}${offered ? html` <span>${percent(offered.confidence)}</span>` : nothing}</li>`;
  };
  return html`<ul class="choices" aria-label=${t('ui.message.choices')}>${message.choices.map(chip)}</ul>`;
}

/** @param {Message} message */
function sourceLine(message) {
  if (!message.source) return nothing;
  return [message.source, ...message.also].map((source) => html`<p class="source">
    ${icon('book-open')}<span class="source-title">${source.title}</span><b>${percent(source.confidence)}</b>
  </p>`);
}

const MAP = /^https?:\/\/\S+$/m;

/** @param {Message} message a place: what it is called, and the way to the map @param {string} address */
function spot(message, address) {
  const name = message.text.replace(address, '').trim() || kindWord(message.kind);
  return html`<div class="words spot">${icon('map-pin')}${name}<a href=${address} target="_blank" rel="noopener noreferrer">${t('ui.message.map')}</a>${meta(message)}</div>`;
}

/** @param {Message} message */
function words(message) {
  const address = ['location', 'venue'].includes(message.kind) ? MAP.exec(message.text)?.[0] : undefined;
  if (address && URL.canParse(address)) return spot(message, address);
  if (message.author.kind === 'note') return message.text ? html`<div class="words">${linkify(message.text)}</div>` : nothing;
  if (message.text) return html`<div class="words">${linkify(message.text)}${meta(message)}</div>`;
  if (message.attachments.length) return html`<div class="words words-bare">${meta(message)}</div>`;
  const said = t('ui.message.unsupported', {kind: kindWord(message.kind)});
  return html`<div class="words"><i class="no-words">${said}</i>${meta(message)}</div>`;
}

/** @param {Message} message taken back: who and when, and the words for those who need them */
function tombstone(message) {
  const at = message.deleted_at ?? message.at;
  const customer = message.author.kind === 'customer';
  const said = html`${icon('trash-2')}${t(customer ? 'ui.message.deleted_by_customer' : 'ui.message.deleted')} · <time
      datetime=${at}
      >${time(at)}</time
    >${message.amending ? html` · ${t('ui.message.amending_delete')}` : nothing}`;
  if (!message.text && !message.attachments.length) return html`<div class="bubble tombstone"><span>${said}</span></div>`;
  return html`<div class="bubble tombstone">
    <details>
      <summary>${said} · <u>${t('ui.message.show')}</u></summary>
      ${filesTemplate(message.attachments)}
      ${message.text ? html`<del class="words">${linkify(message.text)}</del>` : nothing}
    </details>
  </div>`;
}

/** @param {Message} message its words, what is on them, and what is being done to them */
function body(message) {
  const doing = /** @type {{mode: string}|null} */ (slots.doing(message.id));
  const files = filesTemplate(message.attachments);
  if (doing?.mode === 'edit') return html`${files}${slots.amend(message)}`;
  return html`${files}${words(message)}${signsTemplate(message)}${doing ? slots.amend(message) : nothing}`;
}

/** The way to what can be done with it, for those who point; others have the keyboard and the right button. */
function more() {
  return html`<button class="icon-btn msg-more" tabindex="-1" aria-label=${t('ui.amend.actions')} aria-haspopup="menu" @click=${onMore}>
    ${icon('ellipsis-vertical')}
  </button>`;
}

/** @param {Message} message */
function note(message) {
  return html`<div class="bubble note">
    ${icon('lock')}
    <div>
      <p class="note-head">
        <b>${message.author.name}</b> ${t('ui.message.note')} ·
        <span class="note-who">${t('ui.message.note_who')} ·</span>
        <time datetime=${message.at}>${time(message.at)}</time>${message.edited_at ? html` · ${edited(message)}` : nothing}
      </p>
      ${body(message)}
    </div>
  </div>`;
}

/** @param {Message} message @param {Line} line @param {string} me */
function authorLine(message, line, me) {
  const {kind, id, name} = message.author;
  if (kind === 'bot') return html`<p class="author">${icon('bot')}<b>${t('ui.author.bot')}</b></p>`;
  return kind === 'operator' && id !== me && line.first ? html`<p class="author"><b>${name}</b></p>` : nothing;
}

/**
 * @param {Line} line
 * @param {Message|undefined} quoted
 * @param {string} me operator id
 */
export function messageTemplate(line, quoted, me) {
  const [message] = line.messages;
  const {kind} = message.author;
  const state = message.delivery?.state ?? '';
  const look = BUBBLES[/** @type {'failed'} */ (state)] ?? '';
  const bubble = html`<div class="bubble ${look}">
    ${authorLine(message, line, me)}${forwardedTemplate(message)}${quoteTemplate(message.reply_to, quoted)}${body(message)}${choices(message)}${sourceLine(message)}${fault(message)}
  </div>`;
  return html`<article
    class="msg msg-${kind} ${line.first ? 'first' : ''} ${line.last ? 'last' : ''}"
    data-testid="msg"
    data-id=${message.id}
    data-kind=${kind}
    data-status=${state || nothing}
    tabindex="-1"
    aria-label=${t(`ui.author.says_${kind}`, {name: message.author.name})}
  >
    ${kind === 'customer' ? html`<span class="face">${line.last ? avatar(message.author, 'avatar-28') : nothing}</span>` : nothing}
    ${message.deleted_at ? tombstone(message) : kind === 'note' ? note(message) : bubble}${more()}
  </article>`;
}

const EVENT_ICONS = {
  claimed: 'hand',
  closed: 'check',
  closed_unanswered: 'check',
  reopened: 'undo-2',
  reopened_by_customer: 'undo-2',
  snoozed: 'alarm-clock',
  woken: 'alarm-clock',
  blocked: 'circle-alert',
  banned: 'ban',
  rated: 'star',
  edit_failed: 'circle-alert',
  delete_failed: 'circle-alert',
  reaction_failed: 'circle-alert',
};

/** @param {Message} message */
function eventTemplate(message) {
  const {code = '', actor = '', detail = ''} = message.event ?? {};
  const keys = [`ui.event.${code}_${detail}`, ...(detail ? [`ui.event.${code}_because`] : []), `ui.event.${code}`, 'ui.event.other'];
  const key = keys.find(known) ?? 'ui.event.other';
  const bold = (/** @type {string} */ word) => (word ? html`<b>${word}</b>` : '');
  return html`<p class="event" data-testid="msg" data-id=${message.id} data-kind="system" data-code=${code}>
    ${icon(EVENT_ICONS[/** @type {'closed'} */ (code)] ?? 'corner-down-right')}<span
      >${rich(key, {actor: bold(actor), detail: bold(detail), code})} · <time datetime=${message.at}>${time(message.at)}</time></span
    >
  </p>`;
}

/** @param {Line} line @param {boolean} opened @param {() => void} toggle */
export function eventsTemplate(line, opened, toggle) {
  const all = line.messages;
  if (all.length < COLLAPSE_FROM) return html`<div class="events">${all.map(eventTemplate)}</div>`;
  return html`<div class="events">
    <button class="link events-more" aria-expanded=${opened ? 'true' : 'false'} @click=${toggle}>
      ${opened ? t('ui.events.fold') : t('ui.events.more', {n: all.length - 1})}
    </button>
    ${(opened ? all : all.slice(-1)).map(eventTemplate)}
  </div>`;
}

/** A word that is not on the server yet. @param {Send} send */
export function sendTemplate(send) {
  const failed = send.state === 'failed';
  const state = failed ? 'failed' : send.state === 'waiting' ? 'queued' : 'sending';
  const body = html`${filesTemplate(send.files)}<div class="words ${send.text ? '' : 'words-bare'}"
    >${linkify(send.text)}<span class="meta"><time datetime=${send.at}>${time(send.at)}</time>${tick(state, send.reason)}</span></div
  >`;
  return html`<article
    class="msg msg-${send.kind === 'note' ? 'note' : 'operator'} first last"
    data-testid="msg"
    data-id=${send.client_id}
    data-kind=${send.kind === 'note' ? 'note' : 'operator'}
    data-status=${state}
    data-local="true"
    aria-label=${t(`ui.author.says_${send.kind === 'note' ? 'note' : 'operator'}`, {name: store.state.me.name})}
  >
    <div class="bubble ${failed ? 'bubble-failed' : ''} ${send.kind === 'note' ? 'note' : ''}">
      ${send.kind === 'note' ? icon('lock') : nothing}
      <div>
        ${body}
        ${failed
          ? html`<p class="fault">
              <span>${t('ui.fault.failed', {reason: send.reason})}</span>
              <button class="link" @click=${() => sendAgain(send)}>${t('ui.message.retry')}</button>
              <button class="link" @click=${() => backToDraft(send)}>${t('ui.message.to_draft')}</button>
            </p>`
          : nothing}
      </div>
    </div>
  </article>`;
}
