/** Made-up failures of a made-up program, example.com/paint, as real ones look: for the preview and for tests of the panel. */
import type { Attached } from '../../../panels/sourcemap/attached';
import type { Failure, StackRow } from '../../../src/failures/failure';
import type { Realm } from '../../../src/protocol/messages';
import type { Info, InstanceRow } from '../../../src/session';
import { failure, frame } from './make';

const DAY = Date.UTC(2026, 10, 20);
/** A time of that day, as the clock of the machine shows it. */
export function at(hours: number, minutes: number, seconds: number): number {
  return DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000 + new Date(DAY).getTimezoneOffset() * 60_000;
}

const PAINT = 'example.com/paint';

export const info: Info = {
  toolchain: { kind: 'go', version: 'go1.26.5', target: 'js' },
  mainPath: PAINT,
  modulePath: PAINT,
  moduleVersion: 'v0.9.2-dev',
  dependencies: [
    { path: 'github.com/hajimehoshi/bitmapfont/v3', version: 'v3.3.0' },
    { path: 'golang.org/x/image', version: 'v0.34.0' },
    { path: 'golang.org/x/text', version: 'v0.31.0', replace: { path: '../text', version: '(devel)' } },
  ],
  settings: {
    CGO_ENABLED: '0',
    GOARCH: 'wasm',
    GOOS: 'js',
    '-ldflags': '-s -w',
    '-trimpath': 'true',
    DefaultGODEBUG: '',
  },
  vcs: { revision: '7c1f0d2e9a415b3c0f2d8e6a94b7c5d1e3f20a18', time: '2026-11-18T16:42:07Z', modified: true },
  importNamespace: 'gojs',
  size: 7_172_312,
  stripped: true,
  hasNames: false,
  hasDwarf: false,
  externalDebugInfo: null,
  sourceMappingURL: null,
  functions: { wasm: 5307, go: 5307 },
  files: 494,
  pclntab: { version: '0xfffffff1', functions: 5307, address: 3_211_264 },
  sections: [],
  warnings: [],
  producer: null,
};

export const realms: (Realm & { gone?: boolean })[] = [
  { id: 'top-1', url: 'http://localhost:8080/', top: true, since: at(11, 58, 3) },
  { id: 'top-2', url: 'http://localhost:8080/', top: true, since: at(12, 1, 52) },
  { id: 'top-3', url: 'http://localhost:8080/', top: true, since: at(12, 4, 18) },
  { id: 'help-3', url: 'http://localhost:8080/help', top: false, since: at(12, 4, 19) },
];

const row = (
  realm: string,
  state: InstanceRow['state'],
  started: number,
  exitCode: number | null = null,
): InstanceRow => ({
  realm,
  instance: 1,
  module: null,
  url: 'http://localhost:8080/paint.wasm',
  state,
  exitCode,
  startedAt: started,
});

export const instances: InstanceRow[] = [
  row('top-1', 'gone', at(11, 58, 3), 0),
  row('top-2', 'gone', at(12, 1, 52), 2),
  row('top-3', 'trapped', at(12, 4, 18)),
  row('help-3', 'exited', at(12, 4, 19), 0),
];

const callback: StackRow[] = [
  frame('syscall/js.handleEvent', '/usr/local/go/src/syscall/js/func.go', 100),
  frame('runtime.handleEvent', '/usr/local/go/src/runtime/lock_js.go', 316, { inlined: true }),
  frame('runtime.main', '/usr/local/go/src/runtime/proc.go', 290),
  frame('runtime.goexit', '/usr/local/go/src/runtime/asm_wasm.s', 434),
];

const stamp = `${PAINT}/brush/stamp.go`;

