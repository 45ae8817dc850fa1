/** Replies that are not sent yet: those that can still be taken back, with the ring that runs out, and planned ones. */

import {html, nothing, render} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {announce, cap, icon, linkify} from 'mostik/core/dom.js';
import {now, time, wakeTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain, toast} from 'mostik/core/toasts.js';
import {filesTemplate} from 'mostik/inbox/attachments.js';
import {api, chief, drawing, store} from 'mostik/inbox/desk.js';
import {late, withTray} from 'mostik/inbox/late.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {backToDraft} from 'mostik/inbox/outbox.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/**
 * @typedef {{id: string, by: string, name: string, text: string, attachments: any[], reply_to: string|null,
 *   suggestion: string|null, at: string, due: string, undo: boolean, close: boolean, snooze_until: string|null,
 *   crossed: boolean, failed: string|null}} Held
 */

const RING = 2 * Math.PI * 9;
/** @type {Map<string, {conversation: string, name: string, held: Held}>} own ones that can be taken back */
const pending = new Map();
const place = document.createElement('div');
let ticking = 0;

/** @param {string} conversation @param {string} id */
const path = (conversation, id) => `/conversations/${encodeURIComponent(conversation)}/held/${encodeURIComponent(id)}`;

/** @param {Held} held @returns {number} seconds it still waits */
const left = ({due}) => Math.max(0, Math.ceil((Date.parse(due) - now()) / 1000));

/** @param {Row} row */
function look(row) {
  for (const [id, one] of pending) if (one.conversation === row.id && !row.held?.some((each) => each.id === id)) pending.delete(id);
  for (const held of row.held ?? []) {
    if (held.undo && !held.failed && held.by === store.state.me.id) pending.set(held.id, {conversation: row.id, name: row.customer.name, held});
  }
}

function draw() {
  for (const [id, {held}] of pending) if (Date.parse(held.due) + 3000 < now()) pending.delete(id);
  render(repeat(pending.values(), (one) => one.held.id, toastTemplate), place);
  clearInterval(ticking);
  ticking = pending.size ? setInterval(draw, 500) : 0;
}

/** @param {{conversation: string, name: string, held: Held}} one */
function toastTemplate({conversation, name, held}) {
  const whole = Math.max(1, Date.parse(held.due) - Date.parse(held.at));
  const part = Math.min(1, Math.max(0, (Date.parse(held.due) - now()) / whole));
  return html`<div class="toast undo-toast" role="status" data-testid="toast" data-kind="undo">
    <span title=${name}>${t('ui.held.sending', {name})}</span>
    <button class="toast-action" ?disabled=${!left(held)} @click=${() => takeBack(conversation, held)}>${t('ui.held.undo')}</button>${cap('Z')}
    <span class="ring" aria-hidden="true"><svg viewBox="0 0 22 22"><circle cx="11" cy="11" r="9"></circle><circle class="ring-left" cx="11" cy="11" r="9" stroke-dasharray=${RING} stroke-dashoffset=${RING * (1 - part)}></circle></svg><b>${left(held)}</b></span>
  </div>`;
}

/** Back into the draft, with its files and what it answered. @param {string} conversation @param {Held} held */
async function restore(conversation, held) {
  const files = held.attachments.map((file) => ({...file, preview: ''}));
  const send = {client_id: '', conversation, kind: /** @type {const} */ ('reply'), text: held.text, files, at: held.at, seen_seq: 0, force: false, state: /** @type {const} */ ('failed'), reason: '', reply_to: held.reply_to ?? '', suggestion: held.suggestion ?? ''};
  if (files.length) await withTray(() => {});
  backToDraft(send);
  if (store.state.selected !== conversation) openConversation(conversation);
  if (store.state.mode !== 'reply') store.dispatch({type: 'mode', mode: 'reply'});
  drawing.now();
  document.getElementById('composer-text')?.focus();
}

