/** How many handles there were in the last minutes, as lines of a drawing. Pure; knows no page. */

export interface Sample {
  /** Milliseconds; of one clock. */
  at: number;
  handles: number;
  /** js.Funcs that are registered; -1 for not known. */
  funcs: number;
  /** Collector cycles that have ended; -1 for not known. */
  cycles: number;
}

/** What the chart is about, ms. */
export const SPAN = 180_000;
/** Between samples that lie further apart nothing is drawn, ms. */
const GAP = 5000;

export interface Chart {
  /** Paths of SVG: what lies below the lines, and the lines. */
  handles: { area: string; line: string };
  funcs: { area: string; line: string };
  /** Where, from the left, cycles ended and snapshots were taken. */
  cycles: number[];
  snapshots: number[];
}

/**
 * @param samples by rising time
 * @param now right edge
 * @param snapshots when they were taken
 */
export function chartOf(
  samples: readonly Sample[],
  now: number,
  snapshots: readonly number[],
  { width, height }: { width: number; height: number },
): Chart {
  const most = samples.reduce((high, { handles, funcs }) => Math.max(high, handles, funcs), 1);
  const x = (at: number) => round(width - ((now - at) / SPAN) * width);
  // The largest value leaves room for the words above it.
  const y = (value: number) => round(height - (value / most) * height * 0.86);
  const path = (value: (sample: Sample) => number) => {
    const [area, line]: [string[], string[]] = [[], []];
    for (const run of runsOf(samples.filter((sample) => value(sample) >= 0))) {
      const points = run.map((sample) => `${x(sample.at)},${y(value(sample))}`);
      // One sample alone is a point of a pixel.
      const [left, right] = [x(run[0].at), run.length > 1 ? x(run[run.length - 1].at) : x(run[0].at) + 1];
      if (run.length === 1) points.push(`${right},${y(value(run[0]))}`);
      line.push(`M${points.join('L')}`);
      area.push(`M${left},${height}L${points.join('L')}L${right},${height}Z`);
    }
    return { area: area.join(''), line: line.join('') };
  };
  const seen = samples.filter(({ cycles }) => cycles >= 0);
  return {
    handles: path(({ handles }) => handles),
    funcs: path(({ funcs }) => funcs),
    cycles: seen.filter((sample, i) => i > 0 && sample.cycles > seen[i - 1].cycles).map(({ at }) => x(at)),
    snapshots: snapshots.filter((at) => at <= now && at >= now - SPAN).map(x),
  };
}

function runsOf(samples: readonly Sample[]): Sample[][] {
  const runs: Sample[][] = [];
  samples.forEach((sample, i) => {
    if (i > 0 && sample.at - samples[i - 1].at <= GAP) runs[runs.length - 1].push(sample);
    else runs.push([sample]);
  });
  return runs;
}

/** Of a row's growth: a line, and what lies below it. */
export function sparkline(values: readonly number[], width: number, height: number): { area: string; line: string } {
  const most = Math.max(1, ...values);
  // One value is a level.
  const all = values.length === 1 ? [values[0], values[0]] : values;
  const points = all.map(
    (value, i) =>
      `${round((i / Math.max(1, all.length - 1)) * width)},${round(height - (value / most) * (height - 2))}`,
  );
  return { area: `M0,${height}L${points.join('L')}L${width},${height}Z`, line: `M${points.join('L')}` };
}

const round = (value: number): number => Math.round(value * 10) / 10;
