import { bearer } from './platform.js';

type Line = Readonly<Record<string, Record<string, unknown>>>;

/** An answer of one JSON object a line, read as it comes. */
export class Lines {
  readonly lines: Line[] = [];
  /** True once the server has ended the answer. */
  ended = false;
  private constructor(
    readonly response: Response,
    private readonly controller: AbortController,
  ) {
    void this.read();
  }

  static async open(url: string, method: string, request: unknown, token: string): Promise<Lines> {
    const controller = new AbortController();
    const response = await fetch(`${url}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify(request),
      signal: controller.signal,
    });
    return new Lines(response, controller);
  }

  /** The results so far. */
  get results(): Record<string, unknown>[] {
    return this.lines.flatMap(({ result }) => (result ? [result] : []));
  }

  /** The error at the end; undefined before. */
  get error(): Record<string, unknown> | undefined {
    return this.lines.find(({ error }) => error)?.['error'];
  }

  cancel(): void {
    this.controller.abort();
  }

  private async read(): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const bytes of (this.response.body ?? []) as AsyncIterable<Uint8Array>) {
        const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) this.lines.push(JSON.parse(part) as Line);
      }
      this.ended = true;
    } catch (error) {
      if (!this.controller.signal.aborted) throw error;
    }
  }
}
