/**
 * Which toolchain made a module: gc or TinyGo, which release, for which target.
 * Evidence in order: the `producers` section (cmd/link/internal/wasm/asm.go writeProducerSec, 1.12 on; TinyGo's linker),
 * runtime.buildVersion in the data image, exports and the build id section.
 */
import { text } from '../bytes/reader';
import type { Module } from '../wasm/module';
import type { Image } from './image';

export interface Toolchain {
  kind: 'go' | 'tinygo' | 'other';
  /** As the toolchain spells it: `go1.26.11`, `0.35.0`; null when nothing tells. */
  version: string | null;
  target: 'js' | 'wasip1' | null;
  /** Language and tool for people, e.g. `Rust 1.68`; null when nothing tells. */
  producer: string | null;
}

/** Namespaces of wasm_exec.js: `go` up to 1.20, `gojs` from 1.21 on. */
const JS_NAMESPACES = ['go', 'gojs'];
const JS_EXPORTS = ['run', 'resume', 'getsp', 'mem'];

export function readToolchain(module: Module): Toolchain {
  const outcome = module.producers();
  const producers = (outcome.ok && outcome.value) || [];
  const imports = module.imports();
  const namespaces = new Set(imports.ok ? imports.value.map((one) => one.module) : []);
  const target = JS_NAMESPACES.some((name) => namespaces.has(name))
    ? 'js'
    : namespaces.has('wasi_snapshot_preview1')
      ? 'wasip1'
      : null;
  const tiny = producers.find((one) => one.name === 'TinyGo');
  if (tiny) return { kind: 'tinygo', version: tiny.version || null, target, producer: spell(tiny) };
  const language = producers.find((one) => one.field === 'language');
  if (language?.name === 'Go')
    return { kind: 'go', version: language.version || null, target, producer: spell(language) };
  if (looksLikeGo(module)) return { kind: 'go', version: null, target: target ?? exportTarget(module), producer: null };
  const tool = language ?? producers[0];
  return { kind: 'other', version: null, target: null, producer: tool ? spell(tool) : null };
}

function spell(one: { name: string; version: string }): string {
  return one.version ? `${one.name} ${one.version}` : one.name;
}

function looksLikeGo(module: Module): boolean {
  if (module.section('go:buildid') || module.section('go.buildid')) return true;
  return exportTarget(module) === 'js';
}

function exportTarget(module: Module): 'js' | null {
  const exports = module.exports();
  const names = new Set(exports.ok ? exports.value.map((one) => one.name) : []);
  return JS_EXPORTS.every((name) => names.has(name)) ? 'js' : null;
}

/** @returns `1.26` of `go1.26.11`, `go1.27-devel_…`, `go1.21rc2`; null for anything else */
export function releaseOf(version: string | null): string | null {
  return /^(?:go|devel go)?(1\.\d+)/.exec(version ?? '')?.[1] ?? null;
}

const VERSION = /^go1\.\d+(?:\.\d+|rc\d+|beta\d+)?(?:[ -].{0,100})?$/;
const MOST_VERSION = 120;

/** @returns runtime.buildVersion: text `go1.…` that a string header of the image points at with its exact length; null if none */
export function findBuildVersion(image: Image): string | null {
  const { bytes, words, base } = image;
  const places = new Set<number>();
  for (let at = bytes.indexOf(0x67); at >= 0; at = bytes.indexOf(0x67, at + 1)) {
    if (bytes[at + 1] === 0x6f && bytes[at + 2] === 0x31 && bytes[at + 3] === 0x2e) places.add(base + at);
  }
  if (places.size === 0) return null;
  for (let i = 0; i + 4 <= words.length; i += 2) {
    const size = words[i + 2];
    if (words[i + 1] !== 0 || words[i + 3] !== 0 || size < 5 || size > MOST_VERSION || !places.has(words[i])) continue;
    if (!image.has(words[i], size)) continue;
    const version = text(image.slice(words[i], size));
    if (VERSION.test(version)) return version;
  }
  return null;
}
