/** The REST calls of the page: cookie session, CSRF header, problems as errors. */

/** A refusal of the server (RFC 9457); `code` is for machines, `status` 0 means the network did not carry it. */
export class Problem extends Error {
  /** @param {number} status @param {Record<string, any>} body @param {number} [retryAfter] seconds */
  constructor(status, body, retryAfter = 0) {
    super(body.detail ?? body.title ?? String(status));
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'offline' : 'error');
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<any>}
 */
async function read(answer) {
  const json = (answer.headers.get('content-type') ?? '').includes('json');
  const body = json ? await answer.json() : {};
  if (answer.ok) return body;
  throw new Problem(answer.status, body, Number(answer.headers.get('retry-after')) || 0);
}

/** @param {XMLHttpRequest} request @returns {any} the body, or the refusal it is */
function answered(request) {
  const json = (request.getResponseHeader('content-type') ?? '').includes('json');
  const body = json ? JSON.parse(request.responseText) : {};
  if (request.status >= 200 && request.status < 300) return body;
  return new Problem(request.status, body, Number(request.getResponseHeader('retry-after')) || 0);
}

/**
 * @typedef {object} Api
 * @property {(path: string, query?: Record<string, unknown>, signal?: AbortSignal) => Promise<any>} get
 * @property {(path: string, body?: object, key?: string) => Promise<any>} post `key`: Idempotency-Key
 * @property {(path: string, body: object) => Promise<any>} patch
 * @property {(path: string, body: object) => Promise<any>} put
 * @property {(path: string) => Promise<any>} remove
 * @property {(file: Blob, name: string, key: string, told: (share: number) => void, stop: AbortSignal) => Promise<any>} upload
 *   a file; `told` hears how far it is, 0..1
 * @property {(method: string, path: string, body: object, version?: number|null) => Promise<any>} send `version`: If-Match
 * @property {(token: string) => void} setCsrf
 */

/**
 * @param {string} csrf
 * @param {() => void} onExpired called when the session has ended
 * @returns {Api}
 */
export function createApi(csrf, onExpired) {
  let token = csrf;

  /** @param {string} path @param {RequestInit} options */
  async function call(path, options) {
    let answer;
    try {
      answer = await fetch(`/api/v1${path}`, {credentials: 'same-origin', ...options});
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Problem(0, {detail: String(error)});
    }
    if (answer.status === 401) onExpired();
    return read(answer);
  }

  /** @param {string} method @param {object} body @param {Record<string, string>|''} [more] headers */
  function sending(method, body, more = '') {
    return {method, headers: {'content-type': 'application/json', 'x-csrf-token': token, ...more}, body: JSON.stringify(body)};
  }

  /**
   * Only XMLHttpRequest tells how far an upload is.
   * @type {Api['upload']}
   */
  function upload(file, name, key, told, stop) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', '/api/v1/files');
      request.setRequestHeader('x-csrf-token', token);
      request.setRequestHeader('idempotency-key', key);
      request.upload.onprogress = ({loaded, total}) => told(total ? loaded / total : 0);
      request.onload = () => {
        if (request.status === 401) onExpired();
        const found = answered(request);
        if (found instanceof Problem) reject(found);
        else resolve(found);
      };
      request.onerror = () => reject(new Problem(0, {}));
      request.onabort = () => reject(new DOMException('', 'AbortError'));
      stop.addEventListener('abort', () => request.abort());
      const form = new FormData();
      form.append('file', file, name);
      request.send(form);
    });
  }

  return {
    upload,
    get(path, query = {}, signal) {
      const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
      const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]));
      return call(pairs.length ? `${path}?${search}` : path, {signal});
    },
    post: (path, body = {}, key) => call(path, sending('POST', body, key && {'idempotency-key': key})),
    patch: (path, body) => call(path, sending('PATCH', body)),
    put: (path, body) => call(path, sending('PUT', body)),
    send: (method, path, body, version) => call(path, sending(method, body, version ? {'if-match': String(version)} : '')),
    remove: (path) => call(path, sending('DELETE', {})),
    setCsrf(next) {
      token = next;
    },
  };
}
