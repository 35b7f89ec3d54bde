/** A table of any number of rows: sorted by its heads, walked by keys, as a grid or, where rows lie within each other, a tree grid. */
import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from './icons';
import { equalOffsets, Windowed } from './windowed';

const ROW = 20;
const INDENT = 12;

export interface Column<Row> {
  id: string;
  title: string;
  /** A track of CSS grid. */
  width: string;
  number?: boolean;
  /** Rows can be sorted by it. */
  sorts?: boolean;
  /** How many columns the cell of a row takes, this one the first; 1 when not said. */
  span?(row: Row): number;
  cell(row: Row): ComponentChildren;
  /** Class and tooltip of a row's cell: an element less than those of what lies in it. */
  cellClass?(row: Row): string;
  tooltip?(row: Row): string | undefined;
}

export interface TreePlace {
  level: number;
  /** null: nothing below. */
  open: boolean | null;
  /** Among its siblings from 1, and their number, where they are known. */
  position?: number;
  siblings?: number;
}

interface GridProps<Row> {
  name: string;
  /** As long as they are the very same, rows that have not changed are not made anew. */
  columns: Column<Row>[];
  count: number;
  /** null: not here yet. */
  row(index: number): Row | null;
  /** Index of the selected row, -1 for none. */
  selected: number;
  /** Index of a row to bring into sight when it changes; the selected one when not said. */
  reveal?: number;
  onSelect(index: number): void;
  /** Which rows are drawn. */
  onSight?(from: number, to: number): void;
  /** A class of its own. */
  rowClass?(row: Row): string;
  /** Enter. */
  onEnter?(row: Row): void;
  /** Column and direction rows are sorted by. */
  sorted?: { by: string; up: boolean };
  onSort?(by: string): void;
  /** Rows lie within each other. */
  tree?: {
    place(row: Row): TreePlace;
    toggle(row: Row, open: boolean): void;
    /** How much further right each level begins, CSS pixels; 12 when not said. */
    indent?: number;
    /** Opens all rows of one level (`*`). */
    openAll?(): void;
  };
  /** What stands instead of rows. */
  empty: ComponentChildren;
}

let grids = 0;

/** What a row was drawn of, and how. */
interface DrawnRow<Row> {
  index: number;
  here: Row | null;
  selected: boolean;
  node: ComponentChildren;
}

/** Drawn rows that are remembered: more than are drawn at once. */
const MOST_DRAWN = 400;

