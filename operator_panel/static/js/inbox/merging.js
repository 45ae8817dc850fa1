/** A profile as a form holds it: from a card and into a change, and what two people write at once put together. Pure. */

/** @typedef {import('mostik/inbox/facts.js').FieldKind} FieldKind */
/** @typedef {Record<string, any>} Typed texts by field ("name", "fields.<key>"), of `tags` a list */

const OWN = ['name', 'company', 'note', 'time_zone'];
const NUMBER = /^[+-]?\d{1,15}([.,]\d{1,12})?$/;

/** @param {unknown} value @returns {string} */
function text(value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === undefined || value === null ? '' : String(value);
}

/** @param {any} card @param {FieldKind[]} kinds @returns {Typed} */
export function typedOf(card, kinds) {
  const own = OWN.map((field) => [field, text(card[field])]);
  const more = kinds.map(({key}) => [`fields.${key}`, text(card.fields?.[key])]);
  return {...Object.fromEntries([...own, ...more]), tags: [...(card.tags ?? [])]};
}

/** @param {any} a @param {any} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Typed} base @param {Typed} typed @returns {string[]} fields that were changed */
export const changed = (base, typed) => Object.keys(typed).filter((field) => !same(base[field] ?? '', typed[field]));

/** @param {string[]} base @param {string[]} mine @param {string[]} theirs @returns {string[]} theirs with what I added, without what I took away */
function mergedTags(base, mine, theirs) {
  const added = mine.filter((tag) => !base.includes(tag) && !theirs.includes(tag));
  return [...theirs.filter((tag) => !base.includes(tag) || mine.includes(tag)), ...added];
}

/**
 * What somebody else saved, put together with what is typed: where both changed a field otherwise, mine stays and
 * theirs is told as a clash.
 * @param {Typed} base what both began from @param {Typed} mine @param {Typed} theirs
 * @returns {{typed: Typed, clashes: Typed}}
 */
export function merged(base, mine, theirs) {
  /** @type {Typed} */
  const typed = {...theirs};
  /** @type {Typed} */
  const clashes = {};
  for (const field of changed(base, mine)) {
    typed[field] = field === 'tags' ? mergedTags(base.tags, mine.tags, theirs.tags) : mine[field];
    if (field !== 'tags' && !same(base[field], theirs[field]) && !same(mine[field], theirs[field])) clashes[field] = theirs[field];
  }
  return {typed, clashes};
}

/** @param {string} words @returns {string} without the spaces people group figures by */
const plain = (words) => words.replace(/[\s\u00a0\u202f]/g, '');

/** @param {Typed} typed @param {FieldKind[]} kinds @returns {Record<string, string>} codes of what the server could not be told */
export function faultsOf(typed, kinds) {
  const wrong = kinds.filter(({key, kind}) => kind === 'number' && typed[`fields.${key}`] && !NUMBER.test(plain(typed[`fields.${key}`])));
  const faults = Object.fromEntries(wrong.map(({key}) => [`fields.${key}`, 'invalid']));
  return typed.name.trim() ? faults : {name: 'invalid', ...faults};
}

/** @param {string} words @param {string} kind @returns {any} as the API takes it; null takes a value away */
function value(words, kind) {
  if (!words.trim()) return null;
  if (kind === 'yes_no') return words === 'yes';
  return kind === 'number' ? Number(plain(words).replace(',', '.')) : words.trim();
}

/** @param {Typed} base @param {Typed} typed @param {FieldKind[]} kinds @returns {Record<string, any>} the change alone */
export function bodyOf(base, typed, kinds) {
  const fields = changed(base, typed);
  const own = fields.filter((field) => !field.startsWith('fields.')).map((field) => [field, typed[field]]);
  const more = kinds.filter(({key}) => fields.includes(`fields.${key}`));
  const body = Object.fromEntries(own);
  if (more.length) body.fields = Object.fromEntries(more.map(({key, kind}) => [key, value(typed[`fields.${key}`], kind)]));
  return body;
}
