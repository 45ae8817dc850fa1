/** One message: words, quote, attachment, buttons, reactions, marks, and what can be done with it. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { media } from './media.js';
import { OPERATOR_MARK, isNote } from './story.js';
import { hue, initials, rich } from './text.js';
import { clock, t, tOr } from './words.js';

/**
 * @typedef {import('./messenger.js').Item} Item
 * @typedef {{me: number, side: 'phone'|'staff', api: import('./ctl.js').Control, byId?: Map<number, Item>, active?: number, first?: boolean, busy: string,
 *   press: (item: Item, button: {text: string, data: string|null}) => void,
 *   act: (verb: 'reply'|'react'|'edit'|'delete', item: Item) => void}} Look
 */

/** @param {Item} item @param {Look} look */
export function bubble(item, look) {
  const own = item.from.id === look.me;
  const named = look.side === 'staff' && !own && look.first;
  const kind = look.side === 'staff' ? tone(item) : '';
  const classes = ['message', own ? 'own' : 'other', kind, look.first ? 'first' : '', item.deleted ? 'gone' : ''];
  return html`
    <article class=${classes.filter(Boolean).join(' ')} data-testid="${look.side}-message" data-id=${item.message_id}
      data-from=${item.from.is_bot ? 'bot' : 'person'} data-kind=${item.kind} ?data-active=${look.active === item.message_id}>
      ${look.side === 'staff' && !own
        ? html`<span class="avatar small ${look.first ? (item.from.is_bot ? 'robot' : hue(item.from.name)) : 'blank'}" aria-hidden="true">${look.first
            ? item.from.is_bot ? icon('bot') : initials(item.from.name)
            : nothing}</span>`
        : nothing}
      <div class="stack">
        <div class="bubble">
          ${named ? html`<div class="author">${item.from.name}</div>` : nothing}
          ${item.admin ? html`<div class="author">${t('by_human')}</div>` : nothing}
          ${item.deleted ? html`<em>${t('deleted')}</em>` : content(item, look)}
          <span class="meta">${item.edited && !item.deleted ? html`${t('edited')} · ` : nothing}<time
            datetime=${item.at}>${clock(item.at)}</time>${own && item.read !== undefined
            ? html` <i class="ticks" role="img" aria-label=${t(item.read ? 'read' : 'unread_yet')}>${item.read ? '✓✓' : '✓'}</i>`
            : nothing}</span>
          ${item.deleted ? nothing : actions(item, look, own)}
        </div>
        ${item.keyboard === 'inline' && !item.deleted ? keyboard(item, look) : nothing}
        ${item.reactions.length
          ? html`<div class="reactions">${item.reactions.map((emoji) => html`<span>${emoji}</span>`)}</div>`
          : nothing}
      </div>
    </article>`;
}

/** What a bot's post in the group is, by the mark it begins with. @param {Item} item */
function tone(item) {
  if (isNote(item.text)) return 'note';
  if (!item.from.is_bot) return '';
  const data = item.buttons[0]?.[0]?.data ?? '';
  if (data.startsWith('send:')) return 'tip';
  if (item.keyboard === 'inline') return 'card';
  if (item.text.startsWith('🤖')) return 'by-bot';
  return item.text.startsWith(OPERATOR_MARK) ? 'by-operator' : '';
}

/** @param {Item} item @param {Look} look */
function content(item, look) {
  const quoted = item.reply_to ? look.byId?.get(item.reply_to) : undefined;
  return html`${quoted && !/^forum_topic/.test(quoted.kind)
    ? html`<div class="quote"><b>${quoted.from.name}</b><span>${quoted.deleted ? t('deleted') : summary(quoted)}</span></div>`
    : nothing}${(item.forwarded ?? []).map((one) => html`<div class="quote"><b>${t('kind_forward')}</b><span>${one.text}</span></div>`)}${filed(item).map((one) => media(one, look.api))}${item.text
    ? html`<span class="words">${rich(item.text, item.entities)}</span>`
    : nothing}`;
}

/** A message as many times as it has files: VK's messages carry several. @param {Item} item @returns {Item[]} */
function filed(item) {
  if (item.files) return item.files.map((file) => ({ ...item, kind: file.kind ?? item.kind, file }));
  return ['text', 'forward'].includes(item.kind) ? [] : [item];
}

/** One line that stands for a message. @param {Item} item */
export function summary(item) {
  return item.text ? item.text.replaceAll('\n', ' ') : tOr(`kind_${item.kind}`, 'kind_other');
}

/** @param {Item} item @param {Look} look */
function keyboard(item, look) {
  return html`<div class="keyboard">${item.buttons.map((row) => html`<div class="keyboard-row">${row.map((button) =>
    button.url && /^https?:/.test(button.url)
      ? html`<a class="key" href=${button.url} target="_blank" rel="noopener noreferrer">${button.text} ${icon('external-link')}</a>`
      : html`<button class="key" data-testid="${look.side}-button" data-color=${button.color ?? nothing} ?data-busy=${look.busy === `${item.message_id} ${button.data}`}
          @click=${() => look.press(item, button)}>${button.text}</button>`)}</div>`)}</div>`;
}

/** @param {Item} item @param {Look} look @param {boolean} own */
function actions(item, look, own) {
  /** @type {['reply'|'react'|'edit'|'delete', string, boolean][]} */
  const all = [
    ['reply', 'reply', true],
    ['react', 'thumbs-up', !own],
    ['edit', 'pencil', own && item.kind === 'text'],
    ['delete', 'trash-2', own],
  ];
  const reachable = look.active === item.message_id ? 0 : -1;
  return html`<span class="actions">${all.filter(([, , may]) => may).map(([verb, glyph]) => html`
    <button tabindex=${reachable} aria-label=${t(verb)} title=${t(verb)} @click=${() => look.act(verb, item)}>${icon(glyph)}</button>`)}</span>`;
}
