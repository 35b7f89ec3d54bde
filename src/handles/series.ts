/**
 * The snapshots of one program, and what a face asks of them. Holds what it has worked out for the question that was asked last; names are
 * looked up anew when the program has been read since.
 */
import type { Outcome } from '../bytes/malformed';
import { floorIndex } from '../bytes/search';
import type { Program } from '../program';
import type { HandlePreviews, HandleTable } from '../protocol/handles';
import { arrange, headsOf, kindOf, Line, numberOf } from './arrange';
import { readFilter, takesOf, type Word } from './filter';
import { countsIn, type Grouped, groupRows } from './grouped';
import { Names, Place } from './names';
import type { ReportSource } from './report';
import { detailOf, oneHandle, type Told } from './rows';
import { Matches } from './same';
import { type How, Snapshot } from './snapshot';
import { isLeak, type Suspicions, suspicionsOf } from './suspects';
import type {
  GroupRow,
  HandleDetail,
  HandleRow,
  HandlesView,
  HandlesWanted,
  RowPlace,
  SnapshotInfo,
  Suspect,
} from './view';

/** Snapshots that are kept; and handles of all of them, each of some 60 bytes, but for the last two. */
const MOST_SNAPSHOTS = 24;
const MOST_HANDLES = 4_194_304;
/** Rows of one answer. */
const MOST_ROWS = 1000;

/** What a view is about, and what was found out of its groups when that was asked, by their number. */
interface Looked {
  wanted: HandlesWanted;
  told: Told;
  grouped: Grouped;
  growth: Map<number, number[]>;
  mostly: Map<number, string>;
}

/** A view that has been asked for. */
interface Viewed extends Looked {
  /** Names all that it depends on, but for names. */
  key: string;
  lines: Int32Array;
  /** Which of the lines are those of groups. */
  heads: Int32Array;
  view: HandlesView;
}

export class Series {
  private snapshots: Snapshot[] = [];
  private taken = 0;
  private names = new Names(null);
  private readonly matches = new Matches();
  private suspected: { key: string; names: Names; suspicions: Suspicions } | null = null;
  private grouped: { key: string; names: Names; grouped: Grouped } | null = null;
  private viewed: Viewed | null = null;

  /**
   * @param programOf the program, as soon as it has been read
   * @param whyNoFuncs why js.Funcs are not known where they are not
   */
  constructor(
    private readonly programOf: () => Program | null,
    private readonly whyNoFuncs: (program: Program | null) => string,
  ) {}

  /** Takes the arrays as they are. */
  take(table: HandleTable, how: How): Outcome<SnapshotInfo> {
    if (!isEven(table)) return { ok: false, why: 'The columns of the table are not of one length.' };
    const snapshot = new Snapshot(++this.taken, how, table);
    this.snapshots.push(snapshot);
    this.forget();
    return { ok: true, value: this.info(snapshot) };
  }

  private forget(): void {
    const { snapshots } = this;
    let rows = snapshots.reduce((sum, one) => sum + one.rows, 0);
    while (snapshots.length > MOST_SNAPSHOTS || (rows > MOST_HANDLES && snapshots.length > 2)) {
      rows -= snapshots.shift()!.rows;
    }
  }

  /** @returns whether more became known than texts */
  preview(number: number, previews: HandlePreviews): boolean {
    return this.find(number)?.preview(previews) ?? false;
  }

  infos(): SnapshotInfo[] {
    return this.snapshots.map((snapshot) => this.info(snapshot));
  }

  /** @returns null for a snapshot that is not kept. Of a filter that is none: the view before it, and why */
  view(wanted: HandlesWanted): HandlesView | null {
    this.look();
    const snapshot = this.find(wanted.snapshot);
    if (!snapshot) return null;
    const words = readFilter(wanted.text);
    if (!words.ok) return { ...(this.viewed?.view ?? NOTHING), filterWhy: words.why };
    this.viewed = this.viewOf(snapshot, wanted, words.value);
    return this.viewed.view;
  }

  rows(from: number, count: number): HandleRow[] {
    const { viewed } = this;
    if (!viewed) return [];
    const rows: HandleRow[] = [];
    const end = Math.min(viewed.lines.length, from + Math.min(count, MOST_ROWS));
    for (let i = Math.max(0, from); i < end; i++) rows.push(this.row(viewed, i));
    return rows;
  }

  detail(number: number, id: number, func: number): HandleDetail | null {
    this.look();
    const snapshot = this.find(number);
    if (!snapshot) return null;
    const index = id === 0 && func !== 0 ? snapshot.indexOfFunc(func) : -1;
    const row = index >= 0 ? snapshot.rowOfRegistered[index] : snapshot.rowOf(id);
    if (row < 0) return null;
    return detailOf(this.told(snapshot, this.viewed?.wanted.against ?? null), row, this.codeOf);
  }

