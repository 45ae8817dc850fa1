/** Parts of the page that are fetched when they are first needed, and the places they draw themselves into. */

import {html, nothing} from 'lit-html';
import {avatar} from 'mostik/core/dom.js';
import {addWords} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {boot, drafts, store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/store.js').Message} Message */
/** @typedef {import('mostik/core/store.js').Row} Row */

/**
 * What a part that has come draws; until then there is nothing in its place.
 * @type {{doing: (id: string) => object|null, amend: (message: Message) => unknown, elsewhere: (message: Message) => unknown, hits: (id: string) => unknown,
 *   context: null|typeof import('mostik/inbox/context.js'),
 *   views: null|typeof import('mostik/inbox/views.js'),
 *   picks: null|typeof import('mostik/inbox/picks.js'),
 *   player: null|typeof import('mostik/inbox/player.js'),
 *   writing: null|typeof import('mostik/inbox/writing.js'),
 *   session: null|typeof import('mostik/inbox/loggedOut.js').ask,
 *   first?: (state: import('mostik/core/store.js').State) => unknown,
 *   tray: null|(typeof import('mostik/inbox/tray.js') & typeof import('mostik/inbox/trayview.js'))}}
 */
export const slots = {
  doing: () => null,
  amend: () => nothing,
  elsewhere: () => nothing,
  hits: () => null,
  context: null,
  views: null,
  picks: null,
  player: null,
  session: null,
  tray: null,
  writing: null,
};

/**
 * What parts of a group share, asked for with the first of them: `soon` is drawn as soon as the page stands.
 * @typedef {'soon'|'rest'} Group
 * @type {Partial<Record<Group, Promise<unknown>>>}
 */
const shared = {};

/** @param {string} href of a style sheet @returns {Promise<unknown>} */
const dressed = (href) =>
  new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = resolve;
    link.onerror = () => (link.remove(), reject(new Error(href)));
    document.head.append(link);
  });

/** @param {Group} group @returns {Promise<unknown>} its words and its style are there */
const withShared = (group) =>
  (shared[group] ??= Promise.all([
    fetch(boot.late[group].words).then((answer) => answer.json()).then(addWords),
    boot.late[group].sheet && dressed(boot.late[group].sheet),
  ]));

/**
 * Fetch a part and use it; when the network does not bring it, say so.
 * @template T
 * @param {() => Promise<T>} load
 * @param {(part: T) => void} use
 * @param {Group} [group]
 * @returns {Promise<boolean>} has it come
 */
