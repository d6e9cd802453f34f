import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** What proto/ says about a message, field, enum, value, service or method, by full name (fields by JSON name). */
export type Comments = ReadonlyMap<string, string>;

interface Named {
  readonly name: string;
}

interface EnumDescriptor extends Named {
  readonly value?: readonly Named[];
}

interface MessageDescriptor extends Named {
  readonly field?: readonly (Named & { readonly jsonName: string })[];
  readonly nestedType?: readonly MessageDescriptor[];
  readonly enumType?: readonly EnumDescriptor[];
}

interface FileDescriptor {
  readonly package: string;
  readonly messageType?: readonly MessageDescriptor[];
  readonly enumType?: readonly EnumDescriptor[];
  readonly service?: readonly (Named & { readonly method?: readonly Named[] })[];
  readonly sourceCodeInfo?: {
    readonly location?: readonly { readonly path?: readonly number[]; readonly leadingComments?: string }[];
  };
}

/** Reads all comments of the contracts. Throws when buf refuses them. */
export const readComments = (): Comments => {
  const buf = resolve('node_modules/@bufbuild/buf/bin/buf');
  const json = execFileSync(process.execPath, [buf, 'build', '-o', '-#format=json'], {
    cwd: resolve('proto'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 << 20,
  });
  const { file } = JSON.parse(json) as { file: readonly FileDescriptor[] };
  return new Map(file.filter((each) => each.package.startsWith('parley.')).flatMap(commentsOf));
};

// Numbers of the fields of google.protobuf's descriptors, of which the paths of comments are made.
const FILE = { message: 4, enum: 5, service: 6 };
const MESSAGE = { field: 2, message: 3, enum: 4 };
const MEMBER = 2;

const commentsOf = (file: FileDescriptor): [string, string][] => {
  const byPath = new Map(
    (file.sourceCodeInfo?.location ?? []).map((each) => [each.path?.join() ?? '', each.leadingComments]),
  );
  const found: [string, string][] = [];
  const note = (name: string, path: readonly number[]): void => {
    const text = byPath.get(path.join());
    if (text) found.push([name, text.replaceAll(/\s+/g, ' ').trim()]);
  };
  const visitEnum = (prefix: string, { name, value = [] }: EnumDescriptor, path: readonly number[]): void => {
    note(`${prefix}.${name}`, path);
    value.forEach((each, i) => note(`${prefix}.${name}.${each.name}`, [...path, MEMBER, i]));
  };
  const visitMessage = (prefix: string, message: MessageDescriptor, path: readonly number[]): void => {
    const name = `${prefix}.${message.name}`;
    note(name, path);
    message.field?.forEach((each, i) => note(`${name}.${each.jsonName}`, [...path, MESSAGE.field, i]));
    message.nestedType?.forEach((each, i) => visitMessage(name, each, [...path, MESSAGE.message, i]));
    message.enumType?.forEach((each, i) => visitEnum(name, each, [...path, MESSAGE.enum, i]));
  };
  file.messageType?.forEach((each, i) => visitMessage(file.package, each, [FILE.message, i]));
  file.enumType?.forEach((each, i) => visitEnum(file.package, each, [FILE.enum, i]));
  file.service?.forEach(({ name, method = [] }, i) => {
    note(`${file.package}.${name}`, [FILE.service, i]);
    method.forEach((each, j) => note(`${file.package}.${name}/${each.name}`, [FILE.service, i, MEMBER, j]));
  });
  return found;
};
