/** Whether an answer is heard: off until the visitor wants it, in this browser. */

import {part} from './later.js';

const KEY = 'mostik:sound';
let on = false;
try {
  on = localStorage.getItem(KEY) === 'on';
} catch {
  // Without storage it is off at each visit.
}

export const sounds = () => on;

/** The other way, as the visitor wants it. */
export function turnSound() {
  on = !on;
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // It lasts as long as the page.
  }
  if (on) part('sound')?.ring();
}

/** Somebody has said something. */
export function ring() {
  if (on) part('sound')?.ring();
}
