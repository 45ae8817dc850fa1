/** Files somebody chose, read as the API takes them: one table, lines of JSON, a folder of Markdown, an archive. */

/**
 * @typedef {object} Given
 * @property {string} name as the list of imports shows it @property {'jsonl'|'csv'|'markdown'} format
 * @property {Record<string, any>} body `text`, `files` or `archive`
 * @property {boolean} legacy a file was read as Windows-1251 @property {''|'mixed'|'unknown'|'bad_json'} fault
 */

/** @type {Record<string, 'jsonl'|'csv'|'markdown'|'zip'>} */
const KINDS = {jsonl: 'jsonl', ndjson: 'jsonl', json: 'jsonl', csv: 'csv', tsv: 'csv', md: 'markdown', markdown: 'markdown', zip: 'zip'};

/** @param {string} name @returns {'jsonl'|'csv'|'markdown'|'zip'|undefined} */
const kindOf = (name) => KINDS[name.split('.').pop()?.toLowerCase() ?? ''];

/** Spreadsheets of Windows still save tables as Windows-1251. @param {File} file @returns {Promise<{text: string, legacy: boolean}>} */
async function textOf(file) {
  const bytes = await file.arrayBuffer();
  try {
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes), legacy: false};
  } catch {
    return {text: new TextDecoder('windows-1251').decode(bytes), legacy: true};
  }
}

/** A file of one JSON array becomes lines. @param {string} text @returns {string} */
function linesOf(text) {
  if (!text.trimStart().startsWith('[')) return text;
  try {
    return JSON.parse(text)
      .map((/** @type {unknown} */ one) => JSON.stringify(one))
      .join('\n');
  } catch {
    return text; // the server names the line where it breaks
  }
}

/** @param {File} file @returns {Promise<string>} its bytes in Base64 */
function packed(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** @param {File} file @returns {string} with the folders it lies in */
const nameOf = (file) => file.webkitRelativePath || file.name;

/** @param {string} fault @param {string} name @returns {Given} */
const refused = (fault, name) => ({name, format: 'jsonl', body: {}, legacy: false, fault: /** @type {'mixed'} */ (fault)});

/** @param {File[]} chosen @returns {Promise<Given>} */
export async function readFiles(chosen) {
  const files = chosen.filter((file) => !nameOf(file).split('/').some((part) => part.startsWith('.')) && kindOf(file.name));
  const [first] = files;
  if (!first) return refused('unknown', chosen[0]?.name ?? '');
  const kinds = new Set(files.map((file) => kindOf(file.name)));
  const name = files.length === 1 ? first.name : nameOf(first).split('/')[0] || first.name;
  const [kind] = kinds;
  if (kinds.size > 1 || (kind === 'zip' && files.length > 1)) return refused('mixed', name);
  if (kind === 'zip') return {name, format: 'markdown', body: {archive: await packed(first)}, legacy: false, fault: ''};
  const read = await Promise.all(files.map(textOf));
  const made = read.map(({text}, at) => ({name: nameOf(files[at]), text: kind === 'jsonl' ? linesOf(text) : text}));
  return {name, format: /** @type {'csv'} */ (kind), body: {files: made}, legacy: read.some((one) => one.legacy), fault: ''};
}

/** @param {Given} given @returns {string[]} the headings of its first table */
export function columnsOf(given) {
  const heading = (given.body.files?.[0]?.text ?? '').replace(/^\ufeff/, '').split(/\r?\n/)[0];
  const counts = [',', ';', '\t'].map((sign) => heading.split(sign).length);
  const sign = [',', ';', '\t'][counts.indexOf(Math.max(...counts))];
  return heading
    .split(sign)
    .map((/** @type {string} */ cell) => cell.trim().replace(/^"|"$/g, '').replaceAll('""', '"').trim())
    .filter(Boolean);
}
