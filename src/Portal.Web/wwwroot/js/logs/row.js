// One line as it is drawn. A line of JSON shows its message and, behind it, its other fields; unfolded, all of them.

import { text } from '../texts.js';
import { colour } from './text.js';
import { term } from './query.js';
import { wallClock } from '../zone.js';

const longestDrawn = 4000;
const deepest = 4;

/**
 * @param view what rows have in common: mark, sources, several, times, address(line), unfold(line), filter(text), marked
 */
export function drawRow(line, view) {
  const row = document.createElement('div');
  row.className = line.note ? 'log-row log-note' : 'log-row';
  if (line.isError) { row.classList.add('log-stderr'); }
  if (line.level) { row.classList.add(`log-${line.level}`); }
  if (view.marked === line) { row.classList.add('log-marked'); }
  if (!line.note && view.times !== 'off') { row.append(timeOf(line, view)); }
  if (view.several && line.source >= 0) { row.append(sourceOf(line, view)); }
  const text = document.createElement('span');
  text.className = 'log-text';
  if (line.json && !line.note) { drawJson(row, text, line, view); }
  else if (view.mark && !line.note) { highlight(text, line.plain, view.mark); }
  else { colour(text, cut(line.text)); }
  row.append(text);
  return row;
}

/** A time as people read it. */
export function timeText(at, times, long = false) {
  const pad = (value, width = 2) => String(value).padStart(width, '0');
  const utc = times === 'utc';
  const time = utc ? new Date(at / 1000) : wallClock(new Date(at / 1000));
  const get = name => time[`getUTC${name}`]();
  const clock = `${pad(get('Hours'))}:${pad(get('Minutes'))}:${pad(get('Seconds'))}.${pad(get('Milliseconds'), 3)}`;
  return long ? `${get('FullYear')}-${pad(get('Month') + 1)}-${pad(get('Date'))} ${clock}${utc ? 'Z' : ''}` : clock;
}

function timeOf(line, view) {
  const link = document.createElement('a');
  link.className = 'log-time';
  link.href = view.address(line);
  link.title = text('{0}: link to this line', timeText(line.at, view.times, true));
  const time = document.createElement('time');
  time.dateTime = new Date(line.at / 1000).toISOString();
  time.textContent = timeText(line.at, view.times);
  link.append(time);
  return link;
}

function sourceOf(line, view) {
  const source = view.sources.get(line.source);
  const name = document.createElement('span');
  name.className = `log-source log-source-${line.source % 8}`;
  name.textContent = source?.name ?? '';
  name.title = source ? text('{0} on {1}', source.name, source.node) : '';
  return name;
}

function drawJson(row, body, line, view) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'log-unfold';
  button.textContent = line.open ? '▾' : '▸';
  button.setAttribute('aria-expanded', String(line.open));
  button.setAttribute('aria-label', text('All fields of this line'));
  button.addEventListener('click', () => view.unfold(line));
  row.append(button);
  put(body, line.message, view.mark);
  if (!line.open) {
    for (const [key, value] of line.rest.slice(0, 12)) {
      const field = document.createElement('span');
      field.className = 'log-field';
      put(field, `${key}=${shown(value)}`, view.mark);
      body.append(body.hasChildNodes() ? ' ' : '', field);
    }
    return;
  }
  const list = document.createElement('dl');
  list.className = 'log-fields';
  for (const [key, value] of leaves(line.json)) {
    const name = document.createElement('dt');
    name.textContent = key;
    const detail = document.createElement('dd');
    if (value !== null && typeof value === 'object') { detail.textContent = cut(JSON.stringify(value, null, 2)); }
    else {
      const only = document.createElement('button');
      only.type = 'button';
      only.className = 'log-only';
      only.textContent = cut(String(value));
      only.title = text('Only lines with {0}', term(key, value));
      only.addEventListener('click', () => view.filter(term(key, value)));
      detail.append(only);
    }
    list.append(name, detail);
  }
  body.append(list);
}

/** The fields of an object, and those of objects in it by their paths, each as a filter can name it. */
export function leaves(object, before = '', depth = 0) {
  return Object.entries(object).flatMap(([key, value]) => {
    const inner = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
    const named = inner.length > 0 && depth < deepest && !key.includes('.') && !inner.some(name => name.includes('.'));
    return named ? leaves(value, `${before}${key}.`, depth + 1) : [[before + key, value]];
  });
}

function shown(value) { return value !== null && typeof value === 'object' ? cut(JSON.stringify(value), 200) : cut(String(value), 200); }

function put(parent, text, mark) { if (mark) { highlight(parent, text, mark); } else { parent.append(cut(text)); } }

function highlight(parent, whole, mark) {
  const text = cut(whole);
  let last = 0;
  mark.lastIndex = 0;
  for (const match of text.matchAll(mark)) {
    if (match[0].length === 0) { break; }
    parent.append(text.slice(last, match.index));
    const found = document.createElement('mark');
    found.textContent = match[0];
    parent.append(found);
    last = match.index + match[0].length;
  }
  parent.append(text.slice(last));
}

function cut(text, longest = longestDrawn) { return text.length <= longest ? text : `${text.slice(0, longest)}…`; }
