/** The strip of counters: sums so far, how fast they rise, and how they rose. */
import type { ComponentChildren } from 'preact';
import type { Sample, Totals } from '../../src/bridge/counters';
import type { Summary } from '../../src/bridge/recording';
import { panes } from '../shell/layout';
import { bytes, count, plural } from '../widgets/format';
import { span } from './words';

/** Milliseconds over which a rate is told. */
const RATE = 2000;
const POINTS = 22;

export function CountersStrip({ summary }: { summary: Summary }) {
  const { totals, samples, began, now, gc, switchesWhy } = summary;
  const lasted = Math.max(1, now - began);
  const rate = rateOf(samples, now);
  const line = (sum: keyof Totals, tone: string) => <Sparkline values={rises(samples, sum)} tone={tone} />;
  return (
    <div class="counters" role="group" aria-label="Counters">
      <Tile name="Go → JS" value={count(totals.goToJs)} rate={rate('goToJs', count)} line={line('goToJs', 'js')} />
      <Tile name="JS → Go" value={count(totals.jsToGo)} rate={rate('jsToGo', count)} line={line('jsToGo', 'go')} />
      <Tile
        name="In JS"
        value={span(totals.inJs)}
        rate={`${Math.min(100, Math.round((totals.inJs / lasted) * 100))} % busy`}
        title={summary.timed < summary.calls ? 'about: from the calls that were timed' : undefined}
        line={line('inJs', 'js')}
      />
      <Tile
        name="Copied"
        value={bytes(totals.bytes)}
        rate={rate('bytes', (value) => bytes(value))}
        line={line('bytes', 'copy')}
      />
      {'why' in gc ? (
        <Unknown name="GC" why={gc.why} />
      ) : (
        <Tile
          name="GC"
          value={plural(gc.cycles, 'cycle')}
          rate={`${span(gc.ms)} total`}
          title={gc.missed > 0 ? `${plural(gc.missed, 'cycle')} without times` : undefined}
          line={line('cycles', 'gc')}
        />
      )}
      {switchesWhy ? (
        <Unknown name="Switches" why={switchesWhy} />
      ) : (
        <Tile
          name="Switches"
          value={count(totals.switches)}
          rate={rate('switches', count)}
          title="of the goroutine that runs: as far as they were seen at calls"
          line={line('switches', 'goroutine')}
        />
      )}
    </div>
  );
}

interface TileProps {
  name: string;
  value: string;
  rate: string;
  title?: string;
  line?: ComponentChildren;
}

function Tile({ name, value, rate, title, line }: TileProps) {
  return (
    <div class="counter" title={title}>
      <span class="counter-name">{name}</span>
      <span class="counter-value">
        <b>{value}</b> {panes.value && <span class="remark">{rate}</span>}
      </span>
      {line}
    </div>
  );
}

const Unknown = ({ name, why }: { name: string; why: string }) => (
  <Tile name={name} value="–" rate="not known" title={`Not known: ${why}.`} />
);

/** `2,104/s`: of the last seconds. */
function rateOf(samples: Sample[], now: number) {
  const before = samples.filter(({ at }) => at <= now - RATE).at(-1) ?? samples[0];
  const last = samples.at(-1);
  return (sum: keyof Totals, words: (value: number) => string) => {
    if (!before || !last || last.at <= before.at) return '';
    return `${words(Math.round(((last[sum] - before[sum]) / (last.at - before.at)) * 1000))}/s`;
  };
}

/** How much a sum rose in each of equal parts of the time. */
function rises(samples: Sample[], sum: keyof Totals): number[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at <= first.at) return [];
  const values: number[] = [];
  let at = 0;
  let before = first[sum];
  for (let part = 1; part <= POINTS; part++) {
    const until = first.at + ((last.at - first.at) * part) / POINTS;
    while (at + 1 < samples.length && samples[at + 1].at <= until) at++;
    const here = samples[at];
    const next = samples[at + 1] ?? here;
    const value =
      here[sum] + (next.at > here.at ? ((next[sum] - here[sum]) * (until - here.at)) / (next.at - here.at) : 0);
    values.push(Math.max(0, value - before));
    before = value;
  }
  return values;
}

function Sparkline({ values, tone }: { values: number[]; tone: string }) {
  const most = Math.max(...values, 0);
  if (values.length === 0 || most === 0) return null;
  const points = values.map(
    (value, i) => `${((i / (values.length - 1)) * 44).toFixed(1)},${(17 - (value / most) * 15).toFixed(1)}`,
  );
  return (
    <svg class={`sparkline ${tone}`} width="44" height="18" viewBox="0 0 44 18" aria-hidden="true">
      <polygon points={`0,18 ${points.join(' ')} 44,18`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}
