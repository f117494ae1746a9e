// Loaded before a program (`node --import`): its clock runs from TEST_NOW on, for trees that were signed at a fixed instant.
const RealDate = Date;
const ahead = Number(process.env.TEST_NOW) - RealDate.now();
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + ahead);
    else super(...given);
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
