/**
 * What every figure is: a number measured within one run, and the bound the project promises for it. Knows no figure.
 */

export interface Figure {
  /** One word or two with a hyphen, for `--only`. */
  name: string;
  /** What is measured, as the table says it. */
  what: string;
  allowed: number;
  /** Whether `allowed` is the most or the least the value may be. */
  bound: 'most' | 'least';
  /** `×`: a ratio of two things measured in turn; else of the value itself. */
  unit: '×' | '/s' | 'µs' | 'ms' | 'bytes';
  /** @throws when it cannot be measured; then the figure is not met */
  measure(): Promise<Measured>;
}

export interface Measured {
  value: number;
  /** In one line: the numbers behind the value, and their spread. */
  details: string;
}

export function meets({ allowed, bound }: Figure, value: number): boolean {
  return bound === 'most' ? value <= allowed : value >= allowed;
}
