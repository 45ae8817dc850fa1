/** Lucide icons out of one sprite. */

import { html } from '../vendor/lit-html/lit-html.js';

const SPRITE = new URL('../vendor/lucide/icons.svg', import.meta.url).pathname;
export const MARK = new URL('../img/mark.svg', import.meta.url).pathname;

/** @param {string} name */
export const icon = (name) =>
  html`<svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><use href="${SPRITE}#${name}"></use></svg>`;
