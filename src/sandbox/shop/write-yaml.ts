import { stringify } from 'yaml';

/** YAML as people keep it: values that stand twice are written twice. */
export function write(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}
