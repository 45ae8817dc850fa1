/** The mail of this demo: letters that the shop sends, whoever they are for, in a list that opens in the head. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { clock, t } from './words.js';

const LOOK_EVERY = 1500;
const SHOWN = 10;

export class Mail {
  /** @param {() => void} changed @param {string} address where letters are told, empty for no mail */
  constructor(changed, address) {
    this.changed = changed;
    this.address = address;
    this.timer = 0;
    /** @type {any[]} */
    this.letters = [];
  }

  /** @param {Event} event */
  #toggled = (event) => {
    clearInterval(this.timer);
    if (!/** @type {HTMLDetailsElement} */ (event.currentTarget).open) return;
    this.timer = window.setInterval(this.#look, LOOK_EVERY);
    this.#look();
  };

  #look = async () => {
    try {
      const { items } = await (await fetch(this.address, { cache: 'no-store' })).json();
      if (items[0]?.id === this.letters[0]?.id) return;
      this.letters = items.slice(0, SHOWN);
      this.changed();
    } catch {
      // The server is away: the list stays as it was.
    }
  };

  view() {
    if (!this.address) return nothing;
    return html`
      <details class="menu" data-testid="mail" @toggle=${this.#toggled}>
        <summary class="ghost" aria-label=${t('mail')} title=${t('mail')}>${icon('mail-question-mark')}</summary>
        <div class="menu-list logins letters" tabindex="-1"><p>${t(this.letters.length ? 'mail_lead' : 'mail_none')}</p>
          ${this.letters.map((one) => html`
            <article class="letter" data-testid="letter"><b>${one.subject}</b><small>${one.to} · ${clock(one.at)}</small><p>${one.text.trim()}</p></article>`)}
        </div>
      </details>`;
  }
}
