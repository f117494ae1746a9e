'use client';
// What this person sent of a project's files before and no draft has yet: how far it came, until when it is kept. To go on, the same file is chosen again.

import { useEffect, useState } from 'react';
import { knownUploads, type KnownUpload } from '#lib/browser/large-file.ts';
import { sizeText } from '#lib/core/size.ts';
import { Actions, Button } from '#components/ui/button.tsx';
import { Moment } from '#components/ui/moment.tsx';

export function KnownUploads({ place }: { place: string }) {
  const [uploads, setUploads] = useState<KnownUpload[]>([]);
  useEffect(() => void knownUploads(place).then(setUploads), [place]);
  if (uploads.length === 0) return null;
  const remove = async ({ id }: KnownUpload): Promise<void> => {
    await fetch(`/uploads/${id}`, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }).catch(() => null);
    setUploads(await knownUploads(place));
  };
  return (
    <section aria-label="Uploads that wait">
      <p>Sent before, and in no draft yet. Choose the same files again to go on where they are:</p>
      <ul className="entries">
        {uploads.map((upload) => (
          <li key={upload.id}>
            <p className="file-name">{upload.name}</p>
            <p className="entry-facts">
              {upload.isComplete ? 'complete' : `${sizeText(upload.offset)} of ${sizeText(upload.size)}`}, kept until{' '}
              <Moment at={new Date(upload.keptUntil)} />
            </p>
            <Actions>
              <Button onClick={() => void remove(upload)}>
                Remove<span className="sr-only"> {upload.name}</span>
              </Button>
            </Actions>
          </li>
        ))}
      </ul>
    </section>
  );
}
