/** A sheet for stacks out of the console, of Sentry or of a user: text in, Go frames out, with any module or none. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Pasted } from '../../src/session';
import type { App } from '../app';
import { Pill, ToolButton } from '../widgets/button';
import { plural } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { Popup } from '../widgets/popup';
import { Excerpt } from './excerpt';
import { openPlace, wantedFor } from './open';
import { StackGrid } from './stack';
import { frameAt, numberOf, type Source } from './stack-rows';

/** While one types. */
const PAUSE = 200;

export function PasteSheet({ app }: { app: App }) {
  const [text, setText] = useState('');
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const [problem, setProblem] = useState('');
  const [picked, setPicked] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const modules = [...app.modules.entries.value.values()].filter((entry) => entry.key !== null);
  const module = modules.find((entry) => entry.id === (picked ?? app.subject.value?.id)) ?? modules.at(-1) ?? null;
  const key = module?.key ?? '';

  useEffect(() => area.current?.focus(), []);
  useEffect(() => {
    if (text.trim() === '') {
      setPasted(null);
      setProblem('');
      return;
    }
    let current = true;
    const show = (result: Pasted | null, why: string) => {
      if (!current) return;
      setPasted(result);
      setProblem(why);
    };
    const timer = setTimeout(() => {
      app.session.paste(key, text).then(
        (result) => show(result, ''),
        (error: Error) => show(null, error.message),
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, key]);

  const close = () => {
    app.pasting.value = false;
  };
  const openFile = {
    id: 'open',
    text: 'Open a .wasm file',
    label: 'Open a .wasm file …',
    onChoose: () => {
      setPicked(null);
      app.openFile();
    },
  };
  return (
    <div
      class="sheet"
      role="dialog"
      aria-label="Paste a stack trace"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        event.preventDefault();
        close();
      }}
    >
      <div class="sheet-head">
        <h1>Paste a stack trace</h1>
        <Popup
          name="Module for this stack"
          as="listbox"
          align="right"
          button={
            <>
              <span>{module ? moduleName(module.id, module.name) : 'No module'}</span>
              <Icon name="triangle" size={12} />
            </>
          }
          items={[
            ...modules.map((entry) => ({
              id: entry.id,
              text: moduleName(entry.id, entry.name),
              label: moduleName(entry.id, entry.name),
              checked: entry.id === module?.id,
              onChoose: () => setPicked(entry.id),
            })),
            openFile,
          ]}
        />
        <ToolButton icon="close" label="Close" bare onClick={close} />
      </div>
      <textarea
        ref={area}
        aria-label="Stack trace"
        placeholder="Paste a stack from the console, Sentry or a user"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {problem && (
        <p class="banner warn" role="status">
          <Icon name="warning" size={16} class="tone-warn" />
          {problem}
        </p>
      )}
      {pasted?.warning && (
        <p class="banner warn" role="status">
          <Icon name="warning" size={16} class="tone-warn" />
          <span>{module ? pasted.warning : 'Wasm frames need the .wasm file that was deployed.'}</span>
          <Pill onClick={() => app.openFile()}>Open a .wasm file</Pill>
        </p>
      )}
      {pasted && <Result app={app} pasted={pasted} />}
      {!pasted && !problem && (
        <p class="quiet">
          Frames of Chrome, Firefox and Safari and the text of Go panics are understood.
          {!module && ' To name wasm frames, open the .wasm file that was deployed.'}
        </p>
      )}
    </div>
  );
}

function Result({ app, pasted }: { app: App; pasted: Pasted }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [whole, setWhole] = useState(false);
  const all = useMemo(
    () =>
      pasted.lines.flatMap((line): Source[] =>
        line.rows.length > 0 ? line.rows : [{ kind: 'text', text: line.input }],
      ),
    [pasted],
  );
  const rows: readonly Source[] = whole ? all : pasted.stack;
  const keep = rows.findIndex((row) => row.kind === 'run' || (row.kind === 'frame' && !row.internal));
  const number = chosen ?? numberOf(rows, keep);
  const row = frameAt(rows, number);
  return (
    <>
      <div class="section-head">
        <h2 class="plain">Stack</h2>
        <fieldset class="toggle" aria-label="What is shown">
          <button type="button" aria-pressed={!whole} onClick={() => setWhole(false)}>
            Go
          </button>
          <button type="button" aria-pressed={whole} onClick={() => setWhole(true)}>
            All lines
          </button>
        </fieldset>
        <span class="note">
          {pasted.frames > 0 ? `${plural(pasted.frames, 'frame')} with an offset` : plural(pasted.lines.length, 'line')}
        </span>
      </div>
      {rows.length > 0 ? (
        <StackGrid
          rows={rows}
          keep={keep}
          selected={number}
          onSelect={(_, wanted) => setChosen(wanted)}
          open={(place, from) => void openPlace(app, null, from, place)}
          openJs={(frame) => void app.window.openResource(frame.url, frame.line, frame.column)}
        />
      ) : (
        <p class="quiet">No line of this could be named.</p>
      )}
      {row && row.file !== '' && (
        <Excerpt
          row={row}
          number={number}
          wanted={wantedFor(app, null, null, row, row)}
          finder={app.sources}
          version={app.folders.version.value}
          settings={app.settings}
          setRoot={() => {
            app.dialog.value = { kind: 'settings', part: 'Sources' };
          }}
        />
      )}
    </>
  );
}

function moduleName(id: string, name: string): string {
  return id.startsWith('file ') ? name : `${name} on this page`;
}
