import { readFileSync } from 'node:fs';

export interface Turn {
  readonly from: 'visitor' | 'agent';
  readonly text: string;
}

export interface Chat {
  readonly id: string;
  /** The visitor speaks first. */
  readonly turns: readonly Turn[];
}

/** Reads chats, one JSON a line. Fails with the line that is wrong. */
export const readChats = (file: string, limit = Infinity): Chat[] => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error(`${file} holds no chats: one JSON a line is expected`);
  return lines.slice(0, limit).map((line, i) => parse(line, `${file}:${i + 1}`));
};

const isTurn = (value: unknown): value is Turn => {
  const { from, text } = (value ?? {}) as Partial<Turn>;
  return (from === 'visitor' || from === 'agent') && typeof text === 'string' && text !== '';
};

const parse = (line: string, where: string): Chat => {
  let json: Partial<Chat>;
  try {
    json = JSON.parse(line) as Partial<Chat>;
  } catch {
    throw new Error(`${where}: not JSON`);
  }
  const { id, turns } = json;
  const good = typeof id === 'string' && Array.isArray(turns) && turns.every(isTurn);
  if (!good || turns[0]?.from !== 'visitor')
    throw new Error(
      `${where}: expected {"id", "turns": [{"from": "visitor" | "agent", "text"}]}, the visitor first`,
    );
  return { id, turns };
};
