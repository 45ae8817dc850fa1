/** What a channel is called outside the inbox. */

import {known, t} from 'mostik/core/i18n.js';

/**
 * @param {{channels: {name: string, kind: string}[]}} room @param {string} name of a channel
 * @returns {string} the messenger; of several of its accounts the name too
 */
export function channelText({channels}, name) {
  const kind = channels.find((one) => one.name === name)?.kind ?? name;
  const word = known(`ui.channel.${kind}`) ? t(`ui.channel.${kind}`) : name;
  return channels.filter((one) => one.kind === kind).length > 1 ? `${word} · ${name}` : word;
}
