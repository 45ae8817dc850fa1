/** Times, sizes and names as people read them, and addresses in hostile text. */

import {html} from '../vendor/lit-html/lit-html.js';
import {lang, t} from './words.js';

const SPRITE = new URL('../vendor/lucide/icons.svg', import.meta.url).pathname;
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'«»]+/giu;
const DAY = 86_400_000;
const HUES = 7;
const STEP = 1024;

/** @param {string} name @param {string} [kind] further class */
export const icon = (name, kind = '') =>
  html`<svg class="icon ${kind}" aria-hidden="true" viewBox="0 0 24 24"><use href="${SPRITE}#${name}"></use></svg>`;

/** @param {string} iso @returns {string} 11:38 */
export const time = (iso) =>
  new Intl.DateTimeFormat(lang(), {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date(iso));

/** @param {string} iso @returns {string} the local day, to compare days by */
export const dayKey = (iso) => new Date(iso).toDateString();

/** @param {string} iso @returns {string} Today, 21 November, 21 November 2024 */
export function dayLabel(iso) {
  const date = new Date(iso);
  const today = new Date();
  const ago = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / DAY);
  if (ago === 0) return t('today');
  if (ago === 1) return t('yesterday');
  const year = date.getFullYear() === today.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(lang(), {day: 'numeric', month: 'long', year}).format(date);
}

/** @param {string} sign @returns {string} as a picture: a heart is a letter otherwise */
export const pictured = (sign) => (sign === '❤' ? '❤️' : sign);

/** @param {number} seconds @returns {string} 1:05 */
export const length = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** @param {number} bytes @returns {string} 184 KB, 2.4 MB, by 1024 as operators read them */
export function size(bytes) {
  const places = (/** @type {number} */ n, /** @type {number} */ most) =>
    new Intl.NumberFormat(lang(), {maximumFractionDigits: most}).format(n);
  if (bytes < STEP) return t('size_b', {n: places(bytes, 0)});
  if (bytes < STEP * STEP) return t('size_kb', {n: places(bytes / STEP, 0)});
  const n = bytes / STEP / STEP;
  return t('size_mb', {n: places(n, n < 10 ? 1 : 0)});
}

/** @param {number} share 0..1 @returns {string} 92 % */
export const percent = (share) => new Intl.NumberFormat(lang(), {style: 'percent'}).format(share);

/** @param {string} name @returns {string} up to two initials */
export function initials(name) {
  const letters = name.split(/[\s·.,_-]+/u).flatMap((word) => word.match(/[\p{L}\p{N}]/u) ?? []);
  return letters.slice(0, 2).join('').toUpperCase() || '?';
}

/** @param {string} name @returns {number} one of the style sheet's hues, always the same for a name */
export function hue(name) {
  let hash = 0x811c9dc5; // FNV-1a, then mixed: short words in one alphabet spread over all hues
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 8) % HUES;
}

/** @param {string} name @param {string} [kind] further class */
export const avatar = (name, kind = '') =>
  html`<span class="avatar hue-${hue(name)} ${kind}" aria-hidden="true">${initials(name)}</span>`;

/** @param {string} found @returns {[string, string]} the address and what trails it: punctuation, a lone bracket */
function trimmed(found) {
  let end = found.length;
  while (end > 0) {
    const last = found[end - 1];
    const lone = last === ')' && !found.slice(0, end).includes('(');
    if (!lone && !'.,;:!?…'.includes(last)) break;
    end -= 1;
  }
  return [found.slice(0, end), found.slice(end)];
}

/**
 * Text with its web addresses clickable; everything else stays text, so nothing in it can be markup.
 * @param {string} text
 * @returns {unknown[]} strings and templates
 */
export function linked(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const [address, rest] = trimmed(match[0]);
    const whole = /^http/i.test(address) ? address : `https://${address}`;
    if (!URL.canParse(whole)) continue;
    pieces.push(text.slice(from, match.index));
    pieces.push(html`<a href=${whole} target="_blank" rel="noopener noreferrer nofollow">${address}</a>`, rest);
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}
