/** What can be done with a message: sign, answer, change, take back, copy; and how it goes. Fetched when first needed. */

import {html, nothing, render} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {announce, icon} from 'mostik/core/dom.js';
import {known, t} from 'mostik/core/i18n.js';
import {problemText, toast} from 'mostik/core/toasts.js';
import {quote} from 'mostik/inbox/composer.js';
import {LONGEST, api, chief, drawing, mayWrite, store} from 'mostik/inbox/desk.js';
import {slots} from 'mostik/inbox/late.js';
import {drawn} from 'mostik/inbox/signs.js';
import {isStarred, loadStars, toggleStar} from 'mostik/inbox/stars.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {{mode: 'edit'|'delete'|'refused', text: string, busy: boolean, words: string}} Doing */

/** Signs that every messenger with signs knows. */
const SIGNS = ['\u{1F44D}', '\u2764', '\u{1F525}', '\u{1F44F}', '\u{1F601}', '\u{1F914}', '\u{1F64F}'];
const GAP = 6;
const UNSENT = ['queued', 'retrying'];
const OUT = ['sending', 'sent', 'delivered', 'read'];

/** @type {Map<string, Doing>} what is done to which message, or was refused */
const doings = new Map();

/** @param {string} id @param {Partial<Doing>|null} change null: it is over */
function put(id, change) {
  if (change) doings.set(id, {mode: 'edit', text: '', busy: false, words: '', ...doings.get(id), ...change});
  else doings.delete(id);
  store.dispatch({type: 'amend'});
}

slots.doing = (id) => doings.get(id) ?? null;
slots.amend = (message) => amendTemplate(message);

/** @param {Message} message @returns {string} */
const path = (message) => `/messages/${encodeURIComponent(message.id)}`;

/** @returns {string[]} what the open conversation's channel can do to words that are out */
function abilities() {
  const row = store.state.rows.get(store.state.selected ?? '');
  return store.state.channels.find((one) => one.name === row?.channel)?.can ?? [];
}

/** @param {Message} message @param {'edit'|'delete'|'react'} verb @returns {boolean} would the server and the channel do it */
function can(message, verb) {
  const {author, delivery} = message;
  if (!mayWrite || message.deleted_at || author.kind === 'system') return false;
  const state = delivery?.state ?? '';
  if (verb === 'react') {
    return author.kind === 'note' || (abilities().includes('react') && message.kind !== 'press' && (!state || OUT.includes(state)));
  }
  const own = ['operator', 'note'].includes(author.kind) && author.id === store.state.me.id;
  if (author.kind === 'customer' || (!own && !chief)) return false;
  return author.kind === 'note' || UNSENT.includes(state) || (OUT.includes(state) && abilities().includes(verb));
}

/** @param {Message} message @param {'edit'|'delete'|'react'} verb @param {() => Promise<any>} call @returns {Promise<boolean>} */
async function attempt(message, verb, call) {
  try {
    store.dispatch({type: 'message.sent', message: await call(), client_id: ''});
    return true;
  } catch (error) {
    const {code = ''} = /** @type {{code?: string}} */ (error);
    const key = `ui.amend.${verb}_${code}`;
    const words = known(key) ? t(key) : problemText(error);
    put(message.id, {mode: doings.get(message.id)?.mode === 'edit' ? 'edit' : 'refused', busy: false, words});
    announce(words);
    return false;
  }
}

/** @param {Message} message @param {string} [emoji] without one the desk's own goes away */
export async function toggleSign(message, emoji) {
  const now = message.reactions?.find(({author}) => author.kind === 'operator')?.emoji;
  const off = !emoji || emoji === now;
  if (!now && off) return;
  await attempt(message, 'react', () => (off ? api.remove(`${path(message)}/reaction`) : api.put(`${path(message)}/reaction`, {emoji})));
}

