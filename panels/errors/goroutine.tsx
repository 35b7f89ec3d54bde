/** Which goroutine failed: number, state, who created it. */
import type { Goroutine } from '../../src/failures/failure';
import type { Place } from '../../src/symbols/frame';
import { FunctionName, LocationLink } from '../widgets/names';

export function GoroutineFacts({ goroutine, open }: { goroutine: Goroutine; open(place: Place): void }) {
  const { id, state, createdBy } = goroutine;
  return (
    <dl class="facts">
      <dt>Goroutine</dt>
      <dd>{id === null ? `not known ${state}` : `${id} ${state}`}</dd>
      {createdBy && (
        <>
          <dt>Created by</dt>
          <dd>
            <FunctionName symbol={createdBy.function} />{' '}
            {createdBy.file !== '' && <LocationLink place={createdBy} open={open} />}
            {createdBy.goroutine !== null && <span class="remark"> in goroutine {createdBy.goroutine}</span>}
          </dd>
        </>
      )}
    </dl>
  );
}
