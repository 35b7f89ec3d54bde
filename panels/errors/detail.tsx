/** One failure in full: what happened, what to do, the stack, the source, the goroutine. */
import { useMemo, useState } from 'preact/hooks';
import type { Failure, FrameRow } from '../../src/failures/failure';
import { placesOf } from '../../src/failures/place';
import type { Place } from '../../src/symbols/frame';
import type { App } from '../app';
import { panes, wide } from '../shell/layout';
import { Pill } from '../widgets/button';
import { CopyButton } from '../widgets/copy-button';
import { plural } from '../widgets/format';
import { Sentence } from '../widgets/names';
import { Section } from '../widgets/section';
import { paneWidth, SplitHandle } from '../widgets/split';
import { copyMarkdown } from './copy';
import { Excerpt } from './excerpt';
import { GoroutineFacts } from './goroutine';
import { openPlace, wantedFor } from './open';
import { RawStack } from './raw';
import { heightOfStack, StackGrid } from './stack';
import { frameAt, numberOf } from './stack-rows';

const SIDE = 300;
/** Of a section, CSS pixels. */
const HEAD_HEIGHT = 26;
/** Height of a raw stack that does not shrink further, CSS pixels. */
const RAW = 200;

export function Detail({ app, failure }: { app: App; failure: Failure }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { rows } = failure.stack;
  const first = useMemo(() => numberOf(rows, failure.selected), [rows, failure.selected]);
  const number = chosen ?? first;
  const row = useMemo(() => frameAt(rows, number), [rows, number]);
  const open = (place: Place, from: FrameRow) => void openPlace(app, failure, from, place);
  const side = failure.goroutine && (
    <Section id="goroutine" title="Goroutine" settings={app.settings}>
      <GoroutineFacts goroutine={failure.goroutine} open={(place) => openNamed(app, failure, place)} />
    </Section>
  );
  return (
    <article class="detail" aria-label={failure.title} data-pane="detail">
      <Head app={app} failure={failure} row={row} />
      <div class="detail-body">
        <div class="detail-main">
          <StackSection app={app} failure={failure} number={number} select={setChosen} open={open} />
          {row && row.file !== '' && (
            <Excerpt
              row={row}
              number={number}
              wanted={wantedFor(app, failure.realm, failure.instance, row, lowest(row))}
              finder={app.sources}
              version={app.folders.version.value}
              settings={app.settings}
              setRoot={() => {
                app.dialog.value = { kind: 'settings', part: 'Sources' };
              }}
            />
          )}
          {!wide.value && side}
        </div>
        {wide.value && side && (
          <>
            <SplitHandle name="side" label="Width of the goroutine pane" settings={app.settings} initial={SIDE} right />
            <div class="detail-side" style={{ width: `${paneWidth(app.settings, 'side', SIDE)}px` }}>
              {side}
            </div>
          </>
        )}
      </div>
    </article>
  );
}

function Head({ app, failure, row }: { app: App; failure: Failure; row: FrameRow | null }) {
  const show = (id: string) => {
    app.errors.chosen.value = id;
  };
  const open = (place: Place) => openNamed(app, failure, place);
  const cause = failure.causedBy === null ? undefined : app.errors.failures.value.get(failure.causedBy);
  const [place] = row ? placesOf(row) : [];
  return (
    <header class="detail-head">
      <h1>{failure.title}</h1>
      {failure.message.includes('\n') && <pre class="message">{failure.message.slice(0, 4000)}</pre>}
      {failure.what.length > 0 && (
        <p>
          <strong>What happened.</strong> <Sentence words={failure.what} open={open} show={show} />
        </p>
      )}
      {failure.todo.length > 0 && (
        <p>
          <strong>What to do.</strong> <Sentence words={failure.todo} open={open} show={show} />
        </p>
      )}
      {failure.problem && <p class="problem">{failure.problem}</p>}
      <div class="pills">
        {failure.stateUndefined && (
          <Pill icon="refresh" onClick={() => app.window.reload()}>
            Reload page
          </Pill>
        )}
        <CopyButton as="pill" label="Copy as Markdown" copy={() => copyMarkdown(app, failure)} />
        {row && place && <Pill onClick={() => void openPlace(app, failure, row, place)}>Open in Sources</Pill>}
        {cause && <Pill onClick={() => show(cause.id)}>Show the cause</Pill>}
      </div>
    </header>
  );
}

