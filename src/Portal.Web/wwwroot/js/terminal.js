// What terminals in the page have in common: those that are typed into, and those that replay.
const themes = {
  dark: { background: '#0f1420', foreground: '#d8dee9', cursor: '#88c0d0', selectionBackground: '#3b4a63' },
  light: { background: '#fbfcfe', foreground: '#1f2733', cursor: '#1a5fb4', selectionBackground: '#c5d9f5',
    black: '#2e3440', yellow: '#8f6a00', brightYellow: '#a07800', white: '#5c6570', brightWhite: '#3b4252', green: '#1f7a34', brightGreen: '#238636', cyan: '#0b7285', brightCyan: '#0e8aa0' },
};

export const fontFamily = '"Cascadia Code", "JetBrains Mono", "Fira Code", Menlo, Consolas, "DejaVu Sans Mono", monospace';

// The page's colours: chosen, or the system's.
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  return dark ? themes.dark : themes.light;
}
