// zod probes for eval when its first schema is made; under our content security policy that alone is reported.
;(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true }
