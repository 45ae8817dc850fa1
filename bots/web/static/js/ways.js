/** The way on into another messenger: a one-time link, made when it is asked for. */

import {html, nothing} from '../vendor/lit-html/lit-html.js';
import * as api from './api.js';
import {icon} from './format.js';
import {notice} from './saying.js';
import {token} from './talk.js';
import {t} from './words.js';

/** @param {string} channel */
async function go(channel) {
  // Opened at once, for a window opened after the answer would be blocked.
  const page = window.open('about:blank', '_blank');
  try {
    const {url} = await api.goOn(token(), channel);
    if (page) {
      page.opener = null;
      page.location.href = url;
    } else location.assign(url);
  } catch (error) {
    page?.close();
    notice((error instanceof api.Refusal && error.message) || t('way_lost'));
  }
}

/** @param {{channel: string, kind: string, name: string}[]} ways */
export function waysView(ways) {
  if (!ways?.length) return nothing;
  return html`<p class="ways" data-testid="ways">
    <span>${t('go_on')}</span>
    ${ways.map(
      ({channel, kind, name}) => html`<button class="way" @click=${() => go(channel)}>
        <span class="way-mark way-${kind}" aria-hidden="true">${kind === 'telegram' ? icon('send') : kind.slice(0, 2).toUpperCase()}</span>${name}
      </button>`,
    )}
  </p>`;
}