/** @param {string} id of the message @param {string} [selector] of something in it */
function focus(id, selector) {
  drawing.now();
  const place = /** @type {HTMLElement|null} */ (document.querySelector(`article[data-id="${CSS.escape(id)}"]`));
  const field = selector ? /** @type {HTMLElement|null} */ (place?.querySelector(selector)) : place;
  field?.focus({preventScroll: true});
  if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
  field?.scrollIntoView({block: 'nearest'});
}

/** @param {Message} message */
function edit(message) {
  put(message.id, {mode: 'edit', text: message.text, words: ''});
  focus(message.id, '.amend textarea');
}

/** The newest word of one's own that may still be changed. */
export function editLast() {
  const {messages = []} = store.state.thread ?? {};
  const last = messages.findLast((one) => one.author.id === store.state.me.id && can(one, 'edit'));
  if (last) edit(last);
}

/** @param {Message} message */
function leave(message) {
  put(message.id, null);
  focus(message.id);
}

/** @param {Message} message */
async function save(message) {
  const doing = doings.get(message.id);
  const text = doing?.text.trim() ?? '';
  if (!doing || doing.busy || text.length > LONGEST || (!text && !message.attachments.length)) return;
  if (text === message.text) {
    leave(message);
    return;
  }
  put(message.id, {busy: true, words: ''});
  if (await attempt(message, 'edit', () => api.patch(path(message), {text}))) leave(message);
}

/** An article is proposed of what a person answered, in the room of the knowledge base. @param {Message} message */
function propose(message) {
  open(`/kb/replies?message=${encodeURIComponent(message.id)}`, '_blank', 'noopener');
}

/** @param {Message} message */
async function remove(message) {
  put(message.id, {busy: true});
  if (await attempt(message, 'delete', () => api.remove(path(message)))) leave(message);
}

/** @param {Message} message @returns {(event: KeyboardEvent) => void} */
const onKey = (message) => (event) => {
  if (event.isComposing) return;
  if (event.key === 'Escape') leave(message);
  else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save(message);
  else return;
  event.preventDefault();
};

/** @param {Message} message @param {Doing} doing */
function editor(message, doing) {
  const over = doing.text.trim().length - LONGEST;
  return html`<form class="amend" data-testid="amend" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), save(message))}>
    <textarea
      rows="1"
      aria-label=${t('ui.amend.label')}
      .value=${live(doing.text)}
      @input=${(/** @type {Event} */ event) => put(message.id, {text: /** @type {HTMLTextAreaElement} */ (event.target).value})}
      @keydown=${onKey(message)}
    ></textarea>
    ${doing.words ? html`<p class="amend-refused" role="alert">${doing.words}</p>` : nothing}
    <p class="amend-foot">
      <span>${over > 0 ? t('ui.composer.too_long', {n: over}) : t('ui.amend.keys')}</span>
      <button type="button" class="btn btn-small" @click=${() => leave(message)}>${t('ui.amend.cancel')}</button>
      <button class="btn btn-small btn-primary" ?disabled=${doing.busy || over > 0}>${t('ui.amend.save')}</button>
    </p>
  </form>`;
}

/** @param {Message} message @param {Doing} doing */
function confirmation(message, doing) {
  return html`<div class="amend-ask" role="group" aria-label=${t('ui.amend.delete')} @keydown=${onKey(message)}>
    <span>${t(message.author.kind === 'note' ? 'ui.amend.ask_note' : 'ui.amend.ask')}</span>
    <button class="btn btn-small btn-danger" ?disabled=${doing.busy} @click=${() => remove(message)}>${t('ui.amend.delete')}</button>
    <button class="btn btn-small" @click=${() => leave(message)}>${t('ui.amend.cancel')}</button>
  </div>`;
}

/** @param {Message} message what stands in place of its words or below them */
function amendTemplate(message) {
  const doing = doings.get(message.id);
  if (!doing) return nothing;
  if (doing.mode === 'edit') return editor(message, doing);
  if (doing.mode === 'delete') return confirmation(message, doing);
  return html`<p class="amend-refused" role="alert" data-testid="refused">
    ${icon('triangle-alert')}<span>${doing.words}</span>
    <button class="icon-btn" aria-label=${t('ui.close_hint')} @click=${() => put(message.id, null)}>${icon('x')}</button>
  </p>`;
}

