/**
 * What the entries of a recording are called: an operation with its target, and for a callback the Go function that ran. Many
 * entries have one label, for they differ by their stacks.
 */

import type { Capture } from './capture';
import { Grown } from './capture';
import { type Direction, isEntry, type Operation, type SiteStack, shortName, targetName } from './profile';

/** Which colour it has: Go runs, JavaScript runs, bytes are copied. */
export enum Kind {
  Go = 0,
  Js = 1,
  Copy = 2,
}

/** The target of a callback is the Go function that ran. */
export interface Label extends Operation {
  direction: Direction;
  kind: Kind;
}

/** Operations of Go that move bytes from one side to the other. */
const COPIES = /copyBytes|stringVal$|LoadString$|getRandomData$|wasmWrite$/;

export class Labels {
  readonly list: Label[] = [];
  /** Of each entry. */
  private readonly numbers = new Grown(Int32Array);
  private readonly known = new Map<string, number>();

  constructor(
    private readonly capture: Capture,
    private readonly stack: (number: number) => SiteStack,
  ) {}

  /** @returns the label's number for an entry */
  of(entry: number): number {
    for (let next = this.numbers.length; next <= entry; next++) this.numbers.add([this.enter(next)]);
    return this.numbers.at(entry);
  }

  /** Takes what is known now of what operations are called on: recordings say it after the calls, and take it back. */
  look(): void {
    const { capture } = this;
    const known = new Uint8Array(this.list.length);
    for (let entry = 0; entry < this.numbers.length; entry++) {
      if (capture.sums.at(entry * 5) === 0 && capture.sums.at(entry * 5 + 2) === 0) continue;
      const number = this.numbers.at(entry);
      const receiver = capture.targets[capture.receivers.at(entry)];
      const label = this.list[number];
      if (known[number] === 0) label.receiver = receiver;
      else if (label.receiver !== receiver) label.receiver = '';
      known[number] = 1;
    }
  }

  /** Text of an entry's label and of its stack, in small letters, for filters. */
  text(entry: number): string {
    const label = this.list[this.of(entry)];
    const { frames } = this.stack(this.capture.keys.at(entry * 3 + 2));
    const places = frames.map((frame) => `${frame.function} ${frame.file}`);
    return [`${label.operation} ${targetName(label)}`, ...places].join('\n').toLowerCase();
  }

  private enter(entry: number): number {
    const { capture } = this;
    const name = capture.operations[capture.keys.at(entry * 3)];
    const operation = name === '' ? '(not recorded)' : shortName(name);
    const stack = capture.keys.at(entry * 3 + 2);
    const ran = name === 'callback' && stack > 0 ? this.stack(stack).frames.at(-1)?.function : undefined;
    const target = ran ?? capture.targets[capture.keys.at(entry * 3 + 1)];
    const key = `${operation}\n${target}`;
    let number = this.known.get(key);
    if (number === undefined) {
      number = this.list.length;
      this.known.set(key, number);
      const entersGo = name !== '' && isEntry(name);
      const kind = entersGo ? Kind.Go : COPIES.test(name) ? Kind.Copy : Kind.Js;
      this.list.push({ operation, target, receiver: '', direction: entersGo ? 'js→go' : 'go→js', kind });
    }
    return number;
  }
}
