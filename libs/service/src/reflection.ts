import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';

/**
 * Serves gRPC reflection (v1 and v1alpha) of these services. `files`: encoded FileDescriptorProtos in base64 as the
 * contracts have them, with all that they import; whatever is in them can be read by clients.
 */
export const addReflection = (
  server: Pick<Server, 'addService'>,
  files: readonly string[],
  services: readonly string[],
): void => {
  // The files as they are. A definition that proto-loader loaded has them merged by package, with relative names of
  // types and without imports, which clients such as grpcurl cannot resolve.
  const fileDescriptorProtos = files.map((file) => Buffer.from(file, 'base64'));
  new ReflectionService(
    { files: { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } },
    { services: [...services] },
  ).addToServer(server);
};
