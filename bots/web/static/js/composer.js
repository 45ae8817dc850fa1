/** Where the visitor writes: quick replies, files, words. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import {icon} from './format.js';
import * as keeping from './keeping.js';
import {quote} from './message.js';
import {current, set} from './now.js';
import {stay} from './scroll.js';
import {asking} from './store.js';
import {say, typing} from './saying.js';
import {add, taken, trayState, trayView} from './tray.js';
import {waysView} from './ways.js';
import {t} from './words.js';

const EMOJI = [...'😀😊😂😍🤔😢😡😱👍👎🙏👏👌🤝💪👋❤🔥🎉✨✅❌🎁📦'].map((one) => (one === '❤' ? '❤️' : one));
const TALLEST = 140;
/** The button by which a messenger would hand over its own phone number; a website knows none. */
const SHARE = 'contact:share';

let emoji = false;
let draw = () => {};

/** @param {() => void} call */
export function onComposer(call) {
  draw = call;
}

/** @returns {HTMLTextAreaElement} */
const field = () => /** @type {HTMLTextAreaElement} */ (document.getElementById('field'));

/** Put the caret where words go; a phone would raise its keyboard unasked. @param {boolean} [asked] */
export function focusField(asked = false) {
  if (asked || matchMedia('(pointer: fine)').matches) field()?.focus();
  else document.getElementById('title')?.focus();
}

/** The field is as tall as its words. */
function grow() {
  const place = field();
  place.style.height = 'auto';
  place.style.height = `${Math.min(place.scrollHeight, TALLEST)}px`;
}

/** @param {string} text begins the next message */
export function fill(text) {
  field().value = text;
  changed();
}

function changed() {
  keeping.keepDraft(field().value);
  grow();
  stay();
  draw();
}

function send() {
  const text = field().value.trim();
  const tray = trayState();
  if (tray === 'loading' || (!text && tray === 'empty')) return;
  say(text, taken());
  field().value = '';
  emoji = false;
  changed();
  field().focus();
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
}

/** @param {ClipboardEvent} event */
function paste(event) {
  const files = event.clipboardData?.files ?? [];
  if (!files.length) return;
  event.preventDefault();
  add(files);
}

/** @param {Event} event */
function chosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  add(input.files ?? []);
  input.value = '';
  field().focus();
}

/** @param {string} one */
function insert(one) {
  const place = field();
  place.setRangeText(one, place.selectionStart, place.selectionEnd, 'end');
  changed();
}

/** @returns {boolean} was there something to close */
export function closeEmoji() {
  if (!emoji) return false;
  emoji = false;
  draw();
  field().focus();
  return true;
}

/** @param {string} message_id @param {{text: string, data: string}} button */
export function answer(message_id, {text, data}) {
  if (data === SHARE) {
    focusField(true);
    return;
  }
  say(text, [], {message_id, data});
  focusField();
}

/** @param {import('./store.js').State} state */
function replies(state) {
  const message = asking(state);
  if (!message || message.helped) return nothing;
  return html`<div class="replies" role="group" aria-label=${t('replies')}>
    ${message.buttons.map(
      (one) => html`<button class="reply" data-testid="quick-reply" dir="auto" @click=${() => answer(message.id, one)}>
        ${one.data === SHARE ? t('give_contact') : one.text}
      </button>`,
    )}
  </div>`;
}

const emojiView = () => html`<div class="emoji" role="group" aria-label=${t('emoji')}>
  ${EMOJI.map((one) => html`<button type="button" @click=${() => insert(one)}>${one}</button>`)}
</div>`;

/** @returns {boolean} was there a message to answer and no more */
export function closeReply() {
  if (!current().replying) return false;
  set({replying: ''});
  field().focus();
  return true;
}

/** @param {string} id of the message the next word answers */
const answering = (id) => html`<div class="answering" data-testid="answering">
  ${quote({reply_to: id})}<button class="small" type="button" aria-label=${t('reply_not')} @click=${closeReply}>${icon('x')}</button>
</div>`;

/** @param {import('./store.js').State} state @param {any} config */
export function composerView(state, config) {
  const place = field();
  const tray = trayState();
  const ready = tray !== 'loading' && (Boolean(place?.value.trim()) || tray === 'ready');
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    send();
  };
  return html`<footer class="foot">
    ${state.notice ? html`<p class="told" role="status" data-testid="notice">${state.notice}</p>` : nothing}${replies(state)}
    <form class="composer" data-testid="composer" @submit=${submit}>
      ${state.replying ? answering(state.replying) : nothing}${trayView()}
      <div class="write">
        <label class="tool" title=${t('attach')}>
          <input type="file" multiple class="hidden" data-testid="attach" aria-label=${t('attach')} @change=${chosen}>${icon('paperclip')}
        </label>
        <textarea
          id="field"
          rows="1"
          dir="auto"
          maxlength=${config.limits?.text ?? 4000}
          enterkeyhint="send"
          placeholder=${t(asking(state)?.asks ? 'contact' : 'write')}
          aria-label=${t('write')}
          @keydown=${key}
          @input=${() => (typing(), changed())}
          @paste=${paste}
        ></textarea>
        <button class="tool" type="button" aria-label=${t('emoji')} aria-expanded=${emoji ? 'true' : 'false'}
          @click=${() => ((emoji = !emoji), draw())}>${icon('smile')}</button>
        <button class="send" type="submit" data-testid="send" aria-label=${t('send')} aria-disabled=${ready ? 'false' : 'true'}>
          ${icon('arrow-up')}
        </button>
      </div>
      ${emoji ? emojiView() : nothing}
    </form>
    ${waysView(config.ways)}
  </footer>`;
}
