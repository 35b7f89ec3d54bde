// Tells all that a page can see of WebAssembly's six ways to compile and instantiate: one line of text for each question.
const encode = (text) => [text.length, ...new TextEncoder().encode(text)];
const wasm = (...sections) => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
const section = (id, ...body) => [id, body.flat().length, ...body.flat()];
const imported = (module, name) => section(2, 1, encode(module), encode(name), 0, 0);
const LINK = wasm(section(1, 1, 0x60, 0, 0), imported('a', 'b'));
const START = wasm(section(1, 1, 0x60, 0, 0), imported('a', 'b'), section(8, 0));
const EMPTY = wasm();
const GO = wasm(section(1, 1, 0x60, 1, 0x7f, 0), imported('gojs', 'runtime.wasmExit'));
const BAD = new Uint8Array(8);
const nothing = () => {};
const { Module, Instance } = WebAssembly;

const respond = (bytes) => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
const show = (value) => (value instanceof Error ? value.stack : Object.prototype.toString.call(value));

/** @type {Record<string, string>} */
const answers = {};
async function ask(question, action) {
  const log = [];
  try {
    answers[question] = `fine ${show(await action(log))} ${log.join(' | ')}`;
  } catch (error) {
    answers[question] = `${error?.stack ?? error} ${log.join(' | ')}`;
  }
}
function askNow(question, action) {
  const log = [];
  try {
    answers[question] = `fine ${show(action(log))} ${log.join(' | ')}`;
  } catch (error) {
    answers[question] = `${error.stack} ${log.join(' | ')}`;
  }
}

/** An import object that tells each look at it, and from how deep a stack. */
const spied = (object, log, name) => {
  const spy = new Proxy(object, {
    get(target, key, receiver) {
      log.push(`get ${name}.${String(key)} ${receiver === spy} ${new Error().stack.split('\n').length}`);
      return Reflect.get(target, key);
    },
    has: (target, key) => log.push(`has ${name}.${String(key)}`) && Reflect.has(target, key),
    ownKeys: (target) => log.push(`keys of ${name}`) && Reflect.ownKeys(target),
    getPrototypeOf: (target) => log.push(`prototype of ${name}`) && Reflect.getPrototypeOf(target),
    getOwnPropertyDescriptor: (target, key) =>
      log.push(`descriptor ${name}.${String(key)}`) && Reflect.getOwnPropertyDescriptor(target, key),
  });
  return spy;
};

/** @type {Record<string, (bytes: Uint8Array, imports?: object) => unknown>} */
const ways = {
  bytes: (bytes, imports) => WebAssembly.instantiate(bytes, imports),
  module: (bytes, imports) => WebAssembly.instantiate(new Module(bytes), imports),
  Instance: (bytes, imports) => new Instance(new Module(bytes), imports),
  response: (bytes, imports) => WebAssembly.instantiateStreaming(respond(bytes), imports),
  promise: (bytes, imports) => WebAssembly.instantiateStreaming(Promise.resolve(respond(bytes)), imports),
};

/** Must be asked first: what the hook does only once, it does now. */
function iterators() {
  const { prototype } = Array;
  const own = prototype[Symbol.iterator];
  let calls = 0;
  prototype[Symbol.iterator] = function (...args) {
    calls++;
    return own.apply(this, args);
  };
  try {
    new Module(EMPTY);
  } finally {
    prototype[Symbol.iterator] = own;
  }
  answers['calls of a patched array iterator'] = String(calls);
}

function shapes() {
  const names = ['instantiate', 'instantiateStreaming', 'compile', 'compileStreaming', 'Module', 'Instance'];
  answers.members = Object.getOwnPropertyNames(WebAssembly).join();
  for (const name of names) {
    const native = WebAssembly[name];
    const flags = (object, key) => {
      const { value, ...rest } = Object.getOwnPropertyDescriptor(object, key);
      return `${key} ${typeof value} ${JSON.stringify(rest)}`;
    };
    const own = Object.getOwnPropertyNames(native).map((key) => flags(native, key));
    answers[`shape of ${name}`] =
      `${flags(WebAssembly, name)}; ${own.join()}; ${native.name} ${native.length} ${'prototype' in native}`;
    answers[`text of ${name}`] = Function.prototype.toString.call(native);
    answers[`prototype of ${name}`] = String(Object.getPrototypeOf(native) === Function.prototype);
    askNow(`new ${name}`, () => new native());
    askNow(`${name}()`, () => native(EMPTY)?.catch?.(nothing));
  }
  const module = new WebAssembly.Module(EMPTY);
  const instance = new WebAssembly.Instance(module);
  class Sub extends WebAssembly.Module {
    own = 1;
  }
  const sub = new Sub(EMPTY);
  answers.identities = [
    module instanceof WebAssembly.Module,
    instance instanceof WebAssembly.Instance,
    module.constructor === WebAssembly.Module,
    instance.constructor === WebAssembly.Instance,
    Object.getPrototypeOf(module) === WebAssembly.Module.prototype,
    sub instanceof Sub && sub instanceof WebAssembly.Module && sub.own === 1,
    Object.getPrototypeOf(sub) === Sub.prototype,
    Object.getPrototypeOf(Reflect.construct(WebAssembly.Module, [EMPTY], Map)) === Map.prototype,
    WebAssembly.Module.imports(new WebAssembly.Module(LINK)).length,
  ].join();
}

