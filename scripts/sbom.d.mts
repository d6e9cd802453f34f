export function billOfMaterials(): Promise<string>;
