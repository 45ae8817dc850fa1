/** The emulator's control API, reached through the playground's relay. */

/** What was refused: the status and the reason in words. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param {string} method
 * @param {string} path below /ctl
 * @param {{query?: Record<string, string|number>, body?: object}} [given]
 * @returns {Promise<any>}
 */
async function call(method, path, { query, body } = {}) {
  const search = query ? `?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}` : '';
  const answer = await fetch(`/playground/ctl/${path}${search}`, {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : undefined,
    cache: 'no-store',
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, found.detail ?? answer.statusText);
  return found;
}

/** @param {string} path @param {Record<string, string|number>} [query] */
export const get = (path, query) => call('GET', path, { query });
/** @param {string} path @param {object} body */
export const post = (path, body) => call('POST', path, { body });
/** @param {string} path */
export const remove = (path) => call('DELETE', path);
