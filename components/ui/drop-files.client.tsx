'use client';
// A file field that can also be dropped on. It is an ordinary file input (keyboard, screen reader and no-script work as ever); dropping only
// puts files into it, those of a dropped folder one by one. Hands every new choice to `onFiles`, which may look at them before anything is sent.

import { useId, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { droppedFiles } from '#lib/browser/dropped-files.ts';

type DropFilesProps = {
  label: string;
  hint?: ReactNode;
  /** Without a name the field is in no form, ever: that is how private keys are chosen. */
  name?: string;
  multiple?: boolean;
  /** Chooses a whole folder: browsers want a field of its own for that. */
  folder?: boolean;
  required?: boolean;
  accept?: string;
  /** Called with all files now in the field. Answering `false` empties it again. */
  onFiles?: (files: File[]) => boolean | Promise<boolean>;
};

export function DropFiles({ label, hint, onFiles, folder = false, ...input }: DropFilesProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  async function look() {
    const element = field.current;
    if (!element || !onFiles) return;
    const keep = await onFiles([...(element.files ?? [])]);
    if (!keep) element.value = '';
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(put);
  }
  function put(files: File[]) {
    if (field.current) field.current.files = listOf(input.multiple === true || folder ? files : files.slice(0, 1));
    void look();
  }
  return (
    <div
      className="drop"
      data-over={isOver ? '' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>{label}</label>
      {hint === undefined ? null : (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        {...input}
        ref={(element) => {
          field.current = element;
          element?.toggleAttribute('webkitdirectory', folder);
        }}
        id={id}
        type="file"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={() => void look()}
      />
    </div>
  );
}

/** A file field takes files only in the browser's own kind of list. */
function listOf(files: readonly File[]): FileList {
  const list = new DataTransfer();
  for (const file of files) list.items.add(file);
  return list.files;
}