/** @param {string} conversation @param {Held} held */
export async function takeBack(conversation, held) {
  try {
    const back = await api.send('DELETE', path(conversation, held.id), {});
    pending.delete(held.id);
    gone(conversation, held.id);
    announce(t('ui.held.back'));
    await restore(conversation, back);
  } catch (error) {
    pending.delete(held.id);
    if (/** @type {{status?: number}} */ (error).status === 404) toast(t('ui.held.too_late'));
    else complain(error);
  }
  draw();
}

/** Draw it no more, before the server's own word comes. @param {string} conversation @param {string} id */
function gone(conversation, id) {
  const row = store.state.rows.get(conversation);
  if (row) store.dispatch({type: 'row.loaded', row: {...row, held: row.held?.filter((one) => one.id !== id)}});
}

/** @returns {boolean|void} false: there is nothing to take back */
export function takeBackLast() {
  const last = [...pending.values()].filter(({held}) => left(held)).at(-1);
  if (!last) return false;
  takeBack(last.conversation, last.held);
}

/** @param {string} conversation @param {Held} held */
async function sendNow(conversation, held) {
  try {
    const message = await api.post(`${path(conversation, held.id)}/send`);
    gone(conversation, held.id);
    store.dispatch({type: 'message.sent', message, client_id: ''});
  } catch (error) {
    complain(error);
  }
}

/** @param {string} conversation @param {Held} held another time, other words */
const change = (conversation, held) => late(() => import('mostik/inbox/replan.js'), (part) => part.replan(conversation, held));

/** @param {Held} held what it waits for */
function state(held) {
  if (held.failed) return html`<span class="held-failed">${icon('circle-alert')}${t(`ui.held.failed_${held.failed === 'forbidden' ? 'forbidden' : 'other'}`, {code: held.failed})}</span>`;
  if (held.undo) return html`${icon('clock')}${t('ui.held.soon')}`;
  return html`${icon('alarm-clock')}${t('ui.held.planned', {when: wakeTime(held.due)})}`;
}

/** @param {Row} row @param {Held} held */
function line(row, held) {
  const mine = held.by === store.state.me.id || chief;
  const then = held.close ? t('ui.held.then_close') : held.snooze_until ? t('ui.held.then_snooze', {when: wakeTime(held.snooze_until)}) : '';
  return html`<article
    class="msg msg-operator first last" data-testid="held" data-id=${held.id} data-kind="operator" data-status=${held.failed ? 'failed' : held.undo ? 'queued' : 'planned'}
    aria-label=${t('ui.author.says_operator', {name: held.name})}
  >
    <div class="bubble bubble-held ${held.failed ? 'bubble-failed' : ''}">
      ${held.by === store.state.me.id ? nothing : html`<p class="author"><b>${held.name}</b></p>`}
      ${filesTemplate(held.attachments)}
      <div class="words">${linkify(held.text)}<span class="meta"><time datetime=${held.at}>${time(held.at)}</time></span></div>
      <p class="held-state">${state(held)}${then ? html` · ${then}` : nothing}</p>
      ${held.crossed && !held.undo ? html`<p class="held-crossed">${icon('triangle-alert')}${t('ui.held.crossed')}</p>` : nothing}
      ${mine && (!held.undo || held.failed)
        ? html`<p class="held-actions">
            <button class="link" @click=${() => sendNow(row.id, held)}>${t('ui.held.now')}</button>
            ${held.undo ? nothing : html`<button class="link" aria-haspopup="dialog" @click=${() => change(row.id, held)}>${t('ui.replan.open')}</button>`}
            <button class="link" @click=${() => takeBack(row.id, held)}>${t('ui.held.edit')}</button>
          </p>`
        : nothing}
    </div>
  </article>`;
}

/** @param {Row} row */
export const linesTemplate = (row) => html`${repeat(row.held ?? [], (held) => held.id, (held) => line(row, held))}`;

export function beginHeld() {
  place.className = 'toasts undo-toasts';
  place.dataset.testid = 'undo-toasts';
  document.body.append(place);
  for (const row of store.state.rows.values()) look(row);
  store.subscribe((event) => {
    const row = event.conversation ?? (event.type === 'held.sent' ? store.state.rows.get(event.id) : null);
    if (!row?.held) return;
    const before = pending.size;
    look(row);
    if (before || pending.size) draw();
  });
  draw();
}
