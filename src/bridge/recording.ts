/**
 * One recording as a face asks about it: what of it is shown for a stretch of time, a filter, a view. Holds what it has worked out
 * until more is recorded.
 */

import type { Outcome } from '../bytes/malformed';
import { fingerprintOf } from '../lines/fingerprint';
import type { Program } from '../program';
import type { RecordBatch } from '../protocol/recording';
import type { Frame } from '../symbols/frame';
import { Capture } from './capture';
import { Counters, type Sample, type Totals } from './counters';
import { type FileFormat, fileOf } from './exports';
import type { CaptureAbout, decodeCapture } from './file';
import { type Finding, findingsOf } from './findings';
import { type Label, Labels } from './labels';
import { laneColumns, type Unknown } from './lane-columns';
import { collectorOf, whyNoRuns } from './lanes';
import { type Profile, readProfile, type SiteStack, stacksOf } from './profile';
import { COLUMN } from './state';
import { type EntrySums, type Range, rangeSums, Sum, shareOf, wholeSums } from './sums';
import { type Order, orderOf, type Timeline, timelineOf } from './timeline';
import { ownFrames, type Tree, type TreeKind, Trees } from './tree';

/** What the strip and the footer tell. */
export interface Summary {
  totals: Totals;
  samples: Sample[];
  /** Milliseconds of the page's clock; `origin` makes them a date. */
  began: number;
  now: number;
  origin: number;
  /** Calls of all operations, and how many of them were timed. */
  calls: number;
  timed: number;
  /** Smallest step of the page's clock, ms; 0 for not known. */
  clockStep: number;
  /** One call in so many was timed at last. */
  every: number;
  /** Timed calls that found no room in the page; calls whose names or stacks found none. */
  dropped: number;
  lost: number;
  /** Before this moment timed calls are not kept any more; 0 for none. */
  forgottenUntil: number;
  /** Cycles of the collector, those that were seen to end or run; their milliseconds, `missed` ones not among them. */
  gc: { cycles: number; ms: number; missed: number } | Unknown;
  /** Why it is not known who ran; '' when `totals.switches` counts. */
  switchesWhy: string;
  /** Looks at memory that found no room in the page. */
  stateLost: number;
  /** The recording has ended. */
  ended: boolean;
  /** Why what followed was not taken; '' while all is well. */
  broken: string;
  /** The program could be read, so that call sites have names. */
  named: boolean;
}

export interface OperationSums extends Label {
  /** Number of the label. */
  label: number;
  count: number;
  timed: number;
  totalMs: number;
  selfMs: number;
  bytes: number;
}

/** What is asked for: the whole recording or a stretch of it, and of it what a filter lets through. */
export interface Wanted {
  range: Range | null;
  /** In labels or functions or files; '' for all. `-text` for what must not be in. */
  text: string;
  /** Only operations of this label. */
  label: number | null;
}

export interface Operations {
  rows: OperationSums[];
  /** Counts and bytes are sums of all calls, not estimated from timed ones. */
  exact: boolean;
}

/** One timed call. */
export interface CallRow extends Label {
  place: number;
  depth: number;
  begin: number;
  end: number;
  bytes: number;
  site: Frame | null;
}

export interface Calls {
  /** How many there are, of which `rows` are some. */
  total: number;
  rows: CallRow[];
}

/** How a capture reads in the words of a program. */
interface Words {
  stack: (number: number) => SiteStack;
  labels: Labels;
  trees: Trees;
}

function wordsOf(capture: Capture, program: Program | null): Words {
  const stack = stacksOf(capture, program);
  const labels = new Labels(capture, stack);
  return { stack, labels, trees: new Trees(capture, labels, stack) };
}

