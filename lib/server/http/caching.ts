// What caches may do with an answer (RFC 9111), in the two ways that everything public has: for ever, where other bytes can never stand at the address; and
// not without asking again.

export const revalidate = 'public, max-age=0, must-revalidate';
export const immutable = 'public, max-age=31536000, immutable';
