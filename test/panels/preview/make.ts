/** Short ways to write failures and frames for tests and for the preview. Everything not said is quiet and plausible. */
import type { Failure, FrameRow, StackRow } from '../../../src/failures/failure';

let last = 0;

/** A frame; `internal` by its package, as the session says it. */
export function frame(name: string, file: string, line: number, more: Partial<FrameRow> = {}): FrameRow {
  return {
    kind: 'frame',
    function: name,
    file,
    line,
    inlined: false,
    precision: 'exact',
    from: 'memory',
    internal: /^(?:runtime|syscall\/js|internal\/|sync)\b/.test(name),
    ...more,
  };
}

/** A failure; `rows` is its stack, `where` its first frame that is not internal. */
export function failure(said: Partial<Failure> & { title: string; rows?: StackRow[] }): Failure {
  const { rows = [], ...more } = said;
  const frames = rows.flatMap((row) => (row.kind === 'frame' ? [row] : row.kind === 'run' ? row.rows : []));
  const first = frames.find((row) => !row.internal) ?? null;
  const from = (which: FrameRow['from']) => frames.filter((row) => row.from === which).length;
  return {
    id: `f${++last}`,
    realm: 'top-1',
    instance: 1,
    module: 'paint.wasm',
    kind: 'panic',
    message: said.title,
    at: 0,
    lastAt: said.at ?? 0,
    count: 1,
    what: [],
    todo: [],
    where: first && { function: first.function, file: first.file, line: first.line, precision: first.precision },
    stack: { rows, complete: true, counts: { v8: from('v8'), memory: from('memory'), text: from('text') }, note: '' },
    selected: first ? rows.indexOf(first) : -1,
    raw: '',
    goroutine: null,
    exitCode: null,
    stateUndefined: false,
    causedBy: null,
    followUps: [],
    problem: '',
    ...more,
  };
}
