/** Why a tab has nothing of its own to show: the states of the page that all tabs share. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../app';
import type { ModuleEntry } from '../modules';
import { Pill, TextLink } from '../widgets/button';
import { Empty } from '../widgets/empty';
import { bytes, plural } from '../widgets/format';
import { Icon } from '../widgets/icons';

/** The page's state if it has one, else the children. */
export function PageState({ app, children }: { app: App; children: ComponentChildren }) {
  const { page, subject } = app;
  if (subject.value?.instance === null) return children;
  if (page.lost.value) return <Lost app={app} />;
  if (page.site.value.kind !== 'enabled' && !subject.value) return <Site app={app} />;
  if (!subject.value) return <NoModule app={app} />;
  return children;
}

function Site({ app }: { app: App }) {
  const site = app.page.site.value;
  if (site.kind === 'closed') {
    return (
      <Empty icon="lock" title="Chrome does not allow extensions here" text={site.why}>
        <WithoutPage app={app} />
      </Empty>
    );
  }
  if (site.kind === 'enabled') return null;
  return (
    <Empty
      icon="lock"
      title={`Not enabled on ${site.site}`}
      text="The panel reads Go memory and calls only on sites you choose. Nothing leaves this browser."
    >
      <Pill primary onClick={() => enable(app, app.window.sites.enable())}>
        Enable on {site.site}
      </Pill>
      <Pill onClick={() => enable(app, app.window.sites.enableAll())}>Enable on all sites</Pill>
    </Empty>
  );
}

/** Once Chrome has been asked within the click: a granted site is listened to from its next load on. */
function enable(app: App, asked: Promise<boolean>): void {
  void asked.then(async (given) => {
    app.page.site.value = await app.window.sites.state();
    if (given) app.window.reload();
  });
}

function NoModule({ app }: { app: App }) {
  const foreign = app.page.foreign.value;
  if (foreign?.kind === 'missed') {
    return (
      <Empty
        icon="record"
        tone="bad"
        title="Nothing recorded yet"
        text={`${foreign.name} started before this panel could listen. A reload shows it from its start.`}
      >
        <Pill primary onClick={() => app.window.reload()}>
          Reload to record
        </Pill>
      </Empty>
    );
  }
  const made = foreign?.producer ? ` (${foreign.producer})` : '';
  return (
    <Empty
      icon="code"
      title="No Go module on this page"
      text={
        foreign
          ? `${foreign.name} is WebAssembly, but not built by Go${made}.`
          : 'This panel wakes up when the page or a frame loads WebAssembly built by Go.'
      }
    >
      <WithoutPage app={app} />
    </Empty>
  );
}

/** What works with no page at all. */
function WithoutPage({ app }: { app: App }) {
  return (
    <>
      <Pill onClick={() => app.openFile()}>Open a .wasm file</Pill>
      <Pill
        onClick={() => {
          app.tab.value = 'errors';
          app.pasting.value = true;
        }}
      >
        Paste a stack trace
      </Pill>
    </>
  );
}

function Lost({ app }: { app: App }) {
  return (
    <Empty
      icon="sync"
      title="Disconnected from the page"
      text="The extension was updated or the tab crashed. What you recorded is still here."
    >
      <Pill primary onClick={() => app.reconnect()}>
        Reconnect
      </Pill>
    </Empty>
  );
}

/** The same as one line over lists that still have something to show. */
export function PageBanner({ app }: { app: App }) {
  const site = app.page.site.value;
  if (app.errors.failures.value.size === 0) return null;
  if (!app.page.lost.value) {
    if (site.kind !== 'off' || app.tab.value !== 'errors') return null;
    return (
      <p class="banner info" role="status">
        <Icon name="lock" size={16} />
        <span>
          <strong>Not enabled on {site.site}.</strong> The errors below are of earlier pages.
        </span>
        <Pill onClick={() => enable(app, app.window.sites.enable())}>Enable on {site.site}</Pill>
      </p>
    );
  }
  return (
    <p class="banner info" role="status">
      <Icon name="sync" size={16} />
      <span>
        <strong>Disconnected from the page.</strong> What you recorded is still here.
      </span>
      <Pill onClick={() => app.reconnect()}>Reconnect</Pill>
    </p>
  );
}

