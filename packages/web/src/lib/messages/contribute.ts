export const contribute = {} as const
