/** The page's own words, and the customers' sample questions where the demo gives none. */

import { en } from './en.js';
import { ru } from './ru.js';

export const dictionaries = { ru, en };

const SAMPLES = {
  ru: ['Сколько стоит доставка?', 'Пришла разбитая кружка', 'Где мой заказ?', 'Позовите оператора'],
  en: ['How much is delivery?', 'My mug arrived broken', 'Where is my order?', 'I want to talk to a human'],
};

let language = /** @type {'ru'|'en'} */ ('ru');

/** @param {'ru'|'en'} wanted */
export function speak(wanted) {
  language = wanted;
}

/** @param {string} key @returns {string} */
export const t = (key) => /** @type {Record<string, string>} */ (dictionaries[language])[key] ?? key;
/** @param {string} key @param {string} other */
export const tOr = (key, other) => (key in dictionaries[language] ? t(key) : t(other));
export const samples = () => SAMPLES[language];

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
/** @param {string} name @param {Intl.DateTimeFormatOptions} shape */
function format(name, shape) {
  const key = `${language} ${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, shape));
  return /** @type {Intl.DateTimeFormat} */ (formats.get(key));
}

/** @param {string} at */
export const clock = (at) => format('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));

/** @param {string} at */
export function day(at) {
  const days = (/** @type {Date} */ date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60000) / 86400000);
  const ago = days(new Date()) - days(new Date(at));
  if (ago === 0) return t('today');
  if (ago === 1) return t('yesterday');
  return format('day', { day: 'numeric', month: 'long' }).format(new Date(at));
}
