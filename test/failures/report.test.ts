import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortFunction, shortPlace, splitFunction } from '../../src/failures/place';
import { toJson, toMarkdown, toText } from '../../src/failures/report';
import { failure, frame } from '../panels/preview/make';

const trap = failure({
  kind: 'trap',
  title: 'RuntimeError: memory access out of bounds',
  what: ['Go code using ', { code: 'unsafe' }, ' read beyond the end of linear memory.'],
  todo: ['Check the bounds at ', { place: { file: '/src/stamp.go', line: 88 } }, '.'],
  goroutine: {
    id: 1,
    state: 'running',
    createdBy: { function: 'main.start', file: '/src/main.go', line: 7, goroutine: 4 },
  },
  rows: [
    frame('main.(*Stamp).blend', '/src/stamp.go', 88, {
      precision: 'candidates',
      candidates: [
        { file: '/src/stamp.go', line: 88 },
        { file: '/src/stamp.go', line: 91 },
      ],
    }),
    frame('main.draw', '/src/stamp.go', 61, { inlined: true }),
    { kind: 'js', text: 'app.js:88 onclick' },
    { kind: 'run', times: 500, rows: [frame('main.even', '/src/a.go', 3), frame('main.odd', '/src/a.go', 7)] },
    { kind: 'gap', why: 'Go elided 312 frames' },
    frame('main.main', '/src/main.go', 5),
  ],
});

test('text names every candidate, every run and the goroutine', () => {
  assert.equal(
    toText(trap),
    `RuntimeError: memory access out of bounds

What happened. Go code using unsafe read beyond the end of linear memory.
What to do. Check the bounds at stamp.go:88.

goroutine 1 [running]:
main.(*Stamp).blend
\t/src/stamp.go:88 or /src/stamp.go:91
main.draw (inlined)
\t/src/stamp.go:61
JS: app.js:88 onclick
These 2 frames × 500:
  main.even
  \t/src/a.go:3
  main.odd
  \t/src/a.go:7
… Go elided 312 frames …
main.main
\t/src/main.go:5
created by main.start in goroutine 4
\t/src/main.go:7
`,
  );
});

test('Markdown is a table that a bug tracker shows', () => {
  const module = {
    name: 'paint.wasm',
    mainPath: 'example.com/paint',
    goVersion: 'go1.27.4',
    revision: '7c1f0d2e9a41',
    modified: true,
    size: 7_172_000,
    stripped: true,
  };
  const excerpt = { file: '/src/stamp.go', first: 87, lines: ['x', 'y'], marked: [88] };
  assert.equal(
    toMarkdown(trap, { module, excerpt }),
    `### RuntimeError: memory access out of bounds

**What happened.** Go code using \`unsafe\` read beyond the end of linear memory.

**What to do.** Check the bounds at \`stamp.go:88\`.

| # | Function | Location | Line |
| --: | --- | --- | --- |
| 0 | \`main.(*Stamp).blend\` | \`/src/stamp.go:88 or /src/stamp.go:91\` | one of 2 lines |
| 1 | \`main.draw\` *inlined* | \`/src/stamp.go:61\` | exact |
| | JS: \`app.js:88 onclick\` | | |
| | *These 2 frames × 500* | | |
| 2 | \`main.even\` | \`/src/a.go:3\` | exact |
| 3 | \`main.odd\` | \`/src/a.go:7\` | exact |
| | *Go elided 312 frames* | | |
| 1002 | \`main.main\` | \`/src/main.go:5\` | exact |

\`/src/stamp.go\`

\`\`\`go
  87  x
> 88  y
\`\`\`

- Module: \`paint.wasm (example.com/paint)\`
- Go version: \`go1.27.4\`
- Revision: \`7c1f0d2e9a41 (dirty)\`
- Size: \`7172000 bytes, stripped\`
`,
  );
});

test('what the page wrote cannot leave its place in Markdown', () => {
  const hostile = failure({
    title: 'panic: <img src=x> [click](http://evil) | `a`',
    message: 'panic: x\n```\n# not a heading',
    rows: [frame('main.`|`', '/src/a|b.go', 1)],
  });
  const text = toMarkdown(hostile);
  assert.ok(text.startsWith('### panic: \\<img src=x\\> \\[click\\](http://evil) \\| \\`a\\`'));
  assert.ok(text.includes('````\npanic: x\n```\n# not a heading\n````'));
  assert.ok(text.includes("| 0 | `main.'\\|'` | `/src/a\\|b.go:1` | exact |"));
});

test('JSON holds every failure whole', () => {
  const parsed = JSON.parse(toJson([trap])) as { format: string; failures: unknown[] };
  assert.equal(parsed.format, 'gowasm.failures/1');
  assert.deepEqual(parsed.failures, [JSON.parse(JSON.stringify(trap))]);
});

test('symbols split at the end of their package path, type arguments or not', () => {
  const split = (symbol: string) => Object.values(splitFunction(symbol)).join(' ; ');
  assert.equal(split('example.com/paint/brush.(*Stamp).blend'), 'example.com/paint/brush ; (*Stamp).blend');
  assert.equal(split('main.Map[example.com/x.T].Get'), 'main ; Map[example.com/x.T].Get');
  assert.equal(split('gopkg.in/yaml%2ev3.(*Node).Decode'), 'gopkg.in/yaml%2ev3 ; (*Node).Decode');
  assert.equal(split('_rt0_wasm_js'), ' ; _rt0_wasm_js');
  assert.equal(shortFunction('example.com/paint/brush.(*Stamp).blend'), 'brush.(*Stamp).blend');
  assert.equal(shortPlace({ file: 'C:\\src\\main.go', line: 0 }), 'main.go');
});
