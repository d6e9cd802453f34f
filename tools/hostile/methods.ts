import { methods, publicMethods, type Method } from '@parley/contracts';

/** A public method by the end of its path, such as "ConversationService/SendMessage". Throws when there is none. */
export const methodOf = (name: string): Method => {
  const method = publicMethods.find(({ path }) => path.endsWith(`.${name}`));
  if (!method) throw new Error(`no public method ${name}`);
  return method;
};

/** "ConversationService/SendMessage" */
export const shortName = ({ path }: Method): string => path.slice(path.lastIndexOf('.') + 1);

/** Methods between services, which nobody outside may reach. */
export const internalMethods: readonly Method[] = [...methods.values()].filter(
  (method) => !publicMethods.includes(method),
);
