/** The emulators' control APIs, reached through the playground's relay. */

/** What was refused: the status and the reason in words. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** One emulator's control API. */
export class Control {
  /** @param {string} base where it is */
  constructor(base) {
    this.base = base;
  }

  /** The address of a file's bytes. @param {string} id */
  file(id) {
    return `${this.base}file/${id}`;
  }

  /** @param {string} path @param {Record<string, string|number>} [query] */
  get(path, query) {
    return this.#call('GET', path, { query });
  }

  /** @param {string} path @param {object} body */
  post(path, body) {
    return this.#call('POST', path, { body });
  }

  /** @param {string} path */
  remove(path) {
    return this.#call('DELETE', path);
  }

  /**
   * @param {string} method
   * @param {string} path below /ctl
   * @param {{query?: Record<string, string|number>, body?: object}} [given]
   * @returns {Promise<any>}
   */
  async #call(method, path, { query, body } = {}) {
    const search = query ? `?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}` : '';
    const answer = await fetch(`${this.base}${path}${search}`, {
      method,
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : undefined,
      cache: 'no-store',
    });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, found.detail ?? answer.statusText);
    return found;
  }
}

export const telegram = new Control('/playground/ctl/');
export const vk = new Control('/playground/vk/ctl/');