  suspects(number: number, against: number | null): Suspect[] {
    this.look();
    const snapshot = this.find(number);
    return snapshot ? this.suspicions(snapshot, this.other(snapshot, against)).list : [];
  }

  /**
   * All handles that a view is about, in its order. Does not change what `rows` gives.
   * @returns null for a snapshot that is not kept, and a filter that is none
   */
  report(wanted: HandlesWanted): ReportSource | null {
    this.look();
    const snapshot = this.find(wanted.snapshot);
    const words = readFilter(wanted.text);
    if (!snapshot || !words.ok) return null;
    const view = (group: HandlesWanted['group'], sort: HandlesWanted['sort']) =>
      this.viewOf(snapshot, { ...wanted, group, sort, open: {} }, words.value);
    const { told, lines } = view('none', wanted.sort);
    const { codeOf } = this;
    const places = view('site', { by: 'count', up: false });
    const groups = Array.from(places.lines, (_, at) => this.groupRow(places, at));
    return {
      ...{ info: this.info(snapshot), groups, suspects: told.suspicions.list },
      *handles() {
        for (const line of lines) yield detailOf(told, numberOf(line), codeOf);
      },
    };
  }

  /** PC_F of the function that a js.Func runs, or ran when an earlier snapshot was taken. */
  readonly codeOf = (func: number): number | null => {
    for (let i = this.snapshots.length - 1; i >= 0; i--) {
      const index = this.snapshots[i].indexOfFunc(func);
      if (index >= 0) return this.snapshots[i].table.registered!.codes[index];
    }
    return null;
  };

  info(snapshot: Snapshot): SnapshotInfo {
    return snapshot.info(() => this.whyNoFuncs(this.programOf()));
  }

  private find(number: number): Snapshot | undefined {
    return this.snapshots.find((snapshot) => snapshot.number === number);
  }

  private other(snapshot: Snapshot, against: number | null): Snapshot | null {
    return against === null || against === snapshot.number ? null : (this.find(against) ?? null);
  }

  /** A program that has been read since gives names to what had none. */
  private look(): void {
    const program = this.programOf();
    if (program !== this.names.program || this.names.full) this.names = new Names(program);
  }

  private told(snapshot: Snapshot, against: number | null): Told {
    const other = this.other(snapshot, against);
    const match = other && this.matches.between(snapshot, other);
    return { snapshot, names: this.names, suspicions: this.suspicions(snapshot, other), match };
  }

  private suspicions(snapshot: Snapshot, against: Snapshot | null): Suspicions {
    const { names } = this;
    const earlier = this.snapshots.filter(({ number }) => number < snapshot.number);
    const key = this.keyOf(snapshot, against);
    if (this.suspected?.key !== key || this.suspected.names !== names) {
      const match = (from: Snapshot, to: Snapshot) => this.matches.between(from, to);
      const suspicions = suspicionsOf({ snapshot, earlier, against, names, match, codeOf: this.codeOf });
      this.suspected = { key, names, suspicions };
    }
    return this.suspected.suspicions;
  }

  /** Names two snapshots, and what is known of all that are kept. */
  private keyOf(snapshot: Snapshot, other: Snapshot | null): string {
    const versions = this.snapshots.map(({ number, version }) => `${number}.${version}`);
    return `${snapshot.number} ${other?.number} ${versions}`;
  }

  private viewOf(snapshot: Snapshot, wanted: HandlesWanted, words: Word[]): Viewed {
    const { against, group, text, suspects, open, sort } = wanted;
    const other = this.other(snapshot, against);
    const texts = sort.by === 'preview' || words.some(({ readsTexts }) => readsTexts) ? textsOf(snapshot, other) : '';
    const asked = JSON.stringify([group, text, suspects, open, sort.by, sort.up]);
    const key = `${this.keyOf(snapshot, other)} ${texts} ${asked}`;
    if (this.viewed?.key === key && this.viewed.told.names === this.names) return this.viewed;
    const told = this.told(snapshot, against);
    const grouped = this.group(told, wanted, words);
    const looked: Looked = { wanted, told, grouped, growth: new Map(), mostly: new Map() };
    const lines = arrange(grouped, wanted, {
      growth: (group) => this.growth(looked, group),
      mostly: (group) => mostly(looked, group),
      suspect: (group) => suspectOf(looked, group),
    });
    const { members, shown, by } = grouped;
    let unheld = 0;
    for (const row of members) if (row >= snapshot.handles) unheld++;
    const view: HandlesView = {
      ...{ total: snapshot.rows, shown: members.length, unheld, groups: by === 'none' ? 0 : shown.length },
      ...{ suspects: [...told.suspicions.ofGroup.values()].filter(isLeak).length, rows: lines.length, filterWhy: '' },
    };
    return { ...looked, key, lines, heads: headsOf(lines), view };
  }

