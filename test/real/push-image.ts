import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOutput } from '../cluster/command.ts';
import type { ImageToPush, PushedImage } from '../contracts/registry.ts';
import { findCrane } from './crane.ts';
import type { RealRegistry } from './servers/registry.ts';

const AUTHORS = 'org.opencontainers.image.authors';
const REVISION = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';
const VERSION = 'org.opencontainers.image.version';

/** Pushes images the way a CI does, with crane. */
export interface Pusher {
  push(image: ImageToPush): Promise<PushedImage>;
  /** An image that says nothing of itself, in a repository of its own; there after the first push. */
  base: string;
  /** Runs crane with these arguments, and gives what it printed. */
  crane(...args: string[]): Promise<string>;
}

/** `account`: who pushes; absent: anybody may. */
export async function createPusher(
  { host, directory }: RealRegistry,
  account?: { username: string; password: string },
): Promise<Pusher> {
  const program = await findCrane();
  const basic = account && Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const auths = basic === undefined ? {} : { [host]: { auth: basic } };
  await writeFile(join(directory, 'config.json'), JSON.stringify({ auths }));
  // Two empty blocks are an archive with nothing in it.
  const layer = join(directory, 'layer.tar');
  await writeFile(layer, Buffer.alloc(1024));
  const env = { ...process.env, DOCKER_CONFIG: directory };
  const crane = async (...args: string[]) => (await commandOutput(program, args, { env })).trim();
  const base = `${host}/building:latest`;
  let pushes = 0;

  /** One platform of an image, under its digest alone; crane annotates images, and no indexes. */
  async function pushPlatform(repository: string, platform: string, image: ImageToPush): Promise<string> {
    await crane('append', '--oci-empty-base', '-f', layer, '-t', base);
    // The flag takes a list with commas, so that a value which may have one is quoted.
    const says = [
      '-a',
      `${VERSION}=${image.tag}`,
      ...(image.revision === undefined ? [] : ['-a', `${REVISION}=${image.revision}`]),
      ...(image.source === undefined ? [] : ['-a', `${SOURCE}=${image.source}`]),
      ...(image.authors === undefined ? [] : ['-a', `"${AUTHORS}=${image.authors}"`]),
    ];
    const told = ['-l', `push=${pushes}`, '--set-platform', platform, ...says];
    return digestIn(await crane('mutate', base, ...told, '--repo', repository));
  }

  return {
    base,
    crane,
    async push(image) {
      pushes += 1;
      const repository = `${host}/${image.name}`;
      const platforms: Record<string, string> = {};
      for (const platform of ['linux/amd64', 'linux/arm64']) {
        platforms[platform] = await pushPlatform(repository, platform, image);
      }
      const manifests = Object.values(platforms).flatMap((digest) => ['-m', `${repository}@${digest}`]);
      const index = digestIn(
        await crane('index', 'append', ...manifests, '-t', `${repository}:${image.tag}`),
      );
      return { repository, index, platforms };
    },
  };
}

function digestIn(reference: string): string {
  return reference.slice(reference.indexOf('@') + 1);
}
