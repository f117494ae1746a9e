// How far this instance looks into what is uploaded: the limits of lib/python with the figures of its own.
import { inspectionLimits, type InspectionLimits } from '#lib/python/limits.ts';
import { limits } from '#lib/server/limits.ts';

export const inspection: InspectionLimits = {
  ...inspectionLimits,
  fileBytesMax: limits.uploadBytesMax,
  unpackedBytesMax: limits.unpackedBytesMax,
  millisecondsMax: limits.inspectionMs,
};
