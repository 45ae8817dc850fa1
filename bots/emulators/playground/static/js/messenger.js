/**
 * What the page knows of one emulated messenger, kept fresh by one long poll: whatever changed is read again whole,
 * so a lost answer costs a moment and never a message.
 */

import { Refused } from './ctl.js';

const POLL_SECONDS = 15;
const PAUSES = [300, 600, 1200, 2500, 5000];

/**
 * @typedef {{id: string, kind?: string, name?: string, mime?: string, size?: number, width?: number, height?: number}} File
 * @typedef {{text: string, data: string|null, url?: string, color?: string}} Button
 * @typedef {{message_id: number, from: {id: number, name: string, is_bot: boolean}, text: string, kind: string,
 *   buttons: Button[][], keyboard: string|null, reply_to: number|null,
 *   edited: boolean, deleted: boolean, reactions: string[], topic: number|null, at: string, read?: boolean,
 *   admin?: number|null, entities?: any[], file?: File, files?: File[], forwarded?: {from: number, text: string}[], contact?: any}} Item
 * @typedef {{id: number, name: string, username: string|null, blocked: boolean}} User
 */

export class Messenger {
  /**
   * @param {'telegram'|'vk'} kind @param {import('./ctl.js').Control} api
   * @param {any[]} customers @param {string} shop @param {() => void} changed
   */
  constructor(kind, api, customers, shop, changed) {
    this.kind = kind;
    this.api = api;
    this.customers = customers;
    this.changed = changed;
    /** @type {Map<number, User>} */
    this.users = new Map();
    /** @type {number[]} ids of the customers in the two phones */
    this.phones = [];
    /** @type {Map<number, Item[]>} */
    this.chats = new Map();
    this.bot = { id: 0, name: shop };
    this.online = true;
    this.ready = false;
    this.seq = 0;
    this.kept = kind === 'telegram' ? 'playground.phones' : `playground.phones.${kind}`;
  }

  /** What every request about a dialog names besides. @returns {Record<string, number>} */
  get account() {
    return {};
  }

  /** Whoever has an account and is no customer. @returns {Set<number>} */
  get others() {
    return new Set();
  }

  /** Read who answers the customers, and what a messenger has besides dialogs. */
  async readRest() {}

  /** Read again what changed besides dialogs. @param {number[]} chats */
  async refreshRest(chats) {}

  /** Follow the emulator for ever. */
  async run() {
    let failures = 0;
    for (;;) {
      try {
        if (!this.ready || !this.online) await this.#everything();
        failures = 0;
        const { seq, chats } = await this.api.get('changes', { since: this.seq, timeout: POLL_SECONDS });
        this.seq = seq;
        if (chats.length) await this.#refresh(chats);
      } catch (fault) {
        if (!(fault instanceof TypeError || fault instanceof Refused)) throw fault;
        this.online = false;
        this.changed();
        await new Promise((go) => setTimeout(go, PAUSES[Math.min(failures++, PAUSES.length - 1)]));
      }
    }
  }

  async #everything() {
    this.seq = (await this.api.get('changes', { since: 0, timeout: 0 })).seq;
    await this.#people();
    await Promise.all([...this.phones.map((id) => this.#chat(id)), this.readRest()]);
    this.online = true;
    this.ready = true;
    this.changed();
  }

  /** @param {number[]} chats */
  async #refresh(chats) {
    await this.#people();
    const known = this.phones.filter((id) => chats.includes(id) || !this.chats.has(id));
    await Promise.all([...known.map((id) => this.#chat(id)), this.refreshRest(chats)]);
    this.changed();
  }

  /** Read the accounts, and open those of the demo's customers that are not there. */
  async #people() {
    const locks = navigator.locks;
    await (locks ? locks.request(`playground.people.${this.kind}`, () => this.#readPeople()) : this.#readPeople());
    const kept = this.phones.length ? this.phones : JSON.parse(localStorage.getItem(this.kept) ?? '[]');
    const wanted = kept.filter((/** @type {number} */ id) => this.users.has(id));
    for (const customer of this.customers) {
      const user = this.#find(customer);
      if (user && wanted.length < 2 && !wanted.includes(user.id)) wanted.push(user.id);
    }
    for (const id of this.chats.keys()) if (!this.users.has(id)) this.chats.delete(id);
    this.phones = wanted.slice(0, 2);
  }

  async #readPeople() {
    await this.#readUsers();
    const absent = this.customers.filter((/** @type {any} */ one) => !this.#find(one));
    for (const { name, username, lang, id } of absent) {
      const details = Object.fromEntries(Object.entries({ name, username, lang, id }).filter(([, value]) => value));
      await this.api.post('user', details).catch((fault) => {
        if (fault.status !== 409) throw fault;
      });
    }
    if (absent.length) await this.#readUsers();
  }

  async #readUsers() {
    const { others } = this;
    const { items } = await this.api.get('users');
    this.users = new Map(items.filter((/** @type {User} */ u) => !others.has(u.id)).map((/** @type {User} */ u) => [u.id, u]));
  }

  /** @param {any} customer */
  #find(customer) {
    if (customer.id && this.users.has(customer.id)) return this.users.get(customer.id);
    const users = [...this.users.values()];
    return users.find((user) => customer.username && user.username === customer.username)
      ?? users.find((user) => user.name === customer.name);
  }

  /** @param {number} id */
  async #chat(id) {
    this.chats.set(id, (await this.api.get(`chat/${id}/messages`, this.account)).items);
  }

  /** @param {number} slot @param {number} id */
  async putInPhone(slot, id) {
    this.phones[slot] = id;
    localStorage.setItem(this.kept, JSON.stringify(this.phones));
    this.changed();
    await this.soon(() => this.#chat(id));
  }

  /** Open an account and put it in a phone. @param {number} slot @param {string} name */
  async newCustomer(slot, name) {
    await this.soon(async () => {
      const { user } = await this.api.post('user', { name });
      await this.#readUsers();
      await this.putInPhone(slot, user.id);
    });
  }

  /** Read something at once; when that fails, the loop reads everything again. @param {() => Promise<void>} read */
  async soon(read) {
    try {
      await read();
    } catch (fault) {
      if (!(fault instanceof TypeError || fault instanceof Refused)) throw fault;
      this.online = false;
    }
    this.changed();
  }
}

/** VK: a community and its dialogs. */
export class Vk extends Messenger {
  async readRest() {
    const groups = (await this.api.get('groups')).items;
    if (groups[0]) this.bot = groups[0];
  }
}
