/** What is known of the selected row: a value with the Go stack that made it, or a group with why it is suspected. */
import { useEffect, useState } from 'preact/hooks';
import { shortFunction } from '../../src/failures/place';
import type { GroupRow, HandleDetail } from '../../src/handles/view';
import type { Frame } from '../../src/symbols/frame';
import type { App } from '../app';
import { openSite } from '../errors/open';
import { panes } from '../shell/layout';
import { Pill, TextLink } from '../widgets/button';
import { count } from '../widgets/format';
import { Guard } from '../widgets/guard';
import { FunctionName, LocationLink } from '../widgets/names';
import { Section } from '../widgets/section';
import { act, collect, reloadToRecord, reveal } from './acts';
import { Growth, Suspected } from './cells';
import { ageWords, deltaWords, growthWords, handleOf, idWords, isLeak, previewWords, STATES } from './words';

export function Detail({ app }: { app: App }) {
  const { detail, selected, view } = app.handles;
  const row = detail.value;
  if (!row) {
    const wanted = selected.value === null ? null : handleOf(selected.value);
    return wanted && view.value ? <p class="quiet">#{wanted.id} is not in this snapshot.</p> : null;
  }
  return (
    <Guard key={selected.value ?? ''} name="This row">
      {row.kind === 'group' ? <Group app={app} row={row} /> : <Value app={app} row={row} />}
    </Guard>
  );
}

interface FactProps {
  name: string;
  value: preact.ComponentChildren;
  title?: string;
}

