/** Stops what integration-setup started. */
export default async function teardown() {
  await globalThis.parleySharedNats?.stop();
}
