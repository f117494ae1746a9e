// The id of the page's one live region: page-frame.tsx places it, announce.client.ts speaks through it.

export const announcementsId = 'announcements';
