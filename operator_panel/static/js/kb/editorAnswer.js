/** The answer: one for all, and variants by language and channel; what customers see of it. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {channelBadge, icon, linkify} from 'mostik/core/dom.js';
import {sizeText} from 'mostik/core/files.js';
import {known} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {menu} from 'mostik/core/menu.js';
import {look, write} from 'mostik/kb/editor.js';
import {faultId, faultLine, faultsAt, flagTemplate} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

/** Languages that are offered; any other two letters come with files. */
const LANGUAGES = ['ru', 'en', 'be', 'kk', 'uz', 'tr', 'de', 'fr', 'es', 'zh'];
const LONGEST = 4096;
const NEAR = 0.8;

/** @param {Edit} edit @param {string} channel @param {string} lang @returns {any} the variant of a cell, if there is one */
function variantAt(edit, channel, lang) {
  return edit.content.variants.find((one) => one.channel === channel && (one.lang === edit.content.lang ? '' : one.lang) === lang);
}

/** @param {Edit} edit @returns {boolean} is the answer for all shown */
const isMain = ({cell}) => !cell.channel && !cell.lang;

/** @param {Edit} edit @returns {string} */
function textOf(edit) {
  return isMain(edit) ? edit.content.answer : (variantAt(edit, edit.cell.channel, edit.cell.lang)?.answer ?? '');
}

/** @param {Room} room @param {Edit} edit @param {string} text */
function put(room, edit, text) {
  if (isMain(edit)) {
    write(room, {answer: text});
    return;
  }
  const {channel, lang} = edit.cell;
  const there = variantAt(edit, channel, lang);
  const {variants} = edit.content;
  const rows = there
    ? variants.map((one) => (one === there ? {...one, answer: text} : one))
    : [...variants, {key: newId(), answer: text, channel, lang, buttons: []}];
  write(room, {variants: rows});
}

/** @param {Room} room @param {Edit} edit @param {{channel?: string, lang?: string}} cell */
function show(room, edit, cell) {
  edit.cell = {...edit.cell, ...cell};
  room.redraw();
  look(room, edit);
}

/** @param {string} lang @param {string} spoken @returns {string} */
function nameOf(lang, spoken) {
  return new Intl.DisplayNames(spoken, {type: 'language'}).of(lang) ?? lang;
}

/** @param {Room} room @param {Edit} edit */
function languageTabs(room, edit) {
  const {t, rights} = room;
  const {content, cell} = edit;
  const used = content.variants.map((one) => one.lang).filter((lang) => lang && lang !== content.lang);
  const others = [...new Set([...['ru', 'en'].filter((lang) => lang !== content.lang && content.lang), ...used, cell.lang])].filter(Boolean);
  const there = (/** @type {string} */ lang) => !lang || content.variants.some((one) => one.lang === lang && one.answer.trim());
  const tab = (/** @type {string} */ lang) => html`<button
    role="tab"
    class="kb-tab"
    aria-selected=${String(cell.lang === lang)}
    title=${lang || content.lang ? nameOf(lang || content.lang, room.lang) : nothing}
    @click=${() => show(room, edit, {lang})}
  >
    ${lang ? lang.toUpperCase() : content.lang ? content.lang.toUpperCase() : t('kb.any_language')}${there(lang) ? nothing : html`<span class="kb-tab-none"> — ${t('kb.none')}</span>`}
  </button>`;
  const rest = LANGUAGES.filter((lang) => lang !== content.lang && !others.includes(lang));
  return html`<div class="kb-tabs"><div role="tablist" aria-label=${t('kb.languages')}>${['', ...others].map(tab)}</div>
    ${rights.edit
      ? html`<button class="icon-btn kb-tab-add" popovertarget="menu-languages" aria-haspopup="menu" aria-expanded="false" aria-label=${t('kb.add_language')} title=${t('kb.add_language')}>${icon('plus')}</button>
          ${menu('menu-languages', t('kb.add_language'), rest.map((lang) => ({label: nameOf(lang, room.lang), run: () => show(room, edit, {lang})})))}`
      : nothing}</div>`;
}

/** @param {Room} room @param {Edit} edit */
function channelTabs(room, edit) {
  const {t} = room;
  const kinds = [...new Set([...room.channels.map((one) => one.kind), ...edit.content.variants.map((one) => one.channel)])].filter(Boolean);
  const there = (/** @type {string} */ channel) => !channel || Boolean(variantAt(edit, channel, edit.cell.lang)?.answer.trim());
  const word = (/** @type {string} */ channel) => (known(`ui.channel.${channel}`) ? t(`ui.channel.${channel}`) : channel);
  return html`<div class="kb-tabs kb-tabs-channels" role="tablist" aria-label=${t('kb.channels')}>
    ${['', ...kinds].map(
      (channel) => html`<button role="tab" class="kb-tab ${there(channel) ? '' : 'kb-tab-bare'}" aria-selected=${String(edit.cell.channel === channel)} title=${there(channel) ? nothing : t('kb.no_variant')} @click=${() => show(room, edit, {channel})}>
        ${channel ? channelBadge(channel) : nothing}${channel ? word(channel) : t('kb.all_channels')}${there(channel)
          ? nothing
          : html`<span class="listen-only"> — ${t('kb.none')}</span>`}
      </button>`,
    )}
  </div>`;
}

/** @returns {HTMLTextAreaElement} */
const area = () => /** @type {HTMLTextAreaElement} */ (document.getElementById('kb-answer'));

