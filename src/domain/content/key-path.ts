/**
 * A dotted path as people write it in a catalog, as the steps of an owned key: `image.digest`, `env[name=RELEASE_ID].value` for the
 * list item that holds the pair, and `podAnnotations.example\.com/release` where a key has a dot of its own.
 */
export function parseKeyPath(text: string): string[] {
  return text
    .split(/(?<!\\)\.(?![^[\]]*\])|(?=\[[^[\]]*\])/)
    .map((step) => step.replace(/^\[(.*)\]$/, '$1').replaceAll('\\.', '.'))
    .filter((step) => step !== '');
}