const trap = failure({
  id: 'trap',
  realm: 'top-3',
  kind: 'trap',
  title: 'RuntimeError: memory access out of bounds',
  at: at(12, 4, 31),
  what: [
    'Go code using ',
    { code: 'unsafe' },
    ' read beyond the end of linear memory. The Go runtime did not see it and printed nothing.',
  ],
  todo: [
    'Check the bounds at ',
    { place: { file: stamp, line: 88 } },
    ' and ',
    { place: { file: stamp, line: 91 } },
    '. Reload before you trust anything else: this Go program’s state is undefined now.',
  ],
  rows: [
    frame(`${PAINT}/brush.(*Stamp).blend`, stamp, 88, {
      from: 'v8',
      precision: 'candidates',
      candidates: [
        { file: stamp, line: 88 },
        { file: stamp, line: 91 },
      ],
      offset: 0x170835,
    }),
    frame(`${PAINT}/brush.(*Stamp).Draw`, stamp, 61, { from: 'v8', inlined: true }),
    frame(`${PAINT}/brush.(*Brush).strokeTo`, `${PAINT}/brush/brush.go`, 174, { from: 'v8', offset: 0x16fe02 }),
    frame(`${PAINT}/canvas.(*Layer).Stroke`, `${PAINT}/canvas/layer.go`, 203),
    { kind: 'js', text: 'at HTMLCanvasElement.onpointermove (http://localhost:8080/canvas.js:88:9)' },
    frame('main.(*App).onPointerMove', `${PAINT}/app.go`, 118),
    frame('main.(*App).listen.func2', `${PAINT}/app.go`, 96),
    ...callback,
  ],
  goroutine: { id: 1, state: 'running', createdBy: { function: 'runtime.rt0_go', file: '', line: 0, goroutine: null } },
  stateUndefined: true,
  raw: `RuntimeError: memory access out of bounds
    at wasm://wasm/paint-0f3a7c12:wasm-function[1789]:0x170835
    at wasm://wasm/paint-0f3a7c12:wasm-function[1802]:0x16fe02
    at globalThis.Go._resume (http://localhost:8080/wasm_exec.js:560:23)
    at onpointermove (http://localhost:8080/canvas.js:88:9)`,
});

const nilMap = failure({
  id: 'nil-map',
  realm: 'top-2',
  kind: 'panic',
  title: 'panic: assignment to entry in nil map',
  at: at(12, 2, 40),
  what: ['Go code wrote to a nil map.'],
  todo: [
    'Make the map before ',
    { place: { file: `${PAINT}/history/log.go`, line: 52 } },
    ' runs; all later calls into this program fail.',
  ],
  rows: [
    frame('runtime.mapassign_faststr', '/usr/local/go/src/internal/runtime/maps/runtime_faststr.go', 263),
    frame(`${PAINT}/history.(*Log).Push`, `${PAINT}/history/log.go`, 52),
    frame('main.(*App).undo', `${PAINT}/app.go`, 140),
    ...callback,
  ],
  goroutine: {
    id: 23,
    state: 'running',
    createdBy: { function: 'main.(*App).listen', file: `${PAINT}/app.go`, line: 90, goroutine: 1 },
  },
  raw: 'panic: assignment to entry in nil map\n\ngoroutine 23 [running]:\nexample.com/paint/history.(*Log).Push(...)\n\texample.com/paint/history/log.go:52 +0x1a',
  exitCode: 2,
  followUps: ['late'],
});

const late = failure({
  id: 'late',
  realm: 'top-2',
  kind: 'follow-up',
  title: 'Error: Go program has already exited',
  at: at(12, 2, 41),
  count: 14,
  what: [
    'The program exited 0.8 s earlier; this call came too late. ',
    { failure: 'nil-map', text: 'Show the panic' },
    '.',
  ],
  causedBy: 'nil-map',
  raw: 'Error: Go program has already exited\n    at globalThis.Go._resume (http://localhost:8080/wasm_exec.js:558:10)',
});

