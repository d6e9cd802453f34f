/** A language tag as BCP 47 has it, of which the primary language counts: de, en-GB, zh-Hant-TW. */
export const LANGUAGE_TAG = /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i;
