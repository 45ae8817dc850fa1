/** The files of a message: photos side by side, voices to be played, papers to be saved, and what could not be had. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {clock, extension, glyphOf, kindWord, placeOf, shownAs, sizeText} from 'mostik/core/files.js';
import {t} from 'mostik/core/i18n.js';
import {showPhoto, soundTemplate} from 'mostik/inbox/late.js';

/** @typedef {import('mostik/core/files.js').Attachment} Attachment */

const COLUMNS_FROM = 5;

/** Bytes that are in this browser already: file id -> their address. @type {Map<string, string>} */
export const local = new Map();

/** @param {Attachment} file @returns {string} where its bytes are nearest */
export const addressOf = (file) => file.preview || local.get(file.id) || file.url || '';

/** @param {Event} event a picture that did not come leaves its place and says so */
function broke(event) {
  const place = /** @type {HTMLElement} */ (event.target).closest('.photo');
  place?.classList.add('photo-broken');
}

/** @param {Attachment} file @param {number} number from 1 @param {number} count */
function photo(file, number, count) {
  const {width, height} = count === 1 ? placeOf(file) : {width: 240, height: 160};
  const word = kindWord(file.kind);
  const label = count > 1 ? t('ui.files.photo_of', {word, number, count}) : word;
  const open = (/** @type {Event} */ event) => showPhoto(file, /** @type {HTMLElement} */ (event.currentTarget));
  return html`<button class="photo photo-${file.kind}" aria-label=${t('ui.files.open', {name: label})} @click=${open}>
    <img src=${addressOf(file)} width=${width} height=${height} alt="" decoding="async" draggable="false" @error=${broke} />
    <span class="photo-fault">${icon('image-off')}${t('ui.files.not_shown')}</span>
  </button>`;
}

/** @param {Attachment[]} files */
function photos(files) {
  if (!files.length) return nothing;
  const look = files.length === 1 ? 'photos-one' : files.length < COLUMNS_FROM ? 'photos-two' : 'photos-three';
  return html`<div class="photos ${look}" data-count=${files.length}>
    ${files.map((file, index) => photo(file, index + 1, files.length))}
  </div>`;
}

/** @param {Attachment} file */
function film(file) {
  const {width, height} = file.width ? placeOf(file) : {width: 320, height: 180};
  const words = [kindWord(file.kind), file.seconds ? clock(file.seconds) : '', sizeText(file.size)].filter(Boolean).join(' · ');
  const loops = file.kind === 'animation' || file.kind === 'sticker';
  return html`<figure class="film film-${file.kind}">
    <video
      controls
      playsinline
      preload="metadata"
      ?loop=${loops}
      .muted=${loops}
      width=${width}
      height=${height}
      src=${addressOf(file)}
      aria-label=${words}
    ></video>
    <figcaption>${words} ${saving(file)}</figcaption>
  </figure>`;
}

/** @param {Attachment} file */
function saving(file) {
  const name = file.name || kindWord(file.kind);
  return html`<a class="file-save" href=${addressOf(file)} download=${name} aria-label=${t('ui.files.download', {name})}>
    ${icon('download')}
  </a>`;
}

/** @param {Attachment} file */
function paper(file) {
  const name = file.name || kindWord(file.kind);
  const about = [extension(name), sizeText(file.size)].filter(Boolean).join(' · ');
  return html`<div class="paper">
    <span class="file-icon">${icon(glyphOf(file.kind) || 'file-text')}</span>
    <span class="file-words"><b class="file-name" title=${name}>${name}</b><span>${about}</span></span>
    ${file.url || file.preview ? saving(file) : nothing}
  </div>`;
}

/** @param {Attachment} file */
function refused(file) {
  const name = file.kind === 'document' && file.name ? file.name : kindWord(file.kind);
  const size = file.size ? ` · ${sizeText(file.size)}` : '';
  return html`<div class="paper paper-refused" data-testid="file-refused">
    <span class="file-icon">${icon(file.kind === 'photo' ? 'image-off' : glyphOf(file.kind) || 'file-text')}</span>
    <span class="file-words">
      <b class="file-name" title=${name}>${name}${size}</b>
      <span>${file.reason_text || file.reason || t('ui.files.not_shown')}</span>
    </span>
  </div>`;
}

/** @param {Attachment} file */
function other(file) {
  const how = file.key && !file.id && shownAs(file) === 'refused' ? 'paper' : shownAs(file);
  if (how === 'sound') return soundTemplate(file);
  if (how === 'film') return film(file);
  return how === 'paper' ? paper(file) : refused(file);
}

/** @param {Attachment[]} files */
export function filesTemplate(files) {
  if (!files.length) return nothing;
  const pictures = files.filter((file) => shownAs(file) === 'picture');
  const rest = files.filter((file) => shownAs(file) !== 'picture');
  return html`<div class="files" data-testid="files">${photos(pictures)}${rest.map(other)}</div>`;
}
