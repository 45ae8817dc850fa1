/** Until when conversations are put to sleep: the times that are asked for most, and any other. */

import {t} from 'mostik/core/i18n.js';
import {late} from 'mostik/inbox/late.js';

const HOUR = 3_600_000;
const MORNING = 10;
const EVENING = 18;

/** @param {number} days @param {number} hour @returns {Date} */
function at(days, hour) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  day.setHours(hour, 0, 0, 0);
  return day;
}

/** @returns {[string, Date][]} key of the words and the time; the evening only while it is more than an hour away */
export function sleepTimes() {
  const evening = at(0, EVENING);
  const days = (8 - new Date().getDay()) % 7 || 7;
  /** @type {[string, Date][]} */
  const times = [['ui.picks.hour', new Date(Date.now() + HOUR)]];
  if (evening.getTime() - Date.now() > HOUR) times.push(['ui.picks.evening', evening]);
  times.push(['ui.picks.tomorrow', at(1, MORNING)]);
  if (days > 1) times.push(['ui.picks.monday', at(days, MORNING)]);
  return times;
}

/** Ask for another time, and what is to be done then. @param {(when: Date, note: string) => void} use @param {string} [title] */
export const askSleep = (use, title = t('ui.send.snooze_title')) => late(() => import('mostik/inbox/chooseTime.js'), (part) => part.chooseTime(title, use, true));
