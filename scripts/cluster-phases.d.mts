export const ALWAYS: readonly string[];
export const IN_TURN: readonly string[];
export function phasesInTurn(options: {
  readonly choice?: string;
  /** Hexadecimal. */
  readonly commit?: string;
  readonly now?: Date;
}): readonly string[];
export function clusterArguments(inTurn: readonly string[]): readonly string[];
