/** How well words fit a name: letters in their order, better where they stand together and where words begin. Pure. */

const RU = 'йцукенгшщзхъфывапролджэячсмитьбю';
const EN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";

/** @param {string} text typed in the other layout @returns {string} what was meant: jnkj -> отло */
export function otherLayout(text) {
  return [...text.toLowerCase()]
    .map((sign) => (EN.includes(sign) ? RU[EN.indexOf(sign)] : RU.includes(sign) ? EN[RU.indexOf(sign)] : sign))
    .join('');
}

/** @param {string} text @returns {string} */
const plain = (text) => text.toLowerCase().replaceAll('ё', 'е');

/**
 * @param {string} query @param {string} name
 * @returns {{score: number, hits: number[]}|null} places of the letters in the name; null: it does not fit
 */
export function fit(query, name) {
  const wanted = plain(query).replaceAll(' ', '');
  const letters = plain(name);
  const together = letters.indexOf(plain(query));
  if (query && together >= 0) {
    const begins = together === 0 || /\W/u.test(letters[together - 1].replace(/[\p{L}\p{N}]/u, 'a'));
    return {score: 100 + (begins ? 50 : 0) - together / 10, hits: Array.from(query, (_, index) => together + index)};
  }
  const hits = [];
  let at = -1;
  let score = 0;
  for (const letter of wanted) {
    const next = letters.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 ? 4 : next === 0 || letters[next - 1] === ' ' ? 3 : 0;
    hits.push(next);
    at = next;
  }
  // Letters strewn over a long name are no fit.
  return score >= wanted.length * 2 ? {score, hits} : null;
}

/** The better of a name as typed and in the other layout. @param {string} query @param {string} name */
export function best(query, name) {
  const found = [fit(query, name), fit(otherLayout(query), name)].filter((one) => one !== null);
  return found.sort((a, b) => b.score - a.score)[0] ?? null;
}