  /** Which rows there are in which groups; that they are opened or sorted changes nothing of it. */
  private group({ snapshot, suspicions }: Told, wanted: HandlesWanted, words: Word[]): Grouped {
    const { names } = this;
    const { text, suspects, group } = wanted;
    const other = this.other(snapshot, wanted.against);
    const texts = words.some(({ readsTexts }) => readsTexts) ? textsOf(snapshot, other) : '';
    const key = `${this.keyOf(snapshot, other)} ${texts} ${suspects} ${group} ${text}`;
    if (this.grouped?.key !== key || this.grouped.names !== names) {
      const finds = takesOf(words, snapshot, names);
      const takes = suspects ? (row: number) => suspicions.rows[row] === 1 && finds(row) : finds;
      // Of the other snapshot nobody asks what was suspected then.
      const compared = other && !suspects ? { snapshot: other, takes: takesOf(words, other, names) } : null;
      this.grouped = { key, names, grouped: groupRows({ snapshot, takes }, compared, group, names) };
    }
    return this.grouped.grouped;
  }

  private row(viewed: Viewed, at: number): HandleRow {
    const { told, grouped, lines, heads } = viewed;
    const number = numberOf(lines[at]);
    if (grouped.by === 'none') {
      return { ...oneHandle(told, number, ''), position: at + 1, siblings: lines.length };
    }
    if (kindOf(lines[at]) === Line.Group) return this.groupRow(viewed, at);
    const head = heads[floorIndex(heads, at)];
    const group = numberOf(lines[head]);
    const { key } = grouped.groups[group];
    const place: RowPlace = { position: at - head, siblings: grouped.starts[group + 1] - grouped.starts[group] };
    if (kindOf(lines[at]) === Line.Handle) return { ...oneHandle(told, number, key), ...place };
    return { kind: 'more', group: key, count: place.siblings - place.position + 1, ...place };
  }

  private groupRow(viewed: Viewed, at: number): GroupRow {
    const { lines, heads } = viewed;
    const { groups, members, starts, deltas, snapshot } = viewed.grouped;
    const group = numberOf(lines[at]);
    const { key, site, title } = groups[group];
    let unheld = 0;
    for (let i = starts[group]; i < starts[group + 1]; i++) if (members[i] >= snapshot.handles) unheld++;
    return {
      ...{ kind: 'group', key, site, title, count: starts[group + 1] - starts[group], unheld },
      ...{ delta: deltas ? deltas[group] : null, growth: this.growth(viewed, group), mostly: mostly(viewed, group) },
      ...{ open: Object.hasOwn(viewed.wanted.open, key), suspect: suspectOf(viewed, group) },
      ...{ position: floorIndex(heads, at) + 1, siblings: heads.length },
    };
  }

  /** Of a whole group, whatever the filter: it would have to look through all snapshots. */
  private growth({ grouped, growth }: Looked, group: number): number[] {
    let counts = growth.get(group);
    if (!counts) {
      const { by, snapshot, names } = grouped;
      const upTo = this.snapshots.filter(({ number }) => number <= snapshot.number);
      counts = upTo.map((one) => countsIn(one, by, names)[group] ?? 0);
      growth.set(group, counts);
    }
    return counts;
  }
}

const textsOf = (snapshot: Snapshot, other: Snapshot | null) => `${snapshot.textVersion}.${other?.textVersion}`;

const NOTHING: HandlesView = { total: 0, shown: 0, unheld: 0, groups: 0, suspects: 0, rows: 0, filterWhy: '' };

const suspectOf = ({ grouped, told }: Looked, group: number): Suspect | null =>
  grouped.by === 'site' ? (told.suspicions.ofGroup.get(group) ?? null) : null;

function mostly({ grouped, mostly: named }: Looked, group: number): string {
  const { by, members, starts, snapshot, names } = grouped;
  if (by === 'site' && group === Place.Fixed) return 'globals';
  let known = named.get(group);
  if (known === undefined) {
    const column = snapshot.classes(names);
    const counts = new Map<number, number>();
    let most = -1;
    for (let i = starts[group]; i < starts[group + 1]; i++) {
      const number = column[members[i]];
      counts.set(number, (counts.get(number) ?? 0) + 1);
      if (most < 0 || counts.get(number)! > counts.get(most)!) most = number;
    }
    known = most < 0 ? '' : names.classes.list[most].key;
    named.set(group, known);
  }
  return known;
}

/** Whether all columns of a table have a number for each row. */
function isEven({ ids, types, refs, classes, flags, watched, registered }: HandleTable): boolean {
  const even = (columns: ArrayLike<number>[], rows: number) => columns.every(({ length }) => length === rows);
  if (!even([types, refs, classes, flags], ids.length)) return false;
  if (watched) {
    const { births, times, crossings, stacks, funcs, codes, handlers, turns } = watched;
    if (!even([births, times, crossings, stacks, funcs, codes, handlers, turns], ids.length)) return false;
  }
  if (!registered) return true;
  const { codes, stacks, times, handlers, turns } = registered;
  return even([codes, stacks, times, handlers, turns], registered.ids.length);
}
