/** Names that nobody else gives: keys of sends and uploads. */

/** @returns {string} 128 random bits; `randomUUID` is missing on plain http */
export function newId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16).padStart(8, '0')).join('');
}
