/** The document around the page's program. */
export function pageHtml(teamName: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(teamName)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="/page/app.css">
</head>
<body><div id="root"></div><script type="module" src="/page/app.js"></script></body>
</html>`;
}

/** A signal at green. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="9" y="2" width="14" height="28" rx="7" fill="#1f2a37"/><circle cx="16" cy="9.5" r="4" fill="#7f1d1d"/><circle cx="16" cy="22" r="4.5" fill="#22c55e"/></svg>';

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