/** Timed calls that are kept: 28 MB here, 40 MB where they are drawn. The oldest go first. */
const MOST_EVENTS = 1_200_000;
/** As many more may gather before they go, for it moves all others. */
const SLACK = 200_000;
/** Rows of what was seen in memory, and changes of goroutine, that are kept: 19 MB and 16 MB. */
const MOST_STATE = 200_000;
const MOST_CHANGES = 1_000_000;
/** Rows of one answer. */
const MOST_ROWS = 1000;
const MOST_FINDINGS = 200;

export class Recording {
  private readonly capture: Capture;
  /** Of a capture out of a file. */
  private readonly about: CaptureAbout | null;
  private readonly counters = new Counters();
  private program: Program | null = null;
  private words: Words;
  private broken = '';
  private ended = false;
  /** How many batches there were when names were last looked at. */
  private looked = 0;
  /** Cycles of the collector that ended in rows that were dropped, their milliseconds, and those of them that were not seen. */
  private past = { cycles: 0, ms: 0, missed: 0 };
  private collected: { batches: number; program: Program | null; gc: Summary['gc'] } | null = null;
  private ordered: { batches: number; order: Order } | null = null;
  private summed: { key: string; sums: EntrySums } | null = null;
  private filtered: { key: string; takes: (entry: number) => boolean } | null = null;
  private listed: { key: string; places: Int32Array } | null = null;
  private found: { batches: number; findings: Finding[] } | null = null;

  /**
   * @param programOf the recorded program, as soon as it has been read
   * @param file a capture that is whole; without one batches are to come
   */
  constructor(
    private readonly programOf: () => Program | null,
    file: ReturnType<typeof decodeCapture> | null = null,
  ) {
    this.capture = file?.capture ?? new Capture();
    this.about = file?.about ?? null;
    this.words = wordsOf(this.capture, null);
    if (!file) return;
    this.counters.countAll(this.capture);
    this.ended = true;
    if (this.capture.times.length / 2 > MOST_EVENTS + SLACK) this.capture.forget(MOST_EVENTS);
  }

  /** Takes what came from the page. @returns false when it cannot be: then nothing is taken from now on */
  add(batch: RecordBatch): boolean {
    const { capture, counters } = this;
    // What came out of a file is whole.
    if (this.broken || this.about) return false;
    counters.count(capture, batch, -1);
    const taken = capture.add(batch);
    // What was taken away is put back, or put in its new place.
    counters.count(capture, batch, 1);
    if (!taken) {
      this.broken = 'A part of the recording did not arrive; what came before it is shown.';
      return false;
    }
    if (batch.number === 1) counters.start(capture.began);
    if (batch.state) counters.state(batch.state);
    counters.sample(batch.now);
    this.ended = batch.last;
    if (capture.times.length / 2 > MOST_EVENTS + SLACK) capture.forget(MOST_EVENTS);
    this.forgetState();
    return true;
  }

  summary(): Summary {
    this.look();
    const { capture, counters } = this;
    const { began, now, origin, clockStep, every, dropped, lost, forgottenUntil, stateLost } = capture;
    let calls = 0;
    let timed = 0;
    for (let entry = 0; entry < capture.entries; entry++) {
      calls += capture.sums.at(entry * 5);
      timed += capture.sums.at(entry * 5 + 2);
    }
    return {
      ...{
        totals: { ...counters.totals },
        samples: counters.samples,
        began,
        now,
        origin,
        calls,
        timed,
        clockStep,
        every,
      },
      ...{ gc: this.gc(), switchesWhy: whyNoRuns(capture, this.program), stateLost },
      ...{ dropped, lost, forgottenUntil, ended: this.ended, broken: this.broken, named: this.program !== null },
    };
  }

