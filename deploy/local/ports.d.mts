export function freePorts<N extends number>(count: N): Promise<N extends 2 ? [number, number] : number[]>;
