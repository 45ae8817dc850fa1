/**
 * What the page knows of the emulated Telegram, kept fresh by one long poll: whatever changed is read again whole,
 * so a lost answer costs a moment and never a message.
 */

import { Refused, get, post } from './ctl.js';

const POLL_SECONDS = 15;
const PAUSES = [300, 600, 1200, 2500, 5000];
const PHONES = 'playground.phones';

/**
 * @typedef {{message_id: number, from: {id: number, name: string, is_bot: boolean}, text: string, kind: string,
 *   buttons: {text: string, data: string|null, url?: string}[][], keyboard: string|null, reply_to: number|null,
 *   edited: boolean, deleted: boolean, reactions: string[], topic: number|null, at: string,
 *   entities?: any[], file?: {id: string, name?: string, mime?: string, size?: number, width?: number, height?: number}, contact?: any}} Item
 * @typedef {{id: number, name: string, username: string|null, blocked: boolean}} User
 * @typedef {{topic: number, name: string, icon: string|null, closed: boolean}} Topic
 */

export class World {
  /** @param {any} options @param {() => void} changed */
  constructor(options, changed) {
    this.options = options;
    this.changed = changed;
    /** @type {Map<number, User>} */
    this.users = new Map();
    /** @type {number[]} ids of the customers in the two phones */
    this.phones = [];
    /** @type {Map<number, Item[]>} */
    this.chats = new Map();
    /** @type {Topic[]} */
    this.topics = [];
    /** @type {Map<number, Map<number, Item>>} topic -> messages by id; 1 is General */
    this.threads = new Map();
    this.bot = { id: 0, name: options.shop };
    this.groupTitle = '';
    this.openTopic = 0;
    this.online = true;
    this.groupMissing = false;
    this.ready = false;
    this.seq = 0;
    this.lastPost = 0;
  }

  /** Follow the emulator for ever. */
  async run() {
    let failures = 0;
    for (;;) {
      try {
        if (!this.ready || !this.online) await this.#everything();
        failures = 0;
        const { seq, chats } = await get('changes', { since: this.seq, timeout: POLL_SECONDS });
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
    this.seq = (await get('changes', { since: 0, timeout: 0 })).seq;
    const bots = (await get('bots')).items;
    this.bot = bots.find((/** @type {any} */ one) => one.id === this.options.bot) ?? bots[0] ?? this.bot;
    const groups = (await get('groups')).items;
    this.groupTitle = groups.find((/** @type {any} */ one) => one.id === this.options.group)?.title ?? '';
    await this.#people();
    this.threads.clear();
    this.lastPost = 0;
    await Promise.all([...this.phones.map((id) => this.#chat(id)), this.#group()]);
    this.online = true;
    this.ready = true;
    this.changed();
  }

  /** @param {number[]} chats */
  async #refresh(chats) {
    await this.#people();
    const known = this.phones.filter((id) => chats.includes(id) || !this.chats.has(id));
    const group = chats.some((id) => id < 0) ? [this.#group()] : [];
    await Promise.all([...known.map((id) => this.#chat(id)), ...group]);
    this.changed();
  }

  /** Read the accounts, and open those of the demo's customers that are not there. */
  async #people() {
    const locks = navigator.locks;
    await (locks ? locks.request('playground.people', () => this.#readPeople()) : this.#readPeople());
    const kept = this.phones.length ? this.phones : JSON.parse(localStorage.getItem(PHONES) ?? '[]');
    const wanted = kept.filter((/** @type {number} */ id) => this.users.has(id));
    for (const customer of this.options.customers) {
      const user = this.#find(customer);
      if (user && wanted.length < 2 && !wanted.includes(user.id)) wanted.push(user.id);
    }
    for (const id of this.chats.keys()) if (!this.users.has(id)) this.chats.delete(id);
    this.phones = wanted.slice(0, 2);
  }

  async #readPeople() {
    await this.#readUsers();
    const absent = this.options.customers.filter((/** @type {any} */ one) => !this.#find(one));
    for (const { name, username, lang, id } of absent) {
      const details = Object.fromEntries(Object.entries({ name, username, lang, id }).filter(([, value]) => value));
      await post('user', details).catch((fault) => {
        if (fault.status !== 409) throw fault;
      });
    }
    if (absent.length) await this.#readUsers();
  }

  async #readUsers() {
    const staff = new Set(this.options.operators.map((/** @type {any} */ one) => one.id));
    const { items } = await get('users');
    this.users = new Map(items.filter((/** @type {User} */ u) => !staff.has(u.id)).map((/** @type {User} */ u) => [u.id, u]));
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
    const query = this.options.bot ? { bot: this.options.bot } : {};
    this.chats.set(id, (await get(`chat/${id}/messages`, query)).items);
  }

  async #group() {
    const group = this.options.group;
    const path = `chat/${group}/messages`;
    try {
      this.topics = (await get('topics', { group })).items;
      const fresh = (await get(path, { since: this.lastPost })).items;
      this.#keep(fresh);
      if (this.openTopic) this.#keep((await get(path, { topic: this.openTopic })).items, this.openTopic);
      this.groupMissing = false;
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.status === 502) throw fault;
      this.groupMissing = true;
    }
    const there = new Set([1, ...this.topics.map((topic) => topic.topic)]);
    for (const topic of this.threads.keys()) if (!there.has(topic)) this.threads.delete(topic);
    if (!there.has(this.openTopic)) this.openTopic = 0;
  }

  /** @param {Item[]} items @param {number} [whole] the topic these are all messages of */
  #keep(items, whole) {
    if (whole) this.threads.set(whole, new Map());
    for (const item of items) {
      const topic = item.topic ?? 1;
      if (!this.threads.has(topic)) this.threads.set(topic, new Map());
      this.threads.get(topic)?.set(item.message_id, item);
      this.lastPost = Math.max(this.lastPost, item.message_id);
    }
  }

  /** @param {number} topic 0 shows the list again on a narrow screen */
  async open(topic) {
    this.openTopic = topic;
    this.changed();
    if (topic) await this.#soon(() => this.#group());
  }

  /** @param {number} slot @param {number} id */
  async putInPhone(slot, id) {
    this.phones[slot] = id;
    localStorage.setItem(PHONES, JSON.stringify(this.phones));
    this.changed();
    await this.#soon(() => this.#chat(id));
  }

  /** Read something at once; when that fails, the loop reads everything again. @param {() => Promise<void>} read */
  async #soon(read) {
    try {
      await read();
    } catch (fault) {
      if (!(fault instanceof TypeError || fault instanceof Refused)) throw fault;
      this.online = false;
    }
    this.changed();
  }

  /** Open an account and put it in a phone. @param {number} slot @param {string} name */
  async newCustomer(slot, name) {
    await this.#soon(async () => {
      const { user } = await post('user', { name });
      await this.#readUsers();
      await this.putInPhone(slot, user.id);
    });
  }

  /** @param {number} topic @returns {Item[]} */
  thread(topic) {
    return [...(this.threads.get(topic)?.values() ?? [])].sort((a, b) => a.message_id - b.message_id);
  }
}