  operations(wanted: Wanted): Operations {
    this.look();
    const sums = this.sums(wanted.range);
    const takes = this.takes(wanted);
    const rows = new Map<number, OperationSums>();
    for (let entry = 0; entry * Sum.Columns < sums.length; entry++) {
      const at = entry * Sum.Columns;
      if ((sums[at + Sum.Count] === 0 && sums[at + Sum.Total] === 0) || !takes(entry)) continue;
      const label = this.words.labels.of(entry);
      let row = rows.get(label);
      if (!row) {
        row = { ...this.words.labels.list[label], label, count: 0, timed: 0, totalMs: 0, selfMs: 0, bytes: 0 };
        rows.set(label, row);
      }
      row.count += sums[at + Sum.Count];
      row.timed += sums[at + Sum.Timed];
      row.totalMs += sums[at + Sum.Total];
      row.selfMs += sums[at + Sum.Self];
      row.bytes += sums[at + Sum.Bytes];
    }
    const list = [...rows.values()].sort((a, b) => b.selfMs - a.selfMs || b.count - a.count);
    return { rows: list, exact: wanted.range === null };
  }

  tree(kind: TreeKind, wanted: Wanted): Tree {
    this.look();
    return this.words.trees.grow(kind, this.sums(wanted.range), this.takes(wanted));
  }

  /** Timed calls in the order of their beginnings. @param from of those that are wanted; @param count rows at most */
  calls(wanted: Wanted, from: number, count: number): Calls {
    this.look();
    const order = this.order();
    const places = this.places(wanted, order);
    const rows: CallRow[] = [];
    const end = Math.min(places.length, from + Math.min(count, MOST_ROWS));
    for (let i = Math.max(0, from); i < end; i++) rows.push(this.call(order, places[i]));
    return { total: places.length, rows };
  }

  /** One call by its place in the timeline; null when there is none. */
  callAt(place: number): CallRow | null {
    this.look();
    const order = this.order();
    return place >= 0 && place < order.count ? this.call(order, place) : null;
  }

  timeline(): Timeline {
    this.look();
    return {
      ...timelineOf(this.capture, this.order(), this.words.labels, (entry) => shareOf(this.capture, entry)),
      ...laneColumns(this.capture, this.program, this.words.labels),
    };
  }

  /** What is worth to be changed in the program, most milliseconds first; of the whole recording. */
  findings(): Finding[] {
    this.look();
    const { batches } = this.capture;
    if (this.found?.batches !== batches) {
      this.found = { batches, findings: findingsOf(this.capture, this.profile()).slice(0, MOST_FINDINGS) };
    }
    return this.found.findings;
  }

  /** Labels by number, as far as they are used. */
  names(): Label[] {
    return this.words.labels.list;
  }

  /** @param title what was recorded: URL of the page; a capture out of a file keeps its own. @returns the file; why not, when it cannot be told of which module it is */
  file(format: FileFormat, title: string): Outcome<Blob> {
    this.look();
    const module = this.program?.module;
    const own = module && { fingerprint: fingerprintOf(module), size: module.bytes.length, title };
    const about = this.about ?? own;
    if (!about && format === 'gobridge') {
      return { ok: false, why: 'The module has not been read, and a capture says of which build it is.' };
    }
    const none = { fingerprint: new Uint8Array(8), size: 0, title };
    return { ok: true, value: fileOf(format, this.capture, this.profile(), about ?? none) };
  }

  private profile(): Profile {
    return readProfile(this.capture, this.program, this.words.stack);
  }

  /** A program that has been read since gives names to what had none. */
  private look(): void {
    const program = this.programOf();
    if (program !== this.program) {
      this.program = program;
      this.words = wordsOf(this.capture, program);
      this.filtered = this.listed = null;
      this.looked = 0;
      this.found = null;
    }
    const { batches, entries } = this.capture;
    if (this.looked === batches || entries === 0) return;
    this.looked = batches;
    this.words.labels.of(entries - 1);
    this.words.labels.look();
    // A filter may look for what an operation is called on.
    this.filtered = this.listed = null;
  }

