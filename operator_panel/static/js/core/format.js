/** Times, waits, names and shares as people read them, in the language of the interface. */

import {lang, t} from 'mostik/core/i18n.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
let skew = 0;

/**
 * Set the clock by the server's: waits must not lie when this machine's clock does.
 * @param {string} iso the server's time when the page was made
 */
export function setClock(iso) {
  const server = Date.parse(iso);
  // What it took to come here and to start is not a difference of clocks.
  const age = performance.now() - (performance.getEntriesByType('navigation')[0]?.responseStart ?? 0);
  skew = Number.isNaN(server) ? 0 : server - Date.now() + age;
}

/** @returns {number} milliseconds since the epoch by the server's clock */
export function now() {
  return Date.now() + skew;
}

/** @param {string} name @param {Intl.DateTimeFormatOptions} options */
function formatter(name, options) {
  const key = `${lang()}:${name}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(lang(), options);
    formats.set(key, found);
  }
  return found;
}

/** @param {string} iso @returns {string} 11:38 */
export function time(iso) {
  return formatter('time', {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date(iso));
}

/** @param {string} iso @returns {string} the local day, 2026-11-21, to compare days by */
export function dayKey(iso) {
  const date = new Date(iso);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** @param {string} iso @returns {number} whole local days before today */
function daysAgo(iso) {
  const date = new Date(iso);
  const today = new Date(now());
  return Math.round((today.setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / DAY);
}

/** @param {string} iso @returns {string} 21 November; the year is named when it is another one */
export function date(iso) {
  const sameYear = new Date(iso).getFullYear() === new Date(now()).getFullYear();
  const year = sameYear ? {} : {year: /** @type {const} */ ('numeric')};
  return formatter(sameYear ? 'day' : 'dayYear', {day: 'numeric', month: 'long', ...year}).format(new Date(iso));
}

/** @param {string} iso @returns {string} Today, 21 November */
export function dayLabel(iso) {
  const ago = daysAgo(iso);
  if (ago === 0) return t('ui.day.today', {date: date(iso)});
  if (ago === 1) return t('ui.day.yesterday', {date: date(iso)});
  return date(iso);
}

/** @param {string} iso @returns {string} as short as a row of the list has place for: 11:21, yesterday, 3 Oct */
export function shortTime(iso) {
  const ago = daysAgo(iso);
  if (ago <= 0) return time(iso);
  if (ago === 1) return t('ui.day.yesterday_short');
  return formatter('short', {day: 'numeric', month: 'short'}).format(new Date(iso));
}

/** @param {string} iso @returns {string} when a sleeping row wakes: 18:00, tomorrow 10:00, 3 Oct 10:00 */
export function wakeTime(iso) {
  if (iso > '9') return t('ui.sleep.until_word');
  const ahead = -daysAgo(iso);
  if (!ahead) return time(iso);
  if (ahead === 1) return t('ui.day.tomorrow_at', {time: time(iso)});
  return `${formatter('short', {day: 'numeric', month: 'short'}).format(new Date(iso))} ${time(iso)}`;
}

/** @param {string} iso @returns {string} 12 March 2024 */
export function fullDate(iso) {
  return formatter('full', {day: 'numeric', month: 'long', year: 'numeric'}).format(new Date(iso));
}

/** @param {string} since ISO time @returns {number} whole minutes since then, never below 0 */
export function minutesSince(since) {
  return Math.max(0, Math.floor((now() - Date.parse(since)) / MINUTE));
}

/**
 * How long somebody waits, in the two words a pill has place for.
 * @param {number} minutes
 * @returns {string}
 */
export function duration(minutes) {
  if (minutes < 1) return t('ui.wait.now');
  if (minutes < 60) return t('ui.wait.minutes', {n: minutes});
  if (minutes < 24 * 60) return t('ui.wait.hours', {n: Math.floor(minutes / 60)});
  return t('ui.wait.days', {n: Math.floor(minutes / 1440)});
}

/**
 * @param {number} minutes
 * @param {{warn: number, late: number}} limits minutes
 * @returns {'ok'|'warn'|'late'}
 */
export function waitLevel(minutes, limits) {
  if (minutes >= limits.late) return 'late';
  return minutes >= limits.warn ? 'warn' : 'ok';
}

/** @param {number} share 0..1 @returns {string} 92 % */
export function percent(share) {
  return new Intl.NumberFormat(lang(), {style: 'percent', maximumFractionDigits: 0}).format(share);
}

/** @param {string} text @returns {string} a phone in E.164 as people write it where its country is known; else the text */
export function phone(text) {
  return text.replace(/^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/, '+7 $1 $2-$3-$4');
}

/** @param {string} name @returns {string} up to two initials */
export function initials(name) {
  const letters = name.split(/[\s·.,_-]+/u).flatMap((word) => word.match(/[\p{L}\p{N}]/u) ?? []);
  return letters.slice(0, 2).join('').toUpperCase() || '?';
}

/** Hues of avatars in the style sheets. */
export const HUES = 7;

/** @param {string} id @param {number} count @returns {number} a steady number of 0..count-1 for an id */
export function hue(id, count) {
  let hash = 0x811c9dc5; // FNV-1a, then mixed: short words in one alphabet spread over all hues
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 8) % count;
}
