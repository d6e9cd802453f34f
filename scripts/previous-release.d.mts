export const PREVIOUS: string;
export function ensurePreviousRelease(ref?: string): Promise<string>;
