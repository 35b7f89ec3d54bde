/** A Go stack as a grid: number, function, location, line. Runtime frames folded, runs shown once, JavaScript as bands. */
import { useMemo, useState } from 'preact/hooks';
import type { FrameRow } from '../../src/failures/failure';
import { placesOf, shortFunction, shortPlace } from '../../src/failures/place';
import { precisionText } from '../../src/failures/report';
import type { Place } from '../../src/symbols/frame';
import { TextLink } from '../widgets/button';
import { count, plural } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { FunctionName, LocationLink } from '../widgets/names';
import { Popup } from '../widgets/popup';
import { offsetsOf, Windowed } from '../widgets/windowed';
import { type JsFrame, parseJsFrame } from './js-frame';
import { type GridRow, gridRows, type Source } from './stack-rows';

const HEAD = 22;
const ROW = 20;
/** Every further candidate stands on a line of its own. */
const MORE = 17;
/** More than this no reader takes in; the chip lists them all. */
const MOST_LINES = 40;

interface StackProps {
  rows: readonly Source[];
  /** Number of the selected frame. */
  selected: number;
  onSelect(row: FrameRow, number: number): void;
  /** Opens a place in Sources; `row` is the frame it belongs to. */
  open(place: Place, row: FrameRow): void;
  openJs(frame: JsFrame): void;
  /** Index in `rows` that is not folded away. */
  keep: number;
}

