/** Whether an answer is heard: off until the visitor wants it, in this browser. */

const KEY = 'mostik:sound';
let on = false;
try {
  on = localStorage.getItem(KEY) === 'on';
} catch {
  // Without storage it is off at each visit.
}

export const sounds = () => on;

/** Somebody has said something. */
export function ring() {
  // Fetched by whoever wants to hear it; without a line there is nothing to hear.
  if (on) import('./later/sound.js').then((sound) => sound.ring()).catch(() => {});
}

/** The other way, as the visitor wants it. */
export function turnSound() {
  on = !on;
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // It lasts as long as the page.
  }
  ring();
}
