/**
 * The module card: what one binary says of itself, as `gowasm info` prints it and the Overview shows it (contract.md).
 * A part that cannot be read leaves its fields empty and a line in `warnings`.
 */
import { lazily, type Outcome } from './bytes/malformed';
import type { Program } from './program';
import { sourceMappingURL } from './sourcemap/find';

/** `gowasm info --json` without its `format` key: the module card (contract.md). */
export interface Info {
  toolchain: { kind: 'go' | 'tinygo' | 'other'; version: string | null; target: 'js' | 'wasip1' | null };
  mainPath: string | null;
  modulePath: string | null;
  /** Version of the main module as `mod` line says, e.g. `(devel)`. */
  moduleVersion: string | null;
  dependencies: { path: string; version: string; replace?: { path: string; version: string } }[];
  settings: Record<string, string>;
  vcs: { revision: string; time: string | null; modified: boolean } | null;
  /** `go`, `gojs`, or what the module imports most; null without imports. */
  importNamespace: string | null;
  /** Bytes, unpacked. */
  size: number;
  stripped: boolean;
  hasNames: boolean;
  hasDwarf: boolean;
  /** Where the module says that its debug information lies. */
  externalDebugInfo: string | null;
  sourceMappingURL: string | null;
  functions: { wasm: number; go: number };
  /** Source files named in pclntab. */
  files: number;
  pclntab: { version: string; functions: number; address: number } | null;
  sections: { id: number; name: string; offset: number; size: number }[];
  /** What could not be read, one line each, with the reason. */
  warnings: string[];
  /** Language and tools as the `producers` section tells them, e.g. `Rust 1.68`; for modules not made by Go. */
  producer: string | null;
}

export function readInfo(program: Program): Info {
  const { module, go } = program;
  const warnings: string[] = [];
  const read = <T>(what: string, outcome: Outcome<T>): T | null => {
    if (outcome.ok) return outcome.value;
    warnings.push(`${what}: ${outcome.why}`);
    return null;
  };
  const toolchain = program.toolchain();
  const isGo = go.isGo;
  const imports = read('imports', module.imports()) ?? [];
  const code = read('code', module.code());
  const names = read('function names', module.names());
  const pclntab = isGo ? read('function names and lines', go.pclntab()) : null;
  const files = pclntab && read('source files', lazily(() => pclntab.files)());
  const build = isGo ? read('build information', go.buildInfo()) : null;
  if (isGo) read('inlined calls', go.lines());
  if (isGo && go.inlineWarning) warnings.push(go.inlineWarning);
  for (const why of program.debugWarnings()) warnings.push(`DWARF: ${why}`);
  if (isGo) read('exact lines', program.ownLines());
  const settings = Object.fromEntries(build?.settings ?? []);
  const hasDwarf = module.sections.some(({ name }) => name.startsWith('.debug_'));
  const hasNames = (names?.count ?? 0) > 0;
  return {
    toolchain: {
      kind: isGo ? 'go' : toolchain.kind,
      version: isGo ? go.version : toolchain.version,
      target: toolchain.target,
    },
    mainPath: build?.path ?? null,
    modulePath: build?.main?.path ?? null,
    moduleVersion: build?.main?.version ?? null,
    dependencies: build?.dependencies ?? [],
    settings,
    vcs: settings['vcs.revision']
      ? {
          revision: settings['vcs.revision'],
          time: settings['vcs.time'] ?? null,
          modified: settings['vcs.modified'] === 'true',
        }
      : null,
    importNamespace: namespaceOf(imports.map((one) => one.module)),
    size: module.bytes.length,
    stripped: !hasNames && !hasDwarf,
    hasNames,
    hasDwarf,
    externalDebugInfo: program.externalDebugInfo(),
    sourceMappingURL: sourceMappingURL(module),
    functions: { wasm: code?.offsets.length ?? 0, go: pclntab?.count ?? 0 },
    files: files ?? 0,
    pclntab: pclntab && { version: pclntab.version, functions: pclntab.count, address: pclntab.address },
    sections: module.sections.map(({ id, name, offset, size }) => ({ id, name, offset, size })),
    warnings,
    producer: toolchain.producer,
  };
}

/** The namespace most imports come from; Go's own wherever it occurs. */
function namespaceOf(modules: string[]): string | null {
  const counts = new Map<string, number>();
  for (const module of modules) counts.set(module, (counts.get(module) ?? 0) + 1);
  for (const own of ['gojs', 'go']) if (counts.has(own)) return own;
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
