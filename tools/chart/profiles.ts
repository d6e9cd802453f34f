/** Files of values, relative to the chart, by the name of what they make together. */
export const profiles: Readonly<Record<string, readonly string[]>> = {
  small: ['values-small.yaml'],
  production: ['values-production.yaml'],
  external: ['ci/external.yaml'],
  'gateway-api': ['ci/gateway-api.yaml'],
};
