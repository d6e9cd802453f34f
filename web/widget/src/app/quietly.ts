/** Lets work go on by itself; what it fails with is for the page's developers. */
export const quietly = (work: Promise<unknown> | undefined): void => {
  work?.catch((error: unknown) => console.warn('Parley:', error instanceof Error ? error.message : error));
};
