import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's program and its style sheet. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** Bundles the page with React for the browser. Takes about half a second. */
export async function bundlePage(): Promise<Bundle> {
  const client = fileURLToPath(new URL('./client/main.tsx', import.meta.url));
  const result = await build({
    entryPoints: [client],
    bundle: true,
    write: false,
    // Minified for a browser, esbuild also makes it React's production build.
    minify: true,
    platform: 'browser',
    jsx: 'automatic',
    format: 'esm',
    target: 'es2022',
    outdir: '/page',
    logLevel: 'silent',
  });
  const text = (ending: string) => result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}
