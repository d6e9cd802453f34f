import type { Server } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { FileDescriptorSet, fileDescriptorSet, publicMethods } from '@parley/contracts';

/** Serves gRPC reflection of the public services; what is internal is not in the descriptors that it gives out. */
export const addReflection = (server: Server): void => {
  const services = new Set(publicMethods.map((method) => method.service));
  const all = FileDescriptorSet.decode(Buffer.from(fileDescriptorSet, 'base64'));
  const file = all.file.map((one) => ({
    ...one,
    service: one.service.filter(({ name }) => services.has(`${one.package}.${name}`)),
  }));
  const bytes = Buffer.from(FileDescriptorSet.encode({ file }).finish());
  const definition: PackageDefinition = loadFileDescriptorSetFromBuffer(bytes);
  new ReflectionService(definition, { services: [...services] }).addToServer(server);
};
