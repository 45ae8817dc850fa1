/** A message's file as people see it: pictures and players where the browser can, else a name to save it by. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { t, tOr } from './words.js';

/** @typedef {import('./messenger.js').Item} Item */

const GLYPHS = /** @type {Record<string, string>} */ ({
  photo: 'image', voice: 'mic', audio: 'mic', video: 'film', video_note: 'film', animation: 'film', sticker: 'sticker',
  contact: 'user-round', location: 'map-pin', venue: 'map-pin',
});

/** @param {Item} item @param {import('./ctl.js').Control} api */
export function media(item, api) {
  const { file } = item;
  const mime = file?.mime ?? '';
  if (!file?.id || !mime) return named(item);
  const src = api.file(file.id);
  if (['photo', 'sticker'].includes(item.kind) && mime.startsWith('image/')) return picture(item, src);
  if (mime.startsWith('audio/')) {
    return html`<figure class="media" data-testid="media"><figcaption>${icon('mic')} ${tOr(`kind_${item.kind}`, 'kind_other')}</figcaption>
      <audio controls preload="none" src=${src}></audio></figure>`;
  }
  if (mime.startsWith('video/')) {
    return html`<figure class="media" data-testid="media"><video controls preload="none" src=${src}></video></figure>`;
  }
  return html`<a class="attachment" data-testid="media" href=${src} download=${file.name ?? ''} title=${t('save')}>${body(item)}</a>`;
}

/** @param {Item} item @param {string} src */
function picture(item, src) {
  const { width, height } = item.file ?? {};
  return html`<a class="media ${item.kind}" data-testid="media" href=${src} target="_blank" rel="noopener noreferrer"><img
    src=${src} alt=${tOr(`kind_${item.kind}`, 'kind_other')} width=${width ?? nothing} height=${height ?? nothing}></a>`;
}

/** @param {Item} item */
const named = (item) => html`<div class="attachment">${body(item)}</div>`;

/** @param {Item} item */
function body(item) {
  const name = item.file?.name ?? item.contact?.phone_number ?? '';
  const size = item.file?.size ? `${Math.max(1, Math.round(item.file.size / 1024))} KB` : '';
  return html`<span class="glyph">${icon(GLYPHS[item.kind] ?? 'file')}</span><span><b>${tOr(`kind_${item.kind}`, 'kind_other')}</b>
    <small>${[name, size].filter(Boolean).join(' · ')}</small></span>`;
}