const setter = failure({
  id: 'setter',
  realm: 'top-2',
  kind: 'js-error',
  title: "InvalidStateError: Failed to set the 'value' property on 'HTMLInputElement'",
  at: at(12, 3, 55),
  count: 2,
  what: [
    'A JS setter threw while Go called ',
    { code: 'Value.Set' },
    '. Go cannot catch that; the error passed through its frames and left them half done.',
  ],
  todo: [
    'Check the value before Set, or set it through a JS function called with ',
    { code: 'Call' },
    ': that turns the error into a Go panic.',
  ],
  rows: [
    frame('syscall/js.valueSet', '/usr/local/go/src/syscall/js/js.go', 0, { precision: 'function', from: 'v8' }),
    frame('syscall/js.Value.Set', '/usr/local/go/src/syscall/js/js.go', 303, { from: 'v8' }),
    frame(`${PAINT}/ui.(*FileBar).reset`, `${PAINT}/ui/filebar.go`, 140, { from: 'v8' }),
    ...callback,
  ],
  goroutine: { id: 1, state: 'running', createdBy: null },
  stateUndefined: true,
  raw: "InvalidStateError: Failed to set the 'value' property\n    at syscall/js.valueSet (http://localhost:8080/wasm_exec.js:380:13)",
});

const even = frame(`${PAINT}/tree.(*Node[example.com/paint/brush.Stamp]).walkEven`, `${PAINT}/tree/walk.go`, 31, {
  from: 'v8',
});
const odd = frame(`${PAINT}/tree.(*Node[example.com/paint/brush.Stamp]).walkOdd`, `${PAINT}/tree/walk.go`, 44, {
  from: 'v8',
});

const overflow = failure({
  id: 'overflow',
  realm: 'top-1',
  kind: 'trap',
  title: 'RangeError: Maximum call stack size exceeded',
  at: at(11, 59, 12),
  what: ['Go recursed until the browser’s stack was full; Go’s own limit was not reached.'],
  todo: ['Look for the repeating frames (shown once, × 5,602).'],
  rows: [
    { kind: 'run', times: 5602, rows: [even, odd] },
    frame('main.(*App).open', `${PAINT}/app.go`, 71),
    ...callback,
  ],
  goroutine: { id: 1, state: 'running', createdBy: null },
  stateUndefined: true,
  raw: 'RangeError: Maximum call stack size exceeded\n    at wasm://wasm/paint-0f3a7c12:wasm-function[2204]:0x1a0c11',
});

const exit = failure({
  id: 'exit',
  realm: 'top-1',
  kind: 'exit',
  title: 'Exited with code 0',
  at: at(12, 1, 50),
  what: ['main returned.'],
  rows: [
    frame('main.main', `${PAINT}/main.go`, 64, { from: 'memory' }),
    frame('runtime.main', '/usr/local/go/src/runtime/proc.go', 290),
    frame('runtime.goexit', '/usr/local/go/src/runtime/asm_wasm.s', 434),
  ],
  exitCode: 0,
});

export const failures: Failure[] = [overflow, exit, nilMap, late, setter, trap];

/** What became of the module's source map. */
export const maps: Attached[] = [
  {
    ...{ url: 'http://localhost:8080/paint.wasm', phase: 'attached', why: '' },
    ...{ places: 48_210, files: 494, texts: 41, lines: 'none', ms: 412 },
  },
];

/** Texts of the page's server by path. */
export const sources: Record<string, string> = {
  '/brush/stamp.go': `package brush

import "unsafe"
${'\n'.repeat(54)}// Draw puts the stamp on dst.
func (s *Stamp) Draw(dst []uint32, w, x0, y0 int) {
	if s.visible { s.blend(dst, w, x0, y0) }
	s.blend(dst, w, x0, y0)
}
${'\n'.repeat(18)}// blend mixes the brush mask into dst, one pixel at a time.
func (s *Stamp) blend(dst []uint32, w, x0, y0 int) {
	for y := 0; y < s.h; y++ {
		for x := 0; x < s.w; x++ {

			// dst stays inside the layer: the caller clips
			p := unsafe.Pointer(&s.mask[0])
			a := *(*uint32)(unsafe.Add(p, y*s.stride+x))
			// a transparent dot leaves dst as it is
			a = premultiply(a)
			dst[y*w+x] = mix(dst[y*w+x], a)
		}
	}
}
`,
  '/history/log.go': `package history
${'\n'.repeat(44)}// Push remembers one step.
func (l *Log) Push(step Step) {
	name := step.Name()
	if name == "" {
		name = "unnamed"
	}
	l.steps[name] = append(l.steps[name], step)
	l.last = step
}
`,
};