interface StackSectionProps {
  app: App;
  failure: Failure;
  number: number;
  select(number: number): void;
  open(place: Place, row: FrameRow): void;
}

function StackSection({ app, failure, number, select, open }: StackSectionProps) {
  const [raw, setRaw] = useState(false);
  const { stack } = failure;
  const showRaw = raw && failure.raw !== '';
  const stackHeight = useMemo(
    () => HEAD_HEIGHT + heightOfStack(stack.rows, failure.selected),
    [stack.rows, failure.selected],
  );
  return (
    <Section
      id="stack"
      title="Stack"
      shrinksTo={showRaw ? RAW : stackHeight}
      settings={app.settings}
      note={
        <span title={sourcesOf(failure)}>
          {panes.value ? sourcesOf(failure) : sourcesOf(failure).replace(/[:,] .*/, '')}
        </span>
      }
      extra={
        failure.raw !== '' && (
          <GoOrRaw raw={raw} set={setRaw} name={/^\s*at |@|wasm-function/m.test(failure.raw) ? 'Raw JS' : 'Raw text'} />
        )
      }
    >
      {showRaw && <RawStack text={failure.raw} />}
      {!showRaw && stack.rows.length > 0 && (
        <StackGrid
          rows={stack.rows}
          keep={failure.selected}
          selected={number}
          onSelect={(_, chosen) => select(chosen)}
          open={open}
          openJs={(frame) => void app.window.openResource(frame.url, frame.line, frame.column)}
        />
      )}
      {!showRaw && stack.rows.length === 0 && <p class="quiet">{stack.note || 'No stack was told with this.'}</p>}
      {!showRaw && stack.rows.length > 0 && stack.note && <p class="quiet below">{stack.note}</p>}
    </Section>
  );
}

function GoOrRaw({ raw, set, name }: { raw: boolean; set(raw: boolean): void; name: string }) {
  return (
    <fieldset class="toggle" aria-label="Form of the stack">
      <button type="button" aria-pressed={!raw} onClick={() => set(false)}>
        Go
      </button>
      <button type="button" aria-pressed={raw} onClick={() => set(true)}>
        {name}
      </button>
    </fieldset>
  );
}

/** `10 frames: 3 from V8, 7 read from Go's stack in memory` */
export function sourcesOf({ stack }: Pick<Failure, 'stack'>): string {
  const { v8, memory, text } = stack.counts;
  const total = v8 + memory + text;
  if (total === 0) return '';
  const parts = [
    v8 > 0 && `${v8.toLocaleString('en')} from V8`,
    memory > 0 && `${memory.toLocaleString('en')} read from Go’s stack in memory`,
    text > 0 && `${text.toLocaleString('en')} from Go’s own traceback`,
  ].filter(Boolean);
  const frames = plural(total, 'frame');
  return parts.length === 1
    ? `${frames}, ${String(parts[0]).replace(/^[\d,]+ /, '')}`
    : `${frames}: ${parts.join(', ')}`;
}

/** Opens a place out of a sentence: the frame it belongs to tells its package. */
function openNamed(app: App, failure: Failure, place: Place): void {
  const frames = failure.stack.rows.flatMap((row) =>
    row.kind === 'frame' ? [row] : row.kind === 'run' ? row.rows : [],
  );
  const row = frames.find((each) => placesOf(each).some((at) => at.file === place.file && at.line === place.line));
  const near = row ?? frames.find((each) => each.file === place.file);
  if (near) void openPlace(app, failure, near, place);
  else app.say.tell(`Sources does not have ${place.file}`);
}

/** The place whose line the text must reach. */
function lowest(row: FrameRow): Place {
  const lines = placesOf(row).map((place) => place.line);
  return { file: row.file || (placesOf(row)[0]?.file ?? ''), line: Math.max(row.line, ...lines) };
}
