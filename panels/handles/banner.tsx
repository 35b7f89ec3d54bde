/** The line above the table: what went wrong, what is being done, what was compared, else the worst suspicion. One at a time. */
import type { ComponentChildren } from 'preact';
import { shortFunction } from '../../src/failures/place';
import type { Suspect } from '../../src/handles/view';
import type { App } from '../app';
import { openSite } from '../errors/open';
import { full } from '../shell/layout';
import { Pill, TextLink } from '../widgets/button';
import { bytes, count } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { LocationLink } from '../widgets/names';
import { mark, reloadToRecord } from './acts';
import { deltaWords, findingOf, isLeak } from './words';

interface LineProps {
  tone: 'warn' | 'info';
  bold: ComponentChildren;
  title?: string;
  /** At the end of the sentence. */
  link?: ComponentChildren;
  /** At the right. */
  deed?: ComponentChildren;
  children?: ComponentChildren;
}

function Line({ tone, bold, title, link, deed, children }: LineProps) {
  return (
    <p class={`banner ${tone}`} role="status" title={title}>
      <Icon name={tone === 'warn' ? 'warning' : 'info'} size={16} class={`tone-${tone}`} />
      <span class="banner-words">
        <strong>{bold}</strong> {children} {link}
      </span>
      {deed}
    </p>
  );
}

export function Banner({ app }: { app: App }) {
  const { handles } = app;
  const { watch, snapshot, problem } = handles;
  const { saving, marked, life, shown } = handles;
  const now = snapshot.value;
  if (saving.value) {
    const { done, size, cancel } = saving.value;
    const far = size > 0 ? `${bytes(done)} of ${bytes(size)}` : 'the page copies its memory';
    return (
      <Line tone="info" bold="Saving a dump:" deed={<Pill onClick={cancel}>Cancel</Pill>}>
        {far}
      </Line>
    );
  }
  if (problem.value && now) {
    const close = () => {
      problem.value = '';
    };
    return (
      <Line tone="warn" bold="Attention." deed={<TextLink onClick={close}>Close</TextLink>}>
        {problem.value}
      </Line>
    );
  }
  if (!now) return null;
  if (shown.value?.note) {
    return (
      <Line tone="info" bold="Read with care.">
        {shown.value.note}
      </Line>
    );
  }
  if (life.value === 'exited' || life.value === 'gone') {
    return (
      <Line
        tone="info"
        bold={life.value === 'exited' ? 'The program has exited: its table is gone.' : 'The page is gone.'}
      >
        What is shown was read before.
      </Line>
    );
  }
  if (marked.value !== null) {
    const cancel = () => {
      marked.value = null;
    };
    return (
      <Line
        tone="info"
        bold="Marked."
        deed={
          <>
            <Pill primary onClick={() => void mark(app)}>
              Mark after
            </Pill>
            <Pill onClick={cancel}>Cancel</Pill>
          </>
        }
      >
        Now do in the page what may leak, a few times, then mark again.
      </Line>
    );
  }
  if (handles.wanted.value?.against != null) return <Compared app={app} />;
  if (watch.on.value && now.watchedSince === null) {
    const again = <Pill onClick={() => void reloadToRecord(app)}>Reload to record</Pill>;
    return (
      <Line tone="info" bold="Recording begins with the next load." deed={again}>
        Until then it is not known where handles are made.
      </Line>
    );
  }
  const worst = handles.suspects.value.find(isLeak);
  return worst ? <Suspicion app={app} suspect={worst} /> : null;
}

/** What is made in one call: no more is known of a click than that a function of Go ran. */
const each = ({ each }: Suspect): string =>
  each ? `Each call of ${shortFunction(each.of.function)} makes ${count(each.count)}. ` : '';

function Suspicion({ app, suspect }: { app: App; suspect: Suspect }) {
  const { handles } = app;
  const { site, reason, deed } = suspect;
  const showOnly = () => {
    handles.suspectsOnly.value = true;
  };
  const link = !handles.suspectsOnly.value && <TextLink onClick={showOnly}>Show only these</TextLink>;
  const { before, after } = findingOf(suspect);
  const bold = (
    <>
      {before} {site && <Site app={app} suspect={suspect} />} {after}
    </>
  );
  // Where there is little room the detail and the tooltip say the rest.
  return (
    <Line tone="warn" bold={bold} title={reason} link={link}>
      {full.value && each(suspect)}
      {deed}
    </Line>
  );
}

function Site({ app, suspect: { site } }: { app: App; suspect: Pick<Suspect, 'site'> }) {
  if (!site) return null;
  if (!site.file) return <span translate={false}>{shortFunction(site.function)}</span>;
  return <LocationLink place={site} open={(place) => openSite(app, site.function, place)} />;
}

/** What became more or less since another snapshot, and most of all where. */
function Compared({ app }: { app: App }) {
  const { handles } = app;
  const { against, snapshots, snapshot, suspects, group } = handles;
  const before = snapshots.value.find(({ number }) => number === against.value);
  const now = snapshot.value!;
  if (!before) return null;
  // Rows have come.
  handles.rows.value;
  const most = handles.grew();
  const suspect = most && suspects.value.find((each) => each.group === most.key && isLeak(each));
  const end = (
    <TextLink
      onClick={() => {
        against.value = null;
      }}
    >
      End comparison
    </TextLink>
  );
  const delta = now.handles - before.handles;
  return (
    <Line
      tone={suspect ? 'warn' : 'info'}
      bold={`${deltaWords(delta)} ${Math.abs(delta) === 1 ? 'handle' : 'handles'} since snapshot ${before.number}.`}
      title={suspect?.reason}
      link={end}
    >
      {most && most.delta !== null && most.delta > 0 && (
        <>
          {deltaWords(most.delta)} {group.value === 'site' ? 'from ' : 'of '}
          {most.site ? <Site app={app} suspect={most} /> : most.title || 'a place that is not known'}.{' '}
        </>
      )}
      {full.value && suspect && each(suspect)}
      {suspect?.deed}
    </Line>
  );
}
