import type { Page } from 'playwright-core';

/** Opens a section of the administration. */
export const section = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name }).click();
};

/** Resolves once the desk has said that it is stored. */
export const saved = (page: Page, name: string): Promise<void> => page.getByText(`${name} saved.`).waitFor();
