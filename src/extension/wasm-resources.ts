/**
 * The scripts that DevTools knows in the inspected page, workers and frames of other sites too, as far as they may be
 * WebAssembly, and source maps attached to them. Knows nothing of what a map says.
 *
 * `Resource.attachSourceMapURL` belongs to one script: a script that is loaded again comes as a new resource. It takes data:
 * and http: URLs, not blob: (chrome-devtools-frontend, models/extensions/ExtensionServer.ts; tried with Chromium 156).
 */
import { chromeDevtools, type DevtoolsResource } from './browser';

export interface ScriptResource {
  /** Of the response it was compiled from: http:, blob: or data:; `wasm://wasm/…` when it was compiled from bytes. */
  url: string;
  /** Whether the URL says that it is WebAssembly. */
  wasm: boolean;
  /** @returns '' when DevTools took the map, else why not */
  attach(map: string): Promise<string>;
}

const NO_API = 'this version of Chrome lets no extension attach source maps';

/**
 * Tells each script once: those that are there, then each as it is compiled. DevTools does not say which are WebAssembly:
 * what does not say so by its URL may be JavaScript, a document or a source. @returns stop
 */
export function onScript(listener: (resource: ScriptResource) => void): () => void {
  const { onResourceAdded, getResources } = chromeDevtools().inspectedWindow;
  const added = (resource: DevtoolsResource) => {
    if (mayBeWasm(resource.url)) listener(wrapped(resource));
  };
  // What is there already is answered later than what is added meanwhile, and may have it again.
  const early = new Set<string>();
  let listed = false;
  const onAdded = (resource: DevtoolsResource) => {
    if (!listed) early.add(resource.url);
    added(resource);
  };
  onResourceAdded.addListener(onAdded);
  getResources((resources) => {
    listed = true;
    for (const resource of resources) if (!early.has(resource.url)) added(resource);
  });
  return () => onResourceAdded.removeListener(onAdded);
}

function wrapped(resource: DevtoolsResource): ScriptResource {
  return {
    url: resource.url,
    wasm: isWasm(resource.url),
    async attach(map) {
      if (!resource.attachSourceMapURL) return NO_API;
      try {
        await resource.attachSourceMapURL(map);
        return '';
      } catch (error) {
        return `DevTools refused it: ${reason(error)}`;
      }
    },
  };
}

/** DevTools answers with a record of its own: `{ code, description, details }`. */
function reason(error: unknown): string {
  const { description, details, message } = (error ?? {}) as Record<string, unknown>;
  if (typeof message === 'string') return message;
  if (typeof description !== 'string') return String(error);
  return Array.isArray(details) ? description.replaceAll('%s', () => String(details.shift() ?? '')) : description;
}

const mayBeWasm = (url: string) => /^(?:wasm:|https?:|blob:|data:application\/wasm\b)/i.test(url);

/**
 * @returns whether the URL itself says so. DevTools lists more under such names: the map itself as `…wasm:sourcemap`, the
 *   sources, copies of the debugger
 */
export function isWasm(url: string): boolean {
  if (url.startsWith('wasm://')) return true;
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && /\.wasm$/i.test(new URL(url).pathname);
}
