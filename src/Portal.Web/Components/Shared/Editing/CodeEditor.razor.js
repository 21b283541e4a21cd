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

export function create(host, language, label) { return new Editor(host, language, label); }

class Editor {
  constructor(host, language, label) {
    this.host = host;
    this.plain = host.querySelector('[data-editor-text]');
    this.disposed = false;
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
    this.themed = new MutationObserver(() => monaco.editor.setTheme(isDark() ? 'portal-dark' : 'portal-light'));
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }

  // An empty stream is none that Blazor takes.
  read() {
    const text = this.editor ? this.editor.getValue() : this.plain.value;
    return text.length > 0 ? new TextEncoder().encode(text) : null;
  }

  mark(line, message) {
    if (!this.editor) { return; }
    const model = this.editor.getModel();
    const marks = line === null || line > model.getLineCount() ? [] : [{
      startLineNumber: line, endLineNumber: line, startColumn: 1, endColumn: model.getLineMaxColumn(line),
      message, severity: this.monaco.MarkerSeverity.Error,
    }];
    this.monaco.editor.setModelMarkers(model, 'portal', marks);
    if (marks.length > 0) { this.editor.revealLineInCenter(line); }
  }

  dispose() {
    this.disposed = true;
    this.themed?.disconnect();
    this.editor?.getModel()?.dispose();
    this.editor?.dispose();
  }
}
