/** Files of messages: fetched with the visitor's token when they are looked at, shown as what they are, never as a page. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import * as api from './api.js';
import {icon, length, size} from './format.js';
import {current} from './now.js';
import {token} from './talk.js';
import {t} from './words.js';

/** @typedef {import('./store.js').Attachment} Attachment */

/** @type {Map<string, Promise<string>>} */
const urls = new Map();
/** @type {Map<string, {audio: HTMLAudioElement, playing: boolean}>} */
const players = new Map();
/** @type {Set<string>} ids of files that did not come */
const broken = new Set();
let draw = () => {};
let drawNow = () => {};

/** @type {Attachment|null} the photo on the whole frame */
let opened = null;
/** @type {HTMLElement|null} */
let opener = null;

/** @param {() => void} call draws soon @param {() => void} now draws before it returns */
export function onFiles(call, now) {
  draw = call;
  drawNow = now;
}

/** What was chosen here need not be fetched again. @param {string} id @param {File} file */
export function known(id, file) {
  urls.set(id, Promise.resolve(URL.createObjectURL(file)));
}

/** @param {Attachment} file @returns {Promise<string>} of its bytes here; raises Refusal, Cut */
function fetched(file) {
  const found = urls.get(file.id);
  if (found) return found;
  // What the browser might run as a page is bytes to it.
  const safe = /^(image\/(png|jpeg|gif|webp|avif)|audio\/|video\/)/.test(file.mime) ? file.mime : 'application/octet-stream';
  const asked = api.file(token(), file.id).then((blob) => URL.createObjectURL(new Blob([blob], {type: safe})));
  urls.set(file.id, asked);
  asked.catch(() => {
    urls.delete(file.id);
    broken.add(file.id);
    draw();
  });
  return asked;
}

/** Forget what was fetched. */
export function dropFiles() {
  for (const url of urls.values()) url.then((found) => URL.revokeObjectURL(found)).catch(() => {});
  for (const {audio} of players.values()) audio.pause();
  urls.clear();
  players.clear();
  broken.clear();
  opened = null;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const {isIntersecting, target} of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      const img = /** @type {HTMLImageElement} */ (target);
      const file = find(img.dataset.file ?? '');
      if (file) fetched(file).then((url) => (img.src = url)).catch(() => {});
    }
  },
  {rootMargin: '300px'},
);

/** @param {string} id @returns {Attachment|undefined} */
function find(id) {
  const {messages, sends} = current();
  const all = [...messages.flatMap((one) => one.attachments ?? []), ...sends.flatMap((one) => one.files)];
  return all.find((one) => one.id === id);
}

/** Pictures that were drawn are fetched when they come near the screen. */
export function watchPhotos() {
  for (const img of document.querySelectorAll('img[data-file]:not([data-asked])')) {
    img.setAttribute('data-asked', '');
    watcher.observe(img);
  }
}

/** @param {Attachment} file */
function retry(file) {
  broken.delete(file.id);
  draw();
}

/** @param {Attachment} file */
const failed = (file) =>
  html`<button class="doc" @click=${() => retry(file)}>${icon('image-off')}<span>${t('file_broken')}</span></button>`;

/** @param {Attachment} file @param {Event} event */
function open(file, event) {
  opener = /** @type {HTMLElement} */ (event.currentTarget);
  opened = file;
  drawNow();
  document.querySelector('.lightbox')?.querySelector('button')?.focus();
}

/** @returns {boolean} was there a photo to close */
export function closePhoto() {
  if (!opened) return false;
  opened = null;
  drawNow();
  opener?.focus();
  return true;
}

/** @param {Attachment} file */
function photo(file) {
  if (broken.has(file.id)) return failed(file);
  const known = file.width > 0 && file.height > 0;
  return html`<button class="photo" aria-label=${t('open_photo', {name: file.name})} @click=${(/** @type {Event} */ e) => open(file, e)}>
    <img data-file=${file.id} width=${known ? file.width : 240} height=${known ? file.height : 180} alt="">
  </button>`;
}

