/** Put in by scripts/build-service.mjs. */
declare const PARLEY_VERSION: string | undefined;

/** The release that this process runs; `dev` where it was not built. */
export const version: string = typeof PARLEY_VERSION === 'undefined' ? 'dev' : PARLEY_VERSION;
