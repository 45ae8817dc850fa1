/** Time zones a shop's customers mostly live in, as people name them, from west to east. */

import {lang, t} from 'mostik/core/i18n.js';

const NEAR = [
  ...['London', 'Berlin', 'Kaliningrad', 'Chisinau', 'Kiev', 'Minsk', 'Moscow', 'Istanbul', 'Samara'].map((city) => `Europe/${city}`),
  ...['Tbilisi', 'Yerevan', 'Baku', 'Dubai', 'Yekaterinburg', 'Tashkent', 'Dushanbe', 'Almaty', 'Bishkek', 'Omsk', 'Novosibirsk'].map((city) => `Asia/${city}`),
  ...['Krasnoyarsk', 'Bangkok', 'Irkutsk', 'Shanghai', 'Yakutsk', 'Vladivostok', 'Magadan', 'Kamchatka'].map((city) => `Asia/${city}`),
  'America/New_York',
  'America/Los_Angeles',
];

/** @param {string} timeZone @param {'shortGeneric'|'shortOffset'} timeZoneName @param {string} language */
function named(timeZone, timeZoneName, language) {
  const parts = new Intl.DateTimeFormat(language, {timeZone, timeZoneName}).formatToParts(new Date());
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
}

/** @type {[string, string][]} */
let known = [];

/** @returns {[string, string][]} IANA name and words */
export function zonesTemplate() {
  if (!known.length) {
    known = NEAR.map((zone) => [zone, `${named(zone, 'shortGeneric', lang())} · ${named(zone, 'shortOffset', 'en').replace('GMT', 'UTC')}`]);
  }
  return [['', t('ui.profile.zone_unknown')], ...known];
}