const BAR_AFTER = 300;
const STEPS_AFTER = 2000;

/** How long an entry has been loading: nothing, then a bar, then steps. */
export function usePatience(entry: ModuleEntry | null): 'none' | 'bar' | 'steps' {
  const loading = entry !== null && isLoading(entry);
  const [, tick] = useState(0);
  const age = loading ? Date.now() - entry.since : 0;
  useEffect(() => {
    if (!loading) return;
    const next = age < BAR_AFTER ? BAR_AFTER : STEPS_AFTER;
    if (age >= STEPS_AFTER) return;
    const timer = setTimeout(() => tick((n) => n + 1), next - age + 1);
    return () => clearTimeout(timer);
  });
  if (!loading || age < BAR_AFTER) return 'none';
  return age < STEPS_AFTER ? 'bar' : 'steps';
}

export function isLoading(entry: ModuleEntry): boolean {
  return entry.phase === 'fetching' || entry.phase === 'reading' || entry.phase === 'naming';
}

/** The thin bar below the strips. */
export function LoadingBar({ app }: { app: App }) {
  const entry = app.subject.value?.module ?? null;
  const patience = usePatience(entry);
  if (patience === 'none' || !entry) return null;
  return <Bar words={`Reading ${entry.name}`} />;
}

const Bar = ({ words }: { words: string }) => <div class="loading" role="progressbar" aria-label={words} />;

/** The thin bar below a tab's toolbar, as soon as something has been waited for for longer than one notices. */
export function WaitingBar({ waits, words }: { waits: boolean; words: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => setLate(true), BAR_AFTER);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [waits]);
  return late ? <Bar words={words} /> : null;
}

/** Steps with counts and Cancel. */
export function LoadingSteps({ app, entry }: { app: App; entry: ModuleEntry }) {
  const order = ['fetching', 'reading', 'naming', 'ready'];
  const at = order.indexOf(entry.phase);
  const steps = [
    { name: 'Module', note: entry.size === null ? '' : bytes(entry.size) },
    { name: 'Function names and lines', note: entry.info ? plural(entry.info.functions.go, 'function') : '' },
    { name: 'Names for what has failed', note: '' },
  ];
  return (
    <div class="steps">
      <ul>
        {steps.map((step, i) => (
          <li key={step.name} class={i > at ? 'waiting' : ''}>
            {i < at && <Icon name="check" size={16} class="tone-good" />}
            {i === at && <span class="spinner" role="img" aria-label="now" />}
            {i > at && <span class="no-icon" />}
            <span>{step.name}</span>
            <span class="note">{step.note || (i > at ? 'waiting' : '')}</span>
          </li>
        ))}
      </ul>
      <p class="steps-foot">
        <span>Reading {entry.name}</span>
        <TextLink onClick={() => app.modules.cancel(entry.id)}>Cancel</TextLink>
      </p>
    </div>
  );
}

/** In place of a part that could not be read. */
export function PartFailed({ app, entry }: { app: App; entry: ModuleEntry }) {
  const cancelled = entry.phase === 'cancelled';
  return (
    <div class="part-failed" role="status">
      <Icon name={cancelled ? 'info' : 'warning'} size={16} class={cancelled ? 'tone-info' : 'tone-warn'} />
      <div>
        <p>{cancelled || entry.tooLarge ? entry.why : `${entry.name} could not be read: ${entry.why}`}</p>
        {entry.url && <p class="remark">Errors are still listed, with the names that the page itself told.</p>}
        <p class="deeds">
          <TextLink onClick={() => void app.modules.retry(entry.id, entry.tooLarge)}>
            {entry.tooLarge ? 'Read anyway' : 'Try again'}
          </TextLink>
        </p>
      </div>
    </div>
  );
}
