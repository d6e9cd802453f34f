import { expect, it } from '@jest/globals';
import { Pages } from './pages.js';

/** A wire on which a text leaves when the test says so. */
const slowWire = () => {
  const texts: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    texts,
    leave: () => waiting.shift()?.(),
    open: true,
    waitingBytes: 0,
    send: (text: string, sent: () => void = () => undefined) => {
      texts.push(text);
      waiting.push(sent);
    },
    close: () => undefined,
  };
};

it('sends a page only once the one before it has left, and asks then what it is', async () => {
  const wire = slowWire();
  const pages = new Pages(wire);
  let wanted = true;
  const first = pages.send(() => 'first');
  const dropped = pages.send(() => (wanted ? 'dropped' : undefined));
  const last = pages.send(() => 'last');
  await Promise.resolve();
  expect(wire.texts).toEqual(['first']);
  wanted = false;
  wire.leave();
  await Promise.all([first, dropped]);
  await Promise.resolve();
  expect(wire.texts).toEqual(['first', 'last']);
  wire.leave();
  await last;
});

it('goes on after a page that could not be made, and sends nothing on a wire that is closed', async () => {
  const wire = slowWire();
  const pages = new Pages(wire);
  const broken = pages.send(() => {
    throw new Error('no page');
  });
  const next = pages.send(() => 'next');
  await expect(broken).rejects.toThrow('no page');
  await Promise.resolve();
  expect(wire.texts).toEqual(['next']);
  wire.leave();
  await next;
  wire.open = false;
  await pages.send(() => 'late');
  expect(wire.texts).toEqual(['next']);
});
