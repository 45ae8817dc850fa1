/** The left pane: what can be done with the whole base, the search, the sections, the articles. */

import {html, nothing} from 'lit-html';
import {cap, icon} from 'mostik/core/dom.js';
import {menu} from 'mostik/core/menu.js';
import {listTemplate, search} from 'mostik/kb/articles.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

const FORMATS = ['jsonl', 'csv', 'markdown'];

/** @param {string} format */
function download(format) {
  const link = document.createElement('a');
  link.href = `/api/v1/kb/export?format=${format}`;
  link.download = '';
  link.click();
}

/** @param {Room} room */
function head({t, rights}) {
  return html`<header class="kb-head">
    <h1>${t('kb.title')}</h1>
    ${rights.edit ? html`<a class="icon-btn" href="/kb/import" aria-label=${t('kb.import')} title=${t('kb.import')}>${icon('upload')}</a>` : nothing}
    <button class="icon-btn" popovertarget="menu-export" aria-haspopup="menu" aria-expanded="false" aria-label=${t('kb.export')} title=${t('kb.export')}>
      ${icon('download')}
    </button>
    ${rights.edit ? html`<a class="btn btn-primary" href="/kb/articles?new">${icon('plus')}${t('kb.new')}</a>` : nothing}
    ${menu('menu-export', t('kb.export'), FORMATS.map((format) => ({label: t(`kb.format.${format}`), run: () => download(format)})))}
  </header>`;
}

/** @param {Room} room @param {import('mostik/kb/room.js').Section} section */
function sectionTemplate(room, {name, icon: glyph = '', count, mark}) {
  const n = count?.(room) ?? null;
  return html`<li>
    <a class="kb-section" href="/kb/${name}" aria-current=${room.state.here.section.name === name ? 'page' : nothing} data-testid="kb-section-${name}">
      ${icon(glyph)}<span>${room.t(`kb.section.${name}`)}</span>
      ${n === null ? nothing : html`<span class=${mark && n ? 'badge' : 'count'}>${n}</span>`}
    </a>
  </li>`;
}

/** @param {Room} room @param {import('mostik/kb/room.js').Section[]} sections */
export function leftTemplate(room, sections) {
  const {t, state} = room;
  return html`${head(room)}
    <div class="search kb-search" role="search">
      ${icon('search')}
      <input
        id="kb-search"
        type="search"
        maxlength="200"
        autocomplete="off"
        placeholder=${t('kb.search')}
        aria-label=${t('kb.search')}
        .value=${state.articles.query}
        @input=${(/** @type {InputEvent} */ event) => search(room, /** @type {HTMLInputElement} */ (event.target).value)}
      />
      ${state.articles.query ? nothing : cap('Ctrl K')}
    </div>
    <ul class="kb-sections">
      ${sections.filter((one) => one.icon).map((one) => sectionTemplate(room, one))}
    </ul>
    ${listTemplate(room)}`;
}