export function StackGrid({ rows, selected, onSelect, open, openJs, keep }: StackProps) {
  const [folds, setFolds] = useState<ReadonlySet<number>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);
  const grid = useMemo(() => gridRows(rows, folds, keep), [rows, folds, keep]);
  const offsets = useMemo(() => offsetsOf(grid.length, (i) => heightOf(grid[i])), [grid]);
  const chosen = grid.findIndex((row) => row.kind === 'frame' && row.number === selected);
  const at = cursor !== null && cursor < grid.length ? cursor : chosen;

  const move = (to: number) => {
    const index = Math.max(0, Math.min(grid.length - 1, to));
    setCursor(index);
    const row = grid[index];
    if (row?.kind === 'frame') onSelect(row.row, row.number);
  };
  const toggle = (row: GridRow | undefined, wanted?: boolean) => {
    if (row?.kind !== 'fold' || row.open === wanted) return false;
    const next = new Set(folds);
    if (row.open) next.delete(row.key);
    else next.add(row.key);
    setFolds(next);
    return true;
  };
  const act = (key: string): boolean => {
    const row = grid[at];
    const page = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 15, PageUp: -15 }[key];
    if (page) move(at + page);
    else if (key === 'Home') move(0);
    else if (key === 'End') move(grid.length - 1);
    else if (key === 'ArrowRight') return toggle(row, true);
    else if (key === 'ArrowLeft') return toggle(row, false);
    else if (key === ' ') return toggle(row);
    else if (key === 'Enter' && row?.kind === 'frame') {
      const [place] = placesOf(row.row);
      if (place) open(place, row.row);
    } else return key === 'Enter' && toggle(row);
    return true;
  };
  return (
    <div
      class="stack"
      role="grid"
      aria-label="Go stack"
      aria-rowcount={grid.length + 1}
      tabIndex={0}
      aria-activedescendant={at >= 0 ? `row-${at}` : undefined}
      style={{ '--digits': digitsOf(grid) }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
        if (!act(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="stack-row head sticky" role="row" aria-rowindex={1} tabIndex={-1}>
        <span role="columnheader" tabIndex={-1} aria-label="Number" />
        <span role="columnheader" tabIndex={-1}>
          Function
        </span>
        <span role="columnheader" tabIndex={-1}>
          Location
        </span>
        <span role="columnheader" tabIndex={-1} class="line">
          Line
        </span>
      </div>
      <Windowed
        offsets={offsets}
        reveal={at}
        render={(i) => (
          <StackRow
            key={i}
            row={grid[i]}
            index={i}
            selected={i === at}
            // Its source is shown below in any case; Sources may not have it.
            open={(place, row) => {
              move(i);
              open(place, row);
            }}
            openJs={openJs}
            onClick={() => {
              move(i);
              toggle(grid[i]);
            }}
          />
        )}
      />
    </div>
  );
}

interface RowProps {
  row: GridRow;
  index: number;
  selected: boolean;
  open(place: Place, row: FrameRow): void;
  openJs(frame: JsFrame): void;
  onClick(): void;
}

function StackRow({ row, index, selected, open, openJs, onClick }: RowProps) {
  const odd = index % 2 === 1 ? 'odd' : '';
  return (
    <div
      id={`row-${index}`}
      class={`stack-row ${row.kind} ${odd} ${row.kind === 'frame' && row.inRun ? 'in-run' : ''}`}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-expanded={row.kind === 'fold' ? row.open : undefined}
      style={{ height: `${heightOf(row)}px` }}
      onClick={onClick}
    >
      {row.kind === 'frame' ? <FrameCells {...row} open={open} /> : <Band row={row} openJs={openJs} />}
    </div>
  );
}

function FrameCells({ row, number, times, open }: Extract<GridRow, { kind: 'frame' }> & Pick<RowProps, 'open'>) {
  const places = placesOf(row);
  const unsure = row.precision === 'candidates' && places.length > 1;
  return (
    <>
      <span role="gridcell" tabIndex={-1} class="number">
        {number}
      </span>
      <span role="gridcell" tabIndex={-1} class="cell-function">
        <FunctionName symbol={row.function} dim={row.internal || row.precision === 'unknown'} />
        {row.inlined && <span class="chip">inlined</span>}
        {times > 1 && <span class="chip strong">× {count(times)}</span>}
      </span>
      <span role="gridcell" tabIndex={-1} class="cell-location">
        {places.slice(0, MOST_LINES).map((place, i) => (
          <span key={i} class="one-place">
            {i > 0 && <span class="or">or</span>}
            <LocationLink place={place} open={() => open(place, row)} note={precisionText(row)} />
            {i === 0 && unsure && <Candidates row={row} open={open} text={`1 of ${places.length}`} class="short" />}
          </span>
        ))}
      </span>
      <span role="gridcell" tabIndex={-1} class={`line ${row.precision}`}>
        {unsure ? <Candidates row={row} open={open} text={precisionText(row)} /> : precisionText(row)}
      </span>
    </>
  );
}

interface CandidatesProps {
  row: FrameRow;
  text: string;
  class?: string;
  open(place: Place, row: FrameRow): void;
}

function Candidates({ row, text, class: more = '', open }: CandidatesProps) {
  return (
    <Popup
      as="menu"
      name={`${text}: candidates`}
      class={`candidates ${more}`}
      button={<span class="chip unsure">{text}</span>}
      items={placesOf(row).map((place, i) => ({
        id: String(i),
        text: shortPlace(place),
        label: shortPlace(place),
        onChoose: () => open(place, row),
      }))}
    />
  );
}

/** `app.js:88 onclick` */
function JsPlace({ text, openJs }: { text: string; openJs(frame: JsFrame): void }) {
  const frame = parseJsFrame(text);
  if (!frame) return <span translate={false}>{text}</span>;
  return (
    <span translate={false} title={text}>
      <TextLink onClick={() => openJs(frame)}>{frame.place}</TextLink> {frame.name}
    </span>
  );
}

function Band({ row, openJs }: { row: Exclude<GridRow, { kind: 'frame' }>; openJs(frame: JsFrame): void }) {
  return (
    <span role="gridcell" tabIndex={-1} aria-colspan={4} class="band">
      {row.kind === 'fold' && (
        <>
          <Icon name="triangle" size={14} class={row.open ? '' : 'closed'} />
          <span>
            {plural(row.count, 'frame')} of {row.packages}
          </span>
          {!row.open && <span class="last">… {shortFunction(row.last)}</span>}
        </>
      )}
      {row.kind === 'run' && (
        <>
          <span>{plural(row.frames, 'frame')} repeated</span>
          <span class="chip strong">× {count(row.times)}</span>
        </>
      )}
      {row.kind === 'js' && (
        <>
          <span class="chip js">JS</span>
          <JsPlace text={row.text} openJs={openJs} />
        </>
      )}
      {row.kind === 'gap' && <span>{row.why}</span>}
      {row.kind === 'text' && <span translate={false}>{row.text}</span>}
    </span>
  );
}

/** Of the highest number, for the width of its column. */
function digitsOf(grid: GridRow[]): number {
  for (let i = grid.length - 1; i >= 0; i--) {
    const row = grid[i];
    if ('number' in row) return String(row.number).length;
  }
  return 1;
}

/** What a stack takes when its folds are closed, CSS pixels. */
export function heightOfStack(rows: readonly Source[], keep: number): number {
  return gridRows(rows, new Set(), keep).reduce((sum, row) => sum + heightOf(row), HEAD);
}

function heightOf(row: GridRow): number {
  if (row.kind !== 'frame') return ROW;
  return ROW + MORE * (Math.min(MOST_LINES, Math.max(1, placesOf(row.row).length)) - 1);
}
