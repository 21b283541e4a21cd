// Which lines are shown: a text or a pattern, or all but those; fields such as level=error or status>=500; a level and worse.

import { text } from '../texts.js';
import { levelName, ranks } from './line.js';

const longest = 8000;
const token = /(!?)("(?:[^"\\]|\\.)+"|[\w.@-]+)(>=|<=|!=|=|>|<|~)("(?:[^"\\]|\\.)*"|\S*)/y;

/**
 * @param options text, regex, inverse, fields, level
 * @param sourceOf tells the container and the node of a line's source
 * @returns test: whether a line is shown, or null when all are; mark: what to mark in it; error: why the query is not understood.
 */
export function compile(options, sourceOf) {
  const { matcher, error } = matcherOf(options);
  const wanted = fieldsOf(options.fields ?? '');
  const least = ranks[options.level];
  const failure = error ?? wanted.error ?? null;
  if (!matcher && wanted.terms.length === 0 && least === undefined) { return { test: null, mark: null, error: failure }; }
  return { test, mark: options.inverse ? null : matcher, error: failure };

  function test(line) {
    if (line.note) { return true; }
    if (least !== undefined && !(ranks[line.level] >= least)) { return false; }
    if (!wanted.terms.every(term => fits(term, valuesOf(line, term.key, sourceOf)))) { return false; }
    if (!matcher) { return true; }
    matcher.lastIndex = 0;
    // A pattern can take very long; a text can't, and is found wherever it stands.
    return matcher.test(options.regex && line.plain.length > longest ? line.plain.slice(0, longest) : line.plain) !== (options.inverse === true);
  }
}

function matcherOf({ text: sought, regex }) {
  if (!sought) { return { matcher: null }; }
  if (!regex) { return { matcher: new RegExp(sought.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi') }; }
  try { return { matcher: new RegExp(sought, 'gi') }; }
  catch (failure) { return { matcher: null, error: text('This is no regular expression: {0}', failure.message) }; }
}

export function fieldsOf(fields) {
  const terms = [];
  let at = 0;
  while (at < fields.length) {
    if (/\s/.test(fields[at])) { at++; continue; }
    token.lastIndex = at;
    const match = token.exec(fields);
    if (!match) { return { terms: [], error: text('Fields are written as level=error, status>=500 or path~login, with blanks between them.') }; }
    terms.push({ key: unquoted(match[2]), operator: match[3], value: unquoted(match[4]), not: match[1] === '!' });
    at = token.lastIndex;
  }
  return { terms, error: null };
}

/** A field's filter as it is written. */
export function term(key, value) {
  const written = String(value);
  return `${/^[\w.@-]+$/.test(key) ? key : quoted(key)}=${/^[^\s"]+$/.test(written) ? written : quoted(written)}`;
}

function quoted(text) { return `"${text.replace(/["\\]/g, '\\$&')}"`; }

function unquoted(text) { return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text; }

// A line may have a field of its own by a name that stands for something of the portal's: either will do.
function valuesOf(line, key, sourceOf) {
  const own = key === 'level' ? undefined : line.field(key);
  return [knownOf(line, key, sourceOf), own].filter(value => value !== undefined);
}

function knownOf(line, key, sourceOf) {
  switch (key) {
    case 'level': return line.level || undefined;
    case 'stream': return line.isError ? 'stderr' : 'stdout';
    case 'container': return sourceOf(line.source)?.name;
    case 'node': return sourceOf(line.source)?.node;
    default: return undefined;
  }
}

function fits({ key, operator, value, not }, found) {
  if (operator === '!=') { return fits({ key, operator: '=', value, not: !not }, found); }
  return found.some(one => compare(key, operator, value, one)) !== not;
}

function compare(key, operator, value, found) {
  const text = typeof found === 'object' ? JSON.stringify(found) : String(found);
  const same = (left, right) => left.toLowerCase() === right.toLowerCase();
  let [left, right] = [Number(text), Number(value)];
  if (key === 'level') { [left, right] = [ranks[found], ranks[levelName(value)] ?? NaN]; }
  switch (operator) {
    case '=': return key === 'level' ? left === right : same(text, value) || (text !== '' && value !== '' && left === right);
    case '~': return text.toLowerCase().includes(value.toLowerCase());
    case '>': return left > right;
    case '<': return left < right;
    case '>=': return left >= right;
    default: return left <= right;
  }
}