export function DataGrid<Row>(props: GridProps<Row>) {
  const { name, columns, count, row, selected, onSelect, sorted, tree } = props;
  const [id] = useState(() => `grid-${++grids}`);
  const offsets = useMemo(() => equalOffsets(count, ROW), [count]);
  // A row that is not drawn anew has handlers of an earlier time.
  const latest = useRef(props);
  latest.current = props;
  const drawn = useMemo(() => new Map<number, DrawnRow<Row>>(), [columns]);
  const tracks = columns.map((column) => column.width).join(' ');
  const act = (key: string): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -count, End: count }[key];
    const now = selected >= 0 ? row(selected) : null;
    if (step !== undefined) {
      if (count > 0) onSelect(Math.max(0, Math.min(count - 1, selected + step)));
      return count > 0;
    }
    if (key === '*' && tree?.openAll) {
      tree.openAll();
      return true;
    }
    if (!now) return false;
    if (tree) {
      const { open, level } = tree.place(now);
      if (key === 'ArrowRight' && open === false) tree.toggle(now, true);
      else if (key === 'ArrowRight' && open) onSelect(selected + 1);
      else if (key === 'ArrowLeft' && open) tree.toggle(now, false);
      else if (key === 'ArrowLeft') onSelect(parentOf(selected, level));
      else if (key === ' ' && open !== null) tree.toggle(now, !open);
      else return enter(key, now);
      return true;
    }
    return enter(key, now);
  };
  const enter = (key: string, now: Row) => {
    if (key !== 'Enter' || !props.onEnter) return false;
    props.onEnter(now);
    return true;
  };
  const parentOf = (index: number, level: number): number => {
    for (let at = index - 1; at >= 0; at--) {
      const above = row(at);
      if (above && tree && tree.place(above).level < level) return at;
    }
    return index;
  };
  return (
    <div
      class="data-grid"
      {...{ role: tree ? 'treegrid' : 'grid', tabIndex: 0, 'aria-label': name }}
      {...{ 'aria-rowcount': count + 1, 'aria-colcount': columns.length }}
      {...{ 'aria-activedescendant': selected >= 0 && selected < count ? `${id}-${selected}` : undefined }}
      style={{ '--tracks': tracks }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
        if (!act(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="grid-row head sticky" role="row" aria-rowindex={1} tabIndex={-1}>
        {columns.map((column) => (
          <Head key={column.id} column={column} sorted={sorted} onSort={props.onSort} />
        ))}
      </div>
      {count === 0 && <p class="quiet no-hit">{props.empty}</p>}
      <Windowed
        offsets={offsets}
        reveal={props.reveal ?? selected}
        onSight={props.onSight}
        isHere={(from, to) => {
          let here = true;
          // Each is asked for: it may be that this is what fetches it.
          for (let i = from; i < to; i++) if (row(i) === null) here = false;
          return here;
        }}
        render={(i, slot) => {
          const here = row(i);
          const isSelected = i === selected;
          const known = drawn.get(slot);
          if (known && known.index === i && known.here === here && known.selected === isSelected) return known.node;
          const place = here && tree ? tree.place(here) : null;
          const toggle = (open: boolean) => here && latest.current.tree?.toggle(here, open);
          const node = (
            <div
              key={slot}
              id={`${id}-${i}`}
              class={`grid-row ${i % 2 ? 'odd' : ''} ${(here && props.rowClass?.(here)) || ''}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={i + 2}
              aria-selected={isSelected}
              aria-level={place?.level}
              aria-expanded={place?.open ?? undefined}
              aria-posinset={place?.position}
              aria-setsize={place?.siblings}
              onClick={() => latest.current.onSelect(i)}
              onDblClick={() => place && place.open !== null && toggle(!place.open)}
            >
              {cellsOf(columns, here).map(([column, span], k) => (
                <span
                  key={column.id}
                  role="gridcell"
                  tabIndex={-1}
                  class={classOf(column, here, span)}
                  title={here ? column.tooltip?.(here) : undefined}
                  aria-colspan={span > 1 ? span : undefined}
                  style={styleOf(span, place && k === 0 ? 4 + (place.level - 1) * (tree?.indent ?? INDENT) : null)}
                >
                  {place && k === 0 && <Twist open={place.open} toggle={toggle} />}
                  {here ? column.cell(here) : k === 0 && '…'}
                </span>
              ))}
            </div>
          );
          if (drawn.size > MOST_DRAWN) drawn.clear();
          drawn.set(slot, { index: i, here, selected: isSelected, node });
          return node;
        }}
      />
    </div>
  );
}

/** @returns nothing for no class: rows have many cells */
function classOf<Row>({ number, cellClass }: Column<Row>, row: Row | null, span: number): string | undefined {
  const own = (row && cellClass?.(row)) || '';
  return number && span === 1 ? `number ${own}` : own || undefined;
}

/** @param indent of the text, CSS pixels; null for none */
function styleOf(span: number, indent: number | null) {
  if (span === 1 && indent === null) return undefined;
  return {
    gridColumn: span > 1 ? `span ${span}` : undefined,
    paddingLeft: indent === null ? undefined : `${indent}px`,
  };
}

/** The columns that a row has cells of, each with how many columns it takes. */
function cellsOf<Row>(columns: Column<Row>[], row: Row | null): [column: Column<Row>, span: number][] {
  const cells: [Column<Row>, number][] = [];
  for (let k = 0; k < columns.length; ) {
    const span = Math.max(1, Math.min(columns.length - k, (row && columns[k].span?.(row)) || 1));
    cells.push([columns[k], span]);
    k += span;
  }
  return cells;
}

interface HeadProps {
  column: Pick<Column<never>, 'id' | 'title' | 'number' | 'sorts'>;
  sorted?: { by: string; up: boolean };
  onSort?(by: string): void;
}

function Head({ column: { id, title, number, sorts }, sorted, onSort }: HeadProps) {
  const by = sorted?.by === id;
  return (
    <span
      role="columnheader"
      tabIndex={-1}
      class={number ? 'number' : ''}
      aria-sort={by ? (sorted.up ? 'ascending' : 'descending') : sorts ? 'none' : undefined}
    >
      {sorts ? (
        <button type="button" class="sort" tabIndex={-1} onClick={() => onSort?.(id)}>
          {title}
          {by && <Icon name="triangle" size={12} class={sorted.up ? 'turned' : ''} />}
        </button>
      ) : (
        title
      )}
    </span>
  );
}

/** The triangle of a row that has others below it. */
function Twist({ open, toggle }: { open: boolean | null; toggle(open: boolean): void }) {
  if (open === null) return <span class="no-twist" />;
  return (
    <button
      type="button"
      class="twist"
      tabIndex={-1}
      aria-label={open ? 'Close' : 'Open'}
      onClick={(event) => {
        event.stopPropagation();
        toggle(!open);
      }}
    >
      <Icon name="triangle" size={12} class={open ? '' : 'closed'} />
    </button>
  );
}
