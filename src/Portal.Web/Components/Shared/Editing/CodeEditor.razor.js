import { nameAt, placeAt } from '../../../js/yaml-place.js';

// Monaco's own build speaks AMD: its loader is one script, and each part is fetched when it is needed.
const root = new URL('lib/monaco/vs', document.baseURI).href;
let loading;

function load() {
  loading ??= new Promise((resolve, reject) => {
    // By its address: a worker made of a blob, as it does by itself, is what the portal's policy of content forbids.
    window.MonacoEnvironment = { getWorkerUrl: () => `${root}/base/worker/workerMain.js` };
    const script = document.createElement('script');
    script.src = `${root}/loader.js`;
    script.onload = () => {
      window.require.config({ paths: { vs: root } });
      window.require(['vs/editor/editor.main'], () => resolve(window.monaco), reject);
    };
    script.onerror = () => reject(new Error('the editor could not be loaded'));
    document.head.append(script);
  });
  loading.catch(() => { loading = undefined; });
  return loading;
}

// The page's colours: chosen, or the system's.
function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}

function colours(monaco) {
  monaco.editor.defineTheme('portal-light', { base: 'vs', inherit: true, rules: [], colors: { 'editor.background': '#fbfcfe' } });
  monaco.editor.defineTheme('portal-dark', { base: 'vs-dark', inherit: true, rules: [], colors: { 'editor.background': '#0f1420' } });
}

// One for all editors: Monaco asks by text, and each text knows whom to ask.
const asked = new WeakMap();
let offering;

function offer(monaco) {
  offering ??= monaco.languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' '],
    async provideCompletionItems(model, position) {
      const lines = model.getLinesContent();
      const place = placeAt(lines, position.lineNumber - 1, position.column - 1);
      const portal = asked.get(model);
      if (!place || !portal) { return { suggestions: [] }; }
      const kinds = monaco.languages.CompletionItemKind;
      const range = {
        startLineNumber: position.lineNumber, endLineNumber: position.lineNumber,
        startColumn: position.column - place.written.length, endColumn: position.column,
      };
      const found = await portal.invokeMethodAsync('SuggestAt', place.path);
      const suggestions = found.filter(item => item.isKey !== place.isValue).map(item => ({
        label: item.label, insertText: item.text, kind: item.isKey ? kinds.Property : kinds.Value, range,
        command: item.isKey ? { id: 'editor.action.triggerSuggest', title: '' } : undefined,
      }));
      const names = nameAt(lines, place.path).map(name => ({ label: name, insertText: name, kind: kinds.Reference, range }));
      return { suggestions: [...names, ...suggestions] };
    },
  });
}

const pause = 600;

export function create(host, language, label, portal, tells, suggests) { return new Editor(host, language, label, portal, tells, suggests); }

class Editor {
  constructor(host, language, label, portal, tells, suggests) {
    this.host = host;
    this.portal = portal;
    this.suggests = suggests;
    this.marks = [];
    this.plain = host.querySelector('[data-editor-text]');
    this.disposed = false;
    this.typed = 0;
    this.plain.addEventListener('input', () => { this.typed++; });
    if (tells) {
      this.changed = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.portal.invokeMethodAsync('ChangedAsync').catch(() => { /* the page has gone on */ }), pause);
      };
      this.plain.addEventListener('input', this.changed);
    }
    load().then(monaco => this.open(monaco, language, label), () => { /* the plain field is still there and does */ });
  }

  open(monaco, language, label) {
    if (this.disposed) { return; }
    colours(monaco);
    this.monaco = monaco;
    const surface = document.createElement('div');
    surface.className = 'p-editor-surface';
    this.host.append(surface);
    this.editor = monaco.editor.create(surface, {
      value: this.plain.value,
      language,
      ariaLabel: label,
      automaticLayout: true,
      theme: isDark() ? 'portal-dark' : 'portal-light',
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontSize: 13,
      fontFamily: 'ui-monospace, "SFMono-Regular", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
      fixedOverflowWidgets: true,
      tabFocusMode: false,
      wordBasedSuggestions: 'off',
      padding: { top: 10, bottom: 10 },
    });
    this.plain.hidden = true;
    this.host.editor = this.editor;
    this.host.dataset.ready = 'true';
    if (this.changed) { this.editor.onDidChangeModelContent(this.changed); }
    if (this.suggests) {
      asked.set(this.editor.getModel(), this.portal);
      offer(monaco);
    }
    this.mark(this.marks, this.reveals);
    this.themed = new MutationObserver(() => monaco.editor.setTheme(isDark() ? 'portal-dark' : 'portal-light'));
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  // An empty stream is none that Blazor takes.
  read() {
    const text = this.editor ? this.editor.getValue() : this.plain.value;
    return text.length > 0 ? new TextEncoder().encode(text) : null;
  }

  // What is written next has another one, whichever of the two fields it is written in.
  version() { return this.editor ? `editor ${this.editor.getModel().getVersionId()}` : `plain ${this.typed}`; }

  // Only where nothing was written meanwhile: the place would be another one. It can be undone as if it had been typed.
  splice(version, start, length, text) {
    if (version !== this.version()) { return false; }
    if (this.editor) {
      const model = this.editor.getModel();
      const range = this.monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(start + length));
      this.editor.pushUndoStop();
      this.editor.executeEdits('form', [{ range, text, forceMoveMarkers: true }]);
      this.editor.pushUndoStop();
      this.editor.revealLineInCenterIfOutsideViewport(range.startLineNumber);
    } else {
      this.plain.setRangeText(text, start, start + length, 'preserve');
      this.plain.dispatchEvent(new Event('input'));
    }
    return true;
  }

  mark(marks, reveals) {
    this.marks = marks;
    this.reveals = reveals;
    if (!this.editor) { return; }
    const model = this.editor.getModel();
    const severities = this.monaco.MarkerSeverity;
    const there = marks.filter(mark => mark.line >= 1 && mark.line <= model.getLineCount());
    this.monaco.editor.setModelMarkers(model, 'portal', there.map(({ line, message, isError }) => ({
      startLineNumber: line, endLineNumber: line,
      startColumn: model.getLineFirstNonWhitespaceColumn(line) || 1, endColumn: model.getLineMaxColumn(line),
      message, severity: isError ? severities.Error : severities.Warning,
    })));
    if (reveals && there.length > 0) { this.editor.revealLineInCenterIfOutsideViewport(there[0].line); }
  }

  dispose() {
    this.disposed = true;
    clearTimeout(this.timer);
    this.themed?.disconnect();
    this.editor?.getModel()?.dispose();
    this.editor?.dispose();
  }
}
