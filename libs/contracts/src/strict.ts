import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { MessageCodec } from './methods.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes what came from outside: text that is not UTF-8 and anything after the message's end are errors here, where
 * generated decoders replace the one and drop the other. Throws when the bytes are not one whole message.
 */
export const decodeStrictly = <T>(codec: MessageCodec<T>, bytes: Uint8Array): T => {
  const reader = new BinaryReader(bytes, (text) => utf8.decode(text));
  const message = codec.decode(reader);
  if (reader.pos !== reader.len) throw new Error(`the message ends at byte ${reader.pos} of ${reader.len}`);
  return message;
};
