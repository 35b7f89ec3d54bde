/**
 * What the extension runs in every page before the page's own scripts (MAIN world, document_start): ties the rooms of this
 * folder to one document. It copies and leaves; it interprets nothing and never throws into the page.
 */
import { expectModule, isRemote, ofBytes, ofModule, ofResponse } from './bytes';
import { listen } from './error-events';
import { errorWatch } from './errors';
import { awaitRun } from './go-object';
import { derive, goNamespace } from './imports';
import { link } from './link';
import { take } from './pristine';
import { createProgram, type Program } from './program';
import { wrap } from './wrap';

/** Programs remembered for questions and errors; older ones are forgotten first. */
const MOST_PROGRAMS = 64;
const programs: Program[] = [];
let lastId = 0;

const emit = link((instance) => {
  for (let i = 0; i < programs.length; i++) if (programs[i].id === instance) return programs[i].source;
});
const listenAgain = listen(errorWatch(programs, emit));

wrap((entry, args) => {
  try {
    const first = args[0];
    if (entry === 'compile' || entry === 'Module') return expectModule(ofBytes(first));
    if (entry === 'compileStreaming') return expectModule(ofResponse(first));
    // Instances of other languages too: each takes the compilation it belongs to out of the list.
    const known = ofModule(first);
    // Dropped when linked: it leads to the Go object and its memory, which `programs` must not hold.
    let namespace = goNamespace(args[1]);
    if (!namespace) return;
    const { name } = namespace;
    const source = known ?? (entry === 'instantiateStreaming' ? ofResponse(first) : ofBytes(first));
    const program = createProgram(
      ++lastId,
      source,
      () => ({
        url: source.url,
        bytes: source.blob ? 'kept' : isRemote(source) ? 'url' : 'lost',
        how: entry,
        namespace: name,
      }),
      () => {
        if (programs.length >= MOST_PROGRAMS) take(programs, 0);
        programs[programs.length] = program;
        if (namespace) awaitRun(namespace, program.run);
        namespace = null;
        listenAgain();
      },
      emit,
    );
    args[1] = derive(args[1] as never, name, program.notes);
  } catch {
    // The native looks at the same arguments now, and says what is wrong with them.
  }
});
