/** What the command menu offers without asking the server: deeds with the open conversation, places to go to. */

import {t} from 'mostik/core/i18n.js';
import {boot, mayWrite, store} from 'mostik/inbox/desk.js';
import {VIEWS, openView} from 'mostik/inbox/navigation.js';
import {setMode} from 'mostik/inbox/composer.js';
import {markUnread} from 'mostik/inbox/hands.js';
import {askSleep, sleepTimes} from 'mostik/inbox/sleep.js';
import {laterItems, sleepUntil} from 'mostik/inbox/toSleep.js';
import {assign, claim, close, release, reopen} from 'mostik/inbox/verbs.js';
import {BUILT_IN, filter, keptViews} from 'mostik/inbox/views.js';

/** @typedef {import('mostik/inbox/palette.js').Command} Command */

/** @param {import('mostik/core/store.js').State} state @returns {Command[]} */
export function deeds(state) {
  const row = state.selected ? state.rows.get(state.selected) : undefined;
  if (!row || !mayWrite) return [];
  const group = t('ui.palette.deeds');
  const one = (/** @type {string} */ label, /** @type {string} */ glyph, /** @type {() => void} */ run, keys = '') => ({group, label, glyph, run, keys});
  const sleep = (/** @type {Date|'customer'|null} */ when) => () => sleepUntil(row.id, when);
  if (row.stage === 'closed') return [one(t('ui.header.reopen'), 'undo-2', () => reopen(row.id), 'Shift E'), ...laterItems(row).map(({label, run}) => one(label, 'alarm-clock', run))];
  const people = state.operators.filter(({id, role}) => id !== row.assignee?.id && !['observer', 'editor'].includes(role));
  return [
    ...(row.assignee?.id === state.me.id ? [] : [one(t('ui.header.claim'), 'hand', () => (row.assignee ? assign(row.id, state.me) : claim(row.id)), 'I')]),
    one(t('ui.composer.reply'), 'reply', () => setMode('reply'), 'R'),
    one(t('ui.composer.note'), 'lock', () => setMode('note'), 'N'),
    ...sleepTimes().map(([key, at], index) => one(t(key), 'alarm-clock', sleep(at), index ? '' : 'S')),
    one(t('ui.picks.sleep_until'), 'alarm-clock', () => askSleep((when, note) => sleepUntil(row.id, when, note))),
    one(t('ui.picks.until_word'), 'alarm-clock', sleep('customer')),
    ...(row.snoozed_until ? [one(t('ui.picks.wake'), 'alarm-clock', sleep(null))] : []),
    one(t('ui.header.close'), 'check', () => close(row.id), 'E'),
    one(t('ui.more.close_unanswered'), 'check', () => close(row.id, {without_reply: true})),
    ...(row.incoming ? [one(t('ui.picks.unread'), 'message-circle', () => markUnread(row.id), 'M')] : []),
    one(t('ui.header.to_queue'), 'inbox', () => release(row.id, 'queue')),
    one(t('ui.header.to_bot'), 'bot', () => release(row.id, 'bot')),
    ...people.map((person) => one(t('ui.palette.assign', {name: person.name}), 'hand', () => assign(row.id, person))),
  ];
}

/** @param {import('mostik/core/store.js').State} state @returns {Command[]} */
export function places(state) {
  const group = t('ui.palette.places');
  const view = (/** @type {string} */ name, /** @type {string} */ label) => ({group, label, glyph: 'inbox', run: () => openView(name, '', undefined, named(name, label))});
  const page = (/** @type {string} */ href, /** @type {string} */ key, /** @type {string} */ glyph) => ({group, label: t(`ui.palette.${key}`), glyph, run: () => location.assign(href)});
  const teams = (boot.teams ?? []).map((/** @type {any} */ one) => ({group, label: t('ui.palette.team', {name: one.name}), glyph: 'user-round', run: () => openView(store.state.view, '', undefined, {team: one.id})}));
  return [
    ...[...VIEWS, 'closed', ...BUILT_IN].map((name) => view(name, t(`ui.view.${name}`))),
    ...keptViews().map((one) => view(one.id, one.name)),
    ...teams,
    {group, label: t('ui.views.filter'), glyph: 'search', run: filter},
    page('/customers', 'page_customers', 'user-round'),
    page('/kb', 'page_kb', 'book-open'),
    page('/tasks', 'page_tasks', 'circle-check'),
    page('/settings', 'page_settings', 'settings'),
    page('/settings/me', 'page_me', 'user-round'),
  ];
}

/** @param {string} name @param {string} label @returns {{name: string}|{}} a kept view bears its name */
const named = (name, label) => (VIEWS.some((one) => one === name) || BUILT_IN.includes(name) ? {} : {name: label});
