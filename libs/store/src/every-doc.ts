import type { Collection, Doc, Filter } from './types.js';

const PAGE = 1_000;

/** All documents that a filter matches, a thousand at a time, by id; what comes or goes meanwhile may be among them or not. */
export async function* everyPage<D extends Doc>(
  collection: Pick<Collection<D>, 'find'>,
  filter: Filter,
): AsyncGenerator<readonly D[]> {
  let cursor: string | undefined;
  do {
    const page = await collection.find({ filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** The same, one by one. */
export async function* everyDoc<D extends Doc>(
  collection: Pick<Collection<D>, 'find'>,
  filter: Filter,
): AsyncGenerator<D> {
  for await (const page of everyPage(collection, filter)) yield* page;
}