export function late(load, use, group = 'rest') {
  return Promise.all([load(), withShared('soon'), withShared(group)]).then(
    ([part]) => (use(part), true),
    (error) => {
      delete shared.soon;
      delete shared[group];
      complain({code: 'offline', message: String(error)});
      return false;
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
 * @param {string} name @param {() => Promise<T>} load @param {(part: T) => void} use @param {Group} [group]
 */
function fill(name, load, use, group) {
  if (asked.has(name)) return;
  asked.add(name);
  late(() => load().finally(() => setTimeout(() => asked.delete(name), PAUSE)), (part) => {
    use(part);
    store.dispatch({type: 'part'});
  }, group);
}

/** @param {import('mostik/core/files.js').Attachment} file drawn by the player once it is there */
export function soundTemplate(file) {
  if (slots.player) return slots.player.playerTemplate(file);
  fill('player', () => import('mostik/inbox/player.js'), (part) => {
    slots.player = part;
  });
  return html`<div class="player player-coming" aria-hidden="true"></div>`;
}

const loadTray = () => Promise.all([import('mostik/inbox/tray.js'), import('mostik/inbox/trayview.js')]);

/**
 * What attaches files and carries them to the server.
 * @param {(part: typeof import('mostik/inbox/tray.js')) => void} use at once, if it is here already
 * @returns {Promise<boolean>} has it come
 */
export function withTray(use) {
  if (slots.tray) {
    use(slots.tray);
    return Promise.resolve(true);
  }
  return late(loadTray, ([tray, view]) => {
    slots.tray ??= {...tray, ...view};
    use(slots.tray);
  });
}

/**
 * @param {string} conversation @param {'reply'|'note'} mode
 * @returns {import('mostik/inbox/uploads.js').Tile[]|null} what is attached to the words being written; null: it is on its way
 */
export function tilesOf(conversation, mode) {
  if (slots.tray) return slots.tray.tray(conversation, mode);
  if (!drafts.get(conversation, mode).files.length) return [];
  fill('tray', loadTray, ([tray, view]) => {
    slots.tray ??= {...tray, ...view};
  });
  return null;
}

/** @param {string} conversation @param {'reply'|'note'} mode */
export const filesPlace = (conversation, mode) => (tilesOf(conversation, mode)?.length ? slots.tray?.trayTemplate(conversation, mode) : nothing);

/** What helps to write: asked for when somebody begins to, and by what is held back. */
export function wakeWriting() {
  if (!slots.writing)
    fill('writing', () => import('mostik/inbox/writing.js'), (part) => {
      slots.writing = part;
      part.begin();
    });
}

/** @param {Row|undefined} row @returns {unknown} replies that are not sent yet */
export function heldPlace(row) {
  if (!row?.held?.length) return nothing;
  wakeWriting();
  return slots.writing?.heldTemplate(row) ?? nothing;
}

/** Views beside those of the tabs, filters, teams. */
export function wakeViews() {
  if (!slots.views)
    fill('views', () => import('mostik/inbox/views.js'), (part) => {
      slots.views = part;
      part.begin();
    });
}

/** What is done with several rows at once, and the menu of one. */
export function wakePicks() {
  if (!slots.picks)
    fill('picks', () => import('mostik/inbox/picks.js'), (part) => {
      slots.picks = part;
    });
}

/** @param {string|null} id of a row @param {boolean} range with all from the one picked before */
export const pickRow = (id, range) =>
  id &&
  late(() => import('mostik/inbox/picks.js'), (part) => {
    slots.picks = part;
    part.toggle(id, range);
  });

/** What can be done, where one can go, what is found. @param {string} [words] to look for */
export const showPalette = (words) =>
  late(() => Promise.all([import('mostik/inbox/palette.js'), import('mostik/inbox/picks.js'), import('mostik/inbox/views.js')]), ([part, picks, views]) => {
    slots.picks = picks;
    if (!slots.views) views.begin();
    slots.views = views;
    part.openPalette(words);
  });

/** An ended session asks for the password, at each drawing until somebody has logged in. @param {import('mostik/core/live.js').Line} line */
export function askToLogIn(line) {
  if (slots.session) slots.session(line);
  else
    fill('session', () => import('mostik/inbox/loggedOut.js'), (part) => {
      slots.session = part.ask;
    });
}

/** @param {import('mostik/core/files.js').Attachment} file @param {HTMLElement} from what was pressed */
export const showPhoto = (file, from) => late(() => import('mostik/inbox/lightbox.js'), (part) => part.openLightbox(file, from));

/** Pass a conversation on, all of one's own, or share one. @param {'one'|'all'|'share'} what @param {string|null} id */
export const showPassing = (what, id) => late(() => import('mostik/inbox/passing.js'), (part) => part.openPassing(what, id));

/** What else is done with the open conversation. @param {''|'snooze'} what */
export const showMore = (what) => late(() => import('mostik/inbox/moreMenu.js'), (part) => part.openMore(what));

/** What the keys do. */
export const showKeys = () => late(() => import('mostik/inbox/cheatSheet.js'), (part) => part.openCheatSheet());

/** How the channels are. */
export const showChannels = () => late(() => import('mostik/inbox/channels.js'), (part) => part.openChannels());

/** Beside the thread; until it has come, whose it is. @param {import('mostik/core/store.js').State} state @param {Row} row */
export function asidePlace(state, row) {
  if (slots.context) return slots.context.contextTemplate(state, row);
  fill('context', () => Promise.all([import('mostik/inbox/context.js'), import('mostik/inbox/card.js'), import('mostik/inbox/facts.js'), import('mostik/inbox/identities.js'), import('mostik/inbox/places.js')]), ([part]) => {
    slots.context = part;
  }, 'soon');
  return html`<section class="card customer" aria-busy="true">${avatar(row.customer, 'avatar-40')}<h2>${row.customer.name}</h2></section>`;
}

/** Look away from who was erased, after the page was told to look anew. */
export const sweep = () => late(() => import('mostik/inbox/gone.js'), (part) => part.sweep(), 'soon');
