/** Whether is watched who makes which handle: in pages that are loaded from then on, for as long as it is not ended. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { HandlesApi } from '../../src/handles/api';
import type { Remote } from '../../src/protocol/channel';
import type { Target } from '../../src/target';
import { createOrders, type Orders } from '../orders';
import type { PanelWindow } from '../window';

export interface Watch {
  on: ReadonlySignal<boolean>;
  /** Resolves once the next load of the page is watched. @returns whether it is */
  begin(): Promise<boolean>;
  end(): void;
  orders: Orders;
}

export interface WatchParts {
  window: Pick<PanelWindow, 'arm'>;
  session: Remote<HandlesApi>;
  target: Target;
  key: ReadonlySignal<string | null>;
  problem: Signal<string>;
  failed(): void;
}

export function createWatch({ window, session, target, key, problem, failed }: WatchParts): Watch {
  const on = signal(false);
  const orders = createOrders({
    ...{ key, failed, on: () => on.value },
    send: async (realm, known) => {
      const program = known === '' ? null : await session.handleOptions(known);
      if (on.value) target.watch(realm, program?.watch ?? { frames: null, staticLow: 0, staticHigh: 0 });
    },
    decline: (realm) => target.watch(realm, null),
  });
  return {
    ...{ on, orders },
    async begin() {
      on.value = true;
      for (const realm of orders.recorders.value) orders.tell(realm);
      try {
        await window.arm('handles', true);
      } catch {
        on.value = false;
        problem.value = 'Chrome does not let the panel record on this site.';
      }
      return on.value;
    },
    end() {
      on.value = false;
      void window.arm('handles', false).catch(() => undefined);
      for (const realm of orders.recorders.value) target.watch(realm, null);
    },
  };
}
