import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { StreamDescription } from '@parley/eventlog';

const FORMAT = 1;
/** Written last: a folder without it was interrupted. */
export const MANIFEST = 'backup.json';

export interface Manifest {
  readonly format: number;
  /** Of its beginning: what happened later may be missing. */
  readonly time: string;
  readonly documents: number;
  readonly streams: readonly StreamDescription[];
}

/** The folder of one backup. Without its manifest, which is written last, it is none. */
export class BackupFolder {
  constructor(private readonly folder: string) {}

  /** Fails when there is something in it already. */
  async create(): Promise<void> {
    await mkdir(join(this.folder, 'streams'), { recursive: true });
    if ((await readdir(this.folder)).length > 1 || (await readdir(join(this.folder, 'streams'))).length > 0)
      throw new Error(`${this.folder} is not empty: name a new folder for each backup`);
  }

  async finish(manifest: Omit<Manifest, 'format'>): Promise<void> {
    const file = join(this.folder, MANIFEST);
    await writeFile(`${file}.new`, `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`);
    await rename(`${file}.new`, file);
  }

  async manifest(): Promise<Manifest> {
    const file = join(this.folder, MANIFEST);
    if (!existsSync(file))
      throw new Error(`${this.folder} is no finished backup: there is no ${MANIFEST} in it`);
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    if (manifest.format !== FORMAT)
      throw new Error(
        `${file} has format ${manifest.format}, this release reads ${FORMAT}: use the release that wrote it`,
      );
    return manifest;
  }

  /** One JSON a line, compressed. */
  async writeLines(name: string, values: AsyncIterable<unknown>): Promise<number> {
    let count = 0;
    const lines = async function* (): AsyncGenerator<string> {
      for await (const value of values) {
        count++;
        yield `${JSON.stringify(value)}\n`;
      }
    };
    const file = createWriteStream(join(this.folder, `${name}.jsonl.gz`));
    await pipeline(Readable.from(lines()), createGzip({ level: 3 }), file);
    return count;
  }

  async *lines<T>(name: string): AsyncGenerator<T> {
    const input = createReadStream(join(this.folder, `${name}.jsonl.gz`)).pipe(createGunzip());
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield JSON.parse(line) as T;
  }

  async writePieces<T>(
    stream: string,
    work: (write: (piece: Uint8Array) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const file = await open(this.#stream(stream), 'w');
    try {
      const result = await work(async (piece) => void (await file.write(piece)));
      await file.sync();
      return result;
    } finally {
      await file.close();
    }
  }

  pieces(stream: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#stream(stream), { highWaterMark: 128 * 1024 });
  }

  #stream(name: string): string {
    return join(this.folder, 'streams', `${name}.snapshot`);
  }
}
