/** The page's head: what this is, the way into the panel with its logins, and the story with its ticks. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { MARK, icon } from './icons.js';
import { STEPS, latest, progress } from './story.js';
import { t } from './words.js';

const STORY = 'playground.story';
const THEME = 'playground.theme';
const COPIED_STAYS = 1500;

export class Top {
  /**
   * @param {any} options @param {() => import('./story.js').Played} played
   * @param {() => void} changed @param {import('./weather.js').Weather} weather @param {import('./mail.js').Mail} mail
   */
  constructor(options, played, changed, weather, mail) {
    this.options = options;
    this.played = played;
    this.changed = changed;
    this.weather = weather;
    this.mail = mail;
    this.copied = '';
  }

  view() {
    const { shop, panel, site, vk } = this.options;
    return html`
      <header class="top">
        <img class="mark" src=${MARK} alt="" width="32" height="32">
        <div class="title"><h1>${t('brand')} <span>${t('playground')} · ${shop}</span></h1><p>${t(vk ? 'lead_both' : 'lead')}</p></div>
        <div class="tools">
          <button class="button" aria-label=${t('weather')} aria-expanded=${this.weather.shown} aria-controls="weather" data-testid="weather"
            @click=${this.weather.toggle}>${icon('cloud-lightning')} <span>${t('weather')}</span></button>
          <button class="ghost" aria-label=${t('theme')} title=${t('theme')} data-testid="theme" @click=${turnTheme}>
            <span class="when-light">${icon('moon')}</span><span class="when-dark">${icon('sun')}</span></button>
          ${this.mail.view()} ${this.#logins()}
          ${site
            ? html`<a class="button" href=${site} target="_blank" rel="noopener" aria-label=${t('open_shop')} data-testid="open-shop">${icon('message-circle')} <span>${t('open_shop')}</span></a>`
            : nothing}
          <a class="button primary" href=${panel} target="_blank" rel="noopener" data-testid="open-panel">${t('open_panel')} ${icon('external-link')}</a>
        </div>
      </header>
      ${this.#story()}`;
  }

  #logins() {
    const { logins } = this.options;
    if (!logins.length) return nothing;
    return html`
      <div class="login">${icon('key-round')}<span class="login-first">${this.#copyable(logins[0].email)}${this.#copyable(logins[0].password)}</span>
        <details class="menu" @keydown=${shutOnEscape} @focusout=${shutWhenLeft}>
          <summary class="ghost" aria-label=${t('logins')} title=${t('logins')}>${icon('chevron-down')}</summary>
          <div class="menu-list logins" tabindex="-1"><p>${t('logins_lead')}</p>
            ${logins.map((/** @type {any} */ one) => html`<div class="login-row"><b>${one.name}</b>${this.#copyable(one.email)}${this.#copyable(one.password)}</div>`)}
          </div>
        </details></div>`;
  }

  /** @param {string} words */
  #copyable(words) {
    return html`<button class="copyable" title=${t('copy')} @click=${() => this.#copy(words)}>${this.copied === words
      ? html`${icon('check')} ${t('copied')}`
      : words}</button>`;
  }

  /** @param {string} words */
  async #copy(words) {
    await navigator.clipboard?.writeText(words).catch(() => undefined);
    this.copied = words;
    this.changed();
    setTimeout(() => {
      this.copied = '';
      this.changed();
    }, COPIED_STAYS);
  }

  #story() {
    // What stood here before the first visit is another story.
    if (localStorage.getItem(STORY) === null) localStorage.setItem(STORY, latest(this.played()));
    const done = progress(this.played(), localStorage.getItem(STORY) ?? '');
    const now = done.indexOf(false);
    return html`
      <nav class="story" aria-label=${t('story')}>
        <ol>${STEPS.map((step, n) => html`
          <li data-testid="story-step" data-step=${step} data-done=${done[n]} aria-current=${n === now ? 'step' : 'false'}>
            <span class="step-mark">${done[n] ? icon('check') : n + 1}</span>
            <span class="step-words"><b>${t(`step_${step}`)}</b><small>${t(`hint_${step}`)}</small></span>
          </li>`)}</ol>
        <p class="story-done" role="status">${now < 0 ? t('story_done') : nothing}</p>
        ${done.some(Boolean)
          ? html`<button class="ghost" aria-label=${t('again')} title=${t('again')} data-testid="story-again" @click=${this.#again}>${icon('rotate-ccw')}</button>`
          : nothing}
      </nav>`;
  }

  #again = () => {
    localStorage.setItem(STORY, latest(this.played()));
    this.changed();
  };
}

function turnTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem(THEME, root.dataset.theme);
}

/** @param {any} event */
function shutOnEscape(event) {
  if (event.key === 'Escape') event.currentTarget.removeAttribute('open');
}

/** @param {any} event */
function shutWhenLeft(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.removeAttribute('open');
}
