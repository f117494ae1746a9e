// What stands in the examples of the reference: made up, the same everywhere, so that the answers of several addresses read as one story.
export const digestExample = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
export const keyExample = 'D1A66E1A23B182C9980F788CFBFCC82A015E7330';
export const statementExample = [
  ...['# countersign release statement 1', '# index: sign.example.org', '# project: sunrise', '# version: 1.2.0'],
  ...['# draft: 6f2c9d1e4b7a', '# revision: 3', '# opened by: ada', `${digestExample}  sunrise-1.2.0.tar.gz`, ''],
].join('\n');
export const signatureExample = '-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0WIQ…\n-----END PGP SIGNATURE-----\n';
