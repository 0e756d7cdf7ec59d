/** A room of the house: what its files may import. Paths are from the repository's root. */
export interface Room {
  /** Folder or file that the room is. The longest that fits decides. */
  at: string;
  /** Folders and files of ours that it may import from, besides itself. */
  rooms: readonly string[];
  /** Packages it may import; `node:` modules are listed too where a room may not have all of them. */
  packages: readonly (string | RegExp)[];
}

const NODE = /^node:/;

/** Libraries that compute and touch nothing, which the domain may use. */
const PURE = [
  'zod',
  'yaml',
  'semver',
  'canonicalize',
  'croner',
  'fastest-levenshtein',
  're2js',
  'mdast-util-from-markdown',
  'mdast-util-gfm-task-list-item',
  'mdast-util-to-string',
  'micromark-extension-gfm-task-list-item',
  'node:crypto',
  'node:util',
];

/** The rules of `src/README.md`, in a form that a test can hold. */
export const ROOMS: readonly Room[] = [
  { at: 'src/errors.ts', rooms: [], packages: [] },
  { at: 'src/domain', rooms: ['src/errors.ts'], packages: PURE },
  { at: 'src/ports', rooms: ['src/domain', 'src/errors.ts'], packages: [] },
  { at: 'src/gates', rooms: ['src/domain', 'src/ports', 'src/errors.ts'], packages: [] },
  { at: 'src/views', rooms: ['src/domain', 'src/ports', 'src/errors.ts'], packages: [] },
  {
    at: 'src/jobs',
    rooms: ['src/domain', 'src/ports', 'src/gates', 'src/views', 'src/errors.ts'],
    packages: ['zod', 'node:crypto'],
  },
  { at: 'src/adapters/http.ts', rooms: ['src/errors.ts'], packages: ['axios', NODE] },
  { at: 'src/adapters/hold-process.ts', rooms: [], packages: [NODE] },
  adapter('alerts', ['zod']),
  adapter('api', ['pino', 'zod']),
  adapter('backstage', ['zod']),
  adapter('contracts', ['zod']),
  adapter('github', ['axios', 'jose', 'p-limit', 'zod']),
  adapter('oidc', ['jose', 'zod']),
  adapter('databases', ['zod', 'pg', 'mysql2']),
  adapter('bullmq', ['bullmq', 'ioredis', 'pino', 'zod']),
  adapter('flags', ['zod']),
  adapter('git', ['p-limit', 'pino', 'zod']),
  adapter('kubernetes', ['@kubernetes/client-node', 'pino', 'undici', 'zod', 'yaml']),
  adapter('programs', ['pino', 'zod']),
  adapter('policy', ['zod', '@open-policy-agent/opa-wasm', 'nanotar']),
  adapter('prometheus', ['zod']),
  adapter('redis', ['ioredis', 'pino', 'zod', 'canonicalize']),
  adapter('registry', ['zod']),
  adapter('slack', [
    '@slack/bolt',
    '@slack/web-api',
    '@slack/types',
    '@slack/socket-mode',
    'pino',
    'undici',
    'zod',
  ]),
  adapter('yaml', ['yaml', 'zod', 'pino']),
  { at: 'src/config', rooms: ['src/domain', 'src/ports', 'src/errors.ts'], packages: ['zod', NODE] },
  {
    at: 'src/config.ts',
    rooms: ['src/config', 'src/domain', 'src/ports', 'src/errors.ts'],
    packages: ['zod', NODE],
  },
  {
    at: 'src/program',
    rooms: [
      'src/domain',
      'src/ports',
      'src/gates',
      'src/views',
      'src/jobs',
      'src/adapters',
      'src/config',
      'src/config.ts',
      'src/errors.ts',
      'commands',
    ],
    packages: ['pino', 'prom-client', 'zod', 'yaml', NODE],
  },
  {
    at: 'src/main.ts',
    rooms: ['src/program', 'src/config.ts', 'src/config', 'src/errors.ts'],
    packages: ['pino', 'commander', NODE],
  },
  {
    at: 'src/cli.ts',
    rooms: ['src/program', 'src/config.ts', 'src/config', 'src/domain', 'src/adapters', 'src/errors.ts'],
    packages: ['pino', 'commander', NODE],
  },
  { at: 'commands', rooms: ['src/domain'], packages: [] },
  {
    at: 'src/sandbox',
    rooms: [
      'src/domain',
      'src/ports',
      'src/errors.ts',
      'src/adapters/programs',
      'src/adapters/git',
      'src/config',
    ],
    packages: [
      'zod',
      'yaml',
      'pino',
      'ws',
      'esbuild',
      'react',
      /^react-dom/,
      'slack-blocks-to-jsx',
      '@slack/types',
      'canonicalize',
      'commander',
      NODE,
    ],
  },
];

/** An adapter sees the domain, the ports and its own vendor's packages; never another adapter. */
function adapter(name: string, packages: readonly string[]): Room {
  return {
    at: `src/adapters/${name}`,
    rooms: [
      'src/domain',
      'src/ports',
      'src/adapters/http.ts',
      'src/adapters/hold-process.ts',
      'src/errors.ts',
    ],
    packages: [...packages, NODE],
  };
}
