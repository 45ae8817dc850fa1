/** Where the answer is written; a note wears amber from head to foot so that it is never sent by mistake. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {cap, icon} from 'mostik/core/dom.js';
import {filesWords} from 'mostik/core/files.js';
import {time} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {LONGEST, drafts, drawing, mayWrite, store} from 'mostik/inbox/desk.js';
import {clipTemplate} from 'mostik/inbox/intake.js';
import {filesPlace, slots, tilesOf, wakeWriting} from 'mostik/inbox/late.js';
import {send} from 'mostik/inbox/outbox.js';
import {editLast} from 'mostik/inbox/reach.js';
import {onWall} from 'mostik/inbox/row.js';
import {gist, sayer} from 'mostik/inbox/signs.js';
import {rivalled, typing, watchTemplate} from 'mostik/inbox/watching.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {import('mostik/core/store.js').State} State */
/** @typedef {import('mostik/core/store.js').Message} Message */

const COUNT_FROM = 0.8;
const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** @returns {HTMLTextAreaElement|null} */
const field = () => /** @type {HTMLTextAreaElement|null} */ (document.getElementById('composer-text'));

/** Firefox has no `field-sizing`: grow by hand. @param {HTMLTextAreaElement} area */
function grow(area) {
  if (CSS.supports('field-sizing', 'content')) return;
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}

/** @param {string} text */
function keep(text) {
  const {thread, mode} = store.state;
  if (!thread) return;
  drafts.put(thread.id, mode, {text}, thread.messages.at(-1)?.seq ?? 0);
  store.dispatch({type: 'draft'});
}

/** @param {Event} event */
function onInput(event) {
  const area = /** @type {HTMLTextAreaElement} */ (event.target);
  grow(area);
  keep(area.value);
  slots.writing?.typed(area);
  if (area.value.trim()) typing();
}

/** @param {string} conversation @param {'reply'|'note'} mode @returns {boolean} is there something, and all of it good */
function sendable(conversation, mode) {
  const {text} = drafts.get(conversation, mode);
  const tiles = tilesOf(conversation, mode);
  return tiles !== null && (text.trim() !== '' || tiles.length > 0) && text.length <= LONGEST && tiles.every((tile) => tile.state !== 'failed');
}

/** @param {{force?: boolean, more?: object}} [options] @returns {boolean|void} has it gone */
export function submit(options) {
  const {selected, mode} = store.state;
  if (!selected || !sendable(selected, mode)) return;
  const {text} = drafts.get(selected, mode);
  if (slots.writing?.refuses(text)) return;
  send(selected, mode, text, slots.writing?.more(mode, text, options) ?? options);
  store.dispatch({type: 'draft'});
  field()?.focus();
  return true;
}

/** The answer is to this message; an empty id: to none. @param {string} id */
export function quote(id) {
  const {selected} = store.state;
  if (!selected) return;
  drafts.put(selected, 'reply', {quote: id}, store.state.thread?.messages.at(-1)?.seq ?? 0);
  setMode('reply');
}

/** @param {string} conversation */
function quoted(conversation) {
  const {quote: id} = drafts.get(conversation, 'reply');
  if (!id || store.state.mode !== 'reply') return nothing;
  const message = store.state.thread?.messages.find((one) => one.id === id);
  return html`<div class="answering" data-testid="answering">
    ${icon('reply')}<p>${message ? html`<b>${sayer(message)}</b> ${gist(message)}` : t('ui.message.quote_far')}</p>
    <button type="button" class="icon-btn" aria-label=${t('ui.composer.no_quote')} @click=${() => quote('')}>${icon('x')}</button>
  </div>`;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.isComposing || slots.writing?.pressed(event)) return;
  const {value} = /** @type {HTMLTextAreaElement} */ (event.target);
  const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (event.key === 'ArrowUp' && plain && !value) {
    event.preventDefault();
    editLast();
    return;
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit();
  }
}

/** @param {'reply'|'note'} mode @param {boolean} [focus] */
export function setMode(mode, focus = true) {
  if (!mayWrite || !store.state.thread) return;
  store.dispatch({type: 'mode', mode});
  drawing.now();
  if (focus) field()?.focus();
}

/** Put text where the caret stands, never send it. @param {string} text */
export function insert(text) {
  const area = field();
  if (!area) return;
  area.focus();
  const {selectionStart: from, selectionEnd: to, value} = area;
  const gap = from > 0 && !/\s$/.test(value.slice(0, from)) ? ' ' : '';
  area.setRangeText(gap + text, from, to, 'end');
  grow(area);
  keep(area.value);
}

/** @param {KeyboardEvent} event arrows walk between the two tabs */
function onTabKey(event) {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  setMode(store.state.mode === 'reply' ? 'note' : 'reply', false);
  /** @type {HTMLElement|null} */ (document.querySelector('.mode[aria-selected="true"]'))?.focus();
}

