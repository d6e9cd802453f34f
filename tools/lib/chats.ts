import { generateChats } from '@parley/testkit';
import { readChats, type Chat } from '../replay/chats.js';

/** Chats of the file, of PARLEY_CHATS, or else generated; says on stderr which, as a run on made-up ones proves less. */
export const chatsFor = (file: string | undefined, seed: number, limit: number): readonly Chat[] => {
  const from = file ?? process.env.PARLEY_CHATS;
  const chats = from ? readChats(from, limit) : generateChats(seed, limit);
  console.error(
    from ? `${chats.length} chats of ${from}` : `${chats.length} generated chats (PARLEY_CHATS is not set)`,
  );
  return chats;
};
