/** One line per tab that says how true its numbers are. */
import type { App, Tab } from '../app';
import { honesty } from '../bridge/words';
import { isError } from '../errors/store';
import { reloadToRecord } from '../handles/acts';
import { honesty as handlesHonesty } from '../handles/words';
import { TextLink } from '../widgets/button';
import { count, plural } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { panes } from './layout';

/** What each tab measures, in full words; the footer's link opens it. */
export const MEASURED = {
  overview: [
    'Every fact of the module is read from the file itself: Go’s own tables, its build information and the list of sections. Nothing is guessed; what the linker left out is called “not recorded”.',
    'States come from the program’s own calls: it runs from Go.run to its exit, and it is called trapped after an error went through its frames.',
  ],
  errors: [
    'The line of a frame that called another one is exact: it is read from the return address that Go’s compiler wrote before the call.',
    'The innermost frame of a trap has no such address. Go’s tables know blocks of instructions there, so the panel names every line that the block can stand for. Mostly that is one; else all are told.',
    'Frames read from memory come from Go’s own stack, unwound with Go’s tables. They go on where the browser’s stack ends after a wait.',
  ],
  bridge: [
    'Every call is counted, with its bytes and the Go stack it came from: these numbers are exact. A call is timed only as often as costs little; a time is the mean of the timed calls, times the count.',
    'A page’s clock goes in steps. Sums and means over many calls are right in spite of it; a single call shorter than a step is told as less than that.',
    'In a chosen stretch of time each timed call stands for as many as were made for one timed, so there counts are estimated as well, unless every call was timed.',
    'Recording takes time of its own. Calls that are timed seem longer by two looks at the clock, and what is within others counts for both.',
  ],
  handles: [
    'A snapshot copies the table of values that wasm_exec.js keeps for Go, in one turn while no Go code runs: numbers, types and counts are exact. Go gives a handle back only after its garbage collector has found the js.Value unreachable, so the table lags behind what is in use.',
    'Values are described by what their internal slots say. No getter, Proxy or toString of the page is run; of what could not be described without that, only the type is told. They are described when they come into sight, so a word may be younger than the snapshot.',
    'Where a handle was made is the Go stack at the call that first handed the value over, read from Go’s memory. It is recorded only in pages that were loaded while recording was on; ages are a little late or early, for the clock is looked at seldom.',
    'A leak is suspected where at least 20 js.Funcs of one place were never released; where the handles of a place only become more, by 20 or more and over 3 collections by Go (2 in a comparison); and where 20 nodes of one place are in no document. Strings that wait for Go’s GC are no leak.',
    'Whether Go can still reach a value, and which Go object holds it, needs Go’s heap, which is not read yet: it is called “not known”.',
  ],
} as const;

/** Most important first; a narrow panel shows two. */
const factsOf: Record<Tab, (app: App) => string[]> = {
  errors: errorFacts,
  overview: overviewFacts,
  bridge: bridgeFacts,
  handles: handleFacts,
};

export function Footer({ app }: { app: App }) {
  const facts = factsOf[app.tab.value](app);
  return (
    <footer class="footer">
      <button
        type="button"
        class="tool bare"
        title={facts.join(' · ')}
        aria-label="How this is measured"
        onClick={() => {
          app.dialog.value = { kind: 'measured' };
        }}
      >
        <Icon name="about" size={16} />
      </button>
      {facts.map((fact, i) => (
        <span key={fact} class={`fact-${i}`}>
          {fact}
        </span>
      ))}
      {app.tab.value === 'handles' && <Deed app={app} />}
      <span class="space" />
      <TextLink
        onClick={() => {
          app.dialog.value = { kind: 'measured' };
        }}
      >
        How this is measured
      </TextLink>
    </footer>
  );
}

function errorFacts({ errors }: App): string[] {
  const all = [...errors.failures.value.values()];
  const followUps = all.filter((each) => each.kind === 'follow-up').reduce((sum, each) => sum + each.count, 0);
  const total = all.filter(isError).length;
  const counted = `${plural(total, 'error')}${followUps > 0 ? `, ${plural(followUps, 'follow-up')}` : ''}`;
  const shown = errors.shown.value < all.length ? [`${count(errors.shown.value)} of ${count(all.length)} shown`] : [];
  return [
    counted,
    'Lines at calls are exact; a trap between calls can name several',
    ...shown,
    'Kept in this DevTools window only',
  ];
}

function bridgeFacts({ bridge }: App): string[] {
  const summary = bridge.summary.value;
  if (!summary)
    return ['Nothing recorded', 'Counts and bytes of a recording are exact; times are those of sampled calls'];
  const [counted, ...more] = honesty(summary);
  const { file } = bridge.shown.value ?? { file: '' };
  return file ? [counted, `Opened from ${file}`, ...more] : [counted, ...more];
}

function handleFacts({ handles }: App): string[] {
  const snapshot = handles.snapshot.value;
  if (!snapshot) return ['No handles are read', 'Counts of a snapshot are exact'];
  return handlesHonesty({
    ...{ snapshot, view: handles.view.value, short: !panes.value, live: handles.life.value === 'live' },
    ...{ age: handles.now.value - snapshot.at, file: handles.shown.value?.file ?? '' },
  });
}

/** What would make more known. */
function Deed({ app }: { app: App }) {
  const { snapshot, watch, life } = app.handles;
  if (!snapshot.value || snapshot.value.watchedSince !== null || watch.on.value || life.value !== 'live') return null;
  return (
    <span class="deed">
      <TextLink onClick={() => void reloadToRecord(app)}>Reload to record</TextLink>
    </span>
  );
}

function overviewFacts({ subject, page }: App): string[] {
  if (!subject.value) return ['Nothing is read from this page'];
  const facts = ['Build facts: read from the module, exact'];
  if (subject.value.instance)
    facts.push(`States: ${plural(page.instances.value.length, 'instance')}, seen since the page loaded`);
  else facts.push('Opened from a file; nothing is uploaded');
  return facts;
}
