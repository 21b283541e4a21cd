// Where somebody writes in a YAML text, by its indentation: a text that is being written is seldom whole, so it is not parsed.

// The keys above a place, '-' for an item of a list; what of a word is written there; and whether it is the value of the last key.
// Null in comments, in quotes and between brackets, where indentation says nothing.
export function placeAt(lines, line, column) {
  const before = lines[line].slice(0, column);
  const value = /^(\s*(?:-\s+)*)([\w.-]+):\s+([\w.-]*)$/.exec(before);
  if (value) {
    return { path: [...above(lines, line, value[1]), value[2]], written: value[3], isValue: true };
  }
  const key = /^(\s*(?:-\s+)*)([\w.-]*)$/.exec(before);
  return key ? { path: above(lines, line, key[1]), written: key[2], isValue: false } : null;
}

function above(lines, line, lead) {
  const path = [];
  let limit = lead.length;
  let item = -1;
  const take = dashes => {
    for (const dash of dashes.reverse()) {
      if (dash < limit && dash !== item) {
        path.unshift('-');
        item = dash;
        limit = dash + 1;
      }
    }
  };
  take(dashesOf(lead));
  for (let index = line - 1; index >= 0 && limit > 0; index--) {
    const found = /^(\s*(?:-\s+)*)(?:([\w.-]+):(?=\s|$))?/.exec(lines[index]);
    if (/^\s*(#|$)/.test(lines[index])) { continue; }
    if (found[2] !== undefined && found[1].length < limit) {
      path.unshift(found[2]);
      limit = found[1].length;
      item = -1;
    }
    take(dashesOf(found[1]));
  }
  return path;
}

function dashesOf(lead) {
  return [...lead].flatMap((letter, index) => letter === '-' ? [index] : []);
}

// Of what a service may name that the file has: the section at the top with those names.
const sections = {
  depends_on: 'services', links: 'services', networks: 'networks', volumes_from: 'services', secrets: 'secrets', configs: 'configs',
};

// Names that the file has itself and that may stand at a place.
export function nameAt(lines, path) {
  const last = path.at(-1) === '-' ? path.at(-2) : path.at(-1);
  const section = path[0] === 'services' && path.length > 2 ? sections[last] : undefined;
  if (!section) { return []; }
  const names = [];
  let inside = false;
  let depth = 0;
  for (const text of lines) {
    const found = /^(\s*)([\w.-]+):(?=\s|$)/.exec(text);
    if (!found) { continue; }
    if (found[1].length === 0) {
      inside = found[2] === section;
      depth = 0;
    } else if (inside && (depth === 0 || found[1].length === depth)) {
      depth = found[1].length;
      names.push(found[2]);
    }
  }
  return names.filter(name => !(section === 'services' && name === path[1]));
}
