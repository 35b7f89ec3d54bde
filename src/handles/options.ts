/** What the page must know of a program so that its handles can be told: how to walk its stacks, and where Go keeps what is asked for. */
import { frameTable, proofOf, staticRange } from '../bridge/frames';
import { lazily, type Outcome } from '../bytes/malformed';
import { findFuncs } from '../go/js-funcs';
import type { Program } from '../program';
import type { FuncsProbe } from '../protocol/handles';
import type { HandleOptions } from './api';

const found = new WeakMap<Program, () => Outcome<FuncsProbe>>();

/** Where the program's map of js.Funcs lies, or why that is not known. Looked for once. */
function funcsOf(program: Program): Outcome<FuncsProbe> {
  const read = found.get(program) ?? lazily(() => findFuncs(program.module, program.go));
  found.set(program, read);
  return read();
}

export function handleOptions(program: Program): HandleOptions {
  const proof = proofOf(program) ?? undefined;
  const funcs = funcsOf(program);
  const collector = program.go.collectorState();
  return {
    watch: { proof, frames: frameTable(program), ...staticRange(program) },
    table: { proof, funcs: funcs.ok ? funcs.value : null, numgc: collector.ok ? collector.value.numgc : 0 },
  };
}

/** @returns one sentence for a table that does not say which js.Funcs are registered */
export function whyNoFuncs(program: Program | null): string {
  if (!program) return 'Which js.Funcs are registered is not known: the module has not been read.';
  const funcs = funcsOf(program);
  return `Which js.Funcs are registered is not known: ${funcs.ok ? 'the page found no such map in memory' : funcs.why}.`;
}
