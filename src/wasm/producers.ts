/** The custom section "producers" (tool-conventions ProducersSection.md): which language and tools made the module. */
import type { Reader } from '../bytes/reader';

export interface Producer {
  field: string;
  name: string;
  version: string;
}
/** Real modules list a handful. */
const MOST_PRODUCERS = 1_000;
export type Producers = Producer[];

export function readProducers(reader: Reader): Producers {
  const producers: Producers = [];
  const fields = reader.count(2, 'producers fields');
  for (let i = 0; i < fields; i++) {
    const field = reader.name();
    const values = reader.count(2, 'producers values');
    for (let j = 0; j < values; j++) producers.push({ field, name: reader.name(), version: reader.name() });
    if (producers.length > MOST_PRODUCERS) reader.fail(`at most ${MOST_PRODUCERS} producers`);
  }
  return producers;
}
