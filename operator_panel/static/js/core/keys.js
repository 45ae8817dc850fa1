/** Keyboard shortcuts by physical key, so that they live in every layout. */

import {takesText} from 'mostik/core/dom.js';

/**
 * @typedef {object} Binding
 * @property {string} on what `name` answers: j, shift+e, alt+1, escape, arrowdown, / …
 * @property {(event: KeyboardEvent) => boolean|void} run false: not handled, the browser goes on
 * @property {boolean} [typing] also while typing @property {string} [does] as somebody may have chosen another key for it
 */

/**
 * The key's name whatever the layout: a Latin letter the key makes (Dvorak, AZERTY), else the place of the key
 * (Cyrillic and others).
 * @param {KeyboardEvent} event
 * @returns {string}
 */
function plainName(event) {
  if (event.key === '/' || event.key === '?') return event.key;
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.code === 'Slash') return event.shiftKey ? '?' : '/';
  const place = /^(?:Key|Digit|Numpad)(\w)$/.exec(event.code);
  if (place) return place[1].toLowerCase();
  const bracket = ['BracketLeft', 'BracketRight'].indexOf(event.code);
  if (bracket >= 0) return '[]'[bracket];
  return event.key.toLowerCase();
}

/**
 * @param {KeyboardEvent} event
 * @returns {string} modifiers and name: ctrl+enter, alt+1, shift+e, ?
 */
export function keyName(event) {
  const name = plainName(event);
  const modifiers = [];
  if (event.ctrlKey || event.metaKey) modifiers.push('ctrl');
  if (event.altKey) modifiers.push('alt');
  if (event.shiftKey && name !== '?' && name !== '/') modifiers.push('shift');
  return [...modifiers, name].join('+');
}

/**
 * Listen for shortcuts; keys of a layer (an open dialog, a menu) and of letters being typed are left alone.
 * @param {Binding[]} bindings
 * @param {{keys?: Record<string, string>, letters?: boolean}} [habits] keys somebody chose; are those without Ctrl or Alt wished
 * @returns {(event: KeyboardEvent) => void} what listens
 */
export function bindKeys(bindings, {keys = {}, letters = true} = {}) {
  const byName = new Map(bindings.map((binding) => [(binding.does && keys[binding.does]) || binding.on, binding]));
  const heard = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector('dialog[open], [popover]:popover-open')) return;
    const name = keyName(event);
    if (!letters && /^(shift\+)?.$/.test(name)) return;
    const binding = byName.get(name);
    if (!binding || (takesText(event.target) && !binding.typing)) return;
    if (binding.run(event) !== false) event.preventDefault();
  };
  document.addEventListener('keydown', heard);
  return heard;
}
