'use client';
// The last resort, when even the frame failed: plain HTML, no parts, no script needed.

import './globals.css';

export default function EverythingFailed({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Countersign</title>
        <main id="content" className="frame">
          <h1>Something went wrong on our side</h1>
          <p>
            Nothing was changed by opening this page. Please try again in a minute
            {error.digest === undefined ? '.' : `; if it happens again, quote ${error.digest}.`}
          </p>
          <p>
            <a href="/">To the front page</a>
          </p>
        </main>
      </body>
    </html>
  );
}
