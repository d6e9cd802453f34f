import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { FileDescriptorProto, FileDescriptorSet, fileDescriptorSet, publicMethods } from '@parley/contracts';

/** Serves gRPC reflection of the public services; what is internal is not in the descriptors that it gives out. */
export const addReflection = (server: Server): void => {
  const services = new Set(publicMethods.map((method) => method.service));
  const all = FileDescriptorSet.decode(Buffer.from(fileDescriptorSet, 'base64'));
  const files = all.file.map((one) => ({
    ...one,
    service: one.service.filter(({ name }) => services.has(`${one.package}.${name}`)),
  }));
  // The files as buf made them. A definition loaded by proto-loader has them merged by package, with relative names of
  // types and without imports, which clients such as grpcurl cannot resolve.
  const fileDescriptorProtos = files.map((file) => Buffer.from(FileDescriptorProto.encode(file).finish()));
  new ReflectionService(
    { files: { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } },
    { services: [...services] },
  ).addToServer(server);
};
