/** The most that the gateway puts on a page. */
const MOST = 200;

/** All entries of a list that comes in pages, of which `read` asks for one. Rejects as it does. */
export const readPages = async <T>(
  read: (page: { limit: number; cursor: string }) => Promise<{
    entries: readonly T[] | undefined;
    nextCursor: string | undefined;
  }>,
): Promise<T[]> => {
  const all: T[] = [];
  let cursor = '';
  do {
    const { entries = [], nextCursor = '' } = await read({ limit: MOST, cursor });
    all.push(...entries);
    cursor = nextCursor;
  } while (cursor);
  return all;
};
