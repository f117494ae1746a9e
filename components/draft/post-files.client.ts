'use client';
// Sends a multipart form with progress, which fetch cannot tell. Answers where to go, or the refusal as the server words it.
// Trusts nothing in the answer but its shape: anything else is "could not be reached".

export type Refused = { code: string; message: string };

export type Posted = { location: string; refusal?: undefined } | { location?: undefined; refusal: Refused };

const unreachable: Refused = {
  code: 'upload.not-sent',
  message:
    'The files could not be sent: the connection was lost. Nothing was kept; check your connection and send them again.',
};

/** Resolves always. `onProgress` gets the sent part, from 0 to 1. */
export function postFiles(address: string, form: FormData, onProgress: (fraction: number) => void): Promise<Posted> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.upload.onload = () => onProgress(1);
    request.onload = () => resolve(readAnswer(request.response));
    request.onerror = () => resolve({ refusal: unreachable });
    request.onabort = () => resolve({ refusal: unreachable });
    request.send(form);
  });
}

function readAnswer(answer: unknown): Posted {
  if (typeof answer !== 'object' || answer === null) return { refusal: unreachable };
  if ('location' in answer && isOurs(answer.location)) return { location: answer.location };
  return { refusal: readRefusal('refusal' in answer ? answer.refusal : answer) };
}

function isOurs(location: unknown): location is string {
  return typeof location === 'string' && new URL(location, window.location.origin).origin === window.location.origin;
}

function readRefusal(claimed: unknown): Refused {
  if (typeof claimed !== 'object' || claimed === null) return unreachable;
  const { code, message, detail } = claimed as Record<string, unknown>;
  const sentence = message ?? detail;
  return typeof code === 'string' && typeof sentence === 'string' ? { code, message: sentence } : unreachable;
}
