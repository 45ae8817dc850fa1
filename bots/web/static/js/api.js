/** The widget's requests; a refusal is a Refusal with words for the visitor, a lost line is Cut. */

import {lang} from './words.js';

const BASE = document.documentElement.dataset.base ?? '';

/** The server's no: `code` for programs, `message` in the visitor's language. */
export class Refusal extends Error {
  /** @param {number} status @param {{code?: string, detail?: string}} problem */
  constructor(status, problem) {
    super(problem.detail ?? '');
    this.status = status;
    this.code = problem.code ?? '';
  }
}

/** Nobody answered. */
export class Cut extends Error {}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** @param {string} token @returns {Record<string, string>} */
const headers = (token) => (token ? {Authorization: `Bearer ${token}`} : {});

/** @param {string} path below the widget @returns {string} it answers in the language of the frame */
const address = (path) => `${BASE}${path}${path.includes('?') ? '&' : '?'}lang=${lang()}`;

/**
 * @param {string} path below the widget @param {string} token @param {RequestInit} [options]
 * @returns {Promise<Response>} raises Refusal, Cut
 */
async function ask(path, token, options = {}) {
  const more = options.body ? {'Content-Type': 'application/json'} : {};
  const answer = await fetch(address(path), {...options, headers: {...headers(token), ...more}}).catch(() => null);
  if (!answer || answer.status >= 500) throw new Cut();
  if (!answer.ok) throw new Refusal(answer.status, parsed(await answer.text()));
  return answer;
}

/** @param {{token?: string, identify?: any}} body @returns {Promise<any>} token, conversation_id, visitor */
export const session = async (body) =>
  (await ask('/session', '', {method: 'POST', body: JSON.stringify(body)})).json();

/** @param {string} token @param {number|null} before seq @param {number} limit @returns {Promise<{items: any[], more: boolean, conversation_id: string|null}>} */
export async function history(token, before, limit) {
  const from = before === null ? '' : `&before=${before}`;
  return (await ask(`/history?limit=${limit}${from}`, token)).json();
}

/** @param {string} token @param {string} id @returns {Promise<Blob>} */
export const file = async (token, id) => (await ask(`/files/${encodeURIComponent(id)}`, token)).blob();

/** @param {string} token @param {string} id @returns {Promise<{id: string, title: string, text: string}>} */
export const article = async (token, id) => (await ask(`/articles/${encodeURIComponent(id)}`, token)).json();

/** @param {string} token @param {string} to channel @returns {Promise<{url: string}>} a one-time link */
export const goOn = async (token, to) =>
  (await ask('/continue', token, {method: 'POST', body: JSON.stringify({to})})).json();

/** @param {number} since @returns {string} */
export const socketAddress = (since) =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${address(`/socket?since=${since}`)}`;

/**
 * Upload a file; only XMLHttpRequest tells how far it is.
 * @param {string} token @param {File} chosen @param {(share: number) => void} went
 * @returns {{done: Promise<any>, stop: () => void}} id, name, mime, size, kind; raises Refusal, Cut
 */
export function upload(token, chosen, went) {
  const request = new XMLHttpRequest();
  const done = new Promise((settle, fail) => {
    request.open('POST', address('/files'));
    for (const [name, value] of Object.entries(headers(token))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => went(event.total ? event.loaded / event.total : 0);
    request.onerror = () => fail(new Cut());
    request.onabort = () => fail(new Cut());
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status < 300) settle(body);
      else fail(request.status < 500 ? new Refusal(request.status, body) : new Cut());
    };
    const form = new FormData();
    form.append('file', chosen, chosen.name);
    request.send(form);
  });
  return {done, stop: () => request.abort()};
}
