/** A customer's phone: the private chat with the bot as Telegram shows it. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Column } from './column.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { hue, initials } from './text.js';
import { samples, t } from './words.js';

export class Phone extends Column {
  /** @param {import('./world.js').World} world @param {() => void} changed @param {number} slot 0 or 1 */
  constructor(world, changed, slot) {
    super(world, changed, 'phone');
    this.slot = slot;
    this.naming = false;
  }

  get root() {
    return /** @type {HTMLElement|null} */ (document.getElementById(`phone-${this.slot}`));
  }

  get user() {
    return this.world.users.get(this.world.phones[this.slot]);
  }

  get items() {
    return this.world.chats.get(this.world.phones[this.slot]) ?? [];
  }

  actor() {
    const bot = this.world.options.bot;
    return { verb: 'user', who: { user: this.user?.id, ...(bot ? { bot } : {}) } };
  }

  /** @param {boolean} shown */
  view(shown) {
    const user = this.user;
    const items = this.items;
    const chat = html`${items.length
      ? this.log.view(`${user?.id}`, items, { label: t('chat_with'), testid: 'phone-thread', look: this.look(user?.id ?? 0) })
      : this.#empty()}`;
    return html`
      <section class="column phone" id="phone-${this.slot}" data-testid="phone" data-user=${user?.id ?? ''} ?data-shown=${shown}
        aria-label="${t('phone')} ${this.slot + 1}: ${user?.name ?? ''}">
        ${this.naming ? this.#newName() : this.#owner()}
        <div class="device">
          <header class="chat-head">
            <span class="avatar brand" aria-hidden="true">${icon('bot')}</span>
            <div><h2>${this.world.bot.name}</h2><small>${t('bot')}</small></div>
            ${menu(t('more'), this.#choices())}
          </header>
          <div class="chat">${chat}${this.toast()}</div>
          ${user?.blocked ? this.#blocked() : this.#bottom(items)}
        </div>
      </section>`;
  }

  #owner() {
    const users = [...this.world.users.values()];
    const other = this.world.phones[1 - this.slot];
    const name = this.user?.name ?? '';
    return html`<div class="owner"><span class="avatar small ${hue(name)}" aria-hidden="true">${initials(name || '?')}</span>
      <select aria-label=${t('whose_phone')} @change=${this.#switched}>
        ${users.map((one) => html`<option value=${one.id} ?disabled=${one.id === other} .selected=${one.id === this.user?.id}>${one.name}</option>`)}
        <option value="new">＋ ${t('new_customer')}</option>
      </select><small>${t('phone_lead')}</small></div>`;
  }

  #switched = async (/** @type {any} */ event) => {
    const { value } = event.target;
    if (value === 'new') {
      this.naming = true;
      this.changed();
      this.root?.querySelector('input')?.focus();
    } else {
      this.turnTo(`${this.user?.id}`, value);
      await this.world.putInPhone(this.slot, Number(value));
    }
  };

  #newName() {
    return html`<form class="owner" @submit=${this.#named}
        @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && this.#stopNaming()}>
      <input required maxlength="60" aria-label=${t('new_name')} placeholder=${t('new_name')}>
      <button class="button small">${t('add')}</button>
      <button type="button" class="ghost" aria-label=${t('cancel')} @click=${this.#stopNaming}>${icon('x')}</button>
    </form>`;
  }

  #named = async (/** @type {any} */ event) => {
    event.preventDefault();
    const name = event.target.querySelector('input').value.trim();
    if (name) {
      this.turnTo(`${this.user?.id}`, '');
      await this.world.newCustomer(this.slot, name);
    }
    this.#stopNaming();
  };

  #stopNaming = () => {
    this.naming = false;
    this.changed();
  };

  #choices() {
    const { who } = this.actor();
    const contact = { glyph: 'user-round', words: t('send_contact'), run: () => this.say('', { contact: { own: true } }) };
    const blocked = this.user?.blocked;
    const block = {
      glyph: 'ban',
      words: t(blocked ? 'unblock' : 'block'),
      bad: !blocked,
      run: () => this.attempt(blocked ? 'user/unblock' : 'user/block', who),
    };
    return blocked ? [block] : [contact, block];
  }

  #empty() {
    return html`<div class="empty">
      <span class="avatar brand big" aria-hidden="true">${icon('bot')}</span>
      <b>${t('empty_chat')}</b><p>${t('empty_chat_hint')}</p>
      <div class="chips column-chips">${this.#questions()}</div>
    </div>`;
  }

  #questions() {
    const given = this.world.options.questions;
    return (given.length ? given : samples()).map(
      (/** @type {string} */ words) => html`<button type="button" class="chip" @click=${() => this.say(words)}>${words}</button>`,
    );
  }

  #blocked() {
    return html`<div class="shut"><span>${icon('ban')} ${t('blocked')}</span>
      <button class="button" @click=${() => this.attempt('user/unblock', this.actor().who)}>${t('unblock')}</button></div>`;
  }

  /** @param {import('./world.js').Item[]} items */
  #bottom(items) {
    const chips = html`<div class="chips" role="group" aria-label=${t('questions')} @wheel=${sideways}>${this.#questions()}</div>`;
    const keys = items.findLast((item) => item.from.is_bot && !item.deleted && ['reply', 'remove'].includes(item.keyboard ?? ''));
    return html`
      ${items.length
        ? nothing
        : html`<button class="start" @click=${() => this.say('/start')}>${t('start')}</button>`}
      ${this.composer({ label: t('message'), before: items.length ? chips : nothing })}
      ${keys?.keyboard === 'reply'
        ? html`<div class="reply-keys">${keys.buttons.map((row) => html`<div class="keyboard-row">${row.map((button) => html`
            <button class="key" data-testid="phone-button" @click=${() => this.press(keys, button)}>${button.text}</button>`)}</div>`)}</div>`
        : nothing}`;
  }
}

/** A wheel turns up and down; the questions stand side by side. @param {WheelEvent} event */
function sideways(event) {
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.deltaX || row.scrollWidth <= row.clientWidth) return;
  event.preventDefault();
  row.scrollLeft += event.deltaY;
}
