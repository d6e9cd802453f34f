/** Which phases of `npm run test:cluster` CI plays: some always, and one of the longer ones in turn. */

/** Played by every run of CI, in this order. */
export const ALWAYS = ['install', 'test', 'profiles', 'refusals', 'replay', 'upgrade'];

/** Of these each run takes one. The last ones take the installation away, so they come last where all are played. */
export const IN_TURN = ['chaos', 'scale', 'size', 'copies', 'twice', 'restore', 'uninstall'];

/** Those that hold chats until something is done, or have every chat read back, which takes long on a small machine. */
const WITH_FEWER_CHATS = ['chaos', 'scale', 'restore', 'uninstall'];
const FEWER_CHATS = 60;

const MS_OF_A_DAY = 86_400_000;

/**
 * The phases in turn to play. `choice`: the name of one, `all` or `none`; empty for the one whose turn it is by `commit`
 * (a hash in hexadecimal), or by `now` (a Date) when there is no commit: the same code gets the same phase. Fails on a
 * name that there is not.
 */
export function phasesInTurn({ choice = '', commit = '', now = new Date() }) {
  if (choice === 'all') return IN_TURN;
  if (choice === 'none') return [];
  if (choice === '') {
    const turn =
      commit === '' ? Math.floor(now.getTime() / MS_OF_A_DAY) : Number.parseInt(commit.slice(0, 8), 16);
    return [IN_TURN[turn % IN_TURN.length]];
  }
  if (!IN_TURN.includes(choice))
    throw new Error(`PARLEY_VERIFY_PHASE is ${choice}: it may be ${IN_TURN.join(', ')}, all or none`);
  return [choice];
}

/** Arguments of `npm run test:cluster` for what is always played and these phases in turn. */
export function clusterArguments(inTurn) {
  const fewer = inTurn.some((name) => WITH_FEWER_CHATS.includes(name));
  return ['--only', [...ALWAYS, ...inTurn].join(','), ...(fewer ? ['--chats', String(FEWER_CHATS)] : [])];
}
