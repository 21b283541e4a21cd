// The lines that a view holds: in the order of their times, over all containers, and never more than so many.
//
// Of each source the store knows from when to when it holds every line: `from` and `to`. Before the latest `from` of all, and after the earliest
// `to`, lines of some source would be missing between those of others, so they are held back until they are read too.

const mostCharacters = 24 * 1024 * 1024;

export class LogStore {
  constructor(capacity) {
    this.capacity = capacity;
    this.clear();
  }

  clear() {
    this.lines = [];
    this.characters = 0;
    this.from = new Map();
    this.to = new Map();
  }

  get isFull() { return this.lines.length >= this.capacity || this.characters >= mostCharacters; }

  /** Before it there may be lines that are not held; minus infinity when all are. */
  get begin() { return Math.max(-Infinity, ...this.from.values()); }

  /** After it there may be lines that are not held; infinity when all are, or come by themselves. */
  get end() { return Math.min(Infinity, ...this.to.values()); }

  /**
   * Puts lines in their places.
   * @param lines in the order of their source
   * @param before true for what was read back: among lines of the same time it comes first
   * @returns the place from which on lines are others than before, and those that stood there: they come later now
   */
  add(lines, before = false) {
    const batch = [...lines].sort((left, right) => left.at - right.at);
    if (batch.length === 0) { return { place: this.lines.length, moved: [] }; }
    for (const line of batch) { this.characters += line.text.length; }
    const place = this.bound(batch[0].at, before);
    const moved = this.lines.splice(place);
    push(this.lines, before ? merge(batch, moved) : merge(moved, batch));
    return { place, moved };
  }

  /** Index of the first line that is not before the time; or of the first after it. */
  bound(at, inclusive = true) {
    let [low, high] = [0, this.lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lines[middle].at < at || (!inclusive && this.lines[middle].at === at)) { low = middle + 1; } else { high = middle; }
    }
    return low;
  }

  /** Lets go of the oldest lines beyond the capacity. @returns those */
  trimStart(sources) {
    const count = this.excess(index => this.lines[index]);
    if (count === 0) { return []; }
    const gone = this.lines.splice(0, count);
    for (const line of gone) { this.characters -= line.text.length; }
    const first = this.lines[0]?.at ?? 0;
    for (const source of sources) { if ((this.from.get(source) ?? -Infinity) < first) { this.from.set(source, first); } }
    return gone;
  }

  /** Lets go of the newest lines beyond the capacity. @returns those */
  trimEnd(sources) {
    const count = this.excess(index => this.lines[this.lines.length - 1 - index]);
    if (count === 0) { return []; }
    const gone = this.lines.splice(this.lines.length - count);
    for (const line of gone) { this.characters -= line.text.length; }
    const last = this.lines[this.lines.length - 1]?.at ?? 0;
    for (const source of sources) { if ((this.to.get(source) ?? Infinity) > last) { this.to.set(source, last); } }
    return gone;
  }

  excess(lineAt) {
    let count = Math.max(0, this.lines.length - this.capacity);
    let characters = this.characters;
    for (let index = 0; index < count; index++) { characters -= lineAt(index).text.length; }
    while (characters > mostCharacters && count < this.lines.length - 1) { characters -= lineAt(count++).text.length; }
    return count;
  }

  /** Where to read on, back or forward: the sources that hold the view up, and how many lines of that very moment are here. */
  cursors(back) {
    const bounds = back ? this.from : this.to;
    const edge = back ? this.begin : this.end;
    if (!Number.isFinite(edge)) { return []; }
    return [...bounds].filter(([, at]) => at === edge).map(([source, at]) => ({
      source, at, skip: this.lines.slice(this.bound(at), this.bound(at, false)).filter(line => line.source === source && !line.note).length,
    }));
  }
}

function push(target, items) { for (const item of items) { target.push(item); } }

// Of lines of the same time, those of the first come first.
function merge(first, second) {
  const merged = [];
  let [left, right] = [0, 0];
  while (left < first.length && right < second.length) { merged.push(second[right].at < first[left].at ? second[right++] : first[left++]); }
  while (left < first.length) { merged.push(first[left++]); }
  while (right < second.length) { merged.push(second[right++]); }
  return merged;
}
