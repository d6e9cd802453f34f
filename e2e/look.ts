import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';

/** Where pictures of a run are put. */
export const pictureFolder = join(process.cwd(), 'test-results/screenshots');

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };

/** All that dark colours can change. */
const DARK_RULES = ", runOnly: ['color-contrast', 'link-in-text-block']";

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

export interface Looks {
  /** Also as on a phone. */
  readonly phone?: boolean;
}

/** Takes pictures of a page in light and dark, and lets axe judge each. Remembers what axe finds serious. */
export class Look {
  readonly problems: string[] = [];

  constructor() {
    mkdirSync(pictureFolder, { recursive: true });
  }

  async at(page: Page, name: string, { phone = false }: Looks = {}): Promise<void> {
    const desktop = page.viewportSize();
    for (const size of [desktop, ...(phone ? [PHONE] : [])]) {
      if (!size) continue;
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const full = `${name}-${size === desktop ? 'desktop' : 'phone'}-${colorScheme}`;
        await settled(page);
        await page.screenshot({ path: join(pictureFolder, `${full}.png`) });
        await this.#judge(page, full, colorScheme === 'light' ? '' : DARK_RULES);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    if (desktop) await page.setViewportSize(desktop);
  }

  /** Keeps what a page shows when something went wrong. */
  static async keep(page: Page, name: string): Promise<void> {
    const file = join(pictureFolder, `failed-${name}`);
    await page.screenshot({ path: `${file}.png` }).catch(() => {});
    writeFileSync(`${file}.html`, await page.content().catch(() => ''));
  }

  async #judge(page: Page, name: string, rules: string): Promise<void> {
    for (const frame of page.frames()) {
      if (!frame.url().startsWith('http') || !(await visible(frame))) continue;
      await frame.evaluate(axeSource);
      const violations = await frame.evaluate<Violation[]>(
        `axe.run(document, { iframes: false, resultTypes: ['violations'] ${rules} }).then(({ violations }) => violations)`,
      );
      for (const { id, impact, help, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        const [node] = nodes;
        this.problems.push(
          `${name}: ${id} (${impact}, ${nodes.length} ×): ${help}\n    ${node?.html.slice(0, 300)}\n    ${node?.failureSummary.replaceAll('\n', ' ')}`,
        );
      }
    }
  }
}

const visible = async (frame: Frame): Promise<boolean> =>
  frame.parentFrame() === null || (await (await frame.frameElement()).isVisible());

/** Resolves when fonts are loaded, transitions are over and two frames were drawn. */
export const settled = async (page: Page): Promise<void> => {
  for (const frame of page.frames()) {
    if (!frame.url().startsWith('http') || !(await visible(frame))) continue;
    await frame.evaluate(
      `document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))`,
    );
    await frame.waitForFunction(
      `document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity)`,
    );
  }
};
