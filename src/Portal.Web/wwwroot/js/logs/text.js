// Text of a log: its escape sequences, and its ANSI colours (SGR, ECMA-48). Always through text nodes: a log is somebody else's text, never markup.

const escapes = /\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|[\x00-\x08\x0b-\x1a\x1c-\x1f]/g;
const special = /[\x00-\x08\x0b-\x1f]/;

export function plainOf(text) { return special.test(text) ? text.replace(escapes, '') : text; }

export function colour(parent, text) {
  if (!text.includes('\x1b')) { parent.append(plainOf(text)); return; }
  let last = 0;
  let style = { names: new Set(), colour: null };
  const put = part => {
    if (!part) { return; }
    if (style.names.size === 0 && !style.colour) { parent.append(part); return; }
    const span = document.createElement('span');
    span.className = [...style.names].join(' ');
    if (style.colour) { span.style.color = style.colour; }
    span.textContent = part;
    parent.append(span);
  };
  for (const match of text.matchAll(escapes)) {
    put(text.slice(last, match.index));
    last = match.index + match[0].length;
    if (match[1] !== undefined) { style = apply(style, match[1]); }
  }
  put(text.slice(last));
}

function apply(style, codes) {
  const next = { names: new Set(style.names), colour: style.colour };
  const plain = () => {
    next.colour = null;
    for (const name of next.names) { if (name.startsWith('ansi-fg-')) { next.names.delete(name); } }
  };
  const paint = number => { plain(); next.names.add(`ansi-fg-${number}`); };
  const list = codes === '' ? [0] : codes.split(';').map(Number);
  for (let index = 0; index < list.length; index++) {
    const code = list[index];
    if (code === 0) { next.names.clear(); next.colour = null; }
    else if (code === 1) { next.names.add('ansi-bold'); }
    else if (code === 2) { next.names.add('ansi-dim'); }
    else if (code === 3) { next.names.add('ansi-italic'); }
    else if (code === 4) { next.names.add('ansi-underline'); }
    else if (code === 22) { next.names.delete('ansi-bold'); next.names.delete('ansi-dim'); }
    else if (code === 23) { next.names.delete('ansi-italic'); }
    else if (code === 24) { next.names.delete('ansi-underline'); }
    else if (code === 39) { plain(); }
    else if (code >= 30 && code <= 37) { paint(code - 30); }
    else if (code >= 90 && code <= 97) { paint(code - 90); }
    else if (code === 38 || code === 48) {
      const indexed = list[index + 1] === 5;
      if (code === 38) {
        if (indexed && list[index + 2] < 16) { paint(list[index + 2] % 8); }
        else { const found = indexed ? indexedColour(list[index + 2]) : rgb(list.slice(index + 2, index + 5)); plain(); next.colour = found; }
      }
      index += indexed ? 2 : 4;
    }
  }
  return next;
}

// The cube and the greys of xterm's 256 colours.
function indexedColour(number) {
  if (!(number >= 16 && number < 256)) { return null; }
  if (number >= 232) { const grey = 8 + (number - 232) * 10; return rgb([grey, grey, grey]); }
  const step = value => value === 0 ? 0 : 55 + value * 40;
  const cube = number - 16;
  return rgb([step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)]);
}

// Each theme gets it as light or as dark as it can be read there.
function rgb(parts) {
  return parts.length === 3 && parts.every(part => part >= 0 && part < 256)
    ? `light-dark(color-mix(in oklab, rgb(${parts.join(' ')}), #000 45%), color-mix(in oklab, rgb(${parts.join(' ')}), #fff 45%))` : null;
}