  private gc(): Summary['gc'] {
    const { capture, past, program } = this;
    const { batches } = capture;
    if (this.collected?.batches !== batches || this.collected.program !== program) {
      const read = collectorOf(capture, program);
      let gc: Summary['gc'];
      if (read.ok) {
        const { begin, end, missed } = read.value;
        const ms = begin.reduce((sum, from, i) => sum + Math.max(0, end[i] - from), past.ms);
        gc = { cycles: past.cycles + begin.length + missed, ms, missed: past.missed + missed };
      } else gc = { why: read.why };
      this.collected = { batches, program, gc };
    }
    return this.collected.gc;
  }

  /** The oldest looks at memory go when there are too many, and their cycles are counted before. */
  private forgetState(): void {
    const { capture, past } = this;
    const { rowWidth, rows } = capture;
    const gone = rows.length / rowWidth - MOST_STATE;
    if (!(gone > SLACK) && capture.goroutines.length / 2 <= MOST_CHANGES + SLACK) return;
    const read = gone > SLACK ? collectorOf(capture, this.program) : null;
    if (read?.ok) {
      const { number, begin, end } = read.value;
      const first = rows.at(COLUMN.numgc);
      const last = rows.at(gone * rowWidth + COLUMN.numgc);
      let seen = 0;
      for (let i = 0; i < number.length; i++) {
        if (number[i] > last) continue;
        seen++;
        past.ms += Math.max(0, end[i] - begin[i]);
      }
      past.cycles += last - first;
      past.missed += last - first - seen;
    }
    capture.forgetState(gone > SLACK ? MOST_STATE : Number.POSITIVE_INFINITY, MOST_CHANGES);
  }

  private call({ events, depths, begins, ends }: Order, place: number): CallRow {
    const { capture } = this;
    const { labels } = this.words;
    const entry = capture.events.at(events[place] * 3);
    const stack = this.words.stack(capture.keys.at(entry * 3 + 2));
    return {
      ...labels.list[labels.of(entry)],
      ...{ place, depth: depths[place], begin: begins[place], end: ends[place] },
      ...{ bytes: capture.events.at(events[place] * 3 + 2), site: ownFrames(stack.frames)[0] ?? null },
    };
  }

  private order(): Order {
    const { batches } = this.capture;
    if (this.ordered?.batches !== batches) this.ordered = { batches, order: orderOf(this.capture) };
    return this.ordered.order;
  }

  private sums(range: Range | null): EntrySums {
    const key = `${this.capture.batches} ${range?.from} ${range?.to}`;
    if (this.summed?.key !== key) {
      const sums = range ? rangeSums(this.capture, this.order(), range) : wholeSums(this.capture);
      this.summed = { key, sums };
    }
    return this.summed.sums;
  }

  private takes({ text, label }: Wanted): (entry: number) => boolean {
    const key = `${this.capture.entries} ${label} ${text}`;
    if (this.filtered?.key === key) return this.filtered.takes;
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (entry: number) => {
      if (label !== null && this.words.labels.of(entry) !== label) return false;
      if (words.length === 0) return true;
      const all = this.words.labels.text(entry);
      return words.every((word) =>
        word.length > 1 && word.startsWith('-') ? !all.includes(word.slice(1)) : all.includes(word),
      );
    };
    const known = new Uint8Array(this.capture.entries);
    const takes = (entry: number) => {
      if (known[entry] === 0) known[entry] = matches(entry) ? 1 : 2;
      return known[entry] === 1;
    };
    this.filtered = { key, takes };
    return takes;
  }

  private places(wanted: Wanted, order: Order): Int32Array {
    const { range, text, label } = wanted;
    const key = `${this.capture.batches} ${range?.from} ${range?.to} ${label} ${text}`;
    if (this.listed?.key === key) return this.listed.places;
    const takes = this.takes(wanted);
    const found = new Int32Array(order.count);
    let count = 0;
    for (let place = 0; place < order.count; place++) {
      const begin = order.begins[place];
      if (range && (begin < range.from || begin >= range.to)) continue;
      if (takes(this.capture.events.at(order.events[place] * 3))) found[count++] = place;
    }
    this.listed = { key, places: found.slice(0, count) };
    return this.listed.places;
  }
}
