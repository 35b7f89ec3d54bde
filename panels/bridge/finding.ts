/** What a finding is, for the list: one sentence of what, one of what to do, and the Go line. */
export interface Finding {
  id: string;
  severity: 'warning' | 'info';
  /** `14,820 small gets in a loop`. */
  title: string;
  /** What it costs, one sentence. */
  cause: string;
  /** What to do, one sentence. */
  todo: string;
  /** Where in Go; null when no line is known. */
  where: { function: string; file: string; line: number } | null;
}
