/** What a server needs for the page of values that strike back (hostile.js), with the program that takes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Override, serve } from '../../../tools/serve.mjs';
import { openFixture } from '../../fixtures/open';
import { wasmExec } from '../../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
export const PROGRAM = 'go1.27/handles-stripped';

/** One value, and what may be said of it. */
export interface Hostile {
  name: string;
  type: string;
  /** One of these; null for any. */
  class: string[] | null;
  /** One of these; null for any that is short. */
  text: string[] | null;
  /** Whether it is in a document; null: that need not be known; left out: it is no node. */
  connected?: boolean | null;
}

/** What the page offers to tests. */
export interface HostilePage {
  ran: Record<string, number>;
  hostile: Hostile[];
  start(near: string, far: string): Promise<void>;
  hostileValue(name: string): unknown;
  idOf(name: string): number;
  provoke(name: string): boolean;
}

/** By path: the page /hostile, and /program with the page's view of the program alone (view.js). */
export function hostilePages(): Record<string, Override> {
  const file = (name: string) => readFileSync(join(root, 'test/handles', name));
  return {
    '/hostile': {
      type: 'text/html',
      body: '<!doctype html><title>hostile</title><body><script src="/wasm_exec.js"></script><script src="/hostile.js"></script>',
    },
    '/program': {
      type: 'text/html',
      body: '<!doctype html><title>handles</title><body><script src="/wasm_exec.js"></script><script src="/view.js"></script>',
    },
    '/hostile.js': { body: file('page/hostile.js') },
    '/view.js': { body: file('view.js') },
    '/wasm_exec.js': { body: wasmExec(PROGRAM)?.text() ?? '' },
    '/handles.wasm': { type: 'application/wasm', body: openFixture(PROGRAM) },
  };
}

/** @returns a page of another origin, and one of another site, for `start`: one server, for browsers know it by two names */
export async function otherOrigins(): Promise<{ near: string; far: string; close(): Promise<void> }> {
  const body = '<!doctype html><title>other</title><body id="far">other';
  const { port, close } = await serve({ overrides: { '/other': { type: 'text/html', body } } });
  return { near: `http://127.0.0.1:${port}/other`, far: `http://localhost:${port}/other`, close };
}