const Fact = ({ name, value, title }: FactProps) => (
  <div title={title}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function Value({ app, row }: { app: App; row: HandleDetail }) {
  const { settings } = app;
  const unheld = row.id === 0 && row.func > 0;
  return (
    <>
      <Section
        id="handles-value"
        title={unheld ? `js.Func ${row.func}` : `${idWords(row)} ${row.class || row.type}`}
        note={unheld ? 'no handle known' : row.ageMs === null ? undefined : `age ${ageWords(row.ageMs)}`}
        settings={settings}
      >
        <Deeds app={app} row={row} />
        <dl class="numbers">
          <Fact name="Type" value={row.type} />
          {row.refs !== null && (
            <Fact
              name="Refs"
              value={count(row.refs)}
              title="How many js.Values of Go stand for it, or stood and were not collected yet"
            />
          )}
          {row.crossings !== null && (
            <Fact name="Crossed" value={count(row.crossings)} title="How often it has crossed to Go" />
          )}
          <Fact name="State" value={row.state} title={STATES[row.state]} />
        </dl>
        {row.reason && <p class="reason">{row.reason}</p>}
      </Section>
      {row.state !== 'fixed' && <CreatedAt app={app} row={row} />}
      <Section id="handles-held" title="Held by in Go" note="not known" settings={settings}>
        <p class="quiet">Which Go objects hold it comes with a snapshot of Go’s heap.</p>
      </Section>
      <Section id="handles-known" title="Known to JS as" settings={settings}>
        <KnownAs app={app} row={row} />
      </Section>
    </>
  );
}

function Deeds({ app, row }: { app: App; row: HandleDetail }) {
  const [done, setDone] = useState('');
  useEffect(() => setDone(''), [row.id]);
  if (app.handles.life.value !== 'live' || (row.id === 0 && row.func > 0)) return null;
  const run = (work: Promise<string>) => void work.then(setDone);
  return (
    <div class="pills value-deeds" title="Of the value that has this number now">
      <Pill onClick={() => run(act(app, 'log', row.id))}>Log to console</Pill>
      <Pill onClick={() => run(act(app, 'store', row.id))}>Store as global</Pill>
      {row.connected !== null && (
        <Pill onClick={() => run(reveal(app, row.id))}>{panes.value ? 'Reveal in Elements' : 'Reveal'}</Pill>
      )}
      {done && <span class="remark">{done}</span>}
    </div>
  );
}

function CreatedAt({ app, row }: { app: App; row: HandleDetail }) {
  const { createdAt, whole, createdWhy, within } = row;
  const note = createdAt ? (whole ? 'exact' : 'exact, cut off') : 'not known';
  const watches = app.handles.watch.on.value || app.handles.life.value !== 'live';
  return (
    <Section id="handles-created" title="Created at" note={note} settings={app.settings}>
      {createdAt ? (
        <ul class="frames" aria-label="Created at">
          {createdAt.map((frame, i) => (
            <FrameLine key={i} app={app} frame={frame} />
          ))}
        </ul>
      ) : (
        <p class="quiet">
          {createdWhy} {!watches && <TextLink onClick={() => void reloadToRecord(app)}>Reload to record</TextLink>}
        </p>
      )}
      {within && (
        <p class="within remark">
          While JavaScript called <span translate={false}>{shortFunction(within.function)}</span>
        </p>
      )}
    </Section>
  );
}

const isInternal = (name: string): boolean => /^(?:runtime|syscall\/js)\./.test(name);

function FrameLine({ app, frame }: { app: App; frame: Frame }) {
  return (
    <li>
      <FunctionName symbol={frame.function} dim={isInternal(frame.function)} short />
      {frame.inlined && <span class="chip">inlined</span>}
      <span class="space" />
      {frame.file && <LocationLink place={frame} open={(place) => openSite(app, frame.function, place)} />}
    </li>
  );
}

function KnownAs({ app, row }: { app: App; row: HandleDetail }) {
  const { connected, runs, text } = row;
  const words = previewWords(row) || 'not looked at yet';
  const where =
    connected === null
      ? ''
      : connected
        ? 'It is in the document.'
        : 'It is in no document: it left, or was never put into one. Go still holds it.';
  return (
    <div class="known">
      <p>
        <code translate={false} title={text || undefined}>
          <bdi>{words}</bdi>
        </code>
      </p>
      {runs && (
        <p class="remark">
          A function made by js.FuncOf. It runs{' '}
          {runs.file ? (
            <LocationLink place={runs} open={(place) => openSite(app, runs.function, place)} />
          ) : (
            <span translate={false}>{runs.function}</span>
          )}
          .
        </p>
      )}
      {where && <p class="remark">{where}</p>}
    </div>
  );
}

function Group({ app, row }: { app: App; row: GroupRow }) {
  const { site, title, suspect } = row;
  const heading = site ? shortFunction(site.function) : title || 'not known';
  return (
    <>
      <Section id="handles-group" title={heading} note={row.mostly || undefined} settings={app.settings}>
        <dl class="numbers">
          <Fact name="Handles" value={count(row.count)} />
          {row.delta !== null && <Fact name="Difference" value={deltaWords(row.delta)} />}
          {row.unheld > 0 && (
            <Fact
              name="Without handle"
              value={count(row.unheld)}
              title="js.Funcs that are registered still, though nothing of Go holds their js.Value"
            />
          )}
          <Fact
            name="Growth"
            value={
              <span class="growth-fact">
                <Growth row={row} /> {growthWords(row.growth)}
              </span>
            }
          />
        </dl>
      </Section>
      {suspect && (
        <Section
          id="handles-why"
          title={isLeak(suspect) ? 'Why it is suspected' : 'No leak'}
          note={isLeak(suspect) ? <Suspected reason={suspect.reason} /> : undefined}
          settings={app.settings}
        >
          <div class="known">
            <p>{suspect.reason}</p>
            <p>
              <strong>{isLeak(suspect) ? 'What to do.' : ''}</strong> {suspect.deed}
            </p>
            {!isLeak(suspect) && app.handles.life.value === 'live' && (
              <p class="pills">
                <Pill onClick={() => void collect(app)}>Run Go GC</Pill>
              </p>
            )}
          </div>
        </Section>
      )}
      {site && (
        <Section id="handles-place" title="Created at" note="innermost of your code" settings={app.settings}>
          <ul class="frames" aria-label="Created at">
            <FrameLine app={app} frame={site} />
          </ul>
        </Section>
      )}
    </>
  );
}
