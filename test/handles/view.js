// Put behind wasm_exec.js, under Node or in a page: the page's own view of a program's handles, out of wasm_exec.js's tables
// (`_values`, `_goRefCounts`, `_ids`, `_idPool`) and with nothing of src/ between. For the program `handles` of test/fixtures.
//   lookAtHandles()   what stands there now
//   askFuncs()        numbers of the js.Funcs that Go still has, by calling each: this makes handles
// With HANDLES_VIEW in Node's environment a file gets `{ ready, exit, there }`: the looks at `handlesReady` and at the end, and, if
// HANDLES_ASK is set too, what askFuncs says after the first one.
{
  const { Go } = globalThis;
  let go;
  /** Go's number of each js.Func. */
  const numbers = new Map();

  globalThis.Go = class extends Go {
    constructor() {
      super();
      go = this;
      const functions = this.importObject.gojs ?? this.importObject.go;
      const exit = functions['runtime.wasmExit'];
      functions['runtime.wasmExit'] = (sp) => {
        seen('exit');
        exit(sp);
      };
    }
    _makeFuncWrapper(id) {
      const made = super._makeFuncWrapper(id);
      numbers.set(made, id);
      return made;
    }
  };

  /** What the program has called a value (maker.go). */
  function labelOf(value) {
    if (typeof value === 'string') return /^text of (.*) \d+$/.exec(value)?.[1] ?? '';
    if (typeof value === 'symbol') return value.description ?? '';
    if (typeof value === 'bigint') return 'a big integer: big';
    if (typeof value === 'function') return value.name;
    return value && Object.hasOwn(value, 'label') ? value.label : '';
  }

  globalThis.lookAtHandles = () => {
    const { _values: values, _goRefCounts: counts, _ids: ids, _idPool: pool } = go;
    const free = new Set(pool);
    const handles = [];
    // What the tables say against each other; nothing, if all is well.
    const wrong = [];
    for (const [id, value] of values.entries()) {
      if (free.has(id)) {
        if (value !== null || counts[id] !== 0) wrong.push(`${id} is free and has a value`);
        continue;
      }
      if (id > 0 && ids.get(value) !== id) wrong.push(`${id} is not the id of its value`);
      // JSON has no Infinity: null.
      handles.push({ id, type: typeof value, label: labelOf(value), func: numbers.get(value) ?? 0, refs: counts[id] });
    }
    if (ids.size !== handles.length - 1 || free.size !== pool.length) wrong.push('ids are there more than once');
    return { handles, slots: values.length, free: pool.length, wrong };
  };

  globalThis.askFuncs = () => [...numbers].filter(([func]) => func() === 'there').map(([, number]) => number);

  const views = {};
  const file = globalThis.process?.env?.HANDLES_VIEW;
  const { writeFileSync } = file ? require('node:fs') : {};
  function seen(when) {
    if (!file || views[when]) return;
    views[when] = globalThis.lookAtHandles();
    if (when === 'ready' && process.env.HANDLES_ASK) views.there = globalThis.askFuncs();
    writeFileSync(file, JSON.stringify(views));
  }
  if (file) {
    globalThis.handlesReady = () => seen('ready');
    // Of a program that traps the tables stay as they are.
    process.on('exit', () => go._values && seen('exit'));
  }
}
