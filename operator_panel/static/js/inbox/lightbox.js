/** One photo of the open conversation at full size, with arrows through all of them. */

import {html, nothing, render} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {kindWord, shownAs} from 'mostik/core/files.js';
import {time} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {addressOf} from 'mostik/inbox/attachments.js';
import {store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/files.js').Attachment} Attachment */
/** @typedef {{file: Attachment, name: string, at: string}} Shot */

/** @type {Shot[]} */
let shots = [];
let index = 0;
/** @type {HTMLElement|null} */
let opener = null;

/** @returns {HTMLDialogElement} */
const dialog = () => /** @type {HTMLDialogElement} */ (document.getElementById('lightbox'));

/** @param {Attachment} opened @returns {Shot[]} every photo of the open conversation, in its order; of what was taken back, the opened one */
function collect(opened) {
  const {thread, sends, me} = store.state;
  const standing = (thread?.messages ?? []).filter((one) => !one.deleted_at || one.attachments.some((file) => file.id === opened?.id));
  const told = standing.flatMap(({attachments, author, at}) =>
    attachments.map((file) => ({file, name: author.kind === 'bot' ? t('ui.author.bot') : author.name, at})),
  );
  const going = sends.filter((send) => send.conversation === thread?.id);
  const mine = going.flatMap(({files, at}) => files.map((file) => ({file, name: me.name, at})));
  return [...told, ...mine].filter(({file}) => shownAs(file) === 'picture');
}

/** @param {number} to */
function go(to) {
  if (to < 0 || to >= shots.length) return;
  index = to;
  draw();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const step = {ArrowLeft: -1, ArrowRight: 1}[event.key] ?? 0;
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(index + step);
}

/** @param {Event} event a press beside the photo */
function onPress(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target === dialog() || target.matches('.lightbox-stage')) dialog().close();
}

function close() {
  const place = opener;
  opener = null;
  shots = [];
  render(nothing, dialog());
  if (place?.isConnected) place.focus();
}

/** @param {number} step @param {string} glyph @param {string} label */
function arrow(step, glyph, label) {
  const usable = index + step >= 0 && index + step < shots.length;
  return html`<button
    class="lightbox-key lightbox-${step < 0 ? 'back' : 'on'}"
    aria-label=${label}
    aria-disabled=${usable ? 'false' : 'true'}
    @click=${() => go(index + step)}
  >
    ${icon(glyph)}
  </button>`;
}

function draw() {
  const {file, name, at} = shots[index];
  const word = kindWord(file.kind);
  const many = shots.length > 1;
  const about = many ? t('ui.files.photo_of', {word, number: index + 1, count: shots.length}) : word;
  render(
    html`<header class="lightbox-head">
        <p role="status"><b>${name}</b> <time datetime=${at}>${time(at)}</time> <span>${about}</span></p>
        <a class="lightbox-key" href=${addressOf(file)} download=${file.name || word} aria-label=${t('ui.files.download', {name: file.name || word})}
          >${icon('download')}</a
        >
        <button class="lightbox-key" aria-label=${t('ui.close_hint')} @click=${() => dialog().close()}>${icon('x')}</button>
      </header>
      <div class="lightbox-stage" @click=${onPress}>
        ${many ? arrow(-1, 'chevron-left', t('ui.lightbox.back')) : nothing}
        <img src=${addressOf(file)} width=${file.width || nothing} height=${file.height || nothing} alt=${`${about}, ${name}`} />
        ${many ? arrow(1, 'chevron-right', t('ui.lightbox.on')) : nothing}
      </div>`,
    dialog(),
  );
}

/** @param {Attachment} file @param {HTMLElement} from the photo that was pressed */
export function openLightbox(file, from) {
  shots = collect(file);
  index = Math.max(0, shots.findIndex((shot) => (file.id ? shot.file.id === file.id : shot.file.key === file.key)));
  if (!shots.length) return;
  opener = from;
  draw();
  dialog().showModal();
}

dialog().addEventListener('keydown', onKey);
dialog().addEventListener('close', close);
