/** The variable of the environment in which the command line looks for a secret. Several names may lead to one variable. */
export const secretVariable = (name: string): string => `PATCHBAY_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
