/** The error list: page loads, entries of two lines, follow-ups below their cause. Windowed; in one column the open entry's
 * detail stands between its rows. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Failure } from '../../src/failures/failure';
import { shortFunction, shortPlace } from '../../src/failures/place';
import { clock, count } from '../widgets/format';
import { Icon, type IconName } from '../widgets/icons';
import { offsetsOf, Windowed } from '../widgets/windowed';
import type { ListRow } from './list-rows';

const HEAD = 23;
const ENTRY = 44;

interface ListProps {
  rows: ListRow[];
  selected: Failure | null;
  onSelect(failure: Failure): void;
  /** One column: shown below the selected entry. */
  detail?: ComponentChildren;
}

export function ErrorList({ rows, selected, onSelect, detail }: ListProps) {
  const at = rows.findIndex((row) => row.kind === 'entry' && row.failure.id === selected?.id);
  const split = detail && at >= 0 ? at + 1 : rows.length;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length }[
      event.key
    ];
    const next = step && entryFrom(rows, at, step);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(next);
  };
  const part = (from: number, to: number, name: string) => (
    <div
      class="error-list"
      role="listbox"
      aria-label={name}
      tabIndex={0}
      aria-activedescendant={at >= from && at < to ? optionId(selected) : undefined}
      onKeyDown={onKeyDown}
    >
      <Part rows={rows} from={from} to={to} at={at} onSelect={onSelect} />
    </div>
  );
  return (
    <>
      {part(0, split, 'Errors')}
      {detail && at >= 0 && <div class="accordion">{detail}</div>}
      {split < rows.length && part(split, rows.length, 'More errors')}
    </>
  );
}

/** The entry `step` entries away, or the last one in that direction. */
export function entryFrom(rows: ListRow[], at: number, step: number): Failure | null {
  let found: Failure | null = null;
  let left = Math.abs(step);
  for (let i = at + Math.sign(step); left > 0 && i >= 0 && i < rows.length; i += Math.sign(step)) {
    const row = rows[i];
    if (row.kind !== 'entry') continue;
    found = row.failure;
    left--;
  }
  return found;
}

interface PartProps {
  rows: ListRow[];
  from: number;
  to: number;
  at: number;
  onSelect(failure: Failure): void;
}

function Part({ rows, from, to, at, onSelect }: PartProps) {
  const offsets = useMemo(
    () => offsetsOf(to - from, (i) => (rows[from + i].kind === 'load' ? HEAD : ENTRY)),
    [rows, from, to],
  );
  return (
    <Windowed
      offsets={offsets}
      reveal={at >= from && at < to ? at - from : -1}
      render={(i) => {
        const row = rows[from + i];
        if (row.kind === 'load') return <LoadHead key={`load ${row.load.number}`} row={row} />;
        return <Entry key={row.failure.id} {...row} selected={from + i === at} onSelect={onSelect} />;
      }}
    />
  );
}

function LoadHead({ row }: { row: Extract<ListRow, { kind: 'load' }> }) {
  const { from, to, missed } = row.load;
  return (
    <div class="load-head" role="presentation">
      <span>
        {row.title}
        {missed > 0 && (
          <span title="Too many happened before DevTools was opened. The first and the latest were kept.">
            {` · ${count(missed)} ${missed === 1 ? 'event' : 'events'} not kept`}
          </span>
        )}
      </span>
      {from > 0 && <span class="time">{to === null ? clock(from) : `${clock(from)} – ${clock(to)}`}</span>}
    </div>
  );
}

function secondLine(failure: Failure, cause: Failure | null): string {
  if (cause) return `caused by the ${cause.kind === 'panic' || cause.kind === 'trap' ? cause.kind : 'error'} above`;
  return failure.where ? shortFunction(failure.where.function) : failure.problem || failure.module;
}

interface EntryProps {
  failure: Failure;
  /** It stands below this one. */
  cause: Failure | null;
  selected: boolean;
  onSelect(failure: Failure): void;
}

function Entry({ failure, cause, selected, onSelect }: EntryProps) {
  const { where } = failure;
  const at = failure.stack.rows[failure.selected];
  const lines = where?.precision === 'candidates' && at?.kind === 'frame' ? (at.candidates?.length ?? 0) : 0;
  const { icon, tone } = iconOf(failure);
  return (
    <div
      id={optionId(failure)}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-label={nameOf(failure)}
      class={`entry ${cause ? 'follow-up' : ''}`}
      onClick={() => onSelect(failure)}
    >
      <Icon name={icon} size={16} class={`tone-${tone}`} />
      <span class="first">
        <span class="title">{failure.title}</span>
        {failure.count > 1 && <span class="times">{count(failure.count)}</span>}
      </span>
      <span class="second" translate={false}>
        <span class="title">{secondLine(failure, cause)}</span>
        {!cause && where && (
          <span class="place">
            {shortPlace(where)}
            {lines > 1 && ` · 1 of ${lines}`}
          </span>
        )}
      </span>
    </div>
  );
}

function nameOf(failure: Failure): string {
  const { where } = failure;
  const times = failure.count > 1 ? `, ${count(failure.count)} times` : '';
  return `${failure.title}${times}${where ? `, ${shortFunction(where.function)}, ${shortPlace(where)}` : ''}`;
}

export function iconOf(failure: Failure): { icon: IconName; tone: string } {
  if (failure.kind === 'follow-up') return { icon: 'follow-up', tone: 'bad' };
  if (failure.kind === 'hang') return { icon: 'warning', tone: 'warn' };
  if (failure.kind === 'exit' && failure.exitCode === 0) return { icon: 'info', tone: 'info' };
  return { icon: 'error', tone: 'bad' };
}

function optionId(failure: Failure | null): string | undefined {
  return failure ? `error-${failure.id}` : undefined;
}
