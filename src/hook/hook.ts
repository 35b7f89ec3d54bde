/**
 * What the extension runs in every page before the page's own scripts (MAIN world, document_start): ties the rooms of this
 * folder to one document. It copies and leaves; it interprets nothing and never throws into the page.
 */
import { expectModule, ofBytes, ofModule, ofResponse } from './bytes';
import { listen } from './error-events';
import { errorWatch } from './errors';
import { awaitRun } from './go-object';
import { derive, goNamespace } from './imports';
import { type Linked, link } from './link';
import { add } from './pristine';
import { createProgram } from './program';
import { wrap } from './wrap';

enum Most {
  /** Remembered for questions and errors; older ones are forgotten first. */
  Programs = 64,
}

const programs: Linked[] = [];
let lastId = 0;

const emit = link(programs);
const listenAgain = listen(errorWatch(programs, emit));

wrap((entry, args) => {
  try {
    const first = args[0];
    // Only the names of the streaming ones are longer than this.
    const sourceOf = entry.length > 'instantiate'.length ? ofResponse : ofBytes;
    if (entry[0] === 'c' || entry === 'Module') return expectModule(sourceOf(first));
    const how = entry as 'instantiate' | 'instantiateStreaming' | 'Instance';
    // Instances of other languages too: each takes the compilation it belongs to out of the list.
    const known = sourceOf === ofBytes && (ofModule(first) ?? ofBytes(first));
    if (known && !known.go) return;
    let namespace = goNamespace(args[1]);
    if (!namespace) return;
    const { name } = namespace;
    const source = known || ofResponse(first);
    const id = ++lastId;
    const program = createProgram(
      id,
      () => ({ url: source.url, bytes: source.blob ? 'kept' : source.url ? 'url' : 'lost', how, namespace: name }),
      emit,
    );
    const linked = () => {
      if (!namespace) return;
      add(programs, { id, source, program }, Most.Programs);
      awaitRun(namespace, program.run);
      // It leads to the Go object and its memory, which are the page's to drop.
      namespace = null;
      listenAgain();
    };
    args[1] = derive(args[1] as never, name, { ...program, linked });
  } catch {
    // The native looks at the same arguments now, and says what is wrong with them.
  }
});