/** @param {State} state */
function tabs(state) {
  const tab = (/** @type {'reply'|'note'} */ mode) => html`<button
    type="button"
    class="mode"
    role="tab"
    aria-selected=${state.mode === mode ? 'true' : 'false'}
    aria-controls="composer-text"
    tabindex=${state.mode === mode ? 0 : -1}
    @click=${() => setMode(mode)}
  >
    ${mode === 'note' ? icon('lock') : nothing}${t(`ui.composer.${mode}`)}
  </button>`;
  return html`<div
    class="modes"
    role="tablist"
    data-testid="composer-mode"
    data-mode=${state.mode}
    aria-label=${t('ui.composer.modes')}
    @keydown=${onTabKey}
  >
    ${tab('reply')}${tab('note')}
  </div>`;
}

/** @param {Message} message */
function newer(message) {
  const author = message.author.kind === 'bot' ? t('ui.author.bot') : message.author.name;
  return html`<li><b>${author}</b> <time datetime=${message.at}>${time(message.at)}</time><span>${message.text || filesWords(message.attachments)}</span></li>`;
}

/** Somebody wrote while this was being written: show it before anything is sent. @param {State} state */
function crossedTemplate(state) {
  const crossed = state.thread?.crossed;
  if (!crossed) return nothing;
  const back = () => {
    store.dispatch({type: 'send.crossed', id: state.thread?.id, messages: []});
    field()?.focus();
  };
  return html`<div class="crossed" role="alert" data-testid="collision">
    <p>${icon('triangle-alert')}<b>${t('ui.crossed.title', {n: crossed.messages.length})}</b></p>
    <ul>
      ${crossed.messages.slice(-3).map(newer)}
    </ul>
    <div class="crossed-actions">
      <button class="btn btn-warn" @click=${() => submit({force: true})}>${t('ui.crossed.send')}</button>
      <button class="btn" @click=${back}>${t('ui.crossed.back')}</button>
    </div>
  </div>`;
}

/** @param {State} state @param {Row} row @returns {string} what to write here, and what it will do */
function placeholder(state, row) {
  if (state.mode === 'note') return t('ui.composer.note_hint');
  if (row.stage === 'closed') return t('ui.composer.closed_hint');
  if (onWall(row)) return t('ui.composer.wall_hint');
  if (row.stage === 'bot') return t('ui.composer.bot_hint');
  const other = row.assignee && row.assignee.id !== state.me.id;
  return other ? t('ui.composer.other_hint', {name: row.assignee?.name}) : t('ui.composer.reply_hint');
}

/** @param {number} length */
function counter(length) {
  if (length < LONGEST * COUNT_FROM) return nothing;
  const over = length > LONGEST;
  return html`<span class="counter ${over ? 'counter-over' : ''}" role="status"
    >${over ? t('ui.composer.too_long', {n: length - LONGEST}) : `${length} / ${LONGEST}`}</span
  >`;
}

/** @param {State} state @param {Row} row */
function box(state, row) {
  const {text} = drafts.get(row.id, state.mode);
  const note = state.mode === 'note';
  const label = t(note ? 'ui.composer.note_label' : 'ui.composer.reply_label');
  const sendText = t(note ? 'ui.composer.save_note' : rivalled(state) ? 'ui.crossed.send' : 'ui.composer.send');
  return html`<form
    class="composer ${note ? 'composer-note' : ''}"
    data-testid="composer"
    data-mode=${state.mode}
    @submit=${(/** @type {Event} */ event) => (event.preventDefault(), submit())}
    @focusin=${wakeWriting}
  >
    ${tabs(state)}${quoted(row.id)}${filesPlace(row.id, state.mode)}
    <textarea
      id="composer-text"
      rows="1"
      aria-label=${label}
      placeholder=${placeholder(state, row)}
      .value=${live(text)}
      @input=${onInput}
      @keydown=${onKey}
    ></textarea>
    <button
      type="button"
      class="icon-btn note-toggle"
      aria-label=${t('ui.composer.note_toggle')}
      aria-pressed=${note ? 'true' : 'false'}
      @click=${() => setMode(note ? 'reply' : 'note')}
    >
      ${icon('lock')}
    </button>
    ${clipTemplate()}
    <div class="composer-foot">
      ${counter(text.length)}${slots.writing?.footTemplate(row, state.mode, text) ?? nothing}
      <button class="btn btn-primary send" ?disabled=${!sendable(row.id, state.mode)}>
        <span class="btn-text">${sendText}</span>${cap(MAC ? '⌘ ↵' : 'Ctrl ↵')}${icon('arrow-up', 'send-icon')}
      </button>
      ${slots.writing?.splitTemplate(row, state.mode) ?? nothing}
    </div>
  </form>`;
}

/** @param {State} state @param {Row} row */
export function composerTemplate(state, row) {
  if (!mayWrite) return html`<p class="composer-closed">${icon('eye')}${t('ui.composer.read_only')}</p>`;
  return html`${crossedTemplate(state)}${watchTemplate(state, row)}${box(state, row)}`;
}
