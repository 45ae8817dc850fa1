/** What one is told of, as a list: beside the rail, on a page of its own. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';
import {known, t} from 'mostik/core/i18n.js';

/**
 * @typedef {{id: string, kind: string, at: string, ways: string[], conversation_id: string|null, message_id: string|null,
 *   task_id: string|null, title: string, actor: string, text: string, detail: string, read: boolean}} Notice
 */

const ICONS = {
  new: 'inbox',
  reply: 'message-circle',
  assigned: 'hand',
  note: 'lock',
  mention: 'lock',
  followed: 'eye',
  task: 'circle-check',
  task_done: 'check-check',
  deadline: 'alarm-clock',
};
const DETAILED = ['due', 'given', 'woken', 'unsent'];

/** @param {Notice} one @returns {string} what happened, in words */
export function noticeWords(one) {
  const key = `ui.notice.${one.kind}${DETAILED.includes(one.detail) ? `_${one.detail}` : ''}`;
  return t(known(key) ? key : `ui.notice.${one.kind}`, {customer: one.title, actor: one.actor});
}

/** @param {Notice} one @returns {string} where it leads */
export const noticePath = (one) => (one.conversation_id ? `/inbox/all/${one.conversation_id}` : '/tasks');

/** @param {Notice} one @param {(one: Notice, event: MouseEvent) => void} onOpen */
function template(one, onOpen) {
  return html`<li class="notice ${one.read ? '' : 'notice-fresh'}" data-testid="notice" data-kind=${one.kind}>
    <a href=${noticePath(one)} @click=${(/** @type {MouseEvent} */ event) => onOpen(one, event)}>
      ${icon(ICONS[/** @type {'new'} */ (one.kind)] ?? 'inbox')}
      <span><b>${noticeWords(one)}</b>${one.text ? html`<q>${one.text}</q>` : nothing}</span>
      <time datetime=${one.at}>${shortTime(one.at)}</time>
      ${one.read ? nothing : html`<i class="notice-dot"><span class="listen-only">${t('ui.notice.unread')}</span></i>`}
    </a>
  </li>`;
}

/** @param {Notice[]} all @param {(one: Notice, event: MouseEvent) => void} onOpen one of them was chosen */
export const noticesTemplate = (all, onOpen) =>
  all.length ? html`<ul class="notices">${all.map((one) => template(one, onOpen))}</ul>` : html`<p class="notices-none">${t('ui.notice.none')}</p>`;
