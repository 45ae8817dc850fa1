/** Small pieces every view uses: icons, avatars, links in hostile text, frames, announcements. */

import {html, nothing} from 'lit-html';
import {HUES, hue, initials} from 'mostik/core/format.js';

const page = document.documentElement.dataset;
const sprite = page.icons ?? '';
/** @param {number} px as a sheet says it, before its lengths are grown @returns {boolean} is the window at least so wide */
export const wider = (px) => innerWidth >= px * Number(page.scale ?? 1);

const LINK = /https?:\/\/[^\s<>"'«»]+/giu;

/** @param {string} name a symbol of img/icons.svg @param {string} [kind] further class */
export function icon(name, kind = '') {
  return html`<svg class="icon ${kind}" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

/** @type {Record<string, string>} */
const BRANDS = {telegram: 'brand-telegram', vk: 'brand-vk', web: 'globe', email: 'mail', phone: 'phone'};

/** @param {string} kind of channel: telegram, vk, web, custom … @param {string} [size] class */
export function channelBadge(kind, size = '') {
  const known = kind in BRANDS ? kind : 'custom';
  return html`<span class="channel channel-${known} ${size}" aria-hidden="true">${icon(BRANDS[known] ?? 'plug')}</span>`;
}

/**
 * A round mark with initials.
 * @param {{id: string|null, name: string}} person
 * @param {string} [size] class: avatar-20, avatar-28 …
 * @param {string} [channelKind] badge in the corner
 */
export function avatar(person, size = '', channelKind = '') {
  return html`<span class="avatar hue-${hue(person.id || person.name, HUES)} ${size}" aria-hidden="true"
    ><span>${initials(person.name)}</span>${channelKind ? channelBadge(channelKind) : nothing}</span
  >`;
}

/** @param {string} key as printed on the key */
export const cap = (key) => html`<kbd class="cap">${key}</kbd>`;

/** @param {string} found @returns {[string, string]} the address and what trails it: punctuation, a lone bracket */
function trimAddress(found) {
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
 * Text with its http and https addresses clickable; everything else stays text, so nothing in it can be markup.
 * @param {string} text
 * @returns {unknown[]} strings and templates
 */
export function linkify(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const [address, rest] = trimAddress(match[0]);
    if (!URL.canParse(address)) continue;
    pieces.push(text.slice(from, match.index));
    pieces.push(html`<a href=${address} target="_blank" rel="noopener noreferrer">${address}</a>`, rest);
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/**
 * Call at most once per animation frame, however often it is asked for.
 * @param {() => void} draw
 * @returns {() => void}
 */
export function perFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

const SPACING = 3000;
let lastSaid = 0;
let waiting = '';

/** @param {HTMLElement} region @param {string} text */
function say(region, text) {
  lastSaid = Date.now();
  waiting = '';
  region.textContent = text;
}

/**
 * Tell people who listen instead of looking; at most one text per 3 s, the newest wins.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById('announcer');
  if (!region) return;
  const left = lastSaid + SPACING - Date.now();
  if (left <= 0) {
    say(region, text);
    return;
  }
  if (!waiting) setTimeout(() => say(region, waiting), left);
  waiting = text;
}

/** @param {EventTarget|null} target @returns {boolean} does typing there make text */
export function takesText(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
