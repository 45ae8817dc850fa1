/** What the channel of a conversation takes of files, told in words before a byte of one is sent. */

import {extension, sizeText} from 'mostik/core/files.js';
import {known, t} from 'mostik/core/i18n.js';
import {boot, store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/drafts.js').Mode} Mode */

/** @param {string} conversation @returns {any} the account that answers there */
function accountOf(conversation) {
  const row = store.state.rows.get(conversation);
  return store.state.channels.find((one) => one.name === row?.channel);
}

/** @param {any} account @returns {string} */
const nameOf = (account) => (known(`ui.channel.${account.kind}`) ? t(`ui.channel.${account.kind}`) : account.name);

/** @param {string} conversation @param {Mode} mode @returns {number} files of one message; a note stays in the house */
export const mostFiles = (conversation, mode) => (mode === 'note' ? boot.files.most : accountOf(conversation)?.files?.most ?? boot.files.most);

/**
 * @param {string} conversation @param {Mode} mode @param {{name: string, size: number}} file
 * @returns {string} why the channel does not take it, empty when it does
 */
export function misfit(conversation, mode, file) {
  const account = mode === 'reply' ? accountOf(conversation) : null;
  if (!account) return '';
  const channel = nameOf(account);
  const {files} = account;
  if (!files) return t('ui.file_problem.channel_none', {channel});
  const ending = extension(file.name).toLowerCase();
  if (files.refused.includes(ending)) return t('ui.file_problem.channel_type', {channel, ending});
  return file.size > files.size ? t('ui.file_problem.channel_size', {channel, limit: sizeText(files.size)}) : '';
}
