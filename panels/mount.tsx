/** Puts the panel into a document: the theme on the root element, the shell into the body. */
import { render } from 'preact';
import { type App, createApp, type Parts } from './app';
import { Shell } from './shell/shell';
import type { Theme } from './window';

/** @returns the app, for tests and for the preview */
export function mount(parts: Parts, document: Document): App {
  const root = document.documentElement;
  const dress = (theme: Theme) => {
    root.classList.toggle('theme-with-dark-background', theme === 'dark');
    root.style.colorScheme = theme;
  };
  dress(parts.window.theme());
  parts.window.onTheme(dress);
  const app = createApp(parts);
  render(<Shell app={app} />, document.body);
  return app;
}
