/** What can be sent beside words: a file of one's own, or a sample made up by the emulator. */

import { icon } from './icons.js';
import { menu } from './menu.js';
import { t } from './words.js';

/** Kind, glyph, and what the file chooser offers. @type {['photo'|'document'|'voice', string, string][]} */
const KINDS = [
  ['photo', 'image', 'image/png,image/jpeg,image/webp'],
  ['document', 'file-text', ''],
  ['voice', 'mic', 'audio/*'],
];
/** Bytes the emulator takes from a person. */
const LARGEST = 50 * 1024 * 1024;

/** @param {import('./column.js').Column} column */
export function attachments(column) {
  const own = KINDS.map(([kind, glyph, accept]) => ({ glyph, words: t(`pick_${kind}`), run: () => pick(column, kind, accept) }));
  const samples = KINDS.map(([kind]) => ({
    glyph: 'sparkles',
    words: t(`sample_${kind}`),
    run: () => column.attach(kind, kind === 'document' ? `${t('sample_name')}.pdf` : `${Date.now()}`),
  }));
  return menu(t('attach'), [...own, ...samples], { glyph: icon('paperclip'), up: true, testid: `${column.side}-attach` });
}

/** @param {import('./column.js').Column} column @param {string} kind @param {string} accept */
function pick(column, kind, accept) {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.addEventListener('change', async () => {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > LARGEST) column.tell(t('too_large'), true);
    else await column.attach(kind, { name: file.name, mime: file.type || 'application/octet-stream', base64: await base64(file) });
  });
  input.click();
}

/** @param {File} file @returns {Promise<string>} */
function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => done(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => failed(reader.error));
    reader.readAsDataURL(file);
  });
}
