/** Which binaries the recorder of each document is told of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { createOrders } from '../../panels/orders';

function stage(on = true) {
  const key = signal<string | null>(null);
  const sent: string[] = [];
  const state = { on, failures: 0 };
  const orders = createOrders({
    key,
    on: () => state.on,
    send: async (realm, known) => {
      if (known === 'bad') throw new Error('lost');
      sent.push(`${realm} ${known || 'none'}`);
    },
    decline: (realm) => {
      sent.push(`${realm} declined`);
    },
    failed: () => {
      state.failures++;
    },
  });
  return { key, sent, state, orders };
}

/** Until all that was begun is done. */
const settle = () => new Promise((done) => setImmediate(done));

test('a document that comes is told of the three binaries read last, or that none is known', async () => {
  const { orders, sent, key } = stage();
  orders.came('a');
  await settle();
  assert.deepEqual(sent.splice(0), ['a none']);
  for (const read of ['one', 'two', 'three']) orders.read('a', read);
  key.value = 'four';
  await settle();
  assert.deepEqual(sent.splice(0), ['a one', 'a two', 'a three']);
  orders.came('b');
  await settle();
  assert.deepEqual(sent, ['b four', 'b three', 'b two']);
});

test('each binary is told once, and no more than the recorder keeps', async () => {
  const { orders, sent } = stage();
  orders.came('a');
  assert.equal(orders.read('a', 'one'), true);
  assert.equal(orders.read('a', 'one'), false);
  for (let i = 0; i < 20; i++) orders.read('a', `m${i}`);
  await settle();
  // The first said that none is known.
  assert.equal(sent.length, 8);
  assert.equal(orders.read('b', 'one'), false);
});

test('told again from the beginning, and of no binary while nothing is on', async () => {
  const { orders, sent, state } = stage(false);
  orders.came('a');
  orders.read('a', 'one');
  await settle();
  // It is told that none come.
  assert.deepEqual([sent.splice(0), [...orders.recorders.value]], [['a declined'], ['a']]);
  state.on = true;
  orders.tell('a');
  await settle();
  assert.deepEqual(sent.splice(0), ['a one']);
  orders.gone('a');
  assert.deepEqual([...orders.recorders.value], []);
  orders.came('a');
  await settle();
  assert.deepEqual(sent, ['a one']);
});

test('what cannot be sent is told', async () => {
  const { orders, state } = stage();
  orders.came('a');
  orders.read('a', 'bad');
  await settle();
  assert.equal(state.failures, 1);
});
