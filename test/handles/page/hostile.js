// Values that strike back: whoever looks at them by their own means runs code of theirs, gets an error, or waits for ever. For a page with
// wasm_exec.js and the program `handles` in it; see site.ts.
//   ran               what has run of them, by name: empty as long as nobody did
//   hostile           rows `{ name, make, type, class, text, connected }`: what each value is, and what may be said of it: one of some
//                     classes and texts (null: any that is short), and whether it is in a document (null: need not be known)
//   start(near, far)  makes all values, with frames of these pages of another origin and of another site, and has the program take them;
//                     resolves when it holds them
//   hostileValue(name), idOf(name)
//                     the value, and the id of its handle
//   provoke(name)     looks at it as nobody should; returns whether that ran anything
// Do not call lookAtHandles of view.js here: it asks each value for its label.
{
  /** @type {Record<string, number>} */
  const ran = {};
  globalThis.ran = ran;
  let making = '';

  /** @returns a function that tells that it ran, and throws */
  const bomb =
    (what, name = making) =>
    () => {
      ran[`${name}: ${what}`] = (ran[`${name}: ${what}`] ?? 0) + 1;
      throw new Error(`${name}: ${what} must not run`);
    };

  /** Traps of every kind, those that are not known today too. */
  const traps = () => {
    const name = making;
    return new Proxy(
      {},
      {
        get: (_, key) => bomb(`trap ${String(key)}`, name),
      },
    );
  };

  const NAMES = [
    ...['constructor', 'toString', 'valueOf', 'toJSON', 'toLocaleString', 'inspect', 'label', 'name', 'length', 'size'],
    ...['id', 'className', 'classList', 'nodeName', 'nodeType', 'localName', 'tagName', 'isConnected', 'getAttribute'],
    ...[
      'attributes',
      'ownerDocument',
      'message',
      'stack',
      'cause',
      'then',
      'description',
      'byteLength',
      'source',
      'flags',
    ],
    ...['type', 'width', 'height', 'status', '__proto__', 'prototype', 'caller', '0'],
    ...[Symbol.toStringTag, Symbol.toPrimitive, Symbol.iterator, Symbol.hasInstance, Symbol.species],
    Symbol.isConcatSpreadable,
  ];

  /** Puts a getter that must not run at each name that can have one. */
  function mine(object) {
    for (const key of NAMES) {
      try {
        Object.defineProperty(object, key, { get: bomb(`get ${String(key)}`), configurable: true });
      } catch {
        // It has one that cannot be replaced.
      }
    }
    return object;
  }

  /** Puts a method that must not run at each name that others call. */
  function mineMethods(object) {
    for (const key of ['toString', 'valueOf', 'toJSON', Symbol.toPrimitive, Symbol.iterator, 'getAttribute']) {
      Object.defineProperty(object, key, { value: bomb(`${String(key)}()`), configurable: true });
    }
    return object;
  }

  const proxyOf = (target) => new Proxy(target, traps());

  function revoked(target) {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  }

  const element = (tag, id = '', words = '') => Object.assign(document.createElement(tag), { id, className: words });

  function form() {
    const made = element('form', 'the-form', 'clobbered twice');
    const names = ['id', 'className', 'nodeName', 'localName', 'tagName', 'isConnected', 'getAttribute', 'attributes'];
    for (const name of [...names, 'constructor', 'toString', 'nodeType', 'ownerDocument']) {
      made.append(Object.assign(document.createElement('input'), { name }));
    }
    return made;
  }

  class Overridden extends HTMLElement {
    get id() {
      return bomb('get id', 'custom element')();
    }
    get className() {
      return bomb('get className', 'custom element')();
    }
    get localName() {
      return bomb('get localName', 'custom element')();
    }
    get nodeName() {
      return bomb('get nodeName', 'custom element')();
    }
    get isConnected() {
      return bomb('get isConnected', 'custom element')();
    }
    getAttribute() {
      return bomb('getAttribute()', 'custom element')();
    }
    get [Symbol.toStringTag]() {
      return bomb('get toStringTag', 'custom element')();
    }
  }
  customElements.define('over-ridden', Overridden);

  /** @param {string} src URL; '' for an empty page @returns a frame when it is loaded */
  const frame = (src) =>
    new Promise((resolve, reject) => {
      const made = document.createElement('iframe');
      made.onload = () => resolve(made);
      made.onerror = reject;
      if (src) made.src = src;
      document.body.append(made);
    });

  const HUGE = 10_000_000;
  /** Frames with a page of another origin, of another site, and two with an empty page of this one. */
  let frames = {};
  let namespace;

  /** @type {{ name: string, type: string, class: string[], text?: string[], make: () => unknown }[]} */
  const hostile = [
    // Objects with getters and methods of their own.
    row('getters', 'object', ['Object'], [''], () => mine({})),
    row('inherited getters', 'object', ['Object', 'Mined'], [''], () => {
      class Mined {}
      mine(Mined.prototype);
      return new Mined();
    }),
    row('methods', 'object', ['Object'], [''], () => mineMethods({})),
    row('a class with a name that is a getter', 'object', ['Object', 'Named'], [''], () => {
      class Named {}
      Object.defineProperty(Named, 'name', { get: bomb('get name') });
      return new Named();
    }),
    row('a class with a name that is no text', 'object', ['Object', 'Static'], [''], () => {
      class Static {}
      Object.defineProperty(Static, 'name', { value: mineMethods({}) });
      return new Static();
    }),
    row('a constructor that is a proxy', 'object', ['Object', 'Behind'], [''], () => {
      class Behind {}
      const made = new Behind();
      Behind.prototype.constructor = proxyOf(Behind);
      return made;
    }),
    row('a tag that is a proxy', 'object', ['Object'], [''], () => ({ [Symbol.toStringTag]: proxyOf({}) })),
    row('no prototype', 'object', ['Object'], [''], () => Object.create(null)),
    row('no prototype, getters', 'object', ['Object'], [''], () => mine(Object.create(null))),
    row('inherits from a proxy', 'object', ['Object'], [''], () => Object.create(proxyOf({}))),
    row('inherits from a proxy far away', 'object', ['Object'], [''], () => {
      let made = proxyOf({});
      for (let i = 0; i < 1000; i++) made = Object.create(made);
      return made;
    }),
    row('says it is an element', 'object', ['HTMLDivElement', 'Object'], [''], () =>
      Object.create(HTMLDivElement.prototype),
    ),
    row('says it is a map', 'object', ['Map', 'Object'], [''], () => Object.create(Map.prototype)),
    row('a class of a huge name', 'object', null, [''], () => {
      const Long = { [`L${'o'.repeat(HUGE)}ng`]: class {} };
      return new (Object.values(Long)[0])();
    }),
    row('a class of a name in two lines', 'object', null, [''], () => {
      const { 'two\nlines\u202e<b>': Odd } = { 'two\nlines\u202e<b>': class {} };
      return new Odd();
    }),
    row('a huge tag', 'object', null, [''], () => ({ [Symbol.toStringTag]: 'x'.repeat(HUGE) })),

    // Proxies.
    row('proxy of an object', 'object', ['Object', 'Proxy'], [''], () => proxyOf({})),
    row('proxy of an array', 'object', ['Array', 'Object', 'Proxy'], [''], () => proxyOf([1, 2, 3])),
    row('proxy of a function', 'function', ['Function', 'Proxy'], [''], () => proxyOf(() => {})),
    row('proxy of a class', 'function', ['Function', 'Proxy'], [''], () => proxyOf(class Hidden {})),
    row('proxy of an element', 'object', ['HTMLDivElement', 'Proxy'], [''], () =>
      proxyOf(element('div', 'id', 'word')),
    ),
    row('proxy of a map', 'object', ['Map', 'Proxy'], [''], () => proxyOf(new Map([[1, 2]]))),
    row('proxy of bytes', 'object', ['Uint8Array', 'Object', 'Proxy'], [''], () => proxyOf(new Uint8Array(8))),
    row('proxy of an error', 'object', ['TypeError', 'Error', 'Object', 'Proxy'], null, () =>
      proxyOf(new TypeError('no')),
    ),
    row('proxy of a proxy', 'object', ['Object', 'Proxy'], [''], () => proxyOf(proxyOf({}))),
    row('proxies a thousand deep', 'object', ['Object', 'Proxy', 'Array'], [''], () => {
      let made = [];
      for (let i = 0; i < 1000; i++) made = proxyOf(made);
      return made;
    }),
    row('proxy with proxies for prototypes', 'object', ['Object', 'Proxy'], [''], () => {
      const target = Object.create(proxyOf({}));
      return proxyOf(target);
    }),
    row('proxy of the window', 'object', ['Window', 'Object', 'Proxy'], [''], () => proxyOf(window)),
    row('revoked proxy', 'object', ['Proxy (revoked)', 'Proxy', 'Object'], [''], () => revoked({})),
    row('revoked proxy of a function', 'function', ['Function', 'Proxy', 'Proxy (revoked)'], [''], () =>
      revoked(() => {}),
    ),
    row('revoked proxy of an array', 'object', ['Proxy (revoked)', 'Proxy', 'Array', 'Object'], [''], () =>
      revoked([]),
    ),
    row('proxy of a revoked proxy', 'object', ['Proxy (revoked)', 'Proxy', 'Object'], [''], () => proxyOf(revoked({}))),
    row('inherits from a revoked proxy', 'object', ['Object', 'Proxy (revoked)'], [''], () =>
      Object.create(revoked({})),
    ),

    // Windows and what belongs to them.
    row('window of another origin', 'object', ['Object', 'Window', 'global'], null, () => frames.near.contentWindow),
    row('window of another site', 'object', ['Object', 'Window', 'global'], null, () => frames.far.contentWindow),
    row('location of another origin', 'object', ['Object', 'Location'], null, () => frames.near.contentWindow.location),
    row('window of a frame that has gone', 'object', ['Object', 'Window', 'global'], null, () => {
      const { contentWindow } = frames.gone;
      frames.gone.remove();
      return contentWindow;
    }),
    row('object of another realm', 'object', ['Object'], [''], () => mine(new frames.own.contentWindow.Object())),
    row('array of another realm', 'object', ['Array'], ['(3)', ''], () =>
      mineMethods(frames.own.contentWindow.Array(1, 2, 3)),
    ),
    row('namespace of a module', 'object', ['Module', 'Object'], [''], () => namespace),
    row('document.all', 'undefined', ['HTMLAllCollection', 'Object', 'undefined'], null, () =>
      mineMethods(document.all),
    ),
    row('storage', 'object', ['Storage', 'Object'], [''], () => {
      for (const name of ['constructor', 'toString', 'length', 'name']) sessionStorage.setItem(name, 'stored');
      return sessionStorage;
    }),

    // Elements.
    node(
      false,
      row('detached element', 'object', ['HTMLDivElement'], ['div#far.and.away'], () =>
        element('div', 'far', 'and  away'),
      ),
    ),
    node(
      null,
      row('element with getters', 'object', ['HTMLElement', 'HTMLSpanElement', 'Object'], ['span#shown.as-it-is'], () =>
        mine(element('span', 'shown', 'as-it-is')),
      ),
    ),
    node(
      true,
      row('custom element', 'object', ['Overridden', 'HTMLElement', 'Object'], ['over-ridden#mine'], () => {
        const made = new Overridden();
        Element.prototype.setAttribute.call(made, 'id', 'mine');
        document.body.append(made);
        return made;
      }),
    ),
    node(
      true,
      row('form that is clobbered', 'object', ['HTMLFormElement', 'Object'], ['form#the-form.clobbered.twice'], () => {
        const made = form();
        document.body.append(made);
        return made;
      }),
    ),
    node(
      false,
      row('element with huge attributes', 'object', ['HTMLElement', 'HTMLDivElement'], null, () =>
        element('div', 'i'.repeat(HUGE), 'c '.repeat(HUGE / 2)),
      ),
    ),
    node(
      false,
      row('element with words behind blanks', 'object', ['HTMLDivElement'], ['div'], () =>
        element('div', '', `${' '.repeat(HUGE)}far`),
      ),
    ),
    node(
      false,
      row('element of one huge word', 'object', ['HTMLDivElement'], null, () => element('div', '', 'w'.repeat(HUGE))),
    ),
    node(
      false,
      row('element that reads as markup', 'object', ['HTMLDivElement'], null, () =>
        element('div', '<img src=x onerror=ran.markup=1>', '\u202eltr " \n'),
      ),
    ),
    node(
      true,
      row('element in a shadow root', 'object', ['HTMLParagraphElement'], ['p#inside'], () => {
        const host = element('div');
        document.body.append(host);
        const inside = element('p', 'inside');
        host.attachShadow({ mode: 'closed' }).append(inside);
        return inside;
      }),
    ),
    node(
      true,
      row(
        'element of a document of its own',
        'object',
        ['HTMLElement', 'HTMLBodyElement'],
        ['body#other'],
        () => new DOMParser().parseFromString('<body id=other>', 'text/html').body,
      ),
    ),
    node(
      null,
      row('text node with getters', 'object', ['Text', 'Object'], ['#text', ''], () =>
        mine(document.createTextNode('hidden'.repeat(1000))),
      ),
    ),

    // Strings, symbols, numbers.
    row('huge string', 'string', ['String'], null, () => 'tide '.repeat(HUGE / 5)),
    row('huge string in pieces', 'string', ['String'], null, () => {
      let made = 'x';
      while (made.length < HUGE) made = `a${made}${made}b`;
      return made;
    }),
    row('lone surrogates', 'string', ['String'], ['\ud800 and \udc00'], () => '\ud800 and \udc00'),
    row('a surrogate pair where it is cut', 'string', ['String'], null, () => '\ud83d\ude00'.repeat(200)),
    row(
      'lines and controls',
      'string',
      ['String'],
      ['one\ntwo\r\n\t\0\x1b[31mred\u2028'],
      () => 'one\ntwo\r\n\t\0\x1b[31mred\u2028',
    ),
    row(
      'right to left',
      'string',
      ['String'],
      ['\u202e\u2066txt.exe\u05d0\u05d1'],
      () => '\u202e\u2066txt.exe\u05d0\u05d1',
    ),
    row(
      'markup',
      'string',
      ['String'],
      ['<img src=x onerror=ran.markup=1>"\'`'],
      () => '<img src=x onerror=ran.markup=1>"\'`',
    ),
    row('empty string', 'string', ['String'], [''], () => ''),
    row('symbol of a huge description', 'symbol', ['Symbol'], null, () => Symbol('s'.repeat(HUGE))),
    row('symbol without one', 'symbol', ['Symbol'], [''], () => Symbol()),
    row('symbol that all know', 'symbol', ['Symbol'], ['Symbol.iterator'], () => Symbol.iterator),
    // Three million digits: to write them takes seconds.
    row('huge integer', 'bigint', ['BigInt'], null, () => 1n << 10_000_000n),

    // Arrays, buffers.
    row('a million elements', 'object', ['Array'], ['(1000000)'], () => new Array(1_000_000).fill(7)),
    row('holes', 'object', ['Array'], ['(4294967295)'], () => {
      const made = [];
      made.length = 4294967295;
      return made;
    }),
    row('array with getters', 'object', ['Array', 'Object'], ['(3)', ''], () => mine([1, 2, 3])),
    row('array that inherits from a proxy', 'object', ['Array', 'Object'], ['(2)', ''], () =>
      Object.setPrototypeOf([1, 2], proxyOf([])),
    ),
    row('bytes with getters', 'object', ['Uint8Array', 'Object'], ['(16)'], () => mine(new Uint8Array(16))),
    row('bytes whose buffer has gone', 'object', ['Uint8Array'], ['(0)'], () => {
      const made = new Uint8Array(16);
      structuredClone(made.buffer, { transfer: [made.buffer] });
      return made;
    }),
    row('bytes in a buffer that can grow', 'object', ['Uint8Array'], ['(8)'], () =>
      mine(new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }))),
    ),
    row('bytes beyond the end of a buffer that shrank', 'object', ['Float64Array'], ['(0)'], () => {
      const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
      const made = new Float64Array(buffer, 8, 1);
      buffer.resize(8);
      return made;
    }),
    row('view beyond the end of a buffer that shrank', 'object', ['DataView'], [''], () => {
      const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
      const made = new DataView(buffer, 8, 8);
      buffer.resize(8);
      return mineMethods(made);
    }),
    row('shared memory', 'object', ['SharedArrayBuffer'], null, () =>
      mine(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer),
    ),
    row('memory with a buffer of its own', 'object', ['Memory', 'WebAssembly.Memory', 'Object'], [''], () => {
      const made = new WebAssembly.Memory({ initial: 1 });
      Object.defineProperty(made, 'buffer', { get: bomb('get buffer') });
      return made;
    }),
    row('map with getters', 'object', ['Map', 'Object'], ['(1)'], () => mine(new Map([[1, 2]]))),

    // Functions, and others of which the class tells more.
    row('function with getters', 'function', ['Function'], null, () => mine(function named() {})),
    row('function with a name that is none', 'function', ['Function'], [''], () =>
      Object.defineProperty(() => {}, 'name', { value: mineMethods({}) }),
    ),
    row('function of a huge text', 'function', ['Function'], ['huge'], () =>
      new Function(`return function huge() { '${'x'.repeat(HUGE)}' }`)(),
    ),
    row('function with methods', 'function', ['Function'], ['named'], () => mineMethods(function named() {})),
    row('error with getters', 'object', ['Error', 'Object'], null, () => {
      const made = new Error('kept');
      for (const key of ['message', 'name', 'stack', 'cause', 'constructor', 'toString']) {
        Object.defineProperty(made, key, { get: bomb(`get ${key}`) });
      }
      return made;
    }),
    row('error of a huge message', 'object', ['RangeError'], null, () => new RangeError('m'.repeat(HUGE))),
    row('error whose name is huge', 'object', ['Object', 'Error'], null, () =>
      Object.assign(new Error('kept'), { name: `${'n'.repeat(HUGE)}Error` }),
    ),
    row('object of a million properties', 'object', ['Object'], [''], () => {
      const made = {};
      for (let i = 0; i < 1_000_000; i++) made[`p${i}`] = i;
      return mine(made);
    }),
    row('regular expression of a huge source', 'object', ['RegExp'], null, () => new RegExp('t'.repeat(1_000_000))),
    row('answer with a body', 'object', ['Response'], ['201', ''], () =>
      mineMethods(new Response('x'.repeat(HUGE), { status: 201 })),
    ),
    row('request with a body', 'object', ['Request'], [''], () =>
      mineMethods(new Request('/', { method: 'POST', body: 'x'.repeat(HUGE) })),
    ),
    row('date that is none', 'object', ['Date'], [''], () => mineMethods(new Date(Number.NaN))),
    row('regular expression with getters', 'object', ['RegExp', 'Object'], null, () => mine(/tide/g)),
    row('promise with then', 'object', ['Promise', 'Object'], [''], () => mine(Promise.resolve())),
    row('arguments', 'object', ['Arguments', 'Object'], null, () =>
      (function () {
        // biome-ignore lint/complexity/noArguments: it is what this is about
        return mine(arguments);
      })(1, 2),
    ),
  ];
  globalThis.hostile = hostile;

  function row(name, type, classes, text, make) {
    return { name, type, class: classes, text, make };
  }

  function node(connected, of) {
    return { ...of, connected };
  }

  const values = new Map();
  let go;
  globalThis.start = async (near, far) => {
    frames = { near: await frame(near), far: await frame(far), gone: await frame(''), own: await frame('') };
    namespace = await import('data:text/javascript,export let constructor; export { constructor as toString }');
    for (const { name, make } of hostile) {
      making = name;
      values.set(name, make());
    }
    globalThis.handlesToTake = [...values.values()];
    go = new Go();
    go.argv = ['handles', 'take'];
    const { instance } = await WebAssembly.instantiateStreaming(fetch('/handles.wasm'), go.importObject);
    await new Promise((resolve, reject) => {
      globalThis.handlesReady = () => resolve();
      go.run(instance).then(() => reject(new Error('it has ended')), reject);
    });
  };
  globalThis.hostileValue = (name) => values.get(name);
  globalThis.idOf = (name) => go._ids.get(values.get(name));

  globalThis.provoke = (name) => {
    const value = values.get(name);
    const before = JSON.stringify(ran);
    const looks = [
      () => `${value}`,
      () => Object.prototype.toString.call(value),
      () => value.constructor.name.length,
      () => [value.id, value.className, value.nodeName, value.length, value.name, value.then],
      () => value instanceof Object,
      () => value.getAttribute('id'),
    ];
    for (const look of looks) {
      try {
        look();
      } catch {
        // Most of them throw.
      }
    }
    return JSON.stringify(ran) !== before;
  };
}