/** @param {string} text @param {string} [said] */
export async function copy(text, said = t('ui.amend.copied')) {
  const shadow = document.body.appendChild(Object.assign(document.createElement('textarea'), {value: text}));
  shadow.select();
  // Outside https the clipboard has no other door.
  const done = await (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error())).then(() => true, () => document.execCommand('copy'));
  shadow.remove();
  if (done) toast(said);
}

/** @returns {HTMLElement} the menu, made once */
function place() {
  const found = document.getElementById('menu-message');
  if (found) return found;
  const made = Object.assign(document.createElement('div'), {id: 'menu-message', className: 'menu message-menu', popover: 'auto'});
  made.setAttribute('role', 'menu');
  made.setAttribute('aria-label', t('ui.amend.actions'));
  return document.body.appendChild(made);
}

/** @param {Message} message */
function items(message) {
  const run = (/** @type {() => void} */ act) => () => (place().hidePopover(), act());
  const item = (/** @type {string} */ glyph, /** @type {string} */ key, /** @type {() => void} */ act, danger = false) => html`<button
    role="menuitem"
    tabindex="-1"
    class=${danger ? 'menu-danger' : ''}
    @click=${run(act)}
  >
    ${icon(glyph)}<span>${t(key)}</span>
  </button>`;
  const now = message.reactions?.find(({author}) => author.kind === 'operator')?.emoji;
  const sign = (/** @type {string} */ emoji) => html`<button
    role="menuitemradio"
    tabindex="-1"
    aria-checked=${emoji === now ? 'true' : 'false'}
    aria-label=${t('ui.amend.sign', {emoji: drawn(emoji)})}
    @click=${run(() => toggleSign(message, emoji))}
  >
    ${drawn(emoji)}
  </button>`;
  const ask = () => {
    put(message.id, {mode: 'delete', busy: false, words: ''});
    focus(message.id, '.amend-ask .btn-danger');
  };
  const answers = mayWrite && !message.deleted_at && message.author.kind !== 'note';
  const tells = message.author.kind === 'operator' && Boolean(message.text) && !message.deleted_at && (mayWrite || store.state.me.role === 'editor');
  return html`${can(message, 'react') ? html`<div class="sign-row" role="group" aria-label=${t('ui.amend.react')}>${SIGNS.map(sign)}</div>` : nothing}
    ${answers ? item('reply', 'ui.amend.reply', () => quote(message.id)) : nothing}
    ${can(message, 'edit') ? item('pencil', 'ui.amend.edit', () => edit(message)) : nothing}
    ${message.text ? item('copy', 'ui.amend.copy', () => copy(message.text)) : nothing}
    ${message.deleted_at ? nothing : item('star', isStarred(message.id) ? 'ui.amend.unstar' : 'ui.amend.star', () => toggleStar(message.id))}
    ${tells ? item('book-open', 'ui.amend.article', () => propose(message)) : nothing}
    ${can(message, 'delete') ? html`<hr />${item('trash-2', 'ui.amend.delete', ask, true)}` : nothing}`;
}

/** @param {Message} message @param {DOMRect} by where it was asked for */
export function openActions(message, by) {
  const menu = place();
  loadStars().then(() => menu.matches(':popover-open') && render(items(message), menu));
  render(items(message), menu);
  const first = /** @type {HTMLElement|null} */ (menu.querySelector('[role^="menuitem"]'));
  if (!first) return;
  menu.showPopover();
  const {offsetWidth: width, offsetHeight: height} = menu;
  const below = by.bottom + GAP + height < innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(by.left, innerWidth - width - GAP))}px`;
  menu.style.top = `${below ? by.bottom + GAP : Math.max(GAP, by.top - height - GAP)}px`;
  first.focus();
}
