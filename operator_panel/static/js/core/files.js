/** Files as people read them: what kind, how large, how long; and what a browser may show by itself. */

import {lang, known, t} from 'mostik/core/i18n.js';

/**
 * @typedef {object} Attachment a file of a message; sizes in bytes, pixels and seconds, 0: not told
 * @property {string} id empty when it could not be had @property {string} kind @property {string} name
 * @property {string} mime @property {number} size @property {number} width @property {number} height
 * @property {number} seconds @property {string|null} url @property {string|null} [reason]
 * @property {string|null} [reason_text]
 * @property {string} [preview] address of the bytes in this browser, of a file on its way
 * @property {string} [key] of its upload
 */

const PICTURE = /^image\/(png|jpeg|gif|webp)$/;
const FILMED = new Set(['video', 'video_note', 'animation', 'sticker']);
const GLYPHS = {
  photo: 'image',
  document: 'file-text',
  voice: 'mic',
  audio: 'music',
  video: 'video',
  video_note: 'video',
  animation: 'image',
  sticker: 'sticker',
};
const STEP = 1024;
/** The largest a lone photo is drawn, CSS pixels. */
const WIDEST = 360;
const HIGHEST = 320;

/** @param {string} mime @returns {boolean} can an `img` show it */
export const isPicture = (mime) => PICTURE.test(mime);

/** @param {Attachment} file @returns {'refused'|'picture'|'sound'|'film'|'paper'} how it is drawn */
export function shownAs(file) {
  if (file.reason || (!file.url && !file.preview)) return 'refused';
  if (file.kind === 'document') return 'paper';
  if (isPicture(file.mime)) return 'picture';
  if (file.mime.startsWith('audio/')) return 'sound';
  return FILMED.has(file.kind) && file.mime.startsWith('video/') ? 'film' : 'paper';
}

/** @param {string} kind @returns {string} symbol of the sprite, empty for words */
export const glyphOf = (kind) => GLYPHS[/** @type {'photo'} */ (kind)] ?? '';

/** @param {string} kind of a message or a file @returns {string} */
export const kindWord = (kind) => t(known(`ui.kind.${kind}`) ? `ui.kind.${kind}` : 'ui.kind.other');

/** @param {number} bytes @returns {string} 184 KB, 4.1 MB */
export function sizeText(bytes) {
  const unit = bytes < STEP ? 'b' : bytes < STEP * STEP ? 'kb' : 'mb';
  const value = unit === 'b' ? bytes : unit === 'kb' ? bytes / STEP : bytes / STEP / STEP;
  const digits = unit === 'mb' && value < 10 ? 1 : 0;
  return t(`ui.size.${unit}`, {value: new Intl.NumberFormat(lang(), {maximumFractionDigits: digits}).format(value)});
}

/** @param {number} seconds @returns {string} 0:14, 1:02:03 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const tail = two(whole % 60);
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

/** @param {string} name @returns {string} PDF; empty when the name tells nothing */
export function extension(name) {
  return (/\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1] ?? '').toUpperCase();
}

/**
 * The place a picture takes before it has come, so that nothing moves when it does.
 * @param {{width: number, height: number}} file
 * @returns {{width: number, height: number}} CSS pixels
 */
export function placeOf({width, height}) {
  if (!width || !height) return {width: 240, height: 180};
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  return {width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale))};
}

/** @param {{id: string}[]} files @param {{id: string}[]} others @returns {boolean} the same ones in the same order */
export function sameFiles(files, others) {
  return files.length === others.length && files.every((file, index) => file.id && file.id === others[index].id);
}

/** @param {{kind: string, name: string}[]} files @returns {string} in a word or two, where there are no others */
export function filesWords(files) {
  if (!files.length) return '';
  if (files.length > 1) return t(files.every((one) => one.kind === 'photo') ? 'ui.files.photos' : 'ui.files.count', {n: files.length});
  const [{kind, name}] = files;
  return kind === 'document' && name ? name : kindWord(kind);
}