/** @param {Attachment} file */
async function save(file) {
  const url = await fetched(file).catch(() => '');
  if (!url) return;
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name || 'file';
  link.click();
}

/** @param {Attachment} file */
function doc(file) {
  if (broken.has(file.id)) return failed(file);
  const words = t('download', {name: file.name, size: size(file.size)});
  return html`<button class="doc" aria-label=${words} title=${file.name} @click=${() => save(file)}>
    ${icon('file-text')}<span class="doc-name">${file.name}</span><span class="doc-size">${size(file.size)}</span>
  </button>`;
}

/** @param {Attachment} file */
async function play(file) {
  let player = players.get(file.id);
  if (!player) {
    const url = await fetched(file).catch(() => '');
    if (!url) return;
    const audio = new Audio(url);
    player = {audio, playing: false};
    players.set(file.id, player);
    const made = player;
    const follow = () => {
      made.playing = !audio.paused;
      draw();
    };
    for (const event of ['play', 'pause', 'ended', 'timeupdate', 'durationchange']) audio.addEventListener(event, follow);
    audio.addEventListener('error', () => {
      broken.add(file.id);
      players.delete(file.id);
      urls.delete(file.id);
      draw();
    });
  }
  for (const other of players.values()) if (other !== player) other.audio.pause();
  if (player.audio.paused) await player.audio.play().catch(() => {});
  else player.audio.pause();
}

/** @param {Attachment} file */
function voice(file) {
  if (broken.has(file.id)) return failed(file);
  const player = players.get(file.id);
  const at = player?.audio.currentTime ?? 0;
  const known = player && Number.isFinite(player.audio.duration) ? player.audio.duration : 0;
  const whole = known || file.seconds || 0;
  return html`<div class="voice" role="group" aria-label=${t('voice')}>
    <button class="round" aria-label=${t(player?.playing ? 'pause' : 'play')} @click=${() => play(file)}>
      ${icon(player?.playing ? 'pause' : 'play')}
    </button>
    <progress max=${whole || 1} .value=${Math.min(at, whole || 1)} aria-hidden="true"></progress>
    <span class="voice-time">${length(player?.playing || at ? at : whole)}</span>
  </div>`;
}

/** @param {Attachment[]} files of a message */
export function filesView(files) {
  if (!files?.length) return nothing;
  const lost = files.filter((file) => !file.id || file.reason);
  const here = files.filter((file) => file.id && !file.reason);
  const photos = here.filter((file) => file.kind === 'photo');
  const heard = here.filter((file) => /^(voice|audio)$/.test(file.kind));
  const rest = here.filter((file) => !photos.includes(file) && !heard.includes(file));
  return html`${photos.length ? html`<div class="photos photos-${Math.min(photos.length, 2)}">${photos.map(photo)}</div>` : nothing}
    ${heard.map(voice)}${rest.map(doc)}
    ${lost.map((file) => html`<p class="lost">${icon('image-off')}${file.name ? `${file.name}: ` : ''}${t('file_lost')}</p>`)}`;
}

/** The photo on the whole frame. */
export function lightbox() {
  if (!opened) return nothing;
  const file = opened;
  const shut = (/** @type {Event} */ event) => event.target === event.currentTarget && closePhoto();
  return html`<div class="lightbox" role="dialog" aria-modal="true" aria-label=${file.name || t('photo')} @click=${shut}>
    <div class="lightbox-bar">
      <button class="tool" aria-label=${t('close_photo')} @click=${closePhoto}>${icon('x')}</button>
      <button class="tool" aria-label=${t('download', {name: file.name, size: size(file.size)})} @click=${() => save(file)}>
        ${icon('download')}
      </button>
    </div>
    <img data-file=${file.id} alt=${file.name || t('photo')}>
  </div>`;
}
