/** Beside the button that sends: what is done with the reply, when it goes, what the channel takes, by which key. */

import {html, nothing} from 'lit-html';
import {icon, wider} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {load, save} from 'mostik/core/drafts.js';
import {menu} from 'mostik/core/menu.js';
import {neighbour} from 'mostik/core/rows.js';
import {complain} from 'mostik/core/toasts.js';
import {submit} from 'mostik/inbox/composer.js';
import {api, boot, store} from 'mostik/inbox/desk.js';
import {late, tilesOf} from 'mostik/inbox/late.js';
import {closeThread, openConversation} from 'mostik/inbox/navigation.js';
import {openMacros} from 'mostik/inbox/popup.js';
import {sleepTimes} from 'mostik/inbox/sleep.js';

/** @typedef {import('mostik/core/store.js').Row} Row */

const WARN_FROM = 0.8;
const OLD_KEY = `mostik.enter.${boot.me.id}`;

/** @returns {boolean} does Enter alone send */
const plainEnter = () => boot.habits.enter;

/** Kept with the person, for all the browsers in use. @param {boolean} enter */
async function sendByEnter(enter) {
  boot.habits = {...boot.habits, enter};
  store.dispatch({type: 'part'});
  try {
    await api.put('/me/habits', {enter});
    save(OLD_KEY, null);
  } catch (error) {
    boot.habits = {...boot.habits, enter: !enter};
    store.dispatch({type: 'part'});
    complain(error);
  }
}

// What was chosen while each browser kept it by itself holds on.
if (!plainEnter() && load(OLD_KEY) === true) sendByEnter(true);

/** Send, and go on with the next row. @param {object} then */
function sendAnd(then) {
  const id = store.state.selected;
  if (!id) return;
  const next = neighbour(store.state, id, 1) ?? neighbour(store.state, id, -1);
  if (!submit({more: {then}})) return;
  if (next && wider(901)) openConversation(next, {replace: true});
  else closeThread(true);
}

/** @returns {[string, Date][]} times people choose most, by the name of their word */
const times = () => sleepTimes().map(([key, when]) => [key.slice(key.lastIndexOf('.') + 1), when]);

/** @param {Date} when */
const plan = (when) => submit({more: {hold_seconds: undefined, send_at: when.toISOString()}});

/** @param {'snooze'|'plan'} what */
const choose = (what) =>
  late(() => import('mostik/inbox/chooseTime.js'), (part) =>
    part.chooseTime(t(what === 'plan' ? 'ui.send.plan_title' : 'ui.send.snooze_title'), (/** @type {Date} */ when) => (what === 'plan' ? plan(when) : sendAnd({snooze_until: when.toISOString()}))),
  );

/** @param {Row} row */
export function menuTemplate(row) {
  const closed = row.stage === 'closed';
  const items = [
    {label: t('ui.send.close'), key: 'Ctrl Shift ↵', mark: icon('check'), run: () => sendAnd({close: true})},
    ...(closed ? [] : times().map(([name, when], index) => ({label: t(`ui.send.snooze_${name}`), mark: icon('alarm-clock'), apart: index === 0, run: () => sendAnd({snooze_until: when.toISOString()})}))),
    ...(closed ? [] : [{label: t('ui.send.snooze_other'), mark: icon('alarm-clock'), run: () => choose('snooze')}]),
    ...times().slice(0, 3).map(([name, when], index) => ({label: t(`ui.send.plan_${name}`), mark: icon('clock'), apart: index === 0, run: () => plan(when)})),
    {label: t('ui.send.plan_other'), mark: icon('clock'), run: () => choose('plan')},
    {label: t('ui.macro.menu'), mark: icon('sparkles'), apart: true, run: openMacros},
    {label: t('ui.send.enter'), apart: true, checked: plainEnter(), run: () => sendByEnter(!plainEnter())},
  ];
  return html`<button
      type="button" class="btn btn-primary send-more" popovertarget="menu-send" aria-haspopup="menu" aria-label=${t('ui.send.more')} data-testid="send-more"
    >
      ${icon('chevron-down')}
    </button>
    ${menu('menu-send', t('ui.send.more'), items)}`;
}

/** @param {KeyboardEvent} event @returns {boolean} */
export function sendPressed(event) {
  if (event.key !== 'Enter') return false;
  const command = event.ctrlKey || event.metaKey;
  const reply = store.state.mode === 'reply';
  if (command && event.shiftKey && reply) sendAnd({close: true});
  else if (!command && !event.shiftKey && !event.altKey && reply && plainEnter()) submit();
  else return false;
  event.preventDefault();
  return true;
}

/** What the channel makes of the words, from four fifths of what it takes on. @param {Row} row @param {string} text */
export function channelNote(row, text) {
  const most = store.state.channels.find((one) => one.name === row.channel)?.files?.caption;
  if (!most || text.length < most * WARN_FROM || !tilesOf(row.id, 'reply')?.length) return nothing;
  const over = text.length > most;
  return html`<span class="channel-note ${over ? 'channel-over' : ''}" data-testid="channel-note">${over ? t('ui.send.splits', {n: most}) : `${text.length} / ${most}`}</span>`;
}
