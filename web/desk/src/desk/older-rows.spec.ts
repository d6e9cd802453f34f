import { expect, it } from '@jest/globals';
import { olderRows } from './older-rows.js';

const PAGES: Record<string, { rows: { conversationId: string }[]; nextCursor: string }> = {
  '': { rows: [{ conversationId: '0-a' }], nextCursor: 'one' },
  one: { rows: [{ conversationId: '0-b' }], nextCursor: '' },
};

it('reads a list page by page to its end, one page at a time, and again after a lost connection', async () => {
  const asked: string[] = [];
  const got: string[] = [];
  let down = false;
  const call = async (_method: string, { page }: { page?: { cursor?: string } }) => {
    asked.push(page?.cursor ?? '');
    if (down) throw new Error('down');
    return PAGES[page?.cursor ?? ''];
  };
  const older = olderRows({ call: call as never }, (rows) =>
    got.push(...rows.map(({ conversationId = '' }) => conversationId)),
  );
  await Promise.all([older.load('closed'), older.load('closed')]);
  down = true;
  await older.load('closed');
  down = false;
  await older.load('closed');
  await older.load('closed');
  expect(got).toEqual(['0-a', '0-b']);
  expect(asked).toEqual(['', 'one', 'one']);
  older.forget();
  await older.load('closed');
  expect(got).toEqual(['0-a', '0-b', '0-a']);
});
