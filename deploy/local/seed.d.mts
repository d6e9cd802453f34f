export interface SeededUser {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly password: string;
}

export function seedDemo(httpUrl: string, seedFile: string): Promise<SeededUser[]>;