async function linking() {
  const imports = {
    none: undefined,
    null: null,
    number: 5,
    text: 'x',
    empty: {},
    'no function': { a: {} },
    'no object': { a: 4 },
    good: { a: { b: nothing } },
    'getter that throws': {
      get a() {
        throw new Error('getter');
      },
    },
  };
  for (const [way, make] of Object.entries(ways)) {
    for (const [name, object] of Object.entries(imports))
      await ask(`${way}, imports ${name}`, () => make(LINK, object));
    await ask(`${way}, stack under the start function`, (log) =>
      make(START, { a: { b: () => log.push(new Error('start').stack) } }),
    );
  }
  for (const way of ['bytes', 'module', 'Instance']) {
    await ask(`${way}, looks at the imports`, (log) => {
      const object = { a: spied({ b: nothing }, log, 'a') };
      return ways[way](LINK, spied(object, log, 'imports'));
    });
  }
}

async function wrongArguments() {
  const wrong = { bad: BAD, none: undefined, number: 5, object: {}, promise: Promise.resolve(LINK) };
  for (const [name, value] of Object.entries(wrong)) {
    for (const way of ['instantiate', 'compile', 'instantiateStreaming', 'compileStreaming']) {
      await ask(`${way} of ${name}`, () => WebAssembly[way](value));
    }
    askNow(`Module of ${name}`, () => new WebAssembly.Module(value));
    askNow(`Instance of ${name}`, () => new WebAssembly.Instance(value));
  }
  for (const way of ['instantiateStreaming', 'compileStreaming']) {
    await ask(`${way}, rejected`, () => WebAssembly[way](Promise.reject(new Error('mine'))));
    await ask(`${way}, wrong type`, () => WebAssembly[way](fetch('/natives.js')));
    await ask(`${way}, missing`, () => WebAssembly[way](fetch('/missing.wasm')));
    await ask(`${way}, read before`, async () => {
      const response = respond(LINK);
      await response.arrayBuffer();
      return WebAssembly[way](response, { a: { b: nothing } });
    });
    await ask(`${way}, body used`, async (log) => {
      const response = respond(LINK);
      const made = WebAssembly[way](response, { a: { b: nothing } });
      log.push(response.bodyUsed);
      await made;
      log.push(response.bodyUsed);
    });
  }
}

/** A module that looks like Go's, linked with what looks like wasm_exec.js's functions. */
async function likeGo() {
  const exit = 'runtime.wasmExit';
  for (const [way, make] of Object.entries(ways)) {
    await ask(`Go by ${way}`, () => make(GO, { gojs: { [exit]: nothing } }));
    await ask(`Go by ${way}, no function`, () => make(GO, { gojs: { [exit]: 5 } }));
    await ask(`Go by ${way}, nothing there`, () => make(GO, { gojs: { 'runtime.wasmWrite': nothing } }));
    await ask(`Go by ${way}, other namespace`, () => make(GO, { go: { [exit]: nothing } }));
    await ask(`Go by ${way}, frozen`, () => make(GO, Object.freeze({ gojs: Object.freeze({ [exit]: nothing }) })));
    await ask(`Go by ${way}, a function of wasm`, () => make(GO, { gojs: { [exit]: wasmFunction() } }));
    await ask(`Go by ${way}, changed after the call`, () => {
      const imports = { gojs: { [exit]: nothing } };
      const made = make(GO, imports);
      imports.gojs = 7;
      return made;
    });
    await ask(`Go by ${way}, a getter for a namespace`, (log) =>
      make(GO, {
        get gojs() {
          log.push(new Error('gojs').stack);
          return { [exit]: nothing };
        },
      }),
    );
  }
}

/** A function of another type than the import wants. */
function wasmFunction() {
  const type = section(1, 1, 0x60, 0, 0);
  const bytes = wasm(type, section(3, 1, 0), section(7, 1, encode('f'), 0, 0), section(10, 1, 2, 0, 0x0b));
  return new Instance(new Module(bytes)).exports.f;
}

async function promises() {
  // One operation at a time: which of two ends first, Chromium leaves open (up to one run in twenty-five differs).
  const started = {
    compile: () => WebAssembly.compile(LINK),
    ...Object.fromEntries(Object.entries(ways).map(([way, make]) => [way, () => make(LINK, { a: { b: nothing } })])),
  };
  for (const [name, start] of Object.entries(started)) {
    await ask(`order of reactions, ${name}`, async (log) => {
      const made = Promise.resolve(start()).then(() => log.push('made'));
      Promise.resolve()
        .then(() => log.push('first'))
        .then(() => log.push('second'));
      await made;
    });
  }
  await ask('a promise of its own kind', (log) => {
    const made = WebAssembly.compile(LINK);
    log.push(made.constructor === Promise, Object.getOwnPropertyNames(made).length);
  });
  const events = [];
  addEventListener('unhandledrejection', (event) => {
    events.push(`unhandled ${event.reason}`);
    event.preventDefault();
  });
  addEventListener('rejectionhandled', () => events.push('handled'));
  const imports = { gojs: { 'runtime.wasmExit': nothing } };
  const rejected = [
    WebAssembly.instantiate(BAD),
    WebAssembly.instantiate(BAD, imports),
    WebAssembly.compileStreaming(Promise.resolve(5)),
    WebAssembly.instantiateStreaming(Promise.resolve(5), imports),
    WebAssembly.instantiateStreaming(Promise.reject(new Error('mine')), imports),
  ];
  await new Promise((done) => setTimeout(done, 100));
  for (const promise of rejected) promise.catch(nothing);
  await new Promise((done) => setTimeout(done, 100));
  answers.rejections = events.join(' | ');
}

globalThis.tell = async () => {
  answers.globals = String(
    Object.getOwnPropertyNames(window).filter((name) => !['said', 'askHook'].includes(name)).length,
  );
  answers.prototype = Object.getOwnPropertyNames(Object.prototype).join();
  answers.timer = String(setTimeout(nothing, 0));
  iterators();
  shapes();
  await linking();
  await wrongArguments();
  await likeGo();
  await promises();
  return answers;
};
