// What is known of a line beside its text: its level, and the fields of a line of JSON or of key=value pairs. Found out when somebody asks.

import { plainOf } from './text.js';

export const ranks = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 };

const words = [
  [/\b(?:fatal|panic|emerg(?:ency)?|crit(?:ical)?)\b/i, 'fatal'],
  [/\b(?:error|err|fail(?:ed|ure)?|exception|traceback)\b/i, 'error'],
  [/\b[\w.$]*(?:Error|Exception)\b/, 'error'],
  [/\bwarn(?:ing)?\b/i, 'warn'],
  [/\b(?:info(?:rmation)?|notice)\b/i, 'info'],
  [/\bdebug\b/i, 'debug'],
  [/\btrace\b/i, 'trace'],
];
const levelKeys = ['level', 'lvl', 'severity', 'loglevel', 'log.level', '@l', 'levelname'];
const messageKeys = ['msg', 'message', '@m', '@mt', 'event', 'text', 'error'];
const timeKeys = ['time', 'ts', 'timestamp', '@t', '@timestamp', 'date'];

// A frame of a stack trace, or what else belongs to the line before it: written in the same moment, and set in, or with a word of these.
const continues = /^(?:[ \t]|Caused by: |Suppressed: |Traceback \(|--- End of )/;
const together = 1_000_000;
const pairs = /([A-Za-z_@][\w.@-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)/g;

export class LogLine {
  constructor(source, at, isError, text) {
    this.source = source;
    this.at = at;
    this.isError = isError;
    this.text = text;
    this.note = false;
    this.open = false;
    this.height = 0;
    this.head = null;
  }

  static note(at, text, source = -1) {
    const line = new LogLine(source, at, false, text);
    line.note = true;
    return line;
  }

  get plain() { return this._plain ??= plainOf(this.text); }

  /** The fields of a line that is an object of JSON; null for any other. */
  get json() {
    if (this._json === undefined) { this._json = parseObject(this.plain); }
    return this._json;
  }

  get fields() {
    if (this._fields === undefined) { this._fields = this.json ?? parsePairs(this.plain); }
    return this._fields;
  }

  /** One of the names of `ranks`, or an empty text. */
  get level() { return this._level ??= this.note ? '' : this.head?.level || levelOf(this); }

  get message() {
    const key = messageKeys.find(name => typeof this.json?.[name] === 'string');
    return key ? this.json[key] : '';
  }

  /** The fields that a folded line shows behind its message. */
  get rest() {
    const message = this.message;
    return Object.entries(this.json ?? {})
      .filter(([key, value]) => !timeKeys.includes(key) && !levelKeys.includes(key) && !(messageKeys.includes(key) && value === message));
  }

  field(path) {
    const fields = this.fields;
    if (!fields) { return undefined; }
    if (Object.hasOwn(fields, path)) { return fields[path]; }
    let value = fields;
    for (const part of path.split('.')) {
      if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) { return undefined; }
      value = value[part];
    }
    return value;
  }
}

/**
 * Tells lines of which line each goes on: a frame of a stack trace is as bad as the error that it belongs to, and is shown with it.
 * @param lines in the order of their source
 * @param last of each source the line before; what it holds afterwards goes on
 */
export function chain(lines, last = new Map()) {
  for (const line of lines) {
    if (line.note) { continue; }
    const before = last.get(line.source);
    if (before && before.isError === line.isError && line.at - before.at < together && continues.test(line.text)) { line.head = before.head ?? before; }
    last.set(line.source, line);
  }
  return lines;
}

/** A level's name of ours for whatever a program calls it: words of syslog, letters, numbers of pino and bunyan. */
export function levelName(value) {
  if (typeof value === 'number') { return ['trace', 'debug', 'info', 'warn', 'error', 'fatal'][Math.min(5, Math.max(0, Math.floor(value / 10) - 1))]; }
  const text = String(value ?? '').toLowerCase();
  const letters = { t: 'trace', v: 'trace', verbose: 'trace', d: 'debug', i: 'info', n: 'info', w: 'warn', e: 'error', f: 'fatal', c: 'fatal', alert: 'fatal' };
  return letters[text] ?? words.find(([pattern]) => pattern.test(text))?.[1] ?? '';
}

function levelOf(line) {
  const key = levelKeys.find(name => line.fields && Object.hasOwn(line.fields, name));
  const named = key ? levelName(line.fields[key]) : '';
  if (named || line.json) { return named; }
  const begin = line.plain.slice(0, 200);
  return words.find(([pattern]) => pattern.test(begin))?.[1] ?? '';
}

function parseObject(text) {
  const begin = text.trimStart();
  if (!begin.startsWith('{')) { return null; }
  try { return JSON.parse(begin); } catch { return null; }
}

function parsePairs(text) {
  if (!text.includes('=')) { return null; }
  const found = {};
  let any = false;
  for (const [, key, value] of text.matchAll(pairs)) {
    any = true;
    found[key] = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
  }
  return any ? found : null;
}
