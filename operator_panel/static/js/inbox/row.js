/** One row of the list: who, how long already, the newest words, how many unread, whose it is. */

import {html, nothing} from 'lit-html';
import {guard} from 'lit-html/directives/guard.js';
import {avatar, icon} from 'mostik/core/dom.js';
import {filesWords, glyphOf, kindWord} from 'mostik/core/files.js';
import {duration, hue, minutesSince, shortTime, waitLevel, wakeTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {unread} from 'mostik/core/rows.js';
import {boot, drafts} from 'mostik/inbox/desk.js';
import {pickRow, slots} from 'mostik/inbox/late.js';
import {address, openConversation} from 'mostik/inbox/navigation.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/store.js').State} State */

const GLYPHS = {bot: 'bot', operator: 'reply', note: 'lock'};
const TAG_HUES = 5;
/** Ratings up to this one want to be looked at. */
const POOR = 2;

/** @param {MouseEvent} event @returns {boolean} a plain click, no new tab or window wished */
export function plainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** @param {string} kind of channel @returns {string} */
export function channelName(kind) {
  return ['telegram', 'vk', 'web', 'custom'].includes(kind) ? t(`ui.channel.${kind}`) : kind;
}

/** @param {{name: string, kind: string}} channel @returns {string} with its own name where it is not called as its kind */
export function channelTitle({name, kind}) {
  return name === kind ? channelName(kind) : `${channelName(kind)} (${name})`;
}

/** @param {{channel_kind: string, external_id: string}} row @returns {boolean} is it a talk below a post, seen by everybody */
export const onWall = ({channel_kind, external_id}) => channel_kind === 'vk' && external_id.startsWith('wall:');

/** @param {Row} row */
function when(row) {
  if (row.desk_state === 'due' && row.waiting_since) {
    const minutes = minutesSince(row.waiting_since);
    const level = waitLevel(minutes, boot.sla_minutes);
    const late = level === 'late' ? `, ${t('ui.row.late')}` : '';
    return html`<span class="wait wait-${level}" data-testid="wait" data-level=${level}
      >${level === 'ok' ? nothing : icon('clock')}<span aria-hidden="true">${duration(minutes)}</span
      ><span class="listen-only">${t('ui.row.waits', {n: minutes})}${late}, </span></span
    >`;
  }
  if (row.desk_state === 'snoozed' && row.snoozed_until) {
    return html`<time class="wait" datetime=${row.snoozed_until}>${wakeTime(row.snoozed_until)}</time>`;
  }
  const at = row.last_message?.at ?? row.updated_at;
  return html`<time class="wait" datetime=${at}>${shortTime(at)}</time>`;
}

/** @param {Row} row @param {string} draft @param {{kind: string, name: string}|undefined} writer @param {unknown} hit */
function preview(row, draft, writer, hit) {
  if (writer) {
    const customer = writer.kind === 'customer';
    const words = t(customer ? 'ui.row.writes' : 'ui.viewers.writes', {name: writer.name});
    return html`<span class="row-writes" data-testid="row-writes">${customer ? nothing : icon('pencil')}${words}</span>`;
  }
  if (hit) return hit;
  if (draft) return html`<span class="row-draft">${t('ui.row.draft')}</span> ${draft}`;
  if (row.last_delivery && row.desk_state !== 'due') {
    return html`<span class="row-failed">${icon('triangle-alert')}${t(`ui.row.${row.last_delivery}`)}</span>`;
  }
  // A row that waits is about what the customer asked, not about the bot's word that somebody will come.
  const last = (row.desk_state === 'due' && row.last_said) || row.last_message;
  if (!last) return html`<span>${t('ui.row.empty')}</span>`;
  const glyph = row.desk_state === 'snoozed' ? 'alarm-clock' : GLYPHS[/** @type {'bot'} */ (last.kind)];
  const file = glyphOf(last.content);
  const words = last.text || (last.content === 'text' ? t('ui.row.no_text') : kindWord(last.content));
  return html`${glyph ? icon(glyph, `glyph-${last.kind}`) : nothing}${file ? icon(file, 'glyph-file') : nothing}${words}`;
}

/** @param {number} count */
function badge(count) {
  if (!count) return nothing;
  return html`<span class="badge" aria-hidden="true">${count > 9 ? '9+' : count}</span
    ><span class="listen-only">, ${t('ui.row.unread', {n: count})}</span>`;
}

