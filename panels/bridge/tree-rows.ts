/** From a tree in columns to the rows a grid shows: what is open, sorted by a column. Pure. */
import { Sum } from '../../src/bridge/sums';
import type { Tree, TreeName } from '../../src/bridge/tree';

export interface TreeRow {
  node: number;
  /** Names from the root, by which open rows are remembered. */
  key: string;
  name: TreeName;
  /** From 1. */
  level: number;
  /** null: nothing below. */
  open: boolean | null;
  /** Place among its siblings from 1, and their number. */
  position: number;
  siblings: number;
  count: number;
  timed: number;
  totalMs: number;
  selfMs: number;
  bytes: number;
}

export type TreeOrder = 'count' | 'selfMs' | 'totalMs' | 'bytes';

const COLUMNS: Record<TreeOrder, Sum> = { count: Sum.Count, selfMs: Sum.Self, totalMs: Sum.Total, bytes: Sum.Bytes };

/** Rows that are open by themselves at most. */
const CHAIN = 24;

export interface Shown {
  /** Opened and closed by hand, by key. */
  toggled: ReadonlyMap<string, boolean>;
  order: TreeOrder;
  /** `only`: rows without siblings are open by themselves. `most`: also those that hold most of their parent. */
  opens: 'only' | 'most';
  /** Starts at the children of this node. */
  root?: number;
}

export function treeRows(tree: Tree, { toggled, order, opens, root = 0 }: Shown): TreeRow[] {
  const children = childrenOf(tree);
  const column = COLUMNS[order];
  const value = (node: number) => tree.sums[node * Sum.Columns + column];
  const rows: TreeRow[] = [];
  const walk = (parent: number, prefix: string, level: number, chain: number) => {
    const list = children(parent).sort((a, b) => value(b) - value(a) || a - b);
    list.forEach((node, i) => {
      const key = `${prefix}/${tree.name[node]}`;
      const more = children(node).length > 0;
      const share = tree.sums[node * Sum.Columns] / (tree.sums[parent * Sum.Columns] || 1);
      const byItself = chain < CHAIN && (list.length === 1 || (opens === 'most' && i === 0 && share > 0.5));
      const open = more ? (toggled.get(key) ?? byItself) : null;
      const at = node * Sum.Columns;
      rows.push({
        ...{ node, key, name: tree.names[tree.name[node]], level, open, position: i + 1, siblings: list.length },
        count: tree.sums[at + Sum.Count],
        timed: tree.sums[at + Sum.Timed],
        totalMs: tree.sums[at + Sum.Total],
        selfMs: tree.sums[at + Sum.Self],
        bytes: tree.sums[at + Sum.Bytes],
      });
      if (open) walk(node, key, level + 1, chain + 1);
    });
  };
  walk(root, '', 1, 0);
  return rows;
}

/** Nodes by parent, found once. */
function childrenOf({ parents }: Tree): (node: number) => number[] {
  const starts = new Int32Array(parents.length + 2);
  for (let node = 1; node < parents.length; node++) starts[parents[node] + 2]++;
  for (let node = 1; node < starts.length; node++) starts[node] += starts[node - 1];
  const list = new Int32Array(parents.length);
  for (let node = 1; node < parents.length; node++) list[starts[parents[node] + 1]++] = node;
  return (node) => [...list.subarray(starts[node], starts[node + 1])];
}
