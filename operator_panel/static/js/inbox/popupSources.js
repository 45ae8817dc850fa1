/** What each sign of the composer's popup finds, and what is done with what was picked. */

import {avatar, icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {blanks, selectBlank, spoken} from 'mostik/inbox/blanks.js';
import {api, drafts, store} from 'mostik/inbox/desk.js';
import {withTray} from 'mostik/inbox/late.js';
import {runMacro, shelf} from 'mostik/inbox/macroMenu.js';

/** @typedef {import('mostik/inbox/popup.js').Item} Item */
/** @typedef {import('mostik/inbox/popup.js').Trigger} Trigger */

const SEARCH_PAUSE = 150;
const FOUND = 6;

/** @type {Record<string, {label: string, hint: string, testid: string}>} */
export const SOURCES = {
  '/': {label: 'ui.popup.canned', hint: 'ui.popup.canned_hint', testid: 'canned'},
  '#': {label: 'ui.popup.articles', hint: 'ui.popup.articles_hint', testid: 'kb-popup'},
  ':': {label: 'ui.popup.emoji', hint: 'ui.popup.emoji_hint', testid: 'emoji-popup'},
  '@': {label: 'ui.popup.people', hint: 'ui.popup.people_hint', testid: 'mention-popup'},
};

/** @param {string} text @returns {string} as it is compared */
const plain = (text) => text.toLowerCase().replaceAll('ё', 'е');

/**
 * How well words fit what was typed: 0 begins a name, 1 begins a word, 2 its letters stand there in order, 3 stands in
 * the text; null not at all.
 * @param {string} query @param {string[]} names @param {string} [text]
 * @returns {number|null}
 */
export function rank(query, names, text = '') {
  const wanted = plain(query);
  const all = names.filter(Boolean).map(plain);
  if (all.some((name) => name.startsWith(wanted))) return 0;
  if (all.some((name) => name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)))) return 1;
  if (all.some((name) => inOrder(wanted, name))) return 2;
  return wanted.length > 2 && plain(text).includes(wanted) ? 3 : null;
}

/** @param {string} letters @param {string} word */
function inOrder(letters, word) {
  let at = -1;
  return [...letters].every((letter) => (at = word.indexOf(letter, at + 1)) !== -1);
}

/**
 * @template T
 * @param {T[]} rows @param {(row: T) => number|null} place @returns {T[]} the best first, else in their order
 */
function ranked(rows, place) {
  const found = rows.map((row) => ({row, at: place(row)})).filter(({at}) => at !== null);
  return found.sort((a, b) => /** @type {number} */ (a.at) - /** @type {number} */ (b.at)).map(({row}) => row);
}

/** @param {any} row @param {(text: string) => void} put */
async function insertCanned(row, put) {
  const {selected, mode} = store.state;
  if (!selected) return;
  const key = newId();
  const found = await api.post(`/canned/${encodeURIComponent(row.id)}/insert`, {conversation: selected, token: key}, key);
  put(found.text);
  if (found.attachments.length) {
    const files = found.attachments.map((/** @type {any} */ file) => ({...file, preview: ''}));
    await withTray((part) => part.giveBack(selected, mode, files, store.state.thread?.messages.at(-1)?.seq ?? 0, ''));
  }
  const text = drafts.get(selected, mode).text;
  if (blanks(text).length) selectBlank(text);
}

/** @param {Trigger} trigger @returns {Promise<Item[]>} */
async function replies({query, only}) {
  const [canned, macros] = await Promise.all([only ? [] : shelf('canned'), shelf('macros')]);
  const rows = [...canned.map((row) => ({row, macro: false})), ...macros.map((row) => ({row, macro: true}))];
  rows.sort((a, b) => b.row.used - a.row.used);
  return ranked(rows, ({row}) => rank(query, [row.shortcut, row.title], row.text)).map(({row, macro}) => ({
    id: row.id,
    head: row.shortcut ? `/${row.shortcut}` : row.title,
    text: macro ? [row.shortcut ? row.title : '', deeds(row)].filter(Boolean).join(': ') : spoken(row.text),
    mark: macro ? icon('sparkles') : row.attachments.length ? icon('paperclip') : undefined,
    pick: (put) => (macro ? (put(''), runMacro(row)) : insertCanned(row, put)),
  }));
}

/** @param {any} macro @returns {string} */
const deeds = (macro) => macro.steps.map((/** @type {{deed: string}} */ step) => t(`ui.macro.step_${step.deed}`)).join(', ');

let searching = 0;

/** @param {Trigger} trigger @returns {Promise<Item[]>} */
async function articles({query}) {
  const id = store.state.selected;
  searching += 1;
  const mine = searching;
  await new Promise((resolve) => setTimeout(resolve, SEARCH_PAUSE));
  if (!id || mine !== searching) return [];
  const found = await api.get(`/conversations/${encodeURIComponent(id)}/suggestions`, {q: query, limit: FOUND});
  return found.map((/** @type {any} */ one) => ({
    id: one.article_id,
    head: one.title,
    text: one.answer,
    mark: icon('book-open'),
    more: percent(one.confidence),
    pick(/** @type {(text: string) => void} */ put) {
      put(one.answer);
      // The source is remembered, so that what becomes of the answer is counted.
      if (store.state.mode === 'reply') drafts.put(id, 'reply', {suggestion: one.article_id}, 0);
    },
  }));
}

/** @param {Trigger} trigger @returns {Promise<Item[]>} */
async function emoji({query}) {
  const {EMOJI} = await import('mostik/inbox/emoji.js');
  return ranked(EMOJI, ({ru, en}) => rank(query, [...ru.split(' '), ...en.split(' ')])).map(({sign, ru, en}) => ({
    id: sign,
    head: sign,
    text: document.documentElement.lang === 'ru' ? ru : en,
    pick: (put) => put(`${sign} `),
  }));
}

/** @param {Trigger} trigger @returns {Promise<Item[]>} */
async function people({query}) {
  const others = store.state.operators.filter((/** @type {{id: string}} */ one) => one.id !== store.state.me.id);
  return ranked(others, ({name}) => rank(query, [name])).map((one) => ({
    id: one.id,
    head: one.name,
    text: '',
    mark: avatar(one, 'avatar-20'),
    pick: (put) => put(`@${one.name} `),
  }));
}

/** @type {Record<string, (trigger: Trigger) => Promise<Item[]>>} */
const FINDS = {'/': replies, '#': articles, ':': emoji, '@': people};

/** @param {Trigger} trigger @returns {Promise<Item[]>} */
export const fetchFor = (trigger) => FINDS[trigger.kind](trigger);