/** Put something around or before what is chosen, so that Ctrl-Z takes it back. @param {(chosen: string) => string} make */
function edited(make) {
  const field = area();
  const {value, selectionStart, selectionEnd} = field;
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  field.focus();
  field.setSelectionRange(from, selectionEnd);
  document.execCommand('insertText', false, make(value.slice(from, selectionEnd)));
}

const bare = (/** @type {string} */ line) => line.replace(/^\s*(?:[•*–-]|\d+[.)])\s+/, '');
/** Marks and tags that a messenger would show as they are. @param {string} text @returns {string} */
const unmarked = (text) =>
  text
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .replace(/!?\[([^\]\n]*)\]\(([^)\n]*)\)/g, '$1 $2')
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/\*\*|__|~~|```/g, '');

/** @param {Room} room @param {Edit} edit */
function toolbar(room, edit) {
  const {t} = room;
  const marked = (edit.check?.flags ?? []).some((flag) => ['markup', 'html'].includes(flag.code));
  const lines = (/** @type {(line: string, at: number) => string} */ make) => () => edited((text) => text.split('\n').map((line, at) => make(bare(line), at)).join('\n'));
  const button = (/** @type {string} */ glyph, /** @type {string} */ label, /** @type {() => void} */ run) =>
    html`<button class="icon-btn" aria-label=${label} title=${label} @mousedown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${run}>${icon(glyph)}</button>`;
  return html`<div class="kb-toolbar" role="toolbar" aria-label=${t('kb.tools')}>
    ${button('list', t('kb.tool.list'), lines((line) => `• ${line}`))}
    ${button('list-ordered', t('kb.tool.numbers'), lines((line, at) => `${at + 1}. ${line}`))}
    ${button('link', t('kb.tool.link'), () => edited((text) => `${text}${text && !/\s$/.test(text) ? ' ' : ''}https://`))}
    <span class="kb-toolbar-note">${t('kb.plain_text')}</span>
    ${marked ? html`<button class="btn btn-small" @click=${() => put(room, edit, unmarked(textOf(edit)))}>${t('kb.tool.unmark')}</button>` : nothing}
  </div>`;
}

/** @param {Room} room @param {Edit} edit exactly what a customer of this channel and language gets */
function previewTemplate(room, edit) {
  const {reply, cell, row} = edit;
  const {t} = room;
  if (!row || !reply) return nothing;
  const parts = reply.parts.filter((/** @type {string} */ part) => part.trim());
  const borrowed = !isMain(edit) && !textOf(edit).trim();
  return html`<section class="kb-preview" aria-label=${t('kb.preview')} data-testid="kb-preview">
    <h3>${icon('bot')}${t('kb.preview')}<span>${cell.channel || cell.lang ? t('kb.preview_here') : ''}${borrowed ? ` ${t('kb.preview_borrowed')}` : ''}</span></h3>
    ${parts.length ? parts.map((/** @type {string} */ part) => html`<p class="kb-bubble" dir="auto">${linkify(part)}</p>`) : html`<p class="kb-bubble kb-bubble-none">${t('kb.preview_none')}</p>`}
    ${reply.files.map((/** @type {any} */ file) => html`<p class="kb-bubble-file">${icon('paperclip')}${file.name || t('kb.file')} · ${sizeText(file.size)}</p>`)}
    ${reply.buttons.length ? html`<p class="kb-bubble-keys">${reply.buttons.map((/** @type {string} */ text) => html`<span>${text}</span>`)}</p>` : nothing}
  </section>`;
}

/** @param {Room} room @param {Edit} edit */
export function answerTemplate(room, edit) {
  const {t, rights} = room;
  const there = variantAt(edit, edit.cell.channel, edit.cell.lang);
  const place = isMain(edit) ? 'answer' : `variants/${there?.key}.answer`;
  const number = there ? edit.content.variants.filter((one) => one.answer.trim()).indexOf(there) : -1;
  const field = isMain(edit) ? 'answer' : `variants.${number}.answer`;
  const flags = (edit.check?.flags ?? []).filter((flag) => flag.field === field && flag.code !== 'required');
  const text = textOf(edit);
  const wrong = faultsAt(edit, place).length > 0;
  return html`${languageTabs(room, edit)} ${channelTabs(room, edit)} ${rights.edit ? toolbar(room, edit) : nothing}
    <textarea
      id="kb-answer"
      class="kb-answer"
      dir="auto"
      data-testid="kb-answer"
      rows="6"
      maxlength="20000"
      ?readonly=${!rights.edit}
      aria-label=${t('kb.field.answer')}
      aria-invalid=${wrong ? 'true' : nothing}
      aria-describedby=${wrong ? faultId(place) : nothing}
      placeholder=${isMain(edit) ? t('kb.answer_hint') : t('kb.variant_hint')}
      .value=${live(text)}
      @input=${(/** @type {InputEvent} */ event) => put(room, edit, /** @type {HTMLTextAreaElement} */ (event.target).value)}
    ></textarea>
    ${text.length > LONGEST * NEAR ? html`<p class="kb-count">${t('kb.length', {n: text.length, limit: LONGEST})}</p>` : nothing}
    ${faultLine(edit, place)} ${flags.length ? html`<p class="kb-flags">${flags.map((flag) => flagTemplate(flag))}</p>` : nothing}
    ${previewTemplate(room, edit)}`;
}
