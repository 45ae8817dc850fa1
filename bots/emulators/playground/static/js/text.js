/** Words as Telegram shows them: entities become elements, never markup. */

import { html } from '../vendor/lit-html/lit-html.js';

const LINKS = /^https?:\/\//i;
/** @type {Record<string, (inner: unknown, address: string) => unknown>} */
const WRAPS = {
  bold: (inner) => html`<b>${inner}</b>`,
  italic: (inner) => html`<i>${inner}</i>`,
  underline: (inner) => html`<u>${inner}</u>`,
  strikethrough: (inner) => html`<s>${inner}</s>`,
  code: (inner) => html`<code>${inner}</code>`,
  pre: (inner) => html`<code class="block">${inner}</code>`,
  blockquote: (inner) => html`<q>${inner}</q>`,
  url: link,
  text_link: link,
};

/** @param {unknown} inner @param {string} address */
function link(inner, address) {
  const whole = LINKS.test(address) ? address : `https://${address}`;
  return html`<a href=${whole} target="_blank" rel="noopener noreferrer">${inner}</a>`;
}

/**
 * Offsets of entities count UTF-16 units, as strings here do.
 * @param {string} text
 * @param {{type: string, offset: number, length: number, url?: string}[]} [entities]
 * @returns {unknown}
 */
export function rich(text, entities = []) {
  const known = entities.filter((one) => WRAPS[one.type] && !/^(javascript|data):/i.test(one.url ?? ''));
  if (!known.length) return text;
  const cuts = new Set([0, text.length]);
  for (const one of known) cuts.add(one.offset).add(Math.min(text.length, one.offset + one.length));
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, n) => {
    const to = edges[n + 1];
    const over = known.filter((one) => one.offset <= from && one.offset + one.length >= to);
    return over.reduceRight(
      (inner, one) => WRAPS[one.type](inner, one.url ?? text.slice(one.offset, one.offset + one.length)),
      /** @type {unknown} */ (text.slice(from, to)),
    );
  });
}

/** Two letters for a round picture. @param {string} name */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words.length > 1 ? words[0][0] + words[words.length - 1][0] : name.slice(0, 2)).toUpperCase();
}

/** One of seven hues, the same for the same name. @param {string} name */
export function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return `hue-${sum % 7}`;
}
