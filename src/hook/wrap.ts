/**
 * Stands in front of the six ways to compile and instantiate. The page gets the natives' own promises, objects and errors:
 * each wrapper is a Proxy whose traps are trampolines, so nothing is awaited, caught or rethrown, and no stack shows it.
 * Knows nothing about Go; `note` looks at the arguments and may replace one.
 */
import { apply, construct } from './pristine';
import { beforeTrap } from './trampoline';

const ENTRIES = ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming', 'Module', 'Instance'] as const;
export type Entry = (typeof ENTRIES)[number];

/** @param note called before each native, with the arguments it is about to get; must not throw */
export function wrap(note: (entry: Entry, args: unknown[]) => void): void {
  for (const entry of ENTRIES) {
    const native = WebAssembly[entry] as unknown as () => void;
    const { prototype } = native;
    let trap: unknown;
    const proxy = new Proxy(native, {
      __proto__: null,
      // A getter, so that the trampoline is compiled at the first call. Without one the call goes through as it is.
      get [prototype ? 'construct' : 'apply']() {
        trap ??= beforeTrap(
          (_target: unknown, argsOrSelf: unknown[], args: unknown[]) => note(entry, prototype ? argsOrSelf : args),
          prototype ? construct : apply,
        );
        return trap;
      },
    } as ProxyHandler<() => void>);
    // Both are writable: nothing else about the property changes.
    WebAssembly[entry] = proxy as never;
    if (prototype) prototype.constructor = proxy;
  }
}