/** @param {Row} row */
function mark(row) {
  if (row.assignee) return avatar(row.assignee, 'avatar-20');
  if (row.stage === 'bot') return html`<span class="avatar avatar-20 avatar-bot" aria-hidden="true">${icon('bot')}</span>`;
  return row.stage === 'closed' ? nothing : html`<span class="nobody" aria-hidden="true"></span>`;
}

/** @param {Row} row */
function owner(row) {
  const words = row.assignee ? t('ui.row.owner', {name: row.assignee.name}) : t('ui.row.nobody');
  return html`${mark(row)}<span class="listen-only">, ${words}</span>`;
}

/** @param {string} word a tag, a line */
export function tagTemplate(word) {
  return html`<span class="tag tag-${hue(word, TAG_HUES)}">${word}</span>`;
}

/** @param {Row} row @returns {unknown} what he writes is kept and wakes nobody */
export const banMark = ({banned}) => (banned ? html`<span class="banned" data-testid="banned-mark" title=${t('ui.ban.mark')}>${icon('ban')}<span class="listen-only">${t('ui.ban.mark')}, </span></span>` : nothing);

/** @param {Row} row */
function ratingMark({rating}) {
  if (!rating) return nothing;
  const words = t('ui.rating.of', {n: rating.score});
  return html`<span class="rated ${rating.score <= POOR ? 'rated-poor' : ''}" data-testid="row-rating" data-score=${rating.score} title=${[words, rating.comment].filter(Boolean).join(': ')}
    >${icon('star')}<span aria-hidden="true">${rating.score}</span><span class="listen-only">, ${words}</span></span
  >`;
}

/** What is answered there stands below a post, before everybody's eyes. */
export function wallMark() {
  return html`<span class="wall" title=${t('ui.row.wall_hint')}>${icon('message-circle')}${t('ui.row.wall')}</span>`;
}

/**
 * @param {Row} row
 * @param {{view: string, active: boolean, count: number, draft: string, tabbable: boolean, writer: any, hit: unknown}} look
 */
function template(row, {view, active, count, draft, tabbable, writer, hit}) {
  /** @param {MouseEvent} event */
  const open = (event) => {
    if (event.shiftKey) {
      event.preventDefault();
      pickRow(row.id, true);
    }
    if (!plainClick(event)) return;
    event.preventDefault();
    openConversation(row.id);
  };
  return html`<a
    class="row ${count ? 'row-unread' : ''}"
    href=${address(view, row.id)}
    data-testid="conv-row"
    data-id=${row.id}
    data-state=${row.desk_state}
    data-unread=${count}
    aria-current=${active ? 'true' : nothing}
    tabindex=${tabbable ? 0 : -1}
    @click=${open}
  >
    ${avatar(row.customer, 'avatar-38', row.channel_kind)}
    <span class="row-top">
      <span class="row-name">${row.customer.name}</span
      ><span class="listen-only">, ${channelName(row.channel_kind)}, </span>${banMark(row)}${onWall(row) ? wallMark() : nothing}${row.priority && row.priority !== 'low' ? html`<span class="prio" data-testid="row-priority" data-priority=${row.priority}>${t(`ui.priority.${row.priority}`)}</span>` : nothing}${row.tags.length ? tagTemplate(row.tags[0]) : nothing}
      ${when(row)}
    </span>
    <span class="row-bottom">
      <span class="row-preview">${preview(row, draft, writer, hit)}</span>
      ${ratingMark(row)}${badge(count)}${owner(row)}
    </span>${slots.views?.cells(row)}
  </a>`;
}

/** @param {import('mostik/core/drafts.js').Draft} draft @returns {string} */
const draftWords = ({text, files}) => text || filesWords(files);

/**
 * @param {State} state @param {Row} row @param {boolean} tabbable the one row of the list Tab stops at
 * @returns {unknown} drawn anew only when something of it changed
 */
export function rowTemplate(state, row, tabbable) {
  const active = state.selected === row.id;
  const count = unread(state, row);
  const draft = active ? '' : draftWords(drafts.get(row.id, 'reply'));
  const minutes = row.waiting_since ? minutesSince(row.waiting_since) : new Date().getDate();
  const {view} = state;
  const writer = state.writers.get(row.id);
  const hit = slots.hits(row.id);
  return guard([row, active, count, draft, minutes, view, tabbable, writer, hit, slots.views, boot.habits], () =>
    template(row, {view, active, count, draft, tabbable, writer, hit}),
  );
}
