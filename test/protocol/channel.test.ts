import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, serve } from '../../src/protocol/channel';

interface Api {
  add(a: number, b: number): number;
  fail(): never;
  length(bytes: Uint8Array): number;
}

const api: Api = {
  add: (a, b) => a + b,
  fail: () => {
    throw new Error('no such thing');
  },
  length: (bytes) => bytes.length,
};

function pair() {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  const stop = serve(port2, api);
  const connection = connect<Api>(port1, (method, args) =>
    method === 'length' ? [(args[0] as Uint8Array).buffer as ArrayBuffer] : [],
  );
  const end = () => {
    stop();
    port1.close();
  };
  return { connection, end };
}

test('answers come back to the call that asked', async () => {
  const { connection, end } = pair();
  assert.deepEqual(await Promise.all([connection.api.add(1, 2), connection.api.add(3, 4)]), [3, 7]);
  end();
});

test('an error crosses with its message', async () => {
  const { connection, end } = pair();
  await assert.rejects(connection.api.fail(), { message: 'no such thing' });
  end();
});

test('bytes that are transferred leave the sender', async () => {
  const { connection, end } = pair();
  const bytes = new Uint8Array(10);
  assert.equal(await connection.api.length(bytes), 10);
  assert.equal(bytes.length, 0);
  end();
});

test('what every object has cannot be called', async () => {
  const { connection, end } = pair();
  const hostile = connection.api as unknown as { valueOf(): Promise<unknown> };
  await assert.rejects(hostile.valueOf(), { message: 'no method valueOf' });
  end();
});

test('closing fails what is asked and what will be asked', async () => {
  const { connection, end } = pair();
  const asked = connection.api.add(1, 1);
  connection.close('the worker died');
  await assert.rejects(asked, { message: 'the worker died' });
  await assert.rejects(connection.api.add(1, 1), { message: 'the worker died' });
  end();
});
