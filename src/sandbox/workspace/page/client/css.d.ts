/** Style sheets are taken in by the bundler, not by TypeScript. */
declare module '*.css';
