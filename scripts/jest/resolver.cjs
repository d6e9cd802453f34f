'use strict';

const ownSuffix = /^(\.{1,2}\/.*)\.js$/;

/**
 * Jest resolver: in our own sources `./x.js` means `./x.ts`, as it does for tsc. Packages keep their names as
 * written (a moduleNameMapper would rewrite theirs as well).
 */
module.exports = (request, options) => {
  const own = !options.basedir.includes('/node_modules/') && ownSuffix.exec(request);
  if (!own) return options.defaultResolver(request, options);
  try {
    return options.defaultResolver(`${own[1]}.ts`, options);
  } catch {
    return options.defaultResolver(request, options);
  }
};
