/** A field of tags: each a chip that can be taken away, and a line that goes on with tags the shop uses already. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';

const OFFERED = 6;
const LONGEST = 40;

/** @type {string[]} */
let known = [];
let typed = '';
let at = -1;

/** What is offered is asked for anew with each form. */
export function askTags() {
  typed = '';
  at = -1;
  api.get('/customers/tags').then(
    (found) => {
      known = found.items;
      store.dispatch({type: 'card'});
    },
    () => {},
  );
}

/** @param {string[]} tags @returns {string[]} known ones that go on from what is typed and are not there yet */
function offered(tags) {
  const begun = typed.trim().toLowerCase();
  if (!begun) return [];
  const there = new Set(tags.map((tag) => tag.toLowerCase()));
  const fitting = known.filter((tag) => tag.toLowerCase().includes(begun) && !there.has(tag.toLowerCase()));
  return fitting.sort((a, b) => Number(!a.toLowerCase().startsWith(begun)) - Number(!b.toLowerCase().startsWith(begun))).slice(0, OFFERED);
}

/** @param {string[]} tags @param {string} tag @returns {string[]} with it, once whatever its case */
export function withTag(tags, tag) {
  const clean = tag.replace(/[;,]/g, ' ').trim().replace(/\s+/g, ' ');
  const same = tags.some((one) => one.toLowerCase() === clean.toLowerCase());
  return clean && !same ? [...tags, clean] : tags;
}

/** What is typed and not yet a tag becomes one, so that saving loses nothing. @param {string[]} tags */
export function finished(tags) {
  const all = withTag(tags, typed);
  typed = '';
  return all;
}

/**
 * @param {string} id of the field
 * @param {string[]} tags
 * @param {(tags: string[]) => void} change
 * @param {string} described ids of what tells of the field
 */
export function tagsTemplate(id, tags, change, described) {
  const words = offered(tags);
  const list = `${id}-offered`;

  /** @param {string[]} next */
  function set(next) {
    typed = '';
    at = -1;
    change(next);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && words.length) {
      at = (at + step + words.length + (at < 0 && step < 0 ? 1 : 0)) % words.length;
    } else if ((event.key === 'Enter' || event.key === ',') && (at >= 0 || typed.trim())) {
      set(withTag(tags, words[at] ?? typed));
    } else if (event.key === 'Backspace' && !typed && tags.length) {
      set(tags.slice(0, -1));
    } else if (event.key === 'Escape' && words.length) {
      typed = '';
      event.stopPropagation();
    } else return;
    event.preventDefault();
    store.dispatch({type: 'card'});
  }

  /** @param {number} index */
  function take(index) {
    set(tags.filter((_, place) => place !== index));
    drawing.now();
    document.getElementById(id)?.focus();
  }

  return html`<div class="tag-field field" @click=${(/** @type {Event} */ event) => event.target === event.currentTarget && document.getElementById(id)?.focus()}>
    ${tags.map(
      (tag, index) => html`<span class="tag"><bdi>${tag}</bdi><button type="button" aria-label=${t('ui.profile.tag_remove', {tag})} @click=${() => take(index)}>${icon('x')}</button></span>`,
    )}
    <input
      id=${id}
      role="combobox"
      autocomplete="off"
      maxlength=${LONGEST}
      aria-expanded=${words.length ? 'true' : 'false'}
      aria-controls=${list}
      aria-autocomplete="list"
      aria-activedescendant=${at >= 0 && words[at] ? `${list}-${at}` : nothing}
      aria-describedby=${described}
      placeholder=${tags.length ? '' : t('ui.profile.tag_add')}
      .value=${typed}
      @input=${(/** @type {Event} */ event) => {
        typed = /** @type {HTMLInputElement} */ (event.target).value;
        at = -1;
        store.dispatch({type: 'card'});
      }}
      @keydown=${onKey}
    />
    <ul class="tag-offered" id=${list} role="listbox" aria-label=${t('ui.compare.tags')} ?hidden=${!words.length}>
      ${words.map(
        (tag, index) => html`<li id="${list}-${index}" role="option" aria-selected=${index === at ? 'true' : 'false'} @mousedown=${(/** @type {Event} */ event) => (event.preventDefault(), set(withTag(tags, tag)))}><bdi>${tag}</bdi></li>`,
      )}
    </ul>
  </div>`;
}
