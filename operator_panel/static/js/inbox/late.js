/** Parts of the page that are fetched when they are first needed, and the places they draw themselves into. */

import {html, nothing} from 'lit-html';
import {avatar} from 'mostik/core/dom.js';
import {addWords} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {boot, store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {import('mostik/core/store.js').Row} Row */

/**
 * What a part that has come draws; until then there is nothing in its place.
 * @type {{doing: (id: string) => object|null, amend: (message: Message) => unknown,
 *   card: null|((customer: any, row: Row) => unknown),
 *   player: null|typeof import('mostik/inbox/player.js'),
 *   tray: null|((conversation: string, mode: 'reply'|'note') => unknown)}}
 */
export const slots = {
  doing: () => null,
  amend: () => nothing,
  card: null,
  player: null,
  tray: null,
};

/** @type {Promise<void>|undefined} */
let words;

/** The words of all parts, asked for with the first of them. */
const withWords = () => (words ??= fetch(boot.late).then((answer) => answer.json()).then(addWords));

/**
 * Fetch a part and use it; when the network does not bring it, say so.
 * @template T
 * @param {() => Promise<T>} load
 * @param {(part: T) => void} use
 */
export function late(load, use) {
  Promise.all([load(), withWords()]).then(
    ([part]) => use(part),
    (error) => {
      words = undefined;
      complain({code: 'offline', message: String(error)});
    },
  );
}

/** Who draws asks again and again: what the network did not bring is asked for once in this time. */
const PAUSE = 5000;
/** @type {Set<string>} */
const asked = new Set();

/**
 * Fill a slot with a part, asked for by drawing.
 * @template T
 * @param {string} name @param {() => Promise<T>} load @param {(part: T) => void} use
 */
function fill(name, load, use) {
  if (asked.has(name)) return;
  asked.add(name);
  late(() => load().finally(() => setTimeout(() => asked.delete(name), PAUSE)), (part) => {
    use(part);
    store.dispatch({type: 'part'});
  });
}

/** @param {import('mostik/core/files.js').Attachment} file drawn by the player once it is there */
export function soundTemplate(file) {
  if (slots.player) return slots.player.playerTemplate(file);
  fill('player', () => import('mostik/inbox/player.js'), (part) => {
    slots.player = part;
  });
  return html`<div class="player player-coming" aria-hidden="true"></div>`;
}

/**
 * What is attached to the words being written.
 * @param {string} conversation @param {'reply'|'note'} mode @param {object[]} tiles
 */
export function filesPlace(conversation, mode, tiles) {
  if (!tiles.length) return nothing;
  if (slots.tray) return slots.tray(conversation, mode);
  fill('tray', () => import('mostik/inbox/trayview.js'), (part) => {
    slots.tray = part.trayTemplate;
  });
  return nothing;
}

/** @param {import('mostik/core/files.js').Attachment} file @param {HTMLElement} from what was pressed */
export const showPhoto = (file, from) => late(() => import('mostik/inbox/lightbox.js'), (part) => part.openLightbox(file, from));

/** How the channels are. */
export const showChannels = () => late(() => import('mostik/inbox/channels.js'), (part) => part.openChannels());

/** The customer's card; until it has come, who he is. @param {any} customer @param {Row} row */
export function cardPlace(customer, row) {
  if (slots.card) return slots.card(customer, row);
  fill('card', () => Promise.all([import('mostik/inbox/card.js'), import('mostik/inbox/facts.js'), import('mostik/inbox/identities.js'), import('mostik/inbox/places.js')]), ([part]) => {
    slots.card = part.cardTemplate;
  });
  return html`<section class="card customer" aria-busy="true">${avatar(row.customer, 'avatar-40')}<h2>${customer.name}</h2></section>`;
}

/** Look away from who was erased, after the page was told to look anew. */
export const sweep = () => late(() => import('mostik/inbox/gone.js'), (part) => part.sweep());
